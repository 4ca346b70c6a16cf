// The proof: is every figure what its movements add up to?
;(rs => {
  window.app.component('restaurant-stock-check', {
    template: '#restaurant-stock-check',
    props: {modelValue: Boolean, restaurant: Object},
    emits: ['update:modelValue'],
    data() {
      return {answer: null, fault: null, isBusy: false}
    },
    watch: {
      modelValue(isOpen) {
        if (isOpen) this.load()
      }
    },
    methods: {
      /** "on hand 7 ≠ 5", for the figure that differs. */
      figuresOf(each) {
        const parts = ['on_hand', 'reserved'].map(name => {
          const [now, sum] = [each[name], each[`${name}_of_ledger`]]
          return now === sum
            ? ''
            : `${rs.t(`stock.figures.${name}`)} ${now ?? '–'} ≠ ${sum}`
        })
        return parts.filter(Boolean).join(' · ')
      },
      async load() {
        Object.assign(this, {answer: null, fault: null, isBusy: true})
        try {
          const path = `/restaurants/${this.restaurant.id}/stock/check`
          this.answer = await rs.api.call('GET', path)
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
