// Everything about one order: its history, its money, its tickets.
;(rs => {
  window.app.component('restaurant-order-dialog', {
    template: '#restaurant-order-dialog',
    props: {modelValue: String, restaurant: Object},
    emits: ['update:modelValue'],
    inject: ['board', 'giveBack'],
    data() {
      return {found: null, jobs: [], error: null}
    },
    computed: {
      /** The board's order is the fresher one. */
      order() {
        return this.board.state.orders[this.modelValue] || this.found
      },
      title() {
        if (!this.order) return rs.t('order.loading')
        return rs.t('order_number', {number: this.order.number})
      },
      mayRefund() {
        return this.order.refundable_msat > 0 && this.order.status !== 'pending'
      }
    },
    watch: {
      modelValue(id) {
        Object.assign(this, {found: null, jobs: [], error: null})
        if (id) this.load()
      },
      // The board forgets old orders; what it showed last stays.
      order(now) {
        if (now) this.found = now
      },
      'order.history.length'() {
        if (this.modelValue) this.loadJobs()
      }
    },
    methods: {
      moment: rs.format.moment,
      actor(step) {
        const [role, device] = step.actor.split(':')
        const word = rs.t(`actors.${role}`)
        return device ? `${word} (${device.slice(0, 6)}…)` : word
      },
      /** "Tacos: 2 → 3" for what the last edit changed. */
      changeText({what, name, before, after}) {
        const {order} = this
        const isSum = ['discount', 'tip', 'total'].includes(what)
        const text = value =>
          value && isSum ? rs.format.fiat(value, order.currency) : (value ?? '–')
        const label = name || rs.t(`edited.${what}`)
        if (what === 'added') return rs.t('edited.added', {n: text(after), name})
        if (what === 'removed') return rs.t('edited.removed', {n: text(before), name})
        return `${label}: ${text(before)} → ${text(after)}`
      },
      /** "Receipt · bar · printed" */
      jobText({kind, station, status}) {
        const what = kind === 'ticket' ? null : rs.t(`jobs.kinds.${kind}`)
        return [what, station, rs.t(`job_status.${status}`)].filter(Boolean).join(' · ')
      },
      close() {
        this.$emit('update:modelValue', null)
      },
      async load() {
        const id = this.modelValue
        try {
          this.found = await rs.api.call('GET', `/orders/${id}`)
          this.error = null
          await this.loadJobs()
        } catch (error) {
          this.error = error
        }
      },
      async loadJobs() {
        const path = `/restaurants/${this.restaurant.id}/print_jobs`
        const query = `?order_id=${encodeURIComponent(this.modelValue)}`
        this.jobs = await rs.api.all(path + query, 1)
      },
      async reprint(job) {
        try {
          await rs.jobs.act(job, 'reprint')
          rs.ask.done(rs.t('jobs.reprinted'))
          await this.loadJobs()
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    }
  })
})(window.restaurantStaff)
