/**
 * Follows an order. A WebSocket tells news at once; asking at intervals fills in when
 * there is none (3 s for the first minute, then 10 s) and looks after it when there is.
 */

import {call, jitter} from './api.js'

const SOON_MS = 3_000
const LATER_MS = 10_000
const WITH_SOCKET_MS = 20_000
const EAGER_FOR_MS = 60_000
const RECONNECT_MAX_MS = 30_000
const UNAUTHORIZED = 4401

/** The order itself. */
export const askOrder = (id, token, tries) =>
  call('GET', `/orders/${encodeURIComponent(id)}`, {
    headers: {'X-Order-Token': token ?? ''},
    tries
  })

export class Watch {
  /** `onOrder(order)` on every news, `onError(error)` when asking failed. */
  constructor(id, token, onOrder, onError) {
    Object.assign(this, {id, token, onOrder, onError})
    this.since = Date.now()
    this.failures = 0
    this.questions = 0
    this.toldAt = 0
    this.isOver = false
    this.look = () => document.hidden || this.wake()
    document.addEventListener('visibilitychange', this.look)
    addEventListener('online', this.look)
    this.wake()
  }

  stop() {
    this.isOver = true
    clearTimeout(this.asking)
    clearTimeout(this.connecting)
    document.removeEventListener('visibilitychange', this.look)
    removeEventListener('online', this.look)
    this.socket?.close()
  }

  wake() {
    this.connect()
    return this.ask()
  }

  /** Ask now; the next question follows by itself. */
  async ask() {
    clearTimeout(this.asking)
    const asked = ++this.questions
    let isNews = true
    try {
      isNews = this.tell(await askOrder(this.id, this.token, 1), asked)
    } catch (error) {
      if (!this.isOver) this.onError(error)
      if (error.status === 404) this.stop()
    }
    clearTimeout(this.asking)
    const wait = isNews ? this.pause() : SOON_MS
    if (!this.isOver) this.asking = setTimeout(() => this.next(), wait)
  }

  next() {
    if (document.hidden) return undefined // looking again asks again
    return this.ask()
  }

  pause() {
    if (this.socket?.readyState === WebSocket.OPEN) return jitter(WITH_SOCKET_MS)
    const isEager = Date.now() - this.since < EAGER_FOR_MS
    return isEager ? SOON_MS : jitter(LATER_MS)
  }

  /** Whether it is news; an answer that the feed, or a later one, overtook is none. */
  tell(order, asked = ++this.questions) {
    if (this.isOver || asked < this.toldAt) return false
    this.toldAt = asked
    this.onOrder(order)
    return true
  }

  connect() {
    clearTimeout(this.connecting)
    if (this.isOver || (this.socket && this.socket.readyState <= WebSocket.OPEN)) return
    const url = new URL(
      `/restaurant/api/v1/orders/${encodeURIComponent(this.id)}/ws`,
      location.origin
    )
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = (this.socket = new WebSocket(url))
    let isOpen = false
    socket.onopen = () => {
      isOpen = true
      socket.send(JSON.stringify({token: this.token}))
    }
    socket.onmessage = event => {
      this.failures = 0
      this.tell(JSON.parse(event.data))
    }
    socket.onclose = event => this.onClose(event.code, isOpen)
  }

  onClose(code, wasOpen) {
    if (this.isOver || code === UNAUTHORIZED) return
    const wait = Math.min(1000 * 2 ** this.failures++, RECONNECT_MAX_MS)
    this.connecting = setTimeout(() => document.hidden || this.connect(), jitter(wait))
    if (!wasOpen) return
    this.since = Date.now()
    clearTimeout(this.asking)
    this.asking = setTimeout(() => this.next(), SOON_MS)
  }
}
