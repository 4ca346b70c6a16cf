// No orders for a while: why, then how long; the second tap does it.
;(rs => {
  const REASONS = ['full', 'break', 'sold_out']

  window.app.component('restaurant-pause', {
    template: '#restaurant-pause',
    props: {modelValue: Boolean},
    emits: ['update:modelValue', 'set'],
    data() {
      return {reason: ''}
    },
    computed: {
      reasons() {
        return REASONS.map(name => {
          const label = rs.t(`door.reasons.${name}`)
          return {name: label, label}
        })
      }
    },
    methods: {
      begin(minutes) {
        const reason = this.reason.trim()
        this.$emit('set', {...(minutes ? {minutes} : {}), ...(reason ? {reason} : {})})
        this.$emit('update:modelValue', false)
        this.reason = ''
      }
    }
  })
})(window.restaurantStaff)
