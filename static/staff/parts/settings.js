// The restaurant's settings: only what was changed is sent.
;(rs => {
  const text = (name, isWide = false) => ({name, type: 'text', isWide})
  const lines = name => ({name, type: 'lines', isWide: true})
  const field = (name, type) => ({name, type})
  /** Empty in its field means null: not set, or the usual one. */
  const optional = (name, isWide) => ({name, type: 'text', isWide, isOptional: true})
  const GROUPS = [
    {
      name: 'profile',
      fields: [
        text('name'),
        text('slug'),
        lines('description'),
        optional('image_url', true),
        text('legal_name'),
        text('tax_id'),
        lines('address'),
        lines('receipt_footer')
      ]
    },
    {
      name: 'money',
      fields: [
        field('currency', 'known'),
        text('tax_rate'),
        field('tip_options', 'list'),
        field('tax_inclusive', 'switch'),
        field('cash_at_table', 'switch')
      ]
    },
    {
      name: 'payments',
      fields: [
        {name: 'accepted_payments', type: 'methods', isWide: true},
        optional('cash_rounding'),
        optional('receipt_station')
      ]
    },
    {
      name: 'refunds',
      fields: [
        field('auto_refund', 'switch'),
        text('refund_approval_limit'),
        text('refund_fee_percent'),
        field('withdraw_days', 'whole')
      ]
    },
    {
      name: 'orders',
      fields: [
        field('auto_accept_orders', 'switch'),
        {name: 'print_on', type: 'choice', choices: ['paid', 'accepted']},
        field('order_expiry_seconds', 'whole'),
        field('quote_seconds', 'whole'),
        field('open_orders_max', 'whole'),
        field('open_orders_per_table_max', 'whole'),
        field('show_left', 'switch')
      ]
    },
    {name: 'time', fields: [field('timezone', 'known'), text('day_starts_at')]}
  ]
  const FIELDS = GROUPS.flatMap(group => group.fields)
  const DECIMALS = [
    'tax_rate',
    'cash_rounding',
    'refund_approval_limit',
    'refund_fee_percent'
  ]

  /** A setting as it stands in its field. */
  function shown({name, type}, value) {
    if (type === 'list') return value.join(', ')
    return type === 'whole' ? String(value) : (value ?? '')
  }

  /** What is sent for what stands in the field. */
  function sent({name, type, isOptional}, value) {
    if (type === 'whole') return /^\d+$/.test(value.trim()) ? Number(value) : value
    if (type === 'list') return value.split(/[,;\s]+/).filter(Boolean)
    const plain = DECIMALS.includes(name) ? value.replace(',', '.') : value
    return isOptional ? plain.trim() || null : plain
  }

  const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)

  window.app.component('restaurant-settings', {
    template: '#restaurant-settings',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    data() {
      return {groups: GROUPS, form: {}, faults: {}, found: {}, isBusy: false}
    },
    computed: {
      changes() {
        const isChanged = each =>
          !isSame(this.form[each.name], shown(each, this.restaurant[each.name]))
        return FIELDS.filter(isChanged)
      },
      isDirty() {
        return this.changes.length > 0
      }
    },
    watch: {
      isDirty(value) {
        rs.dirty.settings = value
      },
      // What others changed appears, what was typed here stays.
      restaurant(now, before) {
        FIELDS.forEach(each => {
          const old = shown(each, before[each.name])
          if (isSame(this.form[each.name], old))
            this.form[each.name] = shown(each, now[each.name])
        })
      }
    },
    methods: {
      labelOf: each => rs.t(`settings.fields.${each.name}`),
      hintOf(each) {
        const key = `restaurant.settings.hints.${each.name}`
        return this.$te(key) || this.$te(key, 'en') ? this.$t(key) : undefined
      },
      faultOf(each) {
        const detail = this.faults[each.name]
        return {error: Boolean(detail), errorMessage: detail}
      },
      choicesOf: each =>
        each.choices.map(value => ({value, label: rs.t(`settings.choices.${value}`)})),
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
      fill() {
        const {restaurant} = this
        this.form = Object.fromEntries(
          FIELDS.map(each => [each.name, shown(each, restaurant[each.name])])
        )
        this.faults = {}
      },
      async save() {
        const body = Object.fromEntries(
          this.changes.map(each => [each.name, sent(each, this.form[each.name])])
        )
        this.isBusy = true
        this.faults = {}
        try {
          const path = `/restaurants/${this.restaurant.id}`
          const answer = await rs.api.call('PATCH', path, {body, mayRepeat: true})
          this.form = Object.fromEntries(
            FIELDS.map(each => [each.name, shown(each, answer[each.name])])
          )
          this.$emit('changed', answer)
          rs.ask.done(rs.t('settings.saved'))
        } catch (error) {
          const name = String(error.facts?.field || '').split(/[.[]/)[0]
          if (error.code === 'slug.taken') this.faults = {slug: error.detail}
          else if (name) this.faults = {[name]: error.detail}
          rs.ask.failed(error)
        }
        this.isBusy = false
      },
      async closeDown() {
        const {name, id} = this.restaurant
        const t = key => rs.t(`settings.${key}`)
        const typed = await rs.ask.text(
          t('close_down'),
          rs.t('settings.close_down_ask', {name}),
          t('close_down'),
          {label: rs.t('settings.fields.name'), isValid: value => value === name}
        )
        if (typed !== name) return
        try {
          await rs.api.call('DELETE', `/restaurants/${id}`)
          this.$emit('closed')
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    },
    created() {
      this.fill()
    },
    beforeUnmount() {
      rs.dirty.settings = false
    }
  })
})(window.restaurantStaff)
