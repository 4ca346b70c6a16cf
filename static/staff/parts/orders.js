// The board: what is new, what cooks, what is ready; below it the rest.
;(rs => {
  const MINE = 'restaurant.staff.mine'
  const FOUND_MS = 2_500
  const HIDDEN = 'restaurant.staff.start-hidden'
  const COLUMNS = {new: 'paid', kitchen: 'accepted', ready: 'ready'}
  const DONE = ['completed', 'canceled', 'refunded']

  window.app.component('restaurant-orders', {
    template: '#restaurant-orders',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['board', 'listen', 'jump', 'takePayment', 'press', 'showPrinting'],
    data() {
      return {
        shownColumn: 'new',
        isSharing: false,
        isOrdering: false,
        people: [],
        mine: localStorage.getItem(MINE),
        table: null,
        isStartHidden: localStorage.getItem(HIDDEN) === this.restaurant.id,
        hasMenu: true,
        hasDevices: true
      }
    },
    computed: {
      all() {
        return Object.values(this.board.state.orders)
      },
      /** Whose orders are looked at; somebody who left has none. */
      server() {
        return this.people.some(({value}) => value === this.mine) ? this.mine : null
      },
      orders() {
        const {server, table} = this
        return this.all.filter(
          order =>
            (!server || order.server_id === server) && (!table || order.table === table)
        )
      },
      /** How many open orders the filters hide. */
      hidden() {
        const open = orders =>
          orders.filter(({status}) => !DONE.includes(status)).length
        return open(this.all) - open(this.orders)
      },
      tablesInUse() {
        const open = this.all.filter(({status}) => !DONE.includes(status))
        return rs.words.sortedNames(open.map(({table}) => table).filter(Boolean))
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
          {name: 'devices', isDone: this.hasDevices || this.hasPrinters},
          {name: 'share', isDone: this.all.length > 0}
        ]
      },
      hasPrinters() {
        return this.press.state.printers?.length > 0
      },
      isNewHere() {
        return !this.isStartHidden && this.steps.some(step => !step.isDone)
      }
    },
    watch: {
      'jump.id': {immediate: true, handler: 'find'}
    },
    methods: {
      remember(id) {
        this.mine = id
        if (id) localStorage.setItem(MINE, id)
        else localStorage.removeItem(MINE)
      },
      /** One of the things that are left to do. */
      begin(step) {
        if (step === 'share') this.isSharing = true
        else if (step === 'devices') this.showPrinting('printers')
        else this.$emit('go', step)
      },
      showAll() {
        this.table = null
        this.remember(null)
      },
      /** Bring the order that was asked for to the eye, whatever hides it. */
      async find(id) {
        const order = this.board.state.orders[id]
        if (!order) return
        if (!this.orders.includes(order)) this.showAll()
        const column = Object.keys(COLUMNS).find(name => COLUMNS[name] === order.status)
        if (column) this.shownColumn = column
        await this.$nextTick()
        await new Promise(requestAnimationFrame)
        const card = this.$el.querySelector(`[data-order="${order.number}"]`)
        card?.scrollIntoView({block: 'center'})
        card?.classList.add('rs-found')
        setTimeout(() => card?.classList.remove('rs-found'), FOUND_MS)
        this.jump.id = null
      },
      placed(order) {
        this.isOrdering = false
        if (order.due_msat > 0 && !order.is_tab) this.takePayment(order)
        else rs.ask.done(rs.t('neworder.done', {number: order.number}))
      },
      async loadPeople() {
        try {
          const people = await rs.api.all(`/restaurants/${this.restaurant.id}/staff`, 1)
          this.people = people
            .filter(({is_active: isActive}) => isActive)
            .map(({id, name}) => ({value: id, label: name}))
        } catch {
          // The board is there without them.
        }
      },
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
      this.loadPeople()
      const subjects = ['menu', 'device']
      this.unlisten = this.listen(row => {
        const subject = row.event.split('.')[0]
        if (subjects.includes(subject)) this.lookAround()
        if (subject === 'staff') this.loadPeople()
      })
    },
    beforeUnmount() {
      this.unlisten()
    }
  })
})(window.restaurantStaff)
