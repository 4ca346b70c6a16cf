// One order with everything a hurried person needs, and one big button.
;(rs => {
  const {NEXT, CANCELABLE, REFUNDABLE} = rs.words
  const WAITING = ['pending', 'paid', 'accepted', 'ready']

  window.app.component('restaurant-order-card', {
    template: '#restaurant-order-card',
    props: {order: Object},
    inject: [
      'board',
      'clock',
      'showOrder',
      'takePayment',
      'giveBack',
      'editOrder',
      'resolveOrder',
      'addRound'
    ],
    data() {
      return {busy: null, keyFor: rs.api.keyring()}
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
        const known = ['expired', 'guest', 'staff', 'unaccepted', 'merged']
        const reason = this.order.cancel_reason
        return known.includes(reason) ? rs.t(`cancel_reason.${reason}`) : reason
      },
      next() {
        return NEXT[this.order.status]
      },
      nextLabel() {
        if (rs.words.isUndecided(this.order)) return rs.t('step.make_anyway')
        return rs.t(`step.${this.next}`)
      },
      /** Sold out, or switched off: one tap decides. */
      mayResolve() {
        const {flags, status} = this.order
        const isMissing = flags.includes('oversold') || flags.includes('unavailable')
        return status === 'paid' && isMissing
      },
      mayPromise() {
        return this.order.status === 'paid' && !rs.words.isUndecided(this.order)
      },
      alertText() {
        const {status, alert_level: level} = this.order
        if (status !== 'paid' || !level) return null
        return rs.t(level > 3 ? 'kitchen.alert_last' : 'kitchen.alert')
      },
      deliveryText() {
        const {address, phone} = this.order.delivery
        return [address, phone].filter(Boolean).join('\n')
      },
      promiseText() {
        const {promised_at: promised, wanted_at: wanted, pickup_at: pickup} = this.order
        if (!this.isWaiting || (!promised && (!wanted || pickup))) return null
        const time = rs.format.moment(promised ?? wanted)
        return rs.t(promised ? 'kitchen.promised' : 'kitchen.quoted', {time})
      },
      isOverdue() {
        const until = this.order.promised_at ?? this.order.wanted_at
        const isCooking = ['paid', 'accepted'].includes(this.order.status)
        return isCooking && Boolean(until) && this.clock.now > Date.parse(until)
      },
      isDue() {
        return rs.words.isDue(this.order)
      },
      dueText() {
        return rs.t('order.due', {amount: rs.words.fiat(this.order)})
      },
      takeLabel() {
        const isCash = this.order.payment_method === 'cash'
        return rs.t(isCash && !this.order.is_tab ? 'step.cash' : 'step.pay')
      },
      /** A tab may be paid by anything; else cash is what the fewest taps are for. */
      howPaid() {
        return this.order.is_tab ? {} : {method: 'cash'}
      },
      isSurplus() {
        return rs.words.isSurplus(this.order)
      },
      refundLabel() {
        return rs.t(this.isSurplus ? 'step.refund_surplus' : 'step.refund')
      },
      mayResurrect() {
        return rs.words.mayResurrect(this.order)
      },
      openRefunds() {
        return rs.words.openRefunds(this.order)
      },
      // Given back outside of this page. A surplus does not undo an order.
      marksRefunded() {
        const {flags, status} = this.order
        return (
          flags.includes('refund_due') && !this.isSurplus && REFUNDABLE.includes(status)
        )
      },
      /** Another round, while the guests are here. */
      mayAdd() {
        return rs.words.isSent(this.order) && rs.words.mayEdit(this.order)
      },
      mayEdit() {
        return rs.words.mayEdit(this.order)
      },
      mayCancel() {
        return CANCELABLE.includes(this.order.status)
      },
      hasActions() {
        const owes = this.order.owed_msat > 0
        return this.next || this.isDue || owes || this.marksRefunded || this.mayCancel
      }
    },
    methods: {
      moment: rs.format.moment,
      todoOf(flag) {
        const {order} = this
        if (flag === 'underpaid' && order.status === 'pending')
          return rs.t('flag_todo.underpaid_pending')
        if (flag !== 'refund_due') return rs.t(`flag_todo.${flag}`)
        const key = this.isSurplus ? 'surplus_due' : 'refund_due'
        const amount = rs.words.money(order, order.owed_msat)
        return rs.t(`flag_todo.${key}`, {amount})
      },
      /** What is owed goes back: how much and why is filled in already. */
      refund() {
        const {order, isSurplus} = this
        const flag = rs.words.UNDECIDED.find(each => order.flags.includes(each))
        const why = isSurplus ? 'flags.overpaid' : flag && `flags.${flag}`
        const reason = rs.t(why || 'give.reasons.canceled')
        this.giveBack(order, {what: isSurplus ? 'owed' : 'all', reason})
      },
      async leaveOut() {
        this.busy = 'resolve'
        try {
          const path = `/orders/${this.order.id}/resolve`
          const body = {way: 'refund_line'}
          const key = this.keyFor([body, this.order.revision])
          this.board.put(await rs.api.call('POST', path, {body, key}))
        } catch (error) {
          rs.ask.failed(error)
          this.reload()
        }
        this.busy = null
      },
      async resurrect() {
        this.busy = 'resurrect'
        try {
          const path = `/orders/${this.order.id}/resurrect`
          this.board.put(await rs.api.call('POST', path))
        } catch (error) {
          rs.ask.failed(error)
          this.reload()
        }
        this.busy = null
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
        const {order} = this
        const line = rs.words.orderLine(order)
        const wasPaid = order.paid_msat > 0
        const message = `${line}. ${rs.t(wasPaid ? 'cancel.paid' : 'cancel.unpaid')}`
        const isRejected = order.status === 'paid'
        const title = rs.t(isRejected ? 'kitchen.reject_title' : 'cancel.title', {
          number: order.number
        })
        const yes = rs.t(isRejected ? 'kitchen.reject_yes' : 'cancel.yes', {
          number: order.number
        })
        if (!isRejected) {
          if (await rs.ask.confirm(title, message, yes)) this.step('canceled')
          return
        }
        const reason = await rs.ask.text(title, message, yes, {
          label: rs.t('kitchen.reject_reason'),
          model: rs.t('kitchen.reject_usual')
        })
        if (reason !== null) this.step('canceled', {reason: reason.trim() || undefined})
      },
      async markRefunded() {
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
