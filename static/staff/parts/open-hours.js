// The hours of one day, [{starts, ends, order_types}]; the gap between two is a break.
;(rs => {
  window.app.component('restaurant-open-hours', {
    template: '#restaurant-open-hours',
    props: {
      modelValue: Array,
      /** The day's name, for who does not see the page. */
      day: String,
      /** By the number of the row. */
      faults: Object
    },
    emits: ['update:modelValue'],
    methods: {
      isOvernight: rs.hours.isOvernight,
      about(what) {
        return [this.day, what].filter(Boolean).join(', ')
      },
      typesText({order_types: types}) {
        if (!types.length) return rs.t('hours.all_types')
        return types.map(type => rs.t(`type_${type}`)).join(', ')
      },
      set(index, values) {
        const rows = this.modelValue.map((row, place) =>
          place === index ? {...row, ...values} : row
        )
        this.$emit('update:modelValue', rows)
      },
      remove(index) {
        const rows = this.modelValue.filter((_, place) => place !== index)
        this.$emit('update:modelValue', rows)
      }
    }
  })
})(window.restaurantStaff)
