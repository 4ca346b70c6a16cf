// Something more from the menu, with its choices, at the prices of this order.
;(rs => {
  window.app.component('restaurant-order-add', {
    template: '#restaurant-order-add',
    props: {restaurant: Object, orderType: String, table: String},
    emits: ['add'],
    data() {
      return {
        items: null,
        typed: '',
        category: '',
        chosen: null,
        counts: {},
        fault: null
      }
    },
    computed: {
      path() {
        const query = new URLSearchParams({order_type: this.orderType})
        if (this.table) query.set('table', this.table)
        return `/restaurants/${this.restaurant.id}/menu?${query}`
      },
      shown() {
        const wanted = (this.typed || '').toLowerCase()
        const items = this.items ?? []
        if (wanted) return items.filter(({name}) => name.toLowerCase().includes(wanted))
        return items.filter(each => !this.category || each.category === this.category)
      },
      /** A long menu is chosen from by its categories. */
      categories() {
        const names = [...new Set((this.items ?? []).map(each => each.category))]
        return [
          {name: '', label: rs.t('order_add.all')},
          ...names.map(name => ({name, label: name}))
        ]
      },
      modifiers() {
        return this.chosen.modifier_groups
          .flatMap(group => group.modifiers)
          .filter(each => this.counts[each.id])
          .map(each => ({
            id: each.id,
            name: each.name,
            price_delta: each.price_delta,
            quantity: this.counts[each.id]
          }))
      },
      /** The first group that is not settled yet. */
      open() {
        return this.chosen.modifier_groups.find(group => {
          const n = this.countOf(group)
          return n < group.min || (group.max !== null && n > group.max)
        })
      },
      price() {
        const line = {...this.chosen, quantity: 1, modifiers: this.modifiers}
        return rs.format.fiat(rs.sums.lineTotal(line), line.currency)
      }
    },
    watch: {
      path: 'load'
    },
    methods: {
      fiat: ({price, currency}) => rs.format.fiat(price, currency),
      countOf(group) {
        return group.modifiers.reduce((n, each) => n + (this.counts[each.id] ?? 0), 0)
      },
      isFull(group) {
        return group.max !== null && this.countOf(group) >= group.max
      },
      set(group, modifier, count) {
        const others = {...this.counts}
        if (group.max === 1) group.modifiers.forEach(each => delete others[each.id])
        this.counts = {...others, [modifier.id]: count}
      },
      deltaOf(modifier) {
        const {price_delta: delta} = modifier
        if (/^-?0(\.0*)?$/.test(delta)) return ''
        return ` ${delta.startsWith('-') ? '' : '+'}${delta}`
      },
      pick(item) {
        if (!item.modifier_groups.length) {
          this.$emit('add', {item, modifiers: []})
          return
        }
        this.chosen = item
        this.counts = {}
      },
      take() {
        this.$emit('add', {item: this.chosen, modifiers: this.modifiers})
        this.chosen = null
      },
      /** Some things are for some kinds of order only. */
      isOffered({order_types: types}) {
        return !types?.length || types.includes(this.orderType)
      },
      async load() {
        try {
          const menu = await rs.api.call('GET', this.path)
          this.items = menu.categories.flatMap(({name, items}) =>
            items.filter(this.isOffered).map(item => ({
              ...item,
              category: name,
              currency: item.currency || this.restaurant.currency
            }))
          )
          this.fault = null
        } catch (error) {
          this.fault = error.detail
        }
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
