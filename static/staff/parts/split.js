// The shares of a bill: what each is, what is due of it, and one tap to take it.
;(rs => {
  const ICONS = {
    open: 'radio_button_unchecked',
    part_paid: 'timelapse',
    paid: 'check_circle'
  }

  window.app.component('restaurant-split', {
    template: '#restaurant-split',
    props: {order: Object, split: Object},
    emits: ['changed', 'pick'],
    data() {
      return {icons: ICONS, isBusy: false}
    },
    computed: {
      isSat() {
        return rs.sums.isSat(this.order.currency)
      },
      /** Once money came for a share, the split stays as it is. */
      mayUndo() {
        return this.split.shares.every(share => !share.paid_msat)
      }
    },
    methods: {
      nameOf(share) {
        if (share.label) return share.label
        const number = this.split.shares.indexOf(share) + 1
        const of = this.split.shares.length
        const isRest = this.split.by === 'lines' && number === of
        return rs.t(isRest ? 'split.rest' : 'split.share', {number, of})
      },
      linesOf(share) {
        const names = new Map(this.order.items.map(line => [line.id, line.name]))
        return share.lines
          .map(({line_id: id, quantity}) =>
            quantity > 1 ? `${quantity}× ${names.get(id)}` : names.get(id)
          )
          .join(', ')
      },
      amountOf(share) {
        const text = share.status === 'paid' ? share.amount : share.due
        return rs.format.fiat(text, this.order.currency)
      },
      sats: rs.format.sats,
      async undo() {
        this.isBusy = true
        try {
          await rs.api.call('DELETE', `/orders/${this.order.id}/split`)
          this.$emit('changed', null)
        } catch (error) {
          rs.ask.failed(error)
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
