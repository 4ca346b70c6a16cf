// The print queue: what waits, what failed and why, what every ticket says.
;(rs => {
  const LATEST = 50
  const GATHER_MS = 300
  const POLL_MS = 15_000
  const SHOWN_FIRST = 30
  const CLOSING_FRAMES = 60
  const NO_FILTERS = {printer: null, station: null, kind: null, number: ''}

  window.app.component('restaurant-print-queue', {
    template: '#restaurant-print-queue',
    props: {restaurant: Object},
    inject: ['listen', 'press'],
    data() {
      return {
        filters: {...NO_FILTERS},
        isFiltering: false,
        rows: {failed: [], waiting: [], acknowledged: [], canceled: []},
        more: SHOWN_FIRST,
        isRetrying: false,
        /** The job that a step is taken with, and its place: `{id, index}`. */
        worked: null,
        error: null,
        isLoaded: false
      }
    },
    computed: {
      filter: {
        get() {
          const usual = this.press.lost.length ? 'failed' : 'waiting'
          return this.press.state.filter ?? usual
        },
        set(filter) {
          this.press.state.filter = filter
        }
      },
      tabs() {
        return ['failed', 'waiting', 'acknowledged', 'canceled'].map(name => {
          const label = rs.t(`jobs.filters.${name}`)
          const isCounted = name === 'failed' || name === 'waiting'
          return {name, label: isCounted ? `${label} ${this.rows[name].length}` : label}
        })
      },
      isPast() {
        return ['acknowledged', 'canceled'].includes(this.filter)
      },
      /** What can be chosen from, of the jobs at hand. */
      choices() {
        const all = this.rows[this.filter]
        const names = key => [...new Set(all.map(each => each[key]).filter(Boolean))]
        const printers = this.press.state.printers || []
        return {
          printer: printers.map(({id, name}) => ({value: id, label: name})),
          station: rs.words
            .sortedNames(names('station'))
            .map(value => ({value, label: value})),
          kind: names('kind').map(value => ({
            value,
            label: rs.t(`jobs.kinds.${value}`)
          }))
        }
      },
      found() {
        const {printer, station, kind, number} = this.filters
        const wanted = (number || '').replace(/\D/g, '')
        return this.rows[this.filter].filter(
          job =>
            (!printer || [job.taken_by, job.printer_id].includes(printer)) &&
            (!station || job.station === station) &&
            (!kind || job.kind === kind) &&
            (!wanted || String(job.order_number ?? '') === wanted)
        )
      },
      shown() {
        return this.found.slice(0, this.more)
      },
      isFiltered() {
        return Object.values(this.filters).some(Boolean)
      },
      retryable() {
        return this.filter === 'failed' ? this.found.filter(rs.jobs.mayRetry) : []
      }
    },
    watch: {
      filter() {
        this.more = SHOWN_FIRST
        this.load()
      }
    },
    methods: {
      clear() {
        this.filters = {...NO_FILTERS}
      },
      async load() {
        const path = `/restaurants/${this.restaurant.id}/print_jobs?status=`
        const wanted = this.filter
        const [isNews, isNewsOfFailed] = [this.ask(), this.press.askFailed()]
        try {
          const [queued, sent, failed, past] = await Promise.all([
            rs.api.all(`${path}queued`, 1),
            rs.api.all(`${path}sent`, 1),
            rs.api.all(`${path}failed`, 1),
            this.isPast
              ? rs.api.call('GET', `${path}${wanted}&order=newest&limit=${LATEST}`)
              : null
          ])
          if (isNewsOfFailed()) this.press.state.failed = failed
          if (!isNews()) return
          Object.assign(this.rows, {waiting: [...sent, ...queued], failed})
          if (past) this.rows[wanted] = past.data
          this.press.state.filter ??= failed.length ? 'failed' : 'waiting'
          this.error = null
          this.isLoaded = true
          this.goOn()
        } catch (error) {
          this.error = error
        }
      },
      async finished() {
        await this.load()
        this.worked = null
      },
      /** Whoever works with the keyboard goes on where the job was that went. */
      async goOn() {
        const {worked} = this
        if (!worked || this.shown.some(({id}) => id === worked.id)) return
        this.worked = null
        await this.$nextTick()
        const isFree = () => document.activeElement === document.body
        // The question whether to do it may still be closing, with the focus in it.
        for (let n = 0; n < CLOSING_FRAMES && !isFree(); n++)
          await new Promise(requestAnimationFrame)
        if (!isFree()) return
        const rows = this.$el.querySelectorAll('.rs-job')
        const next = rows[Math.min(worked.index, rows.length - 1)]
        const place = next ?? this.$el.querySelector('.rs-pages [aria-pressed=true]')
        place.focus()
      },
      soon() {
        clearTimeout(this.timer)
        this.timer = setTimeout(this.load, GATHER_MS)
      },
      async retryAll() {
        this.isRetrying = true
        try {
          for (const job of this.retryable) await rs.jobs.act(job, 'retry')
          rs.ask.done(rs.t('jobs.retried'))
        } catch (error) {
          rs.ask.failed(error)
        }
        this.isRetrying = false
        this.load()
      }
    },
    created() {
      this.ask = rs.api.newest()
      this.load()
      this.poll = setInterval(this.load, POLL_MS)
      this.unlisten = this.listen(row => {
        const isPrint = row.event.startsWith('print.')
        if (isPrint || row.event === 'order.tickets_made') this.soon()
      })
    },
    beforeUnmount() {
      clearInterval(this.poll)
      clearTimeout(this.timer)
      this.unlisten()
    }
  })
})(window.restaurantStaff)
