// The kitchen's board: what is to be cooked, by station, oldest wanted first.
;(rs => {
  const CHOICE = 'restaurant.staff.stations'
  const LOOK_MS = 15_000
  const GATHER_MS = 400

  function remembered(id) {
    const kept = LNbits.utils.parseJSONSafe(localStorage.getItem(CHOICE) || '{}') || {}
    return Array.isArray(kept[id]) ? kept[id] : []
  }

  window.app.component('restaurant-kitchen', {
    template: '#restaurant-kitchen',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen'],
    data() {
      return {
        board: null,
        error: null,
        wanted: remembered(this.restaurant.id),
        busy: {},
        undoable: null
      }
    },
    computed: {
      stations() {
        return this.board?.stations ?? []
      },
      /** Stations that have nothing to do now stay chosen, but hide nothing. */
      chosen() {
        const known = this.stations.map(each => each.name)
        return this.wanted.filter(name => known.includes(name))
      },
      here() {
        const {chosen} = this
        const orders = this.board?.orders ?? []
        if (!chosen.length) return orders
        return orders.filter(({lines}) =>
          lines.some(each => chosen.includes(each.station))
        )
      },
      working() {
        return this.here.filter(order => !this.isDoneHere(order))
      },
      finished() {
        return this.here.filter(order => this.isDoneHere(order)).reverse()
      }
    },
    created() {
      this.asked = 0
    },
    methods: {
      linesHere(order) {
        const {chosen} = this
        if (!chosen.length) return order.lines
        return order.lines.filter(each => chosen.includes(each.station))
      },
      isDoneHere(order) {
        if (order.status === 'paid') return false
        return this.linesHere(order).every(each => each.status === 'done')
      },
      loadOf({waiting, cooking}) {
        return rs.t('cooks.load', {n: waiting + cooking})
      },
      choose(name) {
        const {wanted} = this
        if (!name) this.wanted = []
        else if (wanted.includes(name)) this.wanted = wanted.filter(n => n !== name)
        else this.wanted = [...wanted, name]
        localStorage.setItem(
          CHOICE,
          JSON.stringify({[this.restaurant.id]: this.wanted})
        )
      },
      /** What did not change stays the very object: only what did is drawn anew. */
      keep(fresh) {
        const before = new Map((this.board?.orders ?? []).map(each => [each.id, each]))
        const orders = fresh.orders.map(order => {
          const old = before.get(order.id)
          return old && JSON.stringify(old) === JSON.stringify(order) ? old : order
        })
        this.board = Object.freeze({...fresh, orders: Object.freeze(orders)})
      },
      async load() {
        const asked = (this.asked += 1)
        try {
          const path = `/restaurants/${this.restaurant.id}/kitchen`
          const fresh = await rs.api.call('GET', path)
          if (asked !== this.asked) return
          this.keep(fresh)
          this.error = null
        } catch (error) {
          this.error = error
        }
      },
      /** One look for all that happens within a blink. */
      soon() {
        this.timer ??= setTimeout(() => {
          this.timer = null
          this.load()
        }, GATHER_MS)
      },
      /** The answer to a step shows at once; the rest of the board follows. */
      apply(view) {
        const status = new Map(view.items.map(each => [each.id, each.status]))
        const orders = this.board.orders.map(order => {
          if (order.id !== view.id) return order
          const lines = order.lines
            .filter(({id}) => status.has(id))
            .map(each => ({...each, status: status.get(each.id)}))
          return {...order, status: view.status, lines}
        })
        this.asked += 1 // an answer that is on its way is older than this
        this.board = Object.freeze({...this.board, orders: Object.freeze(orders)})
      },
      /** Nobody waits for another line's answer; `what` names what is under way. */
      async send(what, method, path, body) {
        what.forEach(each => (this.busy[each] = true))
        let isDone = true
        try {
          this.apply(await rs.api.call(method, path, {body, mayRepeat: true}))
        } catch (error) {
          isDone = false
          rs.ask.failed(error)
        }
        what.forEach(each => delete this.busy[each])
        this.soon()
        return isDone
      },
      async move(order, lines, status) {
        const ids = lines.map(each => each.id)
        const body = {status, line_ids: ids}
        const path = `/orders/${order.id}/lines/status`
        if (!(await this.send(ids, 'PUT', path, body))) return
        const now = this.board.orders.find(each => each.id === order.id)
        const isOver = status === 'done' && now && this.isDoneHere(now)
        this.undoable = isOver ? {id: order.id, number: order.number, ids} : null
      },
      undo() {
        const {id, ids} = this.undoable
        this.undoable = null
        const body = {status: 'waiting', line_ids: ids}
        return this.send(ids, 'PUT', `/orders/${id}/lines/status`, body)
      },
      fire(order, course) {
        const path = `/orders/${order.id}/fire`
        return this.send([`fire ${order.id}`], 'POST', path, {course})
      },
      accept(order) {
        const path = `/orders/${order.id}/status/accepted`
        return this.send([`accept ${order.id}`], 'PUT', path, {})
      },
      start() {
        this.load()
        clearInterval(this.look)
        this.look = setInterval(() => this.load(), LOOK_MS)
        this.unlisten ??= this.listen(({event}) => {
          if (event.startsWith('order.')) this.soon()
        })
      },
      rest() {
        clearInterval(this.look)
        clearTimeout(this.timer)
        this.timer = null
        this.unlisten?.()
        this.unlisten = null
      }
    },
    // Nobody looks at it while another page is shown.
    activated() {
      this.start()
    },
    deactivated() {
      this.rest()
    },
    beforeUnmount() {
      this.rest()
    }
  })
})(window.restaurantStaff)
