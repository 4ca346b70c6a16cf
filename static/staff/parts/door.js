// Open or not, paused, busy: what guests see, and how it is changed in a tap or two.
;(rs => {
  const LOOK_MS = 30_000
  const GATHER_MS = 300
  /** Closed for guests, but the kitchen still cooks. */
  const AT_WORK = ['paused', 'last_orders']

  window.app.component('restaurant-door', {
    template: '#restaurant-door',
    props: {restaurant: Object},
    emits: ['changed'],
    inject: ['clock', 'listen', 'press'],
    data() {
      return {opening: null, busy: null, isPausing: false, isSlowing: false}
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}`
      },
      /** A pause or a rush that is over by the clock has no effect any more. */
      pausedText() {
        const {pause} = this.restaurant
        if (!pause || this.isOver(pause.until)) return null
        if (!pause.until) return rs.t('door.paused')
        return rs.t('door.paused_until', {time: rs.format.moment(pause.until)})
      },
      busyText() {
        const {busy} = this.restaurant
        if (!busy || this.isOver(busy.until)) return null
        const n = busy.extra_minutes
        if (!busy.until) return rs.t('door.longer', {n})
        return rs.t('door.longer_until', {n, time: rs.format.moment(busy.until)})
      },
      /** The moment has come at which it opens or closes by itself. */
      isOld() {
        const {opening} = this
        const next = opening?.opens_at ?? opening?.last_order_at ?? opening?.closes_at
        return this.isOver(next)
      },
      /** The button says until when; behind it the hours go on. */
      isOnlyPaused() {
        const {reason, opens_at: opens, resumes_at: resumes} = this.opening
        return reason === 'paused' && opens === resumes
      },
      /** What guests are told now. */
      stateText() {
        const {opening} = this
        if (!opening) return null
        if (opening.is_open) return this.openText(opening)
        if (opening.reason === 'switched_off') return rs.t('door.switched_off')
        if (this.isOnlyPaused) return this.readText(opening.pause_reason)
        const why = rs.t(`door.by.${opening.reason}`, {name: opening.name ?? ''}).trim()
        if (!opening.opens_at)
          return [why, opening.pause_reason].filter(Boolean).join(': ')
        const time = this.whenOf(opening.opens_at)
        const text = rs.t('door.closed_until', {why, time})
        return opening.pause_reason ? `${text} (${opening.pause_reason})` : text
      }
    },
    watch: {
      isOld: 'soon',
      'restaurant.version': 'soon',
      'restaurant.is_open': 'soon'
    },
    methods: {
      isOver(until) {
        return Boolean(until) && Date.parse(until) <= this.clock.now
      },
      /** On the restaurant's clock, with the day unless it is today's. */
      whenOf(at) {
        const {timezone} = this.restaurant
        const day = moment => rs.format.toZone(moment, timezone).slice(0, 10)
        const isToday = day(at) === day(new Date(this.clock.now).toISOString())
        return new Date(at).toLocaleString(rs.format.locale(), {
          timeZone: timezone,
          hour: '2-digit',
          minute: '2-digit',
          ...(isToday ? {} : {weekday: 'short', day: 'numeric', month: 'short'})
        })
      },
      readText: text => (text ? rs.t('door.guests_read', {text}) : null),
      openText({last_order_at: last, closes_at: closes}) {
        const at = last ?? closes
        if (!at) return rs.t('door.always')
        return rs.t('door.open_until', {time: this.whenOf(at)})
      },
      async load() {
        const isNews = this.ask()
        try {
          const answer = await rs.api.call('GET', `${this.path}/opening?days=1`)
          if (!isNews()) return
          this.opening = answer.opening
          const {is_open: isOpen, reason} = answer.opening
          this.press.state.isAtWork = isOpen || AT_WORK.includes(reason)
        } catch {
          this.opening = null
        }
      },
      soon() {
        this.timer ??= setTimeout(() => {
          this.timer = null
          this.load()
        }, GATHER_MS)
      },
      async send(what, method, path, options) {
        this.busy = what
        try {
          const fresh = await rs.api.call(method, path, {...options, mayRepeat: true})
          this.$emit('changed', fresh)
          this.load()
        } catch (error) {
          rs.ask.failed(error)
        }
        this.busy = null
      },
      set(what, body) {
        return this.send(what, 'PUT', `${this.path}/${what}`, {body})
      },
      end(what) {
        return this.send(what, 'DELETE', `${this.path}/${what}`)
      },
      async switchOpen() {
        const isOpen = this.restaurant.is_open
        const t = key => rs.t(`desk.${key}`)
        if (isOpen) {
          const yes = await rs.ask.confirm(
            t('close_title'),
            t('close_text'),
            t('close_yes')
          )
          if (!yes) return
        }
        this.send('switch', 'PATCH', this.path, {body: {is_open: !isOpen}})
      }
    },
    created() {
      this.ask = rs.api.newest()
      this.load()
      this.look = setInterval(() => this.load(), LOOK_MS)
      this.unlisten = this.listen(({event}) => {
        if (event.startsWith('restaurant.')) this.soon()
      })
    },
    beforeUnmount() {
      clearInterval(this.look)
      clearTimeout(this.timer)
      this.unlisten()
    }
  })
})(window.restaurantStaff)
