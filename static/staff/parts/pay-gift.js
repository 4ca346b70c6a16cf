// A gift card pays: all of the sum, or as much as is on it.
;(rs => {
  window.app.component('restaurant-pay-gift', {
    template: '#restaurant-pay-gift',
    props: {order: Object, restaurant: Object, bill: Object, send: Function},
    emits: ['taken'],
    data() {
      return {code: '', fault: null, isBusy: false}
    },
    methods: {
      async take() {
        const code = this.code.trim()
        if (!code || this.isBusy) return
        this.isBusy = true
        this.fault = null
        try {
          const body = {...this.bill.body, method: 'gift_card', gift_card_code: code}
          this.$emit('taken', await this.send(body))
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
