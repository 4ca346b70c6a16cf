// One restaurant at work: its live feed, its lamps, its pages.
;(rs => {
  const LAMPS_MS = 20_000
  const POLL_MS = 15_000
  const TOLERATED_MS = 5_000
  const GATHER_MS = 300
  const ROOMY_PX = 1200
  /** A new printer's machine prints a code that leads here and is filled in. */
  const PAIRS = 'pair='
  const TABS = [
    {name: 'orders', icon: 'receipt_long'},
    {name: 'kitchen', icon: 'outdoor_grill'},
    {name: 'lookup', icon: 'search'},
    {name: 'gift_cards', icon: 'card_giftcard', view: 'gift-cards'},
    {name: 'menu', icon: 'restaurant_menu'},
    {name: 'stock', icon: 'inventory_2'},
    {name: 'prices', icon: 'local_offer'},
    {name: 'tips', icon: 'volunteer_activism'},
    {name: 'printing', icon: 'print'},
    {name: 'devices', icon: 'devices'},
    {name: 'tables', icon: 'event_seat'},
    {name: 'settings', icon: 'settings'}
  ]

  window.app.component('restaurant-desk', {
    template: '#restaurant-desk',
    props: {restaurant: Object, restaurants: Array},
    emits: ['choose', 'create', 'changed', 'closed'],
    provide() {
      return {
        board: this.board,
        clock: this.clock,
        shelf: this.shelf,
        press: this.press,
        showPrinting: this.showPrinting,
        showOrder: id => (this.shownId = id),
        takePayment: (order, options) => this.begin('pay', order, options),
        giveBack: (order, options) => this.begin('refund', order, options),
        editOrder: order => this.begin('order-edit', order),
        resolveOrder: (order, options) => this.begin('resolve', order, options),
        addRound: order => this.begin('round', order),
        mergeOrder: order => this.begin('merge', order),
        jump: this.jump,
        listen: hear => {
          this.ears.add(hear)
          return () => this.ears.delete(hear)
        }
      }
    },
    data() {
      return {
        tabs: TABS,
        tab: this.tabOfAddress(),
        lamps: null,
        isSharing: false,
        shownId: null,
        task: {name: 'pay', id: null, options: {}, isOpen: false}
      }
    },
    computed: {
      view() {
        const tab = TABS.find(each => each.name === this.tab)
        return tab.view || tab.name
      },
      /** The other pages come after the board. */
      isThere() {
        return this.view === 'orders' || rs.later.isReady
      },
      laterError() {
        const {error} = rs.later
        return error && {detail: error.message}
      },
      badges() {
        const orders = Object.values(this.board.state.orders)
        return {
          orders: orders.filter(each => each.status === 'paid').length,
          printing: this.press.lost.length,
          menu: rs.dirty.menu ? '●' : 0,
          prices: rs.dirty.prices ? '●' : 0,
          stock: this.shelf.state.low.length,
          settings: rs.dirty.settings || rs.dirty.hours || rs.dirty.times ? '●' : 0
        }
      },
      /** The order that money is taken or given back for. */
      taskOrder() {
        return this.board.state.orders[this.task.id]
      },
      isDenied() {
        return this.feed.state.isDenied || this.board.state.error?.status === 401
      },
      downSince() {
        const {isLive, downSince} = this.feed.state
        const since = [isLive ? null : downSince, this.clock.unansweredSince]
        return Math.min(...since.map(each => each ?? Infinity))
      },
      isStale() {
        return this.clock.now - this.downSince > TOLERATED_MS
      },
      notLiveSince() {
        return rs.format.clock(this.downSince)
      },
      hasSound() {
        return rs.chime.state.isWanted && rs.chime.state.isUnlocked
      }
    },
    watch: {
      tab(name) {
        this.$router.replace({hash: `#${name}`})
      },
      '$route.hash'() {
        this.tab = this.tabOfAddress()
      }
    },
    methods: {
      tabOfAddress() {
        const name = window.location.hash.slice(1)
        if (name.startsWith(PAIRS)) {
          const code = name.slice(PAIRS.length)
          Object.assign(this.press.state, {page: 'printers', code})
          this.$router.replace({hash: '#printing'})
          return 'printing'
        }
        return TABS.some(each => each.name === name) ? name : 'orders'
      },
      /** Show this order on the board. */
      jumpTo(order) {
        this.tab = 'orders'
        this.jump.id = order.id
      },
      /** Show what failed in the "queue", or the "printers", one of them perhaps by its id. */
      showPrinting(page, wanted = null) {
        Object.assign(this.press.state, {page, wanted})
        if (page === 'queue') this.press.state.filter = 'failed'
        this.tab = 'printing'
        this.shownId = null
      },
      /** Open "pay", "refund" or "order-edit" for an order. */
      begin(name, order, options = {}) {
        this.board.hold(order)
        this.task = {name, id: order.id, options, isOpen: true}
      },
      end() {
        this.task.isOpen = false
        this.board.release()
        this.board.touch(this.task.id)
      },
      reload() {
        window.location.reload()
      },
      toggleSound() {
        if (this.hasSound) rs.chime.disable()
        else rs.chime.enable()
      },
      async loadLamps() {
        const path = `/restaurants/${this.restaurant.id}/lamps`
        try {
          this.lamps = (await rs.api.call('GET', path)).data
        } catch {
          this.lamps = null
        }
      },
      async loadRestaurant() {
        try {
          const all = await rs.api.all('/restaurants', 1)
          const fresh = all.find(each => each.id === this.restaurant.id)
          if (fresh) this.$emit('changed', fresh)
        } catch (error) {
          rs.ask.failed(error)
        }
      },
      async poll() {
        await this.board.load()
        const isAway = this.board.state.error?.isOffline
        this.clock.unansweredSince = isAway
          ? (this.clock.unansweredSince ?? Date.now())
          : null
      },
      // Tickets may fail, and printers fall silent, by the clock alone.
      lookAround() {
        this.loadLamps()
        this.press.load()
      },
      lookAgain() {
        this.poll()
        this.lookAround()
        this.shelf.load()
      },
      hear(row) {
        const subject = row.event.split('.')[0]
        if (row.order_id && subject !== 'print') this.board.touch(row.order_id)
        if (subject === 'restaurant') this.soon()
        this.shelf.hear(row)
        this.press.hear(row)
        this.ears.forEach(ear => ear(row))
      },
      // Rows come in bursts; one look afterwards is enough.
      soon() {
        clearTimeout(this.timers.restaurant)
        this.timers.restaurant = setTimeout(this.loadRestaurant, GATHER_MS)
      }
    },
    beforeCreate() {
      const id = this.$props.restaurant.id
      this.ears = new Set()
      this.timers = {}
      this.jump = Vue.reactive({id: null})
      this.clock = Vue.reactive({now: Date.now(), unansweredSince: null})
      this.board = new rs.Board(id, {onNew: () => rs.chime.ring()})
      this.shelf = new rs.Shelf(id)
      this.press = new rs.Press(id)
      this.feed = new rs.Feed(id, {
        onEvent: row => this.hear(row),
        onLive: () => this.lookAgain()
      })
    },
    mounted() {
      // On a tablet the board needs the room of LNbits' own menu.
      if (window.innerWidth < ROOMY_PX) this.g.visibleDrawer = false
      this.lookAgain()
      this.timers.clock = setInterval(() => (this.clock.now = Date.now()), 1_000)
      this.timers.lamps = setInterval(this.lookAround, LAMPS_MS)
      this.timers.poll = setInterval(this.poll, POLL_MS)
    },
    beforeUnmount() {
      this.feed.stop()
      this.board.stop()
      this.shelf.stop()
      this.press.stop()
      Object.values(this.timers).forEach(clearInterval)
    }
  })
})(window.restaurantStaff)
