// Printing: the queue of tickets, and the printers.
;(rs => {
  const PAGES = ['queue', 'printers']

  window.app.component('restaurant-printing', {
    template: '#restaurant-printing',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['press', 'clock'],
    data() {
      return {notices: rs.notices.state}
    },
    computed: {
      page: {
        get() {
          return this.press.state.page
        },
        set(page) {
          Object.assign(this.press.state, {page, shown: page})
        }
      },
      pages() {
        const marks = {queue: this.press.lost.length, printers: this.standing}
        return PAGES.map(name => {
          const label = rs.t(`printing.pages.${name}`)
          return {name, label: marks[name] ? `${label} (${marks[name]})` : label}
        })
      },
      /** So many printers need somebody. */
      standing() {
        const {printers} = this.press.state
        const isBad = each => rs.printers.levelOf(each, this.clock.now) === 'bad'
        return (printers || []).filter(isBad).length
      }
    },
    watch: {
      'press.state.page'(page) {
        if (this.press.state.shown) this.press.state.shown = page
      }
    },
    methods: {
      ask: rs.notices.ask,
      /** Nobody looks at a page that is behind others. */
      look() {
        const isSeen = document.visibilityState === 'visible'
        this.press.state.shown = this.isActive && isSeen ? this.page : null
      }
    },
    activated() {
      this.isActive = true
      this.look()
      this.press.load()
    },
    deactivated() {
      this.isActive = false
      this.look()
    },
    created() {
      document.addEventListener('visibilitychange', this.look)
    },
    beforeUnmount() {
      document.removeEventListener('visibilitychange', this.look)
      this.press.state.shown = null
    }
  })
})(window.restaurantStaff)
