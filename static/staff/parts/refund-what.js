// How much goes back: everything, what is owed, a sum, or some of the lines.
;(rs => {
  window.app.component('restaurant-refund-what', {
    template: '#restaurant-refund-what',
    props: {modelValue: Object, order: Object},
    emits: ['update:modelValue'],
    computed: {
      lines() {
        return rs.sums.linesLeft(this.order)
      },
      choices() {
        const {order} = this
        const isPart = order.owed_msat > 0 && order.owed_msat < order.refundable_msat
        const names = ['all', ...(isPart ? ['owed'] : []), 'amount', 'lines']
        return names.map(name => ({name, label: rs.t(`give.what.${name}`)}))
      },
      /** What it comes to, where nobody types it. */
      hint() {
        const {what} = this.modelValue
        if (!['all', 'owed'].includes(what)) return null
        const {order} = this
        const {msat, minor} = rs.sums.refundOf(order, {what})
        const sats = rs.format.sats(Number(msat))
        if (rs.sums.isSat(order.currency)) return sats
        const plain = rs.format.fromMinor(minor, rs.format.decimalsOf(order.total))
        return `${rs.format.fiat(plain, order.currency)} · ${sats}`
      }
    },
    methods: {
      set(change) {
        this.$emit('update:modelValue', {...this.modelValue, ...change})
      }
    }
  })
})(window.restaurantStaff)
