// Two parties become one: another open order comes into this one.
;(rs => {
  window.app.component('restaurant-merge', {
    template: '#restaurant-merge',
    props: {order: Object, restaurant: Object, options: Object},
    emits: ['close'],
    inject: ['board'],
    data() {
      return {chosen: null, fault: null, isBusy: false}
    },
    computed: {
      others() {
        const orders = Object.values(this.board.state.orders)
        return rs.words
          .mergeable(this.order, orders)
          .sort((a, b) => rs.words.place(a).localeCompare(rs.words.place(b)))
      },
      source() {
        return this.others.find(each => each.id === this.chosen)
      }
    },
    methods: {
      labelOf: each => `${rs.words.orderLine(each)} · ${rs.words.place(each)}`,
      async send() {
        const {order, source} = this
        const body = {order_id: source.id, revision: order.revision}
        Object.assign(this, {isBusy: true, fault: null})
        try {
          const options = {body, key: this.keyFor(body)}
          const merged = await rs.api.call('POST', `/orders/${order.id}/merge`, options)
          this.board.put(merged)
          this.board.touch(source.id)
          rs.ask.done(rs.t('merge.done', {from: source.number, into: merged.number}))
          this.$emit('close')
        } catch (error) {
          this.fault = error.detail
          this.board.touch(order.id)
        }
        this.isBusy = false
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
    }
  })
})(window.restaurantStaff)
