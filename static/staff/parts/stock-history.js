// The movements of one stock, newest first, page by page.
;(rs => {
  const PAGE = 20

  window.app.component('restaurant-stock-history', {
    template: '#restaurant-stock-history',
    props: {row: Object},
    data() {
      return {rows: null, next: null, error: null, isBusy: false}
    },
    computed: {
      path() {
        return `/stocks/${this.row.id}/movements?limit=${PAGE}`
      }
    },
    watch: {
      // Figures of the stock that differ mean that it moved.
      row(now, before) {
        const isMoved = ['on_hand', 'reserved', 'is_counted'].some(
          name => now[name] !== before[name]
        )
        if (isMoved) this.load()
      }
    },
    methods: {
      actor({actor}) {
        const [role] = actor.split(':')
        return rs.t(`actors.${role}`)
      },
      aboutOf(each) {
        const {order_number: number} = each
        const order = number && rs.t('order_number', {number})
        const parts = [rs.format.moment(each.at), this.actor(each), order]
        return parts.filter(Boolean).join(' · ')
      },
      signed(delta) {
        const sign = delta > 0 ? '+' : ''
        return `${sign}${rs.format.whole(delta)}`.replace('-', '−')
      },
      deltaOf({kind, quantity, on_hand_delta: there, reserved_delta: held}) {
        if (kind === 'count') return `= ${rs.stocks.amount(quantity, this.row.unit)}`
        if (there || !held) return this.signed(there)
        return rs.t('stock.reserved', {n: this.signed(held)})
      },
      leftOf({on_hand: there, reserved}) {
        const parts = [
          rs.t('stock.on_hand', {n: rs.format.whole(there)}),
          reserved && rs.t('stock.reserved', {n: rs.format.whole(reserved)})
        ]
        return parts.filter(Boolean).join(' · ')
      },
      async load() {
        try {
          const answer = await rs.api.call('GET', this.path)
          Object.assign(this, {rows: answer.data, next: answer.next, error: null})
        } catch (error) {
          this.error = error
        }
      },
      async more() {
        this.isBusy = true
        try {
          const path = `${this.path}&cursor=${encodeURIComponent(this.next)}`
          const answer = await rs.api.call('GET', path)
          this.rows.push(...answer.data)
          this.next = answer.next
        } catch (error) {
          this.error = error
        }
        this.isBusy = false
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
