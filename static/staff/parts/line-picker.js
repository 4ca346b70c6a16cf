// So many of each line: `modelValue` counts them by the line's id.
;(rs => {
  window.app.component('restaurant-line-picker', {
    template: '#restaurant-line-picker',
    props: {modelValue: Object, lines: Array},
    emits: ['update:modelValue'],
    methods: {
      countOf(line) {
        return this.modelValue[line.id] ?? 0
      },
      set(line, count) {
        this.$emit('update:modelValue', {...this.modelValue, [line.id]: count})
      }
    }
  })
})(window.restaurantStaff)
