// What kinds of order are taken at all: each a switch.
;(rs => {
  const {ORDER_TYPES} = rs.words

  window.app.component('restaurant-types-taken', {
    template: '#restaurant-types-taken',
    props: {
      modelValue: Array,
      name: String,
      restaurant: Object,
      label: String,
      faults: Object
    },
    emits: ['update:modelValue'],
    data() {
      return {types: ORDER_TYPES}
    },
    methods: {
      set(type, isOn) {
        const isTaken = each => (each === type ? isOn : this.modelValue.includes(each))
        this.$emit('update:modelValue', ORDER_TYPES.filter(isTaken))
      }
    }
  })
})(window.restaurantStaff)
