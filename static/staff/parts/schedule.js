// When something holds: hours of the week, and days of the calendar.
;(rs => {
  window.app.component('restaurant-schedule', {
    template: '#restaurant-schedule',
    props: {modelValue: Object, zone: String, fault: String},
    emits: ['update:modelValue'],
    computed: {
      days() {
        const long = rs.schedules.dayNames('long')
        return rs.schedules
          .dayNames()
          .map((name, day) => ({day, name, long: long[day]}))
      },
      text() {
        const isWhole = ({days, starts, ends}) => days.length && starts && ends
        const windows = this.modelValue.windows.filter(isWhole)
        return rs.schedules.say({...this.modelValue, windows})
      }
    },
    methods: {
      change(values) {
        this.$emit('update:modelValue', {...this.modelValue, ...values})
      },
      set(index, values) {
        const windows = this.modelValue.windows.map((each, place) =>
          place === index ? {...each, ...values} : each
        )
        this.change({windows})
      },
      toggle(index, day) {
        const {days} = this.modelValue.windows[index]
        const others = days.filter(each => each !== day)
        const now = others.length === days.length ? [...days, day] : others
        this.set(index, {days: now.sort((a, b) => a - b)})
      },
      add() {
        const {windows} = this.modelValue
        const fresh = {days: [0, 1, 2, 3, 4, 5, 6], starts: '17:00', ends: '19:00'}
        this.change({windows: [...windows, fresh]})
      },
      remove(index) {
        const keep = (_, place) => place !== index
        this.change({windows: this.modelValue.windows.filter(keep)})
      }
    }
  })
})(window.restaurantStaff)
