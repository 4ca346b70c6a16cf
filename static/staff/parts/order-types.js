// For which kinds of order something is; none named means all.
;(rs => {
  const {ORDER_TYPES} = rs.words

  window.app.component('restaurant-order-types', {
    template: '#restaurant-order-types',
    props: {modelValue: Array},
    emits: ['update:modelValue'],
    data() {
      return {types: ORDER_TYPES}
    },
    methods: {
      isOn(type) {
        return !this.modelValue.length || this.modelValue.includes(type)
      },
      set(type, isOn) {
        const chosen = ORDER_TYPES.filter(each =>
          each === type ? isOn : this.isOn(each)
        )
        const isAll = [0, ORDER_TYPES.length].includes(chosen.length)
        this.$emit('update:modelValue', isAll ? [] : chosen)
      }
    }
  })
})(window.restaurantStaff)
