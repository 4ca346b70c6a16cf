// The print queue: what waits, what failed and why, what every ticket says.
;(rs => {
  const LATEST = 50
  const GATHER_MS = 300
  const POLL_MS = 15_000
  const CANCELABLE = ['queued', 'failed']

  window.app.component('restaurant-print-queue', {
    template: '#restaurant-print-queue',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen', 'showOrder'],
    data() {
      return {
        filter: 'waiting',
        waiting: [],
        failed: [],
        past: [],
        open: null,
        busy: null,
        error: null,
        isLoaded: false
      }
    },
    computed: {
      filters() {
        return [
          {name: 'failed', count: this.failed.length},
          {name: 'waiting', count: this.waiting.length},
          {name: 'acknowledged', count: null},
          {name: 'canceled', count: null}
        ]
      },
      isPast() {
        return ['acknowledged', 'canceled'].includes(this.filter)
      },
      shown() {
        return this.isPast ? this.past : this[this.filter]
      }
    },
    watch: {
      filter() {
        this.past = []
        this.load()
      }
    },
    methods: {
      moment: rs.format.moment,
      mayCancel(job) {
        return CANCELABLE.includes(job.status)
      },
      async load() {
        const path = `/restaurants/${this.restaurant.id}/print_jobs?status=`
        try {
          const [queued, sent, failed] = await Promise.all([
            rs.api.all(`${path}queued`, 1),
            rs.api.all(`${path}sent`, 1),
            rs.api.all(`${path}failed`, 1)
          ])
          this.waiting = [...sent, ...queued]
          this.failed = failed
          if (this.isPast) await this.loadPast(path)
          if (!this.isLoaded && failed.length) this.filter = 'failed'
          this.error = null
          this.isLoaded = true
        } catch (error) {
          this.error = error
        }
      },
      async loadPast(path) {
        const wanted = this.filter
        const query = `${path}${wanted}&order=newest&limit=${LATEST}`
        const answer = await rs.api.call('GET', query)
        if (this.filter === wanted) this.past = answer.data
      },
      async act(job, action) {
        this.busy = job.id
        try {
          const path = `/print_jobs/${job.id}/${action}`
          await rs.api.call('POST', path, {body: {}, key: rs.api.newKey()})
          rs.ask.done(rs.t(action === 'retry' ? 'jobs.retried' : 'jobs.reprinted'))
        } catch (error) {
          rs.ask.failed(error)
        }
        this.busy = null
        this.load()
      },
      async cancel(job) {
        const values = {number: job.order_number, station: job.station}
        const yes = await rs.ask.confirm(
          rs.t('jobs.cancel_title', values),
          rs.t('jobs.cancel_text'),
          rs.t('jobs.cancel_yes')
        )
        if (!yes) return
        try {
          await rs.api.call('POST', `/print_jobs/${job.id}/cancel`, {body: {}})
        } catch (error) {
          rs.ask.failed(error)
        }
        this.load()
      }
    },
    activated() {
      this.load()
      this.poll = setInterval(this.load, POLL_MS)
    },
    deactivated() {
      clearInterval(this.poll)
    },
    created() {
      this.unlisten = this.listen(row => {
        const isPrint = row.event.startsWith('print.')
        if (!isPrint && row.event !== 'order.tickets_made') return
        clearTimeout(this.timer)
        this.timer = setTimeout(this.load, GATHER_MS)
      })
    },
    beforeUnmount() {
      clearInterval(this.poll)
      clearTimeout(this.timer)
      this.unlisten()
    }
  })
})(window.restaurantStaff)
