// What one portion takes of the ingredients; stored as a whole.
;(rs => {
  let keys = 0
  const PATHS = {item: 'menu_items', modifier: 'modifiers'}

  window.app.component('restaurant-recipe', {
    template: '#restaurant-recipe',
    props: {
      /** {id, kind, name} of an item or a modifier. */
      owner: Object,
      stocks: Array,
      /** As the server has it; undefined: none. */
      stored: Object
    },
    emits: ['saved'],
    data() {
      const rows = this.rowsOf(this.stored)
      return {rows, typed: '', faults: {}, fault: null, isBusy: false}
    },
    computed: {
      ingredients() {
        return this.stocks.filter(each => each.kind === 'ingredient')
      },
      isChanged() {
        return this.textOf(this.rows) !== this.textOf(this.rowsOf(this.stored))
      },
      isReady() {
        return this.rows.every(
          row => row.stock_id && rs.stocks.figure(row.quantity) > 0
        )
      }
    },
    watch: {
      // What others changed appears, what was typed here stays.
      stored(now, before) {
        if (this.textOf(this.rows) === this.textOf(this.rowsOf(before)))
          this.rows = this.rowsOf(now)
      }
    },
    methods: {
      rowsOf: recipe =>
        (recipe?.uses ?? []).map(use => ({
          key: ++keys,
          stock_id: use.stock_id,
          quantity: String(use.quantity)
        })),
      textOf: rows => JSON.stringify(rows.map(each => [each.stock_id, each.quantity])),
      one(id) {
        return this.ingredients.find(each => each.id === id)
      },
      nameOf(id) {
        return this.one(id)?.name ?? ''
      },
      unitOf(id) {
        return this.one(id)?.unit ?? undefined
      },
      optionOf(id) {
        const found = this.one(id)
        return found ? {value: id, label: found.name} : null
      },
      options(row) {
        const others = new Set(this.rows.map(each => each.stock_id))
        const wanted = this.typed.toLowerCase()
        return this.ingredients
          .filter(({id}) => id === row.stock_id || !others.has(id))
          .filter(({name}) => name.toLowerCase().includes(wanted))
          .map(({id, name, unit}) => ({value: id, label: name, unit}))
      },
      filter(typed, update) {
        update(() => (this.typed = typed))
      },
      faultOf(index, field) {
        const detail = this.faults[`uses.${index}.${field}`]
        return {error: Boolean(detail), errorMessage: detail}
      },
      add() {
        this.rows.push({key: ++keys, stock_id: null, quantity: ''})
      },
      async save() {
        const uses = this.rows.map(row => ({
          stock_id: row.stock_id,
          quantity: rs.stocks.figure(row.quantity)
        }))
        Object.assign(this, {isBusy: true, faults: {}, fault: null})
        try {
          const path = `/${PATHS[this.owner.kind]}/${this.owner.id}/recipe`
          const stored = await rs.api.call('PUT', path, {body: {uses}, mayRepeat: true})
          this.rows = this.rowsOf(stored)
          rs.ask.done(rs.t('recipes.saved'))
          this.$emit('saved')
        } catch (error) {
          this.faults = rs.forms.faultsOf(error)
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
