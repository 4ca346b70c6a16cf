// What is left on a gift card, for whoever holds its code.
;(rs => {
  window.app.component('restaurant-gift-balance', {
    template: '#restaurant-gift-balance',
    props: {restaurant: Object, code: String},
    data() {
      return {found: null, fault: null, isBusy: false}
    },
    computed: {
      balance() {
        return rs.format.fiat(this.found.balance, this.found.currency)
      },
      until() {
        const {expires_at: until} = this.found
        return until && rs.t('gift.until', {time: rs.format.moment(until)})
      }
    },
    watch: {
      code() {
        Object.assign(this, {found: null, fault: null})
      }
    },
    methods: {
      async look() {
        this.isBusy = true
        this.fault = null
        try {
          const path = `/restaurants/${this.restaurant.id}/gift_cards/balance`
          const body = {code: this.code.trim()}
          this.found = await rs.api.call('POST', path, {body, mayRepeat: true})
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
