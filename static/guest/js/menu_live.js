/**
 * Keeps a menu true while somebody looks at it. A WebSocket tells at once that it
 * moved; asking each minute fills in when there is none, and so does the clock at
 * which the restaurant opens or closes.
 */

import {jitter, now} from './api.js'
import {nextTurn} from './offered.js'

const FRESH_MS = 60_000
const WITH_SOCKET_MS = 2 * 60_000
const RECONNECT_MAX_MS = 30_000
const AFTER_TURN_MS = 700
const OPEN = 1

export class MenuLive {
  /** `look()` whenever this menu of the restaurant may be another. */
  constructor(restaurantId, menu, look) {
    Object.assign(this, {restaurantId, look, failures: 0, last: Date.now()})
    this.isOver = false
    this.took(menu) // before the socket speaks: it may be faster than the view
    this.onLook = () => document.hidden || this.wake()
    document.addEventListener('visibilitychange', this.onLook)
    addEventListener('online', this.onLook)
    this.asking = setInterval(() => this.tick(), FRESH_MS)
    this.connect()
  }

  stop() {
    this.isOver = true
    clearInterval(this.asking)
    clearTimeout(this.connecting)
    clearTimeout(this.turning)
    document.removeEventListener('visibilitychange', this.onLook)
    removeEventListener('online', this.onLook)
    this.socket?.close()
  }

  /** What is shown now; looks again when the clock alone changes whether it is open. */
  took({version, shelf, opening}) {
    this.shown = {version, shelf, isOpen: opening.is_open}
    clearTimeout(this.turning)
    const wait = nextTurn(opening, now())
    if (wait === null || this.isOver) return
    this.turning = setTimeout(() => this.ask(), wait + jitter(AFTER_TURN_MS))
  }

  ask() {
    this.last = Date.now()
    if (!this.isOver) this.look()
  }

  wake() {
    this.connect()
    if (Date.now() - this.last > FRESH_MS / 2) this.ask()
  }

  tick() {
    if (document.hidden) return
    this.connect()
    const isTold = this.socket?.readyState === OPEN
    if (Date.now() - this.last > (isTold ? WITH_SOCKET_MS : FRESH_MS / 2)) this.ask()
  }

  connect() {
    clearTimeout(this.connecting)
    if (this.isOver || (this.socket && this.socket.readyState <= OPEN)) return
    const path = `/restaurant/api/v1/restaurants/${this.restaurantId}/menu/ws`
    const url = new URL(path, location.origin)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = (this.socket = new WebSocket(url))
    let isFirst = !this.mayHaveMissed
    socket.onmessage = event => {
      this.failures = 0
      this.mayHaveMissed = false
      const {version, shelf, is_open: isOpen} = JSON.parse(event.data)
      const {shown} = this
      const isSame = version === shown?.version && shelf === shown?.shelf
      const isKnown = isSame && isOpen === shown?.isOpen
      if (!isFirst || !isKnown) this.ask()
      isFirst = false
    }
    socket.onclose = () => this.onClose()
  }

  onClose() {
    if (this.isOver) return
    this.mayHaveMissed = true
    const wait = Math.min(1000 * 2 ** this.failures++, RECONNECT_MAX_MS)
    this.connecting = setTimeout(() => document.hidden || this.connect(), jitter(wait))
  }
}
