// A payment that the guest makes on a phone: a Lightning invoice or a card checkout
// as a QR code, and the wait for its money.
;(rs => {
  const LOOK_MS = 3_000
  const THERE = ['captured', 'settled']
  const GONE = ['failed', 'voided']

  window.app.component('restaurant-pay-online', {
    template: '#restaurant-pay-online',
    props: {
      method: String,
      order: Object,
      bill: Object,
      providers: Array,
      open: Function
    },
    emits: ['taken'],
    inject: ['board', 'clock'],
    data() {
      return {opened: null, minor: 0n, fault: null, isBusy: false}
    },
    computed: {
      /** The buttons that begin it: one, or one for each card provider. */
      starts() {
        if (this.method === 'lightning') return [{name: 'lightning', isAvailable: true}]
        return this.providers.map(each => ({
          name: each.provider,
          isAvailable: each.is_available,
          againAt: each.again_at
        }))
      },
      usable() {
        return this.starts.filter(each => each.isAvailable)
      },
      away() {
        return this.starts.filter(each => !each.isAvailable)
      },
      payment() {
        if (!this.opened) return null
        const {id} = this.opened.payment
        return this.order.payments.find(each => each.id === id) ?? this.opened.payment
      },
      link() {
        if (this.opened.invoice) {
          return `lightning:${this.opened.invoice.payment_request.toUpperCase()}`
        }
        return this.opened.payment.checkout_url
      },
      isOver() {
        const {status, expires_at: until, amount_msat: asked} = this.payment
        const isTooMuch = asked > this.order.due_msat && !THERE.includes(status)
        const isExpired = Date.parse(until ?? '') <= this.clock.now
        return isExpired || isTooMuch || GONE.includes(status)
      },
      amountText() {
        const sats = rs.format.sats(this.payment.amount_msat)
        if (rs.sums.isSat(this.order.currency)) return sats
        const decimals = rs.format.decimalsOf(this.order.total)
        const plain = rs.format.fromMinor(this.minor, decimals)
        return `${rs.format.fiat(plain, this.order.currency)} · ${sats}`
      }
    },
    watch: {
      'payment.status'(status) {
        if (!THERE.includes(status)) return
        const {due, due_msat} = this.order
        this.$emit('taken', {payment: this.payment, due, due_msat})
      }
    },
    methods: {
      labelOf({name}) {
        const key = this.method === 'lightning' ? 'lightning' : 'card'
        return rs.t(`online.start_${key}`, {provider: this.nameOf(name)})
      },
      nameOf: name => name.charAt(0).toUpperCase() + name.slice(1),
      awayText({name, againAt}) {
        const time = againAt ? rs.format.moment(againAt) : '–'
        return rs.t('online.away', {provider: this.nameOf(name), time})
      },
      copy() {
        rs.ask.copy(this.link.replace(/^lightning:/, ''))
      },
      async start({name}) {
        const provider = this.method === 'card' ? {provider: name} : {}
        this.isBusy = true
        this.fault = null
        this.minor = this.bill.minor
        try {
          const body = {...this.bill.body, method: this.method, ...provider}
          this.opened = await this.open(body)
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      },
      look() {
        if (this.opened) this.board.loadOne(this.order.id)
      }
    },
    created() {
      // A part is still being typed; anything else can be shown at once.
      if (!this.bill.body.amount && this.starts.length === 1 && this.usable.length) {
        this.start(this.usable[0])
      }
      this.timer = setInterval(this.look, LOOK_MS)
    },
    beforeUnmount() {
      clearInterval(this.timer)
    }
  })
})(window.restaurantStaff)
