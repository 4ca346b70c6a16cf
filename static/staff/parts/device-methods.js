// Which methods a device may take; ticking all of them means all, also later ones.
;(rs => {
  const {METHODS} = rs.words

  window.app.component('restaurant-device-methods', {
    template: '#restaurant-device-methods',
    props: {modelValue: Array},
    emits: ['update:modelValue'],
    data() {
      return {methods: METHODS}
    },
    computed: {
      taken() {
        return this.modelValue.length ? this.modelValue : METHODS
      }
    },
    methods: {
      set(method, isTaken) {
        const taken = METHODS.filter(each =>
          each === method ? isTaken : this.taken.includes(each)
        )
        this.$emit('update:modelValue', taken.length === METHODS.length ? [] : taken)
      },
      // Nothing ticked would mean all of them.
      isLast(method) {
        return this.taken.length === 1 && this.taken[0] === method
      }
    }
  })
})(window.restaurantStaff)
