// Times to choose from, and how many orders each takes: one group per order type.
;(rs => {
  const FIELDS = ['minutes', 'lead_minutes', 'days_ahead', 'orders', 'items', 'value']
  const LIMITS = ['orders', 'items', 'value']

  window.app.component('restaurant-slot-rules', {
    template: '#restaurant-slot-rules',
    props: {
      modelValue: Array,
      name: String,
      restaurant: Object,
      label: String,
      faults: Object
    },
    emits: ['update:modelValue'],
    data() {
      return {fields: FIELDS}
    },
    computed: {
      strayFault() {
        const isInner = path => /^slots\.\d+\.\w/.test(path)
        return Object.keys(this.faults).some(isInner) ? null : this.faults[this.name]
      }
    },
    methods: {
      isLimit: field => LIMITS.includes(field),
      /** Only those that are on were sent: the server counts those. */
      faultOf(index, field) {
        const place = this.modelValue.slice(0, index).filter(each => each.isOn).length
        const detail = this.faults[`${this.name}.${place}.${field}`]
        return {error: Boolean(detail), errorMessage: detail}
      },
      says(row) {
        const limits = LIMITS.filter(field => row[field]).map(field =>
          rs.t(`slots.at_most.${field}`, {
            n: field === 'value' ? this.fiat(row.value) : row[field]
          })
        )
        const rhythm = rs.t('slots.says', {
          minutes: row.minutes,
          lead: row.lead_minutes,
          days: row.days_ahead
        })
        return [rhythm, limits.join(', ') || rs.t('slots.any')].join(' · ')
      },
      fiat(text) {
        return rs.format.fiat(rs.settings.plain(text), this.restaurant.currency)
      },
      set(index, values) {
        const rows = this.modelValue.map((row, place) =>
          place === index ? {...row, ...values} : row
        )
        this.$emit('update:modelValue', rows)
      }
    }
  })
})(window.restaurantStaff)
