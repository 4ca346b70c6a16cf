// One order with everything a hurried person needs, and one big button.
;(rs => {
  const {NEXT, CANCELABLE, REFUNDABLE} = rs.words
  const WAITING = ['pending', 'paid', 'accepted', 'ready']
  const CASH_DUE = ['accepted', 'ready', 'completed']

  window.app.component('restaurant-order-card', {
    template: '#restaurant-order-card',
    props: {order: Object},
    inject: ['board', 'clock', 'showOrder'],
    data() {
      return {busy: null, isTakingCash: false}
    },
    computed: {
      since() {
        const {order} = this
        return Date.parse(order.paid_at || order.accepted_at || order.created_at)
      },
      isWaiting() {
        return WAITING.includes(this.order.status)
      },
      // Looked at every second; the page changes only when the text does.
      age() {
        if (!this.isWaiting) return rs.format.moment(this.order.created_at)
        return rs.format.age(this.clock.now - this.since)
      },
      urgency() {
        const isWork = this.isWaiting && this.order.status !== 'pending'
        return isWork ? rs.words.urgency(this.clock.now - this.since) : 'fine'
      },
      place() {
        return rs.words.place(this.order)
      },
      amount() {
        return rs.words.amount(this.order)
      },
      cancelReason() {
        const known = ['expired', 'guest', 'staff']
        const reason = this.order.cancel_reason
        return known.includes(reason) ? rs.t(`cancel_reason.${reason}`) : reason
      },
      next() {
        return NEXT[this.order.status]
      },
      isDue() {
        return this.order.due_msat > 0 && this.order.status !== 'refunded'
      },
      dueText() {
        const {order} = this
        const decimals = rs.format.decimalsOf(order.total)
        const due = rs.format.fromMinor(rs.format.dueMinor(order), decimals)
        return rs.t('order.due', {amount: rs.format.fiat(due, order.currency)})
      },
      takesCash() {
        const isUnpaid = this.order.status === 'pending'
        return this.isDue && (isUnpaid || CASH_DUE.includes(this.order.status))
      },
      // Given back as a whole. A surplus does not undo an order that is being made.
      owesRefund() {
        const {flags, status} = this.order
        const isSurplus = flags.includes('overpaid') && status !== 'canceled'
        return flags.includes('refund_due') && !isSurplus && REFUNDABLE.includes(status)
      },
      mayCancel() {
        return CANCELABLE.includes(this.order.status)
      },
      hasActions() {
        return this.next || this.takesCash || this.owesRefund || this.mayCancel
      }
    },
    methods: {
      moment: rs.format.moment,
      modifierText(modifier) {
        const times = modifier.quantity > 1 ? `${modifier.quantity}× ` : ''
        return `+ ${times}${modifier.name}`
      },
      allergenText(line) {
        const names = line.allergens.map(name =>
          rs.words.ALLERGENS.includes(name) ? rs.t(`allergens.${name}`) : name
        )
        return `${rs.t('order.allergens')}: ${names.join(', ')}`
      },
      todoOf(flag) {
        if (flag !== 'refund_due') return rs.t(`flag_todo.${flag}`)
        const key = this.owesRefund ? 'refund_due' : 'surplus_due'
        return rs.t(`flag_todo.${key}`, {amount: rs.words.owed(this.order)})
      },
      async step(status, body = {}) {
        this.busy = status
        try {
          const path = `/orders/${this.order.id}/status/${status}`
          this.board.put(await rs.api.call('PUT', path, {body, mayRepeat: true}))
        } catch (error) {
          rs.ask.failed(error)
          await this.reload()
        }
        this.busy = null
      },
      async cancel() {
        const line = rs.words.orderLine(this.order)
        const wasPaid = this.order.paid_msat > 0
        const yes = await rs.ask.confirm(
          rs.t('cancel.title', {number: this.order.number}),
          `${line}. ${rs.t(wasPaid ? 'cancel.paid' : 'cancel.unpaid')}`,
          rs.t('cancel.yes', {number: this.order.number})
        )
        if (yes) this.step('canceled')
      },
      async refund() {
        const reason = await rs.ask.text(
          rs.t('refund.title', {number: this.order.number}),
          `${rs.words.orderLine(this.order)}. ${rs.t('refund.text')}`,
          rs.t('refund.yes'),
          {label: rs.t('refund.reason'), isValid: text => text.trim().length > 0}
        )
        if (reason) this.step('refunded', {reason: reason.trim()})
      },
      async reload() {
        this.board.touch(this.order.id)
      }
    }
  })
})(window.restaurantStaff)
