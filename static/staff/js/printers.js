// The printers and what did not print: one place that every page looks at.
;(rs => {
  const GATHER_MS = 300
  const AGO_MAX_S = 60
  /** So long a backup, or whoever pulls the paper straight, may take. */
  const PATIENCE_MS = 60_000
  const SUBJECTS = ['print', 'printer', 'device']
  const NO_PAPER = ['drawer']

  /**
   * A restaurant's `printers` (null: not known yet), the tickets that `failed`, and
   * which of both somebody has `seen`. `isAtWork`: orders are taken, or are in a pause.
   * `page` is what the page of printing shows, `shown` the same while somebody looks at
   * it, `filter` which jobs its queue shows, `wanted` a printer to bring to the eye.
   */
  class Press {
    constructor(restaurantId) {
      this.path = `/restaurants/${restaurantId}`
      this.state = Vue.reactive({
        printers: null,
        error: null,
        failed: [],
        seen: {},
        isAtWork: true,
        page: 'queue',
        filter: null,
        shown: null,
        wanted: null,
        /** A code that a machine shows and that brought somebody here. */
        code: null
      })
      this.timer = null
      this.askPrinters = rs.api.newest()
      this.askFailed = rs.api.newest()
    }

    async load() {
      await Promise.all([this.loadPrinters(), this.loadFailed()])
    }

    async loadPrinters() {
      const {state} = this
      const isNews = this.askPrinters()
      try {
        const {data} = await rs.api.call('GET', `${this.path}/printers`)
        if (isNews()) Object.assign(state, {printers: data, error: null})
      } catch (error) {
        state.error = error
      }
    }

    // What is known stays; the next look, or the banner of the desk, tells.
    async loadFailed() {
      const isNews = this.askFailed()
      try {
        const failed = await rs.api.all(`${this.path}/print_jobs?status=failed`, 1)
        if (isNews()) this.state.failed = failed
      } catch {}
    }

    hear({event}) {
      const isOurs = SUBJECTS.includes(event.split('.')[0])
      if (!isOurs && event !== 'order.tickets_made') return
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.load(), GATHER_MS)
    }

    nameOf(id) {
      return this.state.printers?.find(each => each.id === id)?.name ?? null
    }

    /** Printers that somebody has to look after. */
    get troubled() {
      const {printers, isAtWork} = this.state
      return (printers || []).filter(each => isTrouble(each, isAtWork))
    }

    /** Does the alarm say already what this lamp says? */
    tells({name, label}) {
      if (name === 'print_queue') return this.lost.length > 0
      if (name !== 'printer') return false
      return this.troubled.some(each => each.name === label)
    }

    /** Tickets on paper that did not come out; a drawer that stayed shut is no ticket. */
    get lost() {
      return this.state.failed.filter(({kind}) => !NO_PAPER.includes(kind))
    }

    see(keys) {
      keys.forEach(key => (this.state.seen[key] = true))
    }

    stop() {
      clearTimeout(this.timer)
    }
  }

  /** Milliseconds → "3 s", "4 min" */
  function age(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000))
    return seconds < AGO_MAX_S ? `${seconds} s` : rs.format.age(ms)
  }

  const wasHere = ({last_seen_at: seen}) => seen !== null

  /** It was added and has not asked yet; that is not its fault. */
  const isNew = printer =>
    !wasHere(printer) && ['ok', 'silent'].includes(printer.health)

  /** "Paper is out, since 19:42" */
  function says(printer) {
    const {health, health_since: since, fault} = printer
    if (isNew(printer)) return rs.t('printers.is.new')
    const name = health === 'fault' ? fault.replace('.', '_') : health
    const text = rs.t(`printers.is.${name}`)
    if (!since) return text
    return rs.t('printers.since', {text, time: rs.format.moment(since)})
  }

  /** What keeps it from printing, as text; null: nothing. */
  const ailmentOf = printer =>
    printer.health === 'ok' && !isNew(printer) ? null : says(printer)

  /** "asked 3 s ago" */
  function seenText({last_seen_at: seen}, now) {
    if (!seen) return null
    return rs.t('printers.asked', {ago: age(now - Date.parse(seen))})
  }

  /** "good", "warn" (nothing waits yet), "bad", or "off" by people. */
  function levelOf(printer, now) {
    const {health, health_since: since, queued} = printer
    if (health === 'paused' || isNew(printer)) return queued ? 'warn' : 'off'
    if (health === 'ok') return printer.status.paper === 'low' ? 'warn' : 'good'
    const isLong = !since || now - Date.parse(since) > PATIENCE_MS
    return queued && isLong ? 'bad' : 'warn'
  }

  /** Is somebody to go there? Nobody waits for a silent one before the house opens. */
  function isTrouble(printer, isAtWork) {
    const {health, queued} = printer
    if (health === 'silent') return wasHere(printer) && (isAtWork || queued > 0)
    return health === 'fault'
  }

  /** Its stations, none for all: of those that staff say the ones that its machine asks
   * for; staff's word where they have none in common. */
  function served({stations, status}) {
    const asked = status.serves ?? []
    const both = stations.length ? stations.filter(each => asked.includes(each)) : asked
    return both.length ? both : stations
  }

  function serves(printer, station) {
    const stations = served(printer)
    return !stations.length || stations.includes(station)
  }

  /** The stations that tickets are made for. */
  async function stationsOf(restaurant) {
    const menu = await rs.api.call('GET', `/restaurants/${restaurant.id}/menu?all=1`)
    const used = [
      ...menu.categories.map(each => each.station),
      restaurant.receipt_station
    ]
    return rs.words.sortedNames(used.filter(Boolean))
  }

  /** A test page for this printer alone; tells how it went. */
  async function test({id}) {
    try {
      await rs.api.call('POST', `/printers/${id}/test`, {
        body: {},
        key: rs.api.newKey()
      })
      rs.ask.done(rs.t('printers.test_sent'))
    } catch (error) {
      rs.ask.failed(error)
    }
  }

  rs.Press = Press
  rs.printers = {
    age,
    says,
    isNew,
    ailmentOf,
    seenText,
    levelOf,
    served,
    serves,
    stationsOf,
    test
  }
})(window.restaurantStaff)
