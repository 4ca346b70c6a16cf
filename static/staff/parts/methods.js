// Which methods are taken for which kind of order: a table of boxes to tick.
;(rs => {
  const {METHODS, ORDER_TYPES} = rs.words

  window.app.component('restaurant-methods', {
    template: '#restaurant-methods',
    props: {modelValue: Array},
    emits: ['update:modelValue'],
    data() {
      return {methods: METHODS, orderTypes: ORDER_TYPES}
    },
    methods: {
      rulesOf(method) {
        return this.modelValue.filter(each => each.method === method)
      },
      typesOf(method) {
        const rules = this.rulesOf(method)
        const isFor = type => rule =>
          !rule.order_types.length || rule.order_types.includes(type)
        return ORDER_TYPES.filter(type => rules.some(isFor(type)))
      },
      // Rules that are not touched stay as they are, with their currencies.
      set(method, type, isTaken) {
        const others = this.typesOf(method).filter(each => each !== type)
        const types = ORDER_TYPES.filter(
          each => others.includes(each) || (each === type && isTaken)
        )
        const rule = {
          method,
          order_types: types.length === ORDER_TYPES.length ? [] : types,
          currencies: this.rulesOf(method)[0]?.currencies ?? []
        }
        const rules = METHODS.flatMap(name => {
          if (name !== method) return this.rulesOf(name)
          return types.length ? [rule] : []
        })
        this.$emit('update:modelValue', rules)
      }
    }
  })
})(window.restaurantStaff)
