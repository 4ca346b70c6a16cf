// An order's refunds with their states, and what may be done about each.
;(rs => {
  const BEFORE = ['requested', 'approved']
  const SHOWN = ['withdraw', 'gift_card']

  window.app.component('restaurant-refunds', {
    template: '#restaurant-refunds',
    props: {order: Object, refunds: Array, restaurant: Object},
    inject: ['board'],
    data() {
      return {busy: null, shownId: null}
    },
    methods: {
      moment: rs.format.moment,
      amountOf(refund) {
        const sats = rs.format.sats(refund.send_msat)
        if (rs.sums.isSat(refund.currency)) return sats
        const fiat = rs.format.fiat(refund.amount, refund.currency)
        return ['cash', 'gift_card'].includes(refund.destination)
          ? fiat
          : `${fiat} · ${sats}`
      },
      statusOf: refund => rs.words.refundStatus(refund),
      goesTo({destination, value}) {
        const goes = rs.t(`give.goes.${destination}`)
        return value && destination !== 'gift_card' ? `${goes}: ${value}` : goes
      },
      mayApprove: refund => refund.status === 'requested',
      mayCancel: refund => BEFORE.includes(refund.status),
      /** Only where there is something to show to the guest, and room for it. */
      mayShow(refund) {
        const {status, destination} = refund
        const waits = destination === 'withdraw' && status === 'approved'
        const isCard = destination === 'gift_card' && status === 'sent'
        return this.restaurant && SHOWN.includes(destination) && (waits || isCard)
      },
      async decide(refund, verb) {
        this.busy = refund.id
        try {
          await rs.api.call('POST', `/refunds/${refund.id}/${verb}`, {mayRepeat: true})
        } catch (error) {
          rs.ask.failed(error)
        }
        this.board.touch(this.order.id)
        this.busy = null
      },
      approve(refund) {
        return this.decide(refund, 'approve')
      },
      async cancel(refund) {
        const yes = await rs.ask.confirm(
          rs.t('give.cancel_title', {amount: this.amountOf(refund)}),
          rs.t('give.cancel_text'),
          rs.t('give.cancel_yes')
        )
        if (yes) await this.decide(refund, 'cancel')
      },
      toggle(refund) {
        this.shownId = this.shownId === refund.id ? null : refund.id
      }
    }
  })
})(window.restaurantStaff)
