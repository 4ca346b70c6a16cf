// New lines from the menu, each with its count, its course and a note.
;(rs => {
  const {carts} = rs
  const COURSES = 4

  window.app.component('restaurant-new-lines', {
    template: '#restaurant-new-lines',
    props: {modelValue: Array, restaurant: Object, orderType: String, table: String},
    emits: ['update:modelValue'],
    computed: {
      rows() {
        return this.modelValue
      }
    },
    methods: {
      modifiersOf: row =>
        row.modifiers
          .map(({name, quantity}) => (quantity > 1 ? `${quantity}× ${name}` : name))
          .join(', '),
      tell() {
        this.$emit('update:modelValue', [...this.rows])
      },
      /** What is added next belongs to the course of what was added last. */
      add({item, modifiers}) {
        const rows = [...this.rows]
        carts.add(rows, item, modifiers, rows.at(-1)?.course ?? 1)
        this.$emit('update:modelValue', rows)
      },
      count(row, by) {
        row.quantity += by
        this.$emit(
          'update:modelValue',
          this.rows.filter(each => each.quantity > 0)
        )
      },
      nextCourse(row) {
        row.course = (row.course % COURSES) + 1
        this.tell()
      }
    }
  })
})(window.restaurantStaff)
