// Days with other hours than their weekday's, or none: holidays, parties.
;(rs => {
  const dayOf = (at, zone) =>
    rs.format.toZone(new Date(at).toISOString(), zone).slice(0, 10)

  window.app.component('restaurant-special-days', {
    template: '#restaurant-special-days',
    props: {
      modelValue: Array,
      name: String,
      restaurant: Object,
      label: String,
      faults: Object
    },
    emits: ['update:modelValue'],
    computed: {
      kinds() {
        return ['closed', 'other'].map(name => ({
          name,
          label: rs.t(`hours.special.${name}`)
        }))
      },
      /** That of the whole list: whatever stands at no field of it. */
      strayFault() {
        const isInner = path => /^special_days\.\d+\.\w/.test(path)
        return Object.keys(this.faults).some(isInner) ? null : this.faults[this.name]
      }
    },
    methods: {
      path(index, field) {
        return `${this.name}.${index}.${field}`
      },
      faultOf(index, field) {
        const detail = this.faults[this.path(index, field)]
        return {error: Boolean(detail), errorMessage: detail}
      },
      hourFaults(index) {
        const start = `${this.path(index, 'windows')}.`
        const found = Object.entries(this.faults).filter(([path]) =>
          path.startsWith(start)
        )
        return Object.fromEntries(
          found.map(([path, detail]) => [
            parseInt(path.slice(start.length), 10),
            detail
          ])
        )
      },
      change(rows) {
        this.$emit('update:modelValue', rows)
      },
      set(index, values) {
        this.change(
          this.modelValue.map((row, place) =>
            place === index ? {...row, ...values} : row
          )
        )
      },
      /** Most are one day long: the last day follows the first. */
      setFirst(index, day) {
        const {first_day: first, last_day: last} = this.modelValue[index]
        const follows = !last || last === first || last < day
        this.set(index, {first_day: day, last_day: follows ? day : last})
      },
      setClosed(index, isClosed) {
        const {windows} = this.modelValue[index]
        const some = windows.length ? windows : [rs.hours.after([])]
        this.set(index, {isClosed, windows: isClosed ? windows : some})
      },
      addHours(index) {
        const {windows} = this.modelValue[index]
        this.set(index, {windows: [...windows, rs.hours.after(windows)]})
      },
      add() {
        const day = dayOf(Date.now() + 86_400_000, this.restaurant.timezone)
        const row = {
          name: '',
          first_day: day,
          last_day: day,
          isClosed: true,
          windows: []
        }
        this.change([...this.modelValue, row])
      },
      remove(index) {
        this.change(this.modelValue.filter((_, place) => place !== index))
      }
    }
  })
})(window.restaurantStaff)
