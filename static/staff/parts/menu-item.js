// One menu item: a row, and its form when it is opened.
;(rs => {
  window.app.component('restaurant-menu-item', {
    template: '#restaurant-menu-item',
    props: {
      item: Object,
      restaurant: Object,
      category: Object,
      categories: Array,
      isFirst: Boolean,
      isLast: Boolean,
      isOpen: Boolean,
      storedIds: Set
    },
    emits: ['toggle', 'move', 'copy', 'remove', 'switched'],
    computed: {
      currency() {
        return this.item.currency || this.restaurant.currency
      },
      price() {
        const {price} = this.item
        const isNumber = price !== '' && !Number.isNaN(Number(price))
        return isNumber ? rs.format.fiat(price, this.currency) : '–'
      },
      offered() {
        return rs.schedules.offered(this.item)
      },
      hasFaults() {
        return rs.tree.hasFaults(this.item)
      },
      allergens() {
        return rs.words.ALLERGENS.map(value => ({
          value,
          label: rs.t(`allergens.${value}`)
        }))
      },
      categoryOptions() {
        return this.categories.map(each => ({label: each.name, value: each._key}))
      }
    },
    methods: {
      isStored(node) {
        return this.storedIds.has(node.id)
      },
      plain(text) {
        return String(text ?? '')
          .trim()
          .replace(',', '.')
      },
      setTaxRates(rates) {
        this.item.tax_rates = Object.fromEntries(
          Object.entries(rates).map(([type, rate]) => [type, this.plain(rate)])
        )
      },
      fault(field) {
        const detail = this.item._faults[field]
        return {error: Boolean(detail), errorMessage: detail}
      },
      /** The upload keeps the live count of an item unless it says that it counts. */
      setStock(text) {
        const typed = String(text ?? '').trim()
        const number = Number(typed)
        const isWhole = typed !== '' && Number.isInteger(number)
        this.item.stock = isWhole ? number : typed || null
        this.item.stock_set = true
      },
      moveTo(key) {
        const target = this.categories.find(each => each._key === key)
        const {items} = this.category
        if (target === this.category) return
        items.splice(items.indexOf(this.item), 1)
        target.items.push(this.item)
      }
    }
  })
})(window.restaurantStaff)
