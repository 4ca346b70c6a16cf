// Cash over the counter: what is due, what was handed over, what goes back.
;(rs => {
  const NOTES = [5n, 10n, 20n, 50n, 100n, 200n, 500n, 1000n]
  const QUICK_MAX = 4

  window.app.component('restaurant-cash', {
    template: '#restaurant-cash',
    props: {modelValue: Boolean, order: Object},
    emits: ['update:modelValue', 'taken'],
    data() {
      return {tendered: '', change: null, fault: null, isBusy: false, due: 0n}
    },
    computed: {
      decimals() {
        return rs.format.decimalsOf(this.order.total)
      },
      unit() {
        return 10n ** BigInt(this.decimals)
      },
      /** The exact amount, and the next sums that people hand over. */
      quick() {
        const rounded = NOTES.map(note => {
          const step = note * this.unit
          return ((this.due + step - 1n) / step) * step
        })
        return [...new Set([this.due, ...rounded])].slice(0, QUICK_MAX + 1)
      },
      given() {
        return rs.format.toMinor(this.tendered, this.decimals)
      },
      expected() {
        if (this.given === null || this.given < this.due) return null
        return this.given - this.due
      },
      problem() {
        if (this.fault) return this.fault
        if (!this.tendered) return null
        if (this.given === null) return rs.t('cash.not_a_number')
        return this.given < this.due ? rs.t('cash.too_little') : null
      }
    },
    watch: {
      modelValue(isOpen) {
        if (!isOpen) return
        this.due = rs.format.dueMinor(this.order)
        this.keyFor = rs.api.keyring()
        Object.assign(this, {tendered: '', change: null, fault: null})
      },
      tendered() {
        this.fault = null
      }
    },
    methods: {
      plain(minor) {
        return rs.format.fromMinor(minor, this.decimals)
      },
      money(minor) {
        return this.fiat(this.plain(minor))
      },
      fiat(text) {
        return rs.format.fiat(text, this.order.currency)
      },
      close() {
        this.$emit('update:modelValue', false)
      },
      async take() {
        if (this.expected === null || this.isBusy) return
        const body = {method: 'cash', tendered: this.plain(this.given)}
        this.isBusy = true
        try {
          const path = `/orders/${this.order.id}/payments`
          const taken = await rs.api.call('POST', path, {body, key: this.keyFor(body)})
          this.change = taken.change
          this.$emit('taken')
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
