// One stock: its figures, movements by hand, its mark, its recipe, its history.
;(rs => {
  const formOf = row => ({
    name: row?.name ?? '',
    unit: row?.unit ?? '',
    low_at: String(row?.low_at ?? '')
  })

  window.app.component('restaurant-stock-card', {
    template: '#restaurant-stock-card',
    props: {
      modelValue: Boolean,
      restaurant: Object,
      row: Object,
      stocks: Array,
      recipes: Array
    },
    emits: ['update:modelValue', 'changed'],
    data() {
      return {form: formOf(null), faults: {}, fault: null, isBusy: false}
    },
    computed: {
      isIngredient() {
        return this.row.kind === 'ingredient'
      },
      level() {
        return rs.stocks.levelOf(this.row)
      },
      figures() {
        const {row} = this
        const text = each =>
          row.is_counted ? rs.stocks.amount(row[each], row.unit) : '–'
        return ['available', 'on_hand', 'reserved'].map(name => ({
          name,
          text: text(name)
        }))
      },
      isChanged() {
        return JSON.stringify(this.form) !== JSON.stringify(formOf(this.row))
      },
      recipe() {
        return this.recipes.find(each => each.id === this.row.id)
      },
      users() {
        const usesIt = use => use.stock_id === this.row.id
        return this.recipes
          .filter(({uses}) => uses.some(usesIt))
          .map(({id, name, uses}) => ({
            id,
            name,
            text: rs.stocks.amount(uses.find(usesIt).quantity, this.row.unit)
          }))
      }
    },
    watch: {
      modelValue(isOpen) {
        if (isOpen) this.begin()
      }
    },
    methods: {
      begin() {
        const form = formOf(this.row)
        Object.assign(this, {form, faults: {}, fault: null, isBusy: false})
      },
      faultOf(name) {
        const detail = this.faults[name]
        return {error: Boolean(detail), errorMessage: detail, hideBottomSpace: true}
      },
      body() {
        const {name, unit, low_at: low} = this.form
        const mark = {low_at: rs.settings.whole(low)}
        return this.isIngredient
          ? {...mark, name: name.trim(), unit: unit.trim()}
          : mark
      },
      moved() {
        this.$emit('changed')
      },
      async save() {
        Object.assign(this, {isBusy: true, faults: {}, fault: null})
        try {
          const options = {body: this.body(), mayRepeat: true}
          const stored = await rs.api.call('PATCH', `/stocks/${this.row.id}`, options)
          this.form = formOf(stored)
          rs.ask.done(rs.t('settings.saved'))
          this.$emit('changed')
        } catch (error) {
          this.faults = rs.forms.faultsOf(error)
          this.fault = error.detail
        }
        this.isBusy = false
      },
      /** An ingredient goes; of what the menu has only the counting ends. */
      async end() {
        const {id, name, kind} = this.row
        const words = this.isIngredient ? 'remove' : 'end'
        const yes = await rs.ask.confirm(
          rs.t(`stock.${words}_title`, {name}),
          rs.t(`stock.${words}_text`),
          rs.t(`stock.${words}`)
        )
        if (!yes) return
        try {
          const path = `/${kind === 'item' ? 'menu_items' : 'modifiers'}/${id}`
          if (this.isIngredient) await rs.api.call('DELETE', `/stocks/${id}`)
          else await rs.api.call('PATCH', path, {body: {stock: null}, mayRepeat: true})
          this.$emit('update:modelValue', false)
          this.$emit('changed')
        } catch (error) {
          this.fault = error.detail
        }
      }
    }
  })
})(window.restaurantStaff)
