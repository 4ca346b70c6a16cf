// The lines of an order, each with how far the kitchen is: one tap says "done".
;(rs => {
  window.app.component('restaurant-order-lines', {
    template: '#restaurant-order-lines',
    props: {order: Object},
    inject: ['board'],
    data() {
      return {busy: null}
    },
    computed: {
      /** Lines move while somebody cooks, and come back while the order is ready. */
      isMoving() {
        return rs.words.isSent(this.order)
      },
      heldCourses() {
        const held = this.order.items.filter(line => line.status === 'held')
        return [...new Set(held.map(line => line.course))].sort((a, b) => a - b)
      }
    },
    methods: {
      modifierText(modifier) {
        const times = modifier.quantity > 1 ? `${modifier.quantity}× ` : ''
        return `+ ${times}${modifier.name}`
      },
      allergenText(line) {
        return rs.words.allergens(line.allergens)
      },
      bump(line) {
        const status = line.status === 'done' ? 'waiting' : 'done'
        const body = {status, line_ids: [line.id]}
        return this.send(line.id, 'PUT', 'lines/status', {body, mayRepeat: true})
      },
      fire(course) {
        const options = {body: {course}, mayRepeat: true}
        return this.send(`fire ${course}`, 'POST', 'fire', options)
      },
      async send(what, method, path, options) {
        this.busy = what
        try {
          const url = `/orders/${this.order.id}/${path}`
          this.board.put(await rs.api.call(method, url, options))
        } catch (error) {
          rs.ask.failed(error)
          this.board.touch(this.order.id)
        }
        this.busy = null
      }
    }
  })
})(window.restaurantStaff)
