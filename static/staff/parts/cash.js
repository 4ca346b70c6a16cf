// Cash over the counter: what is to be handed over, what was, what goes back.
;(rs => {
  window.app.component('restaurant-cash', {
    template: '#restaurant-cash',
    props: {order: Object, restaurant: Object, bill: Object, send: Function},
    emits: ['taken'],
    data() {
      return {tendered: '', fault: null, isBusy: false}
    },
    computed: {
      decimals() {
        return rs.format.decimalsOf(this.order.total)
      },
      /** All of a bill is rounded to the smallest coin; a part is taken as it is. */
      wanted() {
        const {minor, body} = this.bill
        if (body.amount) return minor
        return rs.sums.toCoins(minor, rs.sums.coin(this.order, this.restaurant))
      },
      quick() {
        return rs.sums.tenders(this.wanted, this.decimals)
      },
      /** Nothing typed means: exactly what is wanted. */
      given() {
        if (!this.tendered) return this.wanted
        return rs.format.toMinor(this.tendered, this.decimals)
      },
      change() {
        if (this.given === null || this.given < this.wanted) return null
        return this.given - this.wanted
      },
      problem() {
        if (this.fault) return this.fault
        if (this.given === null) return rs.t('cash.not_a_number')
        return this.given < this.wanted ? rs.t('cash.too_little') : null
      }
    },
    watch: {
      tendered() {
        this.fault = null
      }
    },
    methods: {
      plain(minor) {
        return rs.format.fromMinor(minor, this.decimals)
      },
      money(minor) {
        return rs.format.fiat(this.plain(minor), this.order.currency)
      },
      async take() {
        if (this.change === null || this.isBusy) return
        const tendered = this.plain(this.given)
        this.isBusy = true
        try {
          const body = {...this.bill.body, method: 'cash', tendered}
          this.$emit('taken', await this.send(body))
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
