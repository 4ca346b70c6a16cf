// The orders on the board, always as the server has them: nothing is guessed here.
;(rs => {
  const OPEN = ['pending', 'paid', 'accepted', 'ready']
  const DONE = ['completed', 'canceled', 'refunded']
  const DONE_SHOWN = 60
  const GATHER_MS = 120
  const SINGLES_MAX = 6
  const WORK = ['paid', 'accepted']

  /**
   * Keeps a restaurant's open orders, the latest finished ones, whatever still needs a
   * human, and the one that is `held` because somebody takes money for it, in
   * `state.orders` by id; `onNew(order)` for work that arrives.
   */
  class Board {
    constructor(restaurantId, {onNew}) {
      this.path = `/restaurants/${restaurantId}/orders`
      this.onNew = onNew
      this.state = Vue.reactive({orders: {}, isLoaded: false, error: null})
      this.changed = new Set()
      this.askedAt = {}
      this.questions = 0
      this.held = null
      this.timer = null
    }

    // Answers may overtake each other: that to the later question counts. `asked` is
    // the question's number; an order's history only ever grows.
    put(order, asked = ++this.questions) {
      const before = this.state.orders[order.id]
      if (before && this.askedAt[order.id] > asked) return
      if (before && before.history.length > order.history.length) return
      this.state.orders[order.id] = order
      this.askedAt[order.id] = asked
      const wasWork = before && before.status !== 'pending'
      const isNew = WORK.includes(order.status) && !wasWork
      if (this.state.isLoaded && isNew) this.onNew(order)
    }

    async load() {
      const asked = ++this.questions
      try {
        const [open, done, flagged] = await Promise.all([
          rs.api.all(`${this.path}?status=${OPEN}`),
          rs.api.call('GET', `${this.path}?status=${DONE}&limit=${DONE_SHOWN}`),
          rs.api.all(`${this.path}?status=${DONE}&flag=any`, 1)
        ])
        const found = [...open, ...done.data, ...flagged]
        const ids = new Set(found.map(order => order.id))
        this.forgetAllBut(ids, asked)
        found.forEach(order => this.put(order, asked))
        this.state.isLoaded = true
        this.state.error = null
        if (this.held && !ids.has(this.held)) await this.loadOne(this.held)
      } catch (error) {
        this.state.error = error
      }
    }

    // What was asked for on its own since then is newer than the answer.
    forgetAllBut(ids, asked) {
      Object.keys(this.state.orders)
        .filter(id => !ids.has(id) && id !== this.held && this.askedAt[id] <= asked)
        .forEach(id => delete this.state.orders[id])
    }

    async loadOne(id) {
      const asked = ++this.questions
      try {
        this.put(await rs.api.call('GET', `/orders/${id}`), asked)
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

    /** Keep this order here, however old it is, until another one is held. */
    hold(order) {
      this.held = order.id
      this.state.orders[order.id] ??= order
    }

    release() {
      this.held = null
    }

    stop() {
      clearTimeout(this.timer)
    }
  }

  rs.Board = Board
})(window.restaurantStaff)
