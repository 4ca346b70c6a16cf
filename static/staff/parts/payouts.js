// Payouts of tips: where each one stands, and what to do when it stands still.
;(rs => {
  window.app.component('restaurant-payouts', {
    template: '#restaurant-payouts',
    props: {payouts: Array},
    emits: ['changed'],
    data() {
      return {busy: null}
    },
    methods: {
      sats: rs.format.sats,
      about(payout) {
        const {destination, value} = payout
        const where = destination === 'wallet' ? null : value
        const fee =
          payout.fee_msat && rs.t('payouts.fee', {fee: this.sats(payout.fee_msat)})
        return [
          rs.format.moment(payout.sent_at || payout.ended_at || payout.created_at),
          rs.t(`payouts.to.${destination}`),
          where,
          fee,
          payout.person
        ]
          .filter(Boolean)
          .join(' · ')
      },
      why({problem, status, next_try_at: next}) {
        const isWaiting = status === 'waiting'
        const isStuck = isWaiting && problem === 'destination'
        const word = isStuck ? 'destination_waiting' : problem
        const text = rs.t(`payouts.problems.${word}`)
        if (!isWaiting || !next) return text
        return `${text} ${rs.t('payouts.next_try', {time: rs.format.moment(next)})}`
      },
      async act(payout, what) {
        this.busy = payout.id + what
        const options = what === 'retry' ? {key: payout.id} : {mayRepeat: true}
        try {
          const path = `/tip_payouts/${payout.id}/${what}`
          await rs.api.call('POST', path, {body: {}, ...options})
        } catch (error) {
          rs.ask.failed(error)
        }
        this.$emit('changed')
        this.busy = null
      },
      async cancel(payout) {
        const amount = this.sats(payout.amount_msat)
        const yes = await rs.ask.confirm(
          rs.t('payouts.cancel_title', {amount, name: payout.name}),
          rs.t('payouts.cancel_text'),
          rs.t('payouts.cancel')
        )
        if (yes) await this.act(payout, 'cancel')
      }
    }
  })
})(window.restaurantStaff)
