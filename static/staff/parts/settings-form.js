// Settings in cards: only what was changed is sent.
;(rs => {
  const {shown, sent} = rs.settings
  /** Editors of lists: they show faults by their path, "slots.0.minutes". */
  const EDITORS = {
    types: 'types-taken',
    hours: 'week',
    special_days: 'special-days',
    slots: 'slot-rules',
    load_steps: 'load-steps'
  }
  const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)

  window.app.component('restaurant-settings-form', {
    template: '#restaurant-settings-form',
    props: {
      restaurant: Object,
      groups: Array,
      /** Under this name unsaved changes are known. */
      dirty: String
    },
    emits: ['changed'],
    data() {
      const form = this.formOf(this.restaurant)
      return {form, faults: {}, found: {}, isBusy: false, editors: EDITORS}
    },
    computed: {
      fields() {
        return this.groups.flatMap(group => group.fields)
      },
      changes() {
        const stored = this.formOf(this.restaurant)
        return this.fields.filter(({name}) => !isSame(this.form[name], stored[name]))
      },
      isDirty() {
        return this.changes.length > 0
      }
    },
    watch: {
      isDirty(value) {
        rs.dirty[this.dirty] = value
      },
      // What others changed appears, what was typed here stays.
      restaurant(now, before) {
        this.fields.forEach(each => {
          const {name} = each
          if (isSame(this.form[name], shown(each, before)))
            this.form[name] = shown(each, now)
        })
      }
    },
    methods: {
      labelOf: each => rs.t(`settings.fields.${each.name}`),
      wordsIf(key) {
        const isThere = this.$te(key) || this.$te(key, 'en')
        return isThere ? this.$t(key) : undefined
      },
      hintOf(each) {
        return this.wordsIf(`restaurant.settings.hints.${each.name}`)
      },
      introOf(group) {
        return this.wordsIf(`restaurant.settings.intros.${group.name}`)
      },
      faultOf(each) {
        const detail = this.faults[each.name]
        return {error: Boolean(detail), errorMessage: detail}
      },
      unitOf(each) {
        return each.unit === 'currency' ? this.restaurant.currency : each.unit
      },
      choicesOf(each) {
        return each.choices.map(value => ({
          value,
          label: rs.t(`settings.choices.${value}`),
          hint: this.wordsIf(`restaurant.settings.choice_hints.${value}`)
        }))
      },
      knownOf(each) {
        if (each.name === 'timezone')
          return ['UTC', ...Intl.supportedValuesOf('timeZone')]
        const allowed = this.g.allowedCurrencies || []
        const fiat = allowed.length ? allowed : this.g.currencies || []
        return ['sat', ...fiat.filter(code => code !== 'sats')]
      },
      filterKnown(each, typed, update) {
        const wanted = typed.toLowerCase()
        update(() => {
          this.found[each.name] = this.knownOf(each).filter(value =>
            value.toLowerCase().includes(wanted)
          )
        })
      },
      formOf(restaurant) {
        const fields = this.groups.flatMap(group => group.fields)
        return Object.fromEntries(
          fields.map(each => [each.name, shown(each, restaurant)])
        )
      },
      fill() {
        this.form = this.formOf(this.restaurant)
        this.faults = {}
      },
      async save() {
        const {id, timezone} = this.restaurant
        const body = Object.fromEntries(
          this.changes.map(each => [
            each.name,
            sent(each, this.form[each.name], timezone)
          ])
        )
        this.isBusy = true
        this.faults = {}
        try {
          const options = {body, mayRepeat: true}
          const answer = await rs.api.call('PATCH', `/restaurants/${id}`, options)
          this.form = this.formOf(answer)
          this.$emit('changed', answer)
          rs.ask.done(rs.t('settings.saved'))
        } catch (error) {
          if (error.code === 'slug.taken') this.faults = {slug: error.detail}
          else this.faults = rs.forms.faultsOf(error)
          rs.ask.failed(error)
        }
        this.isBusy = false
      }
    },
    beforeUnmount() {
      rs.dirty[this.dirty] = false
    }
  })
})(window.restaurantStaff)
