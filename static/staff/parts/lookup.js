// Find an order by its number, its payment hash, or a pasted invoice.
;(rs => {
  const NUMBER = /^#?(\d{1,9})$/
  const HASH = /^[0-9a-f]{64}$/i
  const INVOICE = /^(lightning:)?(ln[a-z0-9]{20,})$/i

  window.app.component('restaurant-lookup', {
    template: '#restaurant-lookup',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['showOrder'],
    data() {
      return {text: '', problem: null, results: null, isBusy: false}
    },
    methods: {
      moment: rs.format.moment,
      place: order => rs.words.place(order),
      amount: order => rs.words.amount(order),
      async query() {
        const text = (this.text || '').trim()
        const number = NUMBER.exec(text)
        if (number) return `number=${Number(number[1])}`
        if (HASH.test(text)) return `payment_hash=${text.toLowerCase()}`
        const invoice = INVOICE.exec(text)
        if (!invoice) throw new Error(rs.t('lookup.not_understood'))
        return `payment_hash=${await this.hashOf(invoice[2])}`
      },
      async hashOf(invoice) {
        try {
          const body = {data: invoice.toLowerCase()}
          const path = '/api/v1/payments/decode'
          return (await rs.api.call('POST', path, {body})).payment_hash
        } catch (error) {
          if (error.isTransient) throw error
          throw new Error(rs.t('lookup.bad_invoice'))
        }
      },
      async search() {
        this.isBusy = true
        this.results = null
        this.problem = null
        try {
          const query = await this.query()
          const path = `/restaurants/${this.restaurant.id}/orders?${query}&limit=20`
          this.results = (await rs.api.call('GET', path)).data
          if (this.results.length === 1) this.showOrder(this.results[0].id)
        } catch (error) {
          this.problem = error.detail || error.message
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
