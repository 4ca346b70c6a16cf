// Every item, and every modifier if wanted, with what a portion takes.
;(rs => {
  const SHOWN = 300

  window.app.component('restaurant-recipes', {
    template: '#restaurant-recipes',
    props: {restaurant: Object, stocks: Array, recipes: Array, wares: Object},
    emits: ['changed'],
    data() {
      return {typed: '', isWithModifiers: false, openedId: null, isOpen: false}
    },
    computed: {
      stockById() {
        return new Map(this.stocks.map(each => [each.id, each]))
      },
      recipeById() {
        return new Map(this.recipes.map(each => [each.id, each]))
      },
      rows() {
        const items = this.wares.items.map(({id, name, category}) =>
          this.rowOf({id, name, kind: 'item', about: category})
        )
        const modifiers = Object.values(this.wares.modifiers).map(({id, name, item}) =>
          this.rowOf({id, name, kind: 'modifier', about: item})
        )
        return [...items, ...modifiers]
      },
      shown() {
        const wanted = this.typed.trim().toLowerCase()
        return this.rows
          .filter(row => this.isWithModifiers || row.kind === 'item' || row.recipe)
          .filter(({name, about, text}) =>
            `${name} ${about} ${text}`.toLowerCase().includes(wanted)
          )
          .slice(0, SHOWN)
      },
      opened() {
        return this.rows.find(row => row.id === this.openedId)
      }
    },
    methods: {
      rowOf(row) {
        const recipe = this.recipeById.get(row.id)
        const uses = recipe?.uses ?? []
        const text = uses
          .map(use => `${rs.stocks.amount(use.quantity, use.unit)} ${use.name}`)
          .join(', ')
        return {
          ...row,
          recipe,
          text: text || rs.t('recipes.none'),
          portions: this.portions(uses)
        }
      },
      /** For how many portions the ingredients are there; null without a recipe. */
      portions(uses) {
        if (!uses.length) return null
        const enough = uses.map(({stock_id: id, quantity}) =>
          Math.floor(Math.max(0, this.stockById.get(id)?.available ?? 0) / quantity)
        )
        return Math.min(...enough)
      },
      open(row) {
        this.openedId = row.id
        this.isOpen = true
      },
      saved() {
        this.isOpen = false
        this.$emit('changed')
      }
    }
  })
})(window.restaurantStaff)
