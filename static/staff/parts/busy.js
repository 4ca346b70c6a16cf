// Orders take longer for a while: how much, then how long; the second tap does it.
;(rs => {
  const EXTRAS = [10, 20, 30]

  window.app.component('restaurant-busy', {
    template: '#restaurant-busy',
    props: {modelValue: Boolean},
    emits: ['update:modelValue', 'set'],
    data() {
      return {extra: '10'}
    },
    computed: {
      extras() {
        return EXTRAS.map(n => ({name: String(n), label: rs.t('door.extra', {n})}))
      }
    },
    methods: {
      begin(minutes) {
        this.$emit('set', {extra_minutes: Number(this.extra), minutes})
        this.$emit('update:modelValue', false)
      }
    }
  })
})(window.restaurantStaff)
