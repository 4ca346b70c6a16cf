// Opening hours, day by day: seven lists, as js/hours has them.
;(rs => {
  window.app.component('restaurant-week', {
    template: '#restaurant-week',
    props: {
      modelValue: Array,
      name: String,
      restaurant: Object,
      label: String,
      faults: Object
    },
    emits: ['update:modelValue'],
    computed: {
      isAlwaysOpen() {
        return this.modelValue.every(rows => !rows.length)
      },
      /** That of the whole week: whatever stands at no hours of it. */
      strayFault() {
        const isPlaced = this.days.some(each => each.faults.length)
        return isPlaced ? null : this.faults[this.name]
      },
      names() {
        return rs.schedules.dayNames('long')
      },
      days() {
        const at = rs.hours.faultsOf(this.modelValue, this.faults, this.name)
        return this.modelValue.map((rows, day) => {
          const found = rows.map((_, index) => [index, at[`${day}.${index}`]])
          const faults = found.filter(([, detail]) => detail)
          return {
            day,
            rows,
            faults,
            name: this.names[day],
            byRow: Object.fromEntries(faults)
          }
        })
      }
    },
    methods: {
      others(day) {
        return this.names
          .map((name, day) => ({name, day}))
          .filter(each => each.day !== day)
      },
      set(day, rows) {
        const week = this.modelValue.map((each, place) => (place === day ? rows : each))
        this.$emit('update:modelValue', week)
      },
      add(day) {
        const rows = this.modelValue[day]
        this.set(day, [...rows, rs.hours.after(rows)])
      },
      copy(from, days) {
        const clone = () => this.modelValue[from].map(rs.hours.rowOf)
        const week = this.modelValue.map((rows, day) =>
          days.includes(day) && day !== from ? clone() : rows
        )
        this.$emit('update:modelValue', week)
      }
    }
  })
})(window.restaurantStaff)
