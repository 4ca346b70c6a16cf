// Something in a paid order is not there: leave it out, or give something else.
;(rs => {
  const {carts} = rs

  window.app.component('restaurant-resolve', {
    template: '#restaurant-resolve',
    props: {order: Object, restaurant: Object, options: Object},
    emits: ['close'],
    inject: ['board'],
    data() {
      return {
        picked: [],
        rows: [],
        isAdding: Boolean(this.options.isSubstitute),
        keyFor: rs.api.keyring(),
        fault: null,
        isBusy: false,
        isOver: false
      }
    },
    computed: {
      about() {
        return rs.words.place(this.order)
      }
    },
    methods: {
      toggle(id) {
        const has = this.picked.includes(id)
        this.picked = has
          ? this.picked.filter(each => each !== id)
          : [...this.picked, id]
      },
      add({item, modifiers}) {
        carts.add(this.rows, item, modifiers)
        this.isAdding = false
      },
      less(row) {
        row.quantity -= 1
        this.rows = this.rows.filter(each => each.quantity > 0)
      },
      async send(way) {
        this.isBusy = true
        this.fault = null
        const items = way === 'substitute' ? carts.itemsOf(this.rows) : []
        const body = {way, line_ids: this.picked, items}
        try {
          const path = `/orders/${this.order.id}/resolve`
          this.board.put(
            await rs.api.call('POST', path, {
              body,
              key: this.keyFor([body, this.order.revision])
            })
          )
          this.isOver = true
        } catch (error) {
          this.fault = error.detail
          this.board.touch(this.order.id)
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
