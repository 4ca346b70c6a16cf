// The receipt of an order, or its bill: printed at the counter, or shown.
;(rs => {
  const {LANGUAGES} = rs.layouts

  window.app.component('restaurant-receipt', {
    template: '#restaurant-receipt',
    props: {order: Object, restaurant: Object},
    emits: ['printed'],
    inject: ['press'],
    data() {
      return {isBusy: false}
    },
    computed: {
      printers() {
        return this.press.state.printers || []
      },
      /** Where it comes out when nobody chooses; undefined: nowhere. */
      usual() {
        if (this.restaurant.receipt_station) return null
        return this.printers.length === 1 ? this.printers[0].id : undefined
      },
      mayChoose() {
        return this.printers.length > 1 || (this.usual === null && this.printers.length)
      },
      page() {
        const mine = rs.format.locale().split('-')[0]
        const language = LANGUAGES.includes(mine) ? mine : 'en'
        const path = `/restaurant/api/v1/orders/${this.order.id}/receipt.html`
        return `${path}?language=${language}`
      }
    },
    methods: {
      async print(printerId) {
        const body = printerId ? {printer_id: printerId} : {}
        const name = this.press.nameOf(printerId) ?? this.restaurant.receipt_station
        this.isBusy = true
        try {
          const path = `/orders/${this.order.id}/receipt/print`
          await rs.api.call('POST', path, {body, key: rs.api.newKey()})
          rs.ask.done(rs.t('receipt.printed', {name}))
          this.$emit('printed')
        } catch (error) {
          rs.ask.failed(error)
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
