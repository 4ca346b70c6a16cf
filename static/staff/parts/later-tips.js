// What was tipped with an order, and after the meal; and whether a guest still may.
;(rs => {
  window.app.component('restaurant-later-tips', {
    template: '#restaurant-later-tips',
    props: {order: Object},
    inject: ['listen'],
    data() {
      return {tips: null}
    },
    computed: {
      paid() {
        return (this.tips?.data ?? [])
          .map(each => each.tip)
          .filter(each => each.status === 'paid')
      },
      until() {
        const {can_tip: can, until} = this.tips
        return can && until
          ? rs.t('later.until', {time: rs.format.moment(until)})
          : null
      }
    },
    methods: {
      moment: rs.format.moment,
      money({amount, currency, amount_msat: msat}) {
        const sats = rs.format.sats(msat)
        return rs.sums.isSat(currency)
          ? sats
          : `${rs.format.fiat(amount, currency)} · ${sats}`
      },
      async load() {
        try {
          this.tips = await rs.api.call('GET', `/orders/${this.order.id}/tips`)
        } catch {
          this.tips = null // the order is there without them
        }
      }
    },
    created() {
      this.load()
      this.unlisten = this.listen(row => {
        const isTip = row.event.startsWith('tip.')
        if (isTip && row.order_id === this.order.id) this.load()
      })
    },
    beforeUnmount() {
      this.unlisten()
    }
  })
})(window.restaurantStaff)
