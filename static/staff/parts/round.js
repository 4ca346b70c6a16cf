// More for an order that is with the kitchen: only what is new is cooked and printed.
;(rs => {
  window.app.component('restaurant-round', {
    template: '#restaurant-round',
    props: {order: Object, restaurant: Object, options: Object},
    emits: ['close'],
    inject: ['board'],
    data() {
      return {rows: [], fault: null, isBusy: false}
    },
    computed: {
      about() {
        return [rs.words.place(this.order), rs.words.amount(this.order)].join(' · ')
      }
    },
    methods: {
      async send() {
        if (this.isBusy) return
        const body = {items: rs.carts.itemsOf(this.rows)}
        Object.assign(this, {isBusy: true, fault: null})
        try {
          const path = `/orders/${this.order.id}/items`
          const options = {body, key: this.keyFor(body)}
          const order = await rs.api.call('POST', path, options)
          this.board.put(order)
          rs.ask.done(rs.t('round.done', {number: order.number}))
          this.$emit('close')
        } catch (error) {
          this.fault = error.detail
          this.board.touch(this.order.id)
        }
        this.isBusy = false
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
    }
  })
})(window.restaurantStaff)
