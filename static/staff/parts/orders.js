// The board: what is new, what cooks, what is ready; below it the rest.
;(rs => {
  const HIDDEN = 'restaurant.staff.start-hidden'
  const COLUMNS = {new: 'paid', kitchen: 'accepted', ready: 'ready'}
  const DONE = ['completed', 'canceled', 'refunded']

  window.app.component('restaurant-orders', {
    template: '#restaurant-orders',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['board', 'listen'],
    data() {
      return {
        shownColumn: 'new',
        isSharing: false,
        isStartHidden: localStorage.getItem(HIDDEN) === this.restaurant.id,
        hasMenu: true,
        hasDevices: true
      }
    },
    computed: {
      orders() {
        return Object.values(this.board.state.orders)
      },
      atTheCounter() {
        return this.orders
          .filter(rs.words.waitsForCash)
          .sort((a, b) => this.waits(a) - this.waits(b))
      },
      // The oldest waits longest: it stands on top.
      columns() {
        return Object.entries(COLUMNS).map(([name, status]) => ({
          name,
          orders: this.withStatus([status]).sort(
            (a, b) => this.waits(a) - this.waits(b)
          )
        }))
      },
      visibleColumns() {
        if (!this.$q.screen.lt.md) return this.columns
        return this.columns.filter(each => each.name === this.shownColumn)
      },
      folds() {
        const newest = (a, b) => b.created_at.localeCompare(a.created_at)
        const {needsHuman} = rs.words
        const flagged = (a, b) => needsHuman(b) - needsHuman(a) || newest(a, b)
        return [
          {
            name: 'unpaid',
            icon: 'hourglass_empty',
            orders: this.withStatus(['pending'])
              .filter(order => !rs.words.waitsForCash(order))
              .sort(flagged)
          },
          {name: 'done', icon: 'done_all', orders: this.withStatus(DONE).sort(flagged)}
        ]
      },
      steps() {
        return [
          {name: 'menu', isDone: this.hasMenu},
          {name: 'devices', isDone: this.hasDevices},
          {name: 'share', isDone: this.orders.length > 0}
        ]
      },
      isNewHere() {
        return !this.isStartHidden && this.steps.some(step => !step.isDone)
      }
    },
    methods: {
      withStatus(statuses) {
        return this.orders.filter(order => statuses.includes(order.status))
      },
      waits(order) {
        return Date.parse(order.paid_at || order.accepted_at || order.created_at)
      },
      foldLabel(fold) {
        const flagged = fold.orders.filter(rs.words.needsHuman).length
        const label = `${rs.t(`orders.${fold.name}`)} (${fold.orders.length})`
        return flagged ? `${label} – ${rs.t('orders.flagged', {n: flagged})}` : label
      },
      hideStart() {
        this.isStartHidden = true
        localStorage.setItem(HIDDEN, this.restaurant.id)
      },
      async lookAround() {
        if (this.isStartHidden) return
        const path = `/restaurants/${this.restaurant.id}`
        try {
          const menu = await rs.api.call('GET', `${path}/menu?all=1`)
          const devices = await rs.api.call('GET', `${path}/devices?limit=1`)
          this.hasMenu = menu.categories.some(each => each.items.length)
          this.hasDevices = devices.data.length > 0
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    },
    created() {
      this.lookAround()
      const subjects = ['menu', 'device']
      this.unlisten = this.listen(row => {
        if (subjects.includes(row.event.split('.')[0])) this.lookAround()
      })
    },
    beforeUnmount() {
      this.unlisten()
    }
  })
})(window.restaurantStaff)
