// A number for each kind of order; an empty one has none of its own.
;(rs => {
  window.app.component('restaurant-by-type', {
    template: '#restaurant-by-type',
    props: {
      modelValue: Object,
      label: String,
      hint: String,
      unit: String,
      fault: String
    },
    emits: ['update:modelValue'],
    data() {
      return {types: rs.words.ORDER_TYPES}
    },
    methods: {
      set(type, typed) {
        const others = {...this.modelValue}
        delete others[type]
        const value = String(typed ?? '').trim()
        this.$emit('update:modelValue', value ? {...others, [type]: value} : others)
      }
    }
  })
})(window.restaurantStaff)
