// One job of the queue: what it is, where it stands, what can be done about it.
;(rs => {
  const {mayRetry, mayCancel, mayReroute, mayReprint} = rs.jobs

  window.app.component('restaurant-print-job', {
    template: '#restaurant-print-job',
    props: {
      job: Object,
      /** The first that failed is shown at once. */
      isFirst: Boolean
    },
    emits: ['begun', 'changed'],
    inject: ['clock', 'press', 'showOrder'],
    data() {
      return {isOpen: this.isFirst, busy: null}
    },
    computed: {
      title() {
        return rs.jobs.title(this.job)
      },
      may() {
        const {job} = this
        return {
          retry: mayRetry(job),
          cancel: mayCancel(job),
          reprint: mayReprint(job),
          reroute: mayReroute(job) && this.others.length > 0
        }
      },
      others() {
        const {printers} = this.press.state
        const isFixed = this.job.printer_id
        return (printers || []).filter(({id}) => id !== isFixed)
      },
      /** "kitchen · Kitchen printer · 4 min · Attempts: 2" */
      about() {
        const {job} = this
        const age = rs.printers.age(this.clock.now - Date.parse(job.created_at))
        const isOver = ['acknowledged', 'canceled'].includes(job.status)
        const parts = [
          this.whereText,
          job.copies > 1 && rs.t('jobs.copies', {n: job.copies}),
          isOver ? rs.format.moment(job.printed_at ?? job.created_at) : age,
          job.attempts > 0 && rs.t('jobs.attempts', {n: job.attempts}),
          job.not_before &&
            rs.t('jobs.again_at', {time: rs.format.moment(job.not_before)})
        ]
        return parts.filter(Boolean).join(' · ')
      },
      whereText() {
        const {taken_by: taken, printer_id: only, failover_from: from} = this.job
        const name = id => this.press.nameOf(id) ?? rs.t('jobs.gone_printer')
        if (taken && from)
          return rs.t('jobs.for_other', {name: name(taken), other: name(from)})
        if (taken) return name(taken)
        return only ? rs.t('jobs.only', {name: name(only)}) : null
      }
    },
    methods: {
      async act(step, done, body) {
        this.busy = step
        this.$emit('begun')
        try {
          await rs.jobs.act(this.job, step, body)
          rs.ask.done(done)
        } catch (error) {
          rs.ask.failed(error)
        }
        this.busy = null
        this.$emit('changed')
      },
      retry() {
        this.act('retry', rs.t('jobs.retried'))
      },
      reprint() {
        this.act('reprint', rs.t('jobs.reprinted'))
      },
      reroute({id, name}) {
        this.act('reroute', rs.t('jobs.rerouted', {name}), {printer_id: id})
      },
      async cancel() {
        const values = {what: this.title, station: this.job.station}
        const yes = await rs.ask.confirm(
          rs.t('jobs.cancel_title', values),
          rs.t('jobs.cancel_text'),
          rs.t('jobs.cancel_yes')
        )
        if (yes) this.act('cancel', rs.t('jobs.canceled'))
      }
    }
  })
})(window.restaurantStaff)
