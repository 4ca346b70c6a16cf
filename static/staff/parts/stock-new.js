// Begin to count something: an ingredient, or what the menu has.
;(rs => {
  const KINDS = ['ingredient', 'item', 'modifier']
  const blank = {
    kind: 'ingredient',
    id: null,
    name: '',
    unit: '',
    on_hand: '',
    low_at: ''
  }

  window.app.component('restaurant-stock-new', {
    template: '#restaurant-stock-new',
    props: {
      modelValue: Boolean,
      restaurant: Object,
      stocks: Array,
      wares: Object,
      /** The id of the menu's entry that is to be counted, if that is known. */
      wanted: String
    },
    emits: ['update:modelValue', 'saved'],
    data() {
      return {form: {...blank}, typed: '', faults: {}, fault: null, isBusy: false}
    },
    computed: {
      kinds() {
        return KINDS.map(name => ({name, label: rs.t(`stock.kinds.${name}`)}))
      },
      units() {
        return ['g', 'ml', rs.t('stock.pieces')]
      },
      entries() {
        const counted = new Set(
          this.stocks.filter(each => each.is_counted).map(each => each.id)
        )
        const entry = (each, about) => ({value: each.id, label: each.name, about})
        const all =
          this.form.kind === 'item'
            ? this.wares.items.map(each => entry(each, each.category))
            : Object.values(this.wares.modifiers).map(each => entry(each, each.item))
        return all.filter(({value}) => !counted.has(value))
      },
      options() {
        const wanted = this.typed.toLowerCase()
        return this.entries.filter(({label, about}) =>
          `${label} ${about}`.toLowerCase().includes(wanted)
        )
      },
      chosen() {
        return this.entries.find(each => each.value === this.form.id) ?? null
      },
      isReady() {
        const {kind, name, unit, on_hand: there} = this.form
        if (kind === 'ingredient') return Boolean(name.trim() && unit.trim())
        return Boolean(this.chosen) && rs.stocks.figure(there) !== null
      }
    },
    watch: {
      modelValue(isOpen) {
        if (isOpen) this.begin()
      }
    },
    methods: {
      begin() {
        this.keyFor = rs.api.keyring()
        const {wanted} = this
        const kind = wanted in this.wares.modifiers ? 'modifier' : 'item'
        const form = wanted ? {...blank, kind, id: wanted} : {...blank}
        Object.assign(this, {form, typed: '', faults: {}, fault: null, isBusy: false})
      },
      filter(typed, update) {
        update(() => (this.typed = typed))
      },
      faultOf(name) {
        const detail = this.faults[name]
        return {error: Boolean(detail), errorMessage: detail, hideBottomSpace: true}
      },
      post(path, body) {
        const address = `/restaurants/${this.restaurant.id}/${path}`
        return rs.api.call('POST', address, {body, key: this.keyFor(body)})
      },
      addIngredient() {
        const {name, unit, on_hand: there, low_at: low} = this.form
        return this.post('ingredients', {
          name: name.trim(),
          unit: unit.trim(),
          on_hand: rs.settings.whole(there) ?? 0,
          low_at: rs.settings.whole(low)
        })
      },
      async countEntry() {
        const {id, on_hand: there, low_at: low} = this.form
        const quantity = rs.stocks.figure(there)
        await this.post('stock_movements', {
          movements: [{stock_id: id, kind: 'count', quantity}]
        })
        const body = {low_at: rs.settings.whole(low)}
        await rs.api.call('PATCH', `/stocks/${id}`, {body, mayRepeat: true})
      },
      async save() {
        Object.assign(this, {isBusy: true, faults: {}, fault: null})
        try {
          if (this.form.kind === 'ingredient') await this.addIngredient()
          else await this.countEntry()
          this.$emit('saved')
          this.$emit('update:modelValue', false)
        } catch (error) {
          this.faults = rs.forms.faultsOf(error)
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
