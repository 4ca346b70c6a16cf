// Takes money for an order: how much of it, by which method, and what came of it.
;(rs => {
  window.app.component('restaurant-pay', {
    template: '#restaurant-pay',
    props: {order: Object, restaurant: Object, options: Object},
    emits: ['close'],
    inject: ['board', 'clock'],
    data() {
      return {
        scope: 'all',
        amount: '',
        method: null,
        providers: [],
        split: null,
        shareId: null,
        taken: null,
        asked: null
      }
    },
    computed: {
      decimals() {
        return rs.format.decimalsOf(this.order.total)
      },
      isSat() {
        return rs.sums.isSat(this.order.currency)
      },
      scopes() {
        return ['all', 'part', 'split'].map(name => ({
          name,
          label: rs.t(`pay.scopes.${name}`)
        }))
      },
      methods() {
        const taken = rs.words.methodsFor(this.order, this.restaurant)
        return taken.filter(name => name !== 'card' || this.providers.length)
      },
      methodChoices() {
        return this.methods.map(name => ({name, label: rs.t(`methods.${name}`)}))
      },
      share() {
        return this.split?.shares.find(each => each.id === this.shareId)
      },
      isChoosingShare() {
        return this.scope === 'split' && !this.share
      },
      /** What is due of the order, or of the share: minor units and msat. */
      due() {
        if (this.asked) return this.asked.due
        const from = this.share ?? this.order
        return {
          minor: rs.format.toMinor(from.due, this.decimals) ?? 0n,
          msat: from.due_msat
        }
      },
      part() {
        return rs.format.toMinor(this.amount, this.decimals)
      },
      problem() {
        if (this.scope !== 'part' || !this.amount) return null
        if (this.part === null || !this.part) return rs.t('cash.not_a_number')
        if (this.part <= this.due.minor) return null
        return rs.t('pay.at_most', {amount: this.money(this.due.minor)})
      },
      /** What the chosen method is to take; null while that is not known. */
      bill() {
        if (this.asked) return this.asked.bill
        if (this.isChoosingShare) return null
        if (this.scope !== 'part') {
          const body = this.share ? {share_id: this.share.id} : {}
          return {...this.due, body}
        }
        if (!this.part || this.problem) return null
        const {minor, msat} = this.due
        const amount = rs.format.fromMinor(this.part, this.decimals)
        const partMsat = Number(rs.sums.partMsat(this.part, minor, msat))
        return {minor: this.part, msat: partMsat, body: {amount}}
      },
      billKey() {
        return JSON.stringify([this.method, this.bill?.body, this.taken?.payment.id])
      },
      panel() {
        const panels = {cash: 'cash', gift_card: 'pay-gift'}
        return `restaurant-${panels[this.method] ?? 'pay-online'}`
      },
      isAllPaid() {
        return this.taken?.due_msat === 0 || this.order.due_msat === 0
      },
      /** What stays due after the payment that was just taken. */
      leftText() {
        return rs.format.fiat(this.taken.due, this.order.currency)
      }
    },
    watch: {
      amount: 'forget',
      method: 'forget',
      shareId: 'forget',
      scope(name) {
        this.forget()
        this.shareId = null
        if (name === 'split') this.loadSplit()
      },
      // Others take money of the same bill: the shares are looked at again.
      'order.due_msat'() {
        if (this.split) this.loadSplit()
      }
    },
    methods: {
      place: order => rs.words.place(order),
      sats: rs.format.sats,
      money(minor) {
        return this.fiat(rs.format.fromMinor(minor, this.decimals))
      },
      fiat(text) {
        return rs.format.fiat(text, this.order.currency)
      },
      /**
       * Sends a payment. The same input keeps its key until it was taken, so that an
       * answer that was lost is asked for again and no money counts twice; until then
       * what was asked for stays as it stood, though the order may show it already.
       */
      async send(body) {
        const path = `/orders/${this.order.id}/payments`
        const options = {body, key: this.keyFor(body)}
        this.asked ??= {due: this.due, bill: this.bill}
        try {
          return await rs.api.call('POST', path, options)
        } catch (error) {
          if (!error.isTransient) this.forget()
          this.board.touch(this.order.id)
          throw error
        }
      },
      forget() {
        this.asked = null
      },
      /** An invoice or a checkout that waits is shown again instead of a new one. */
      async open(body) {
        const text = JSON.stringify([body, this.order.due_msat])
        const known = this.opened.get(text)
        const until = known && Date.parse(known.payment.expires_at ?? '')
        if (known && !(until <= Date.now())) return known
        const taken = await this.send(body)
        this.opened.set(text, taken)
        this.forget()
        this.keyFor = rs.api.keyring()
        return taken
      },
      async finish(taken) {
        this.taken = taken
        this.forget()
        this.keyFor = rs.api.keyring()
        this.board.touch(this.order.id)
        if (this.split) await this.loadSplit()
      },
      next() {
        const scope = this.split ? 'split' : 'all'
        const method = this.usualMethod()
        Object.assign(this, {taken: null, amount: '', shareId: null, scope, method})
      },
      async loadSplit() {
        const isNews = this.askSplit()
        try {
          const split = await rs.api.call('GET', `/orders/${this.order.id}/split`)
          if (isNews()) this.split = split
        } catch (error) {
          if (error.status !== 404) rs.ask.failed(error)
          else if (isNews()) this.split = null
        }
      },
      /** Somebody here split the bill, or took it back: that is newer than any look. */
      takeSplit(split) {
        this.askSplit()()
        this.split = split
      },
      async loadProviders() {
        if (!rs.words.methodsFor(this.order, this.restaurant).includes('card')) return
        try {
          const path = `/restaurants/${this.restaurant.id}/card_providers`
          this.providers = (await rs.api.call('GET', path)).data
        } catch {
          this.providers = [] // the other methods are there all the same
        }
      },
      // Never the last one: an invoice that nobody asked for would stay payable.
      usualMethod() {
        return this.methods.find(name => name === this.options.method) ?? null
      },
      async begin() {
        await Promise.all([this.loadProviders(), this.loadSplit()])
        if (this.split && this.order.due_msat) this.scope = 'split'
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
      this.opened = new Map()
      this.askSplit = rs.api.newest()
      this.method = this.usualMethod()
      this.begin()
    }
  })
})(window.restaurantStaff)
