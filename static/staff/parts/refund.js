// Gives money back: how much, valued how, why, and where to. Says what will be sent
// before it is; afterwards shows what the guest needs.
;(rs => {
  const LIGHTNING = ['address', 'withdraw', 'lightning_address', 'bolt11']
  const REASONS = ['sold_out', 'mistake', 'complaint', 'twice', 'canceled']

  window.app.component('restaurant-refund', {
    template: '#restaurant-refund',
    props: {order: Object, restaurant: Object, options: Object},
    emits: ['close'],
    inject: ['board'],
    data() {
      return {
        wanted: {what: 'all', amount: '', counts: {}, restock: false},
        rate: 'paid',
        satPerUnit: null,
        custom: '',
        reason: this.options.reason ?? '',
        to: {kind: 'withdraw', value: ''},
        made: null,
        asked: null,
        fault: null,
        isBusy: false
      }
    },
    computed: {
      reasons() {
        const texts = REASONS.map(name => rs.t(`give.reasons.${name}`))
        return texts.map(text => ({name: text, label: text}))
      },
      overLightning() {
        return LIGHTNING.includes(this.to.kind)
      },
      rates() {
        const isSat = rs.sums.isSat(this.order.currency)
        const names = isSat ? ['paid', 'custom'] : ['paid', 'today', 'custom']
        return names.map(name => ({name, label: rs.t(`give.rates.${name}`)}))
      },
      /** What the refund counts for: {msat, minor}, zeros while nothing is chosen. */
      counted() {
        if (this.asked) return this.asked.counted
        const {what, amount: text, counts} = this.wanted
        return rs.sums.refundOf(this.order, {what, text, counts})
      },
      plain() {
        const decimals = rs.format.decimalsOf(this.order.total)
        return rs.format.fromMinor(this.counted.minor, decimals)
      },
      worth() {
        return rs.format.fiat(this.plain, this.order.currency)
      },
      customSats() {
        return /^\d{1,12}$/.test(this.custom.trim()) ? Number(this.custom) : null
      },
      /** What leaves by Lightning as text; null while it is not known. */
      sends() {
        if (this.rate === 'custom') {
          return this.customSats && rs.format.sats(this.customSats * 1000)
        }
        if (this.rate === 'paid') return rs.format.sats(Number(this.counted.msat))
        if (!this.satPerUnit) return null
        return `≈ ${rs.format.sats(Number(this.plain) * this.satPerUnit * 1000)}`
      },
      summary() {
        if (!this.counted.msat) return rs.t('give.nothing_chosen')
        const goes = rs.t(`give.goes.${this.to.kind}`)
        const isSat = rs.sums.isSat(this.order.currency)
        const parts = this.overLightning
          ? [isSat ? null : this.worth, this.sends ?? rs.t('give.rate_unknown'), goes]
          : [this.worth, goes]
        return parts.filter(Boolean).join(' · ')
      },
      destination() {
        const {kind, value} = this.to
        if (kind === 'address') return undefined // the one of the checkout
        if (kind === 'gift_card') return {to: kind, ...(value ? {value} : {})}
        if (['withdraw', 'cash'].includes(kind)) return {to: kind}
        const to = kind === 'lightning_address' && !value.includes('@') ? 'lnurl' : kind
        return {to, value: value.trim()}
      },
      body() {
        if (this.asked) return this.asked.body
        const {what, amount, counts, restock} = this.wanted
        const lines = Object.entries(counts)
          .filter(([, quantity]) => quantity)
          .map(([line_id, quantity]) => ({line_id, quantity}))
        const asked = {
          all: {},
          owed: {amount_msat: this.order.owed_msat},
          amount: {amount: amount.trim().replace(',', '.')},
          lines: {lines}
        }[what]
        const rate = this.overLightning ? this.rate : 'paid'
        return {
          ...asked,
          rate,
          ...(rate === 'custom' ? {send_msat: this.customSats * 1000} : {}),
          reason: this.reason.trim(),
          ...(this.destination ? {destination: this.destination} : {}),
          restock: restock && ['all', 'lines'].includes(what)
        }
      },
      isReady() {
        const needsValue = ['lightning_address', 'bolt11'].includes(this.to.kind)
        const isNamed = !needsValue || this.to.value.trim()
        const isValued =
          !this.overLightning || this.rate !== 'custom' || this.customSats
        return this.counted.msat > 0n && this.reason.trim() && isNamed && isValued
      },
      submitLabel() {
        const amount = this.counted.msat ? this.worth : ''
        return rs.t('give.submit', {amount})
      }
    },
    watch: {
      wanted: 'forget',
      reason: 'forget',
      custom: 'forget',
      to: 'forget',
      rate(name) {
        this.forget()
        if (name === 'today') this.loadRate()
      }
    },
    methods: {
      place: order => rs.words.place(order),
      async loadRate() {
        try {
          const path = `/api/v1/rate/${encodeURIComponent(this.order.currency)}`
          this.satPerUnit = (await rs.api.call('GET', path)).rate || null
        } catch {
          this.satPerUnit = null // the server values it by its own rate, or refuses
        }
      },
      forget() {
        this.asked = null
      },
      // What was asked for stays as it stood until its answer came, though the order
      // may count it already: so a lost answer is asked for again, by the same key.
      async send() {
        if (!this.isReady || this.isBusy) return
        this.asked ??= {body: this.body, counted: this.counted}
        const {body} = this.asked
        this.isBusy = true
        this.fault = null
        try {
          const path = `/orders/${this.order.id}/refunds`
          const options = {body, key: this.keyFor(body)}
          this.made = await rs.api.call('POST', path, options)
        } catch (error) {
          this.fault = error.detail
          if (!error.isTransient) this.forget()
        }
        this.board.touch(this.order.id)
        this.isBusy = false
      },
      /** The way that the money came; Lightning to where the guest asked for. */
      usualKind() {
        const taken = this.order.payments.filter(each => each.received_msat)
        const methods = new Set(taken.map(each => each.method))
        const [only] = methods.size === 1 ? methods : []
        if (['cash', 'gift_card'].includes(only)) return only
        return this.order.refund_to ? 'address' : 'withdraw'
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
      this.wanted.what = this.options.what ?? 'all'
      this.to.kind = this.usualKind()
    }
  })
})(window.restaurantStaff)
