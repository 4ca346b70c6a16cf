// The payments of an order, and the news of a card payment that is contested.
;(rs => {
  const NEWS = {captured: ['opened'], settled: ['opened'], disputed: ['won', 'lost']}

  window.app.component('restaurant-payments', {
    template: '#restaurant-payments',
    props: {order: Object},
    inject: ['board'],
    data() {
      return {busy: null}
    },
    methods: {
      amountOf(payment) {
        const sats = rs.format.sats(payment.received_msat || payment.amount_msat)
        if (!payment.amount || rs.sums.isSat(payment.currency)) return sats
        return rs.format.fiat(payment.amount, payment.currency)
      },
      detailOf(payment) {
        const {tendered, change, rounding, currency} = payment
        const fiat = text => rs.format.fiat(text, currency)
        const cash = tendered && [
          rs.t('payments.tendered', {amount: fiat(tendered)}),
          rs.t('payments.change', {amount: fiat(change)}),
          rounding && rs.t('payments.rounding', {amount: fiat(rounding)})
        ]
        const time = rs.format.moment(payment.captured_at || payment.created_at)
        return [time, payment.provider, payment.person, ...(cash || [])]
          .filter(Boolean)
          .join(' · ')
      },
      newsFor(payment) {
        if (payment.method !== 'card') return []
        const isLost = payment.status === 'voided' && payment.disputed_at
        if (isLost) return this.order.flags.includes('disputed') ? ['closed'] : []
        return NEWS[payment.status] ?? []
      },
      async tell(payment, outcome) {
        const yes = await rs.ask.confirm(
          rs.t(`disputes.${outcome}`),
          rs.t(`disputes.${outcome}_text`),
          rs.t(`disputes.${outcome}`)
        )
        if (!yes) return
        this.busy = payment.id
        try {
          const path = `/payments/${payment.id}/dispute`
          await rs.api.call('POST', path, {body: {outcome}, mayRepeat: true})
        } catch (error) {
          rs.ask.failed(error)
        }
        this.board.touch(this.order.id)
        this.busy = null
      }
    }
  })
})(window.restaurantStaff)
