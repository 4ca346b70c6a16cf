// Everything about one order: its history, its money, its tickets.
;(rs => {
  const SUMS = [
    'subtotal_msat',
    'discount_msat',
    'service_msat',
    'tax_msat',
    'tip_msat',
    'total_msat',
    'paid_msat',
    'refunded_msat',
    'owed_msat',
    'due_msat'
  ]
  const ALWAYS = ['total_msat', 'paid_msat', 'due_msat']

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
      },
      sums() {
        const {order} = this
        return SUMS.filter(name => ALWAYS.includes(name) || order[name]).map(name => ({
          name,
          text: name === 'total_msat' ? rs.words.amount(order) : this.exact(order[name])
        }))
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
      exact(msat) {
        return `${rs.format.whole(msat / 1000)} sat`
      },
      actor(step) {
        const [role, device] = step.actor.split(':')
        const word = rs.t(`actors.${role}`)
        return device ? `${word} (${device.slice(0, 6)}…)` : word
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
          const path = `/print_jobs/${job.id}/reprint`
          await rs.api.call('POST', path, {body: {}, key: rs.api.newKey()})
          rs.ask.done(rs.t('jobs.reprinted'))
          await this.loadJobs()
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    }
  })
})(window.restaurantStaff)
