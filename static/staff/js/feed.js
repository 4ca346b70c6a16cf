// The restaurant's live feed: one socket that comes back by itself.
// A frame is a row of the journal and means "look again", nothing more.
;(rs => {
  const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000]
  const CLOSE_UNAUTHORIZED = 4401
  const SETTLE_MS = 500

  /**
   * `onEvent(row)` for every row, `onLive()` whenever the feed begins: what happened
   * before that moment is to be looked up. `state.isLive`, and `state.downSince`
   * (milliseconds) while it is not.
   */
  class Feed {
    constructor(restaurantId, {onEvent, onLive}) {
      this.path = `/restaurant/api/v1/restaurants/${restaurantId}/events/ws`
      this.onEvent = onEvent
      this.onLive = onLive
      this.state = Vue.reactive({isLive: false, isDenied: false, downSince: Date.now()})
      this.socket = null
      this.timer = null
      this.failures = 0
      this.lastSeq = null
      this.isStopped = false
      // A phone that slept or lost its network need not wait for the next attempt.
      this.hurry = () => document.visibilityState === 'visible' && this.connect()
      // A cable that was pulled closes no socket.
      this.drop = () => this.abandon()
      window.addEventListener('online', this.hurry)
      window.addEventListener('offline', this.drop)
      document.addEventListener('visibilitychange', this.hurry)
      this.connect()
    }

    connect() {
      if (this.isStopped || this.socket) return
      clearTimeout(this.timer)
      const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
      this.socket = new WebSocket(`${scheme}://${window.location.host}${this.path}`)
      this.socket.onopen = () => this.opened()
      this.socket.onmessage = message => this.received(JSON.parse(message.data))
      this.socket.onclose = event => this.closed(event.code)
    }

    // The server accepts first and closes right afterwards whom it does not know.
    opened() {
      const hello = this.lastSeq === null ? {} : {after: this.lastSeq}
      this.socket.send(JSON.stringify(hello))
      this.timer = setTimeout(() => this.live(), SETTLE_MS)
    }

    live() {
      if (this.state.isLive) return
      clearTimeout(this.timer)
      this.failures = 0
      Object.assign(this.state, {isLive: true, isDenied: false, downSince: null})
      this.onLive()
    }

    received(row) {
      this.lastSeq = Math.max(this.lastSeq ?? 0, row.seq)
      this.live()
      this.onEvent(row)
    }

    closed(code) {
      clearTimeout(this.timer)
      this.socket = null
      this.state.isDenied = code === CLOSE_UNAUTHORIZED
      this.state.isLive = false
      this.state.downSince ??= Date.now()
      if (this.isStopped) return
      const wait = BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)]
      this.failures += 1
      this.timer = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2))
    }

    /** Gives the socket up; its last words no longer count. */
    abandon() {
      const {socket} = this
      if (!socket) return
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
      this.closed()
    }

    stop() {
      this.isStopped = true
      clearTimeout(this.timer)
      window.removeEventListener('online', this.hurry)
      window.removeEventListener('offline', this.drop)
      document.removeEventListener('visibilitychange', this.hurry)
      this.abandon()
    }
  }

  rs.Feed = Feed
})(window.restaurantStaff)
