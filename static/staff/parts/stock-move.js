// A movement by hand: something came, went, was miscounted, or was counted.
;(rs => {
  const KINDS = ['receive', 'waste', 'count', 'adjust']
  const REASONS = {
    receive: ['delivery', 'bought', 'made'],
    waste: ['spoiled', 'dropped', 'expired', 'staff_meal'],
    count: ['stocktake', 'end_of_day'],
    adjust: ['miscounted', 'found', 'missing']
  }

  window.app.component('restaurant-stock-move', {
    template: '#restaurant-stock-move',
    props: {restaurant: Object, row: Object},
    emits: ['moved'],
    data() {
      return {
        kind: this.row.is_counted ? 'receive' : 'count',
        quantity: '',
        reason: '',
        faults: {},
        fault: null,
        isBusy: false,
        keyFor: rs.api.keyring()
      }
    },
    computed: {
      kinds() {
        const usable = this.row.is_counted ? KINDS : ['count']
        return usable.map(name => ({name, label: rs.t(`stock.moves.${name}`)}))
      },
      reasons() {
        return REASONS[this.kind].map(name => rs.t(`stock.reasons.${name}`))
      },
      number() {
        return rs.stocks.figure(this.quantity)
      },
      /** On hand afterwards, as far as this screen knows. */
      after() {
        const {on_hand: there} = this.row
        const sums = {
          receive: there + this.number,
          waste: there - this.number,
          adjust: there + this.number,
          count: this.number
        }
        return sums[this.kind]
      },
      needsReason() {
        if (this.kind === 'count')
          return this.row.is_counted && this.number !== this.row.on_hand
        return this.kind !== 'receive'
      },
      isReady() {
        const isEnough = this.kind === 'count' ? this.number >= 0 : this.number !== 0
        const isThere = this.number !== null && isEnough
        return isThere && (!this.needsReason || Boolean(this.reason.trim()))
      },
      forecast() {
        if (this.number === null) return ''
        const amount = rs.stocks.amount(this.after, this.row.unit)
        return rs.t('stock.forecast', {amount})
      }
    },
    watch: {
      kind() {
        Object.assign(this, {reason: '', faults: {}, fault: null})
      }
    },
    methods: {
      async send() {
        if (!this.isReady || this.isBusy) return
        const movement = {
          stock_id: this.row.id,
          kind: this.kind,
          quantity: this.number
        }
        const body = {reason: this.reason.trim() || null, movements: [movement]}
        Object.assign(this, {isBusy: true, faults: {}, fault: null})
        try {
          const path = `/restaurants/${this.restaurant.id}/stock_movements`
          await rs.api.call('POST', path, {body, key: this.keyFor(body)})
          this.keyFor = rs.api.keyring()
          Object.assign(this, {quantity: '', reason: ''})
          rs.ask.done(rs.t('stock.moved'))
          this.$emit('moved')
        } catch (error) {
          this.refused(error)
        }
        this.isBusy = false
      },
      refused(error) {
        const field = String(error.facts?.field ?? '')
          .split('.')
          .pop()
        const name = error.code === 'stock.reason' ? 'reason' : field
        if (error.code === 'stock.short') this.faults = {quantity: error.detail}
        else if (['quantity', 'reason'].includes(name))
          this.faults = {[name]: error.detail}
        else this.fault = error.detail
      }
    }
  })
})(window.restaurantStaff)
