// The orders on the board, always as the server has them: nothing is guessed here.
;(rs => {
  const OPEN = ['pending', 'paid', 'accepted', 'ready']
  const DONE = ['completed', 'canceled', 'refunded']
  const DONE_SHOWN = 60
  const GATHER_MS = 120
  const SINGLES_MAX = 6
  const WORK = ['paid', 'accepted']

  /**
   * Keeps a restaurant's open orders, the latest finished ones, and whatever still
   * needs a human, in `state.orders` by id; `onNew(order)` for work that arrives.
   */
  class Board {
    constructor(restaurantId, {onNew}) {
      this.path = `/restaurants/${restaurantId}/orders`
      this.onNew = onNew
      this.state = Vue.reactive({orders: {}, isLoaded: false, error: null})
      this.changed = new Set()
      this.arrival = {}
      this.arrivals = 0
      this.timer = null
    }

    // Answers may overtake each other; an order's history only ever grows.
    put(order) {
      const before = this.state.orders[order.id]
      if (before && before.history.length > order.history.length) return
      this.state.orders[order.id] = order
      this.arrival[order.id] = ++this.arrivals
      const wasWork = before && before.status !== 'pending'
      const isNew = WORK.includes(order.status) && !wasWork
      if (this.state.isLoaded && isNew) this.onNew(order)
    }

    async load() {
      const asked = this.arrivals
      try {
        const [open, done, flagged] = await Promise.all([
          rs.api.all(`${this.path}?status=${OPEN}`),
          rs.api.call('GET', `${this.path}?status=${DONE}&limit=${DONE_SHOWN}`),
          rs.api.all(`${this.path}?status=${DONE}&flag=any`, 1)
        ])
        const found = [...open, ...done.data, ...flagged]
        this.forgetAllBut(new Set(found.map(order => order.id)), asked)
        found.forEach(order => this.put(order))
        this.state.isLoaded = true
        this.state.error = null
      } catch (error) {
        this.state.error = error
      }
    }

    // What arrived on its own since the question was asked is newer than the answer.
    forgetAllBut(ids, asked) {
      Object.keys(this.state.orders)
        .filter(id => !ids.has(id) && this.arrival[id] <= asked)
        .forEach(id => delete this.state.orders[id])
    }

    async loadOne(id) {
      try {
        this.put(await rs.api.call('GET', `/orders/${id}`))
      } catch (error) {
        this.state.error = error
      }
    }

    /** Something happened to this order. One makes several events within a blink. */
    touch(orderId) {
      this.changed.add(orderId)
      this.timer ??= setTimeout(() => this.catchUp(), GATHER_MS)
    }

    catchUp() {
      const ids = [...this.changed]
      this.timer = null
      this.changed.clear()
      if (ids.length > SINGLES_MAX) this.load()
      else ids.forEach(id => this.loadOne(id))
    }

    stop() {
      clearTimeout(this.timer)
    }
  }

  rs.Board = Board
})(window.restaurantStaff)
