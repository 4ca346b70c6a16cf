// How long an order takes, by the number of orders in the kitchen.
;(() => {
  const STEP_ORDERS = 5
  const STEP_MINUTES = 10

  window.app.component('restaurant-load-steps', {
    template: '#restaurant-load-steps',
    props: {
      modelValue: Array,
      name: String,
      restaurant: Object,
      label: String,
      faults: Object
    },
    emits: ['update:modelValue'],
    computed: {
      strayFault() {
        const isInner = path => /^prep_by_load\.\d+\.\w/.test(path)
        return Object.keys(this.faults).some(isInner) ? null : this.faults[this.name]
      }
    },
    methods: {
      faultOf(index, field) {
        const detail = this.faults[`${this.name}.${index}.${field}`]
        return {error: Boolean(detail), errorMessage: detail}
      },
      set(index, values) {
        const rows = this.modelValue.map((row, place) =>
          place === index ? {...row, ...values} : row
        )
        this.$emit('update:modelValue', rows)
      },
      add() {
        const last = this.modelValue[this.modelValue.length - 1]
        const orders = Number(last?.from_orders) || 0
        const minutes = Number(last?.minutes) || this.restaurant.prep_minutes || 0
        const row = {
          from_orders: String(orders + STEP_ORDERS),
          minutes: String(minutes + STEP_MINUTES)
        }
        this.$emit('update:modelValue', [...this.modelValue, row])
      },
      remove(index) {
        const rows = this.modelValue.filter((_, place) => place !== index)
        this.$emit('update:modelValue', rows)
      }
    }
  })
})()
