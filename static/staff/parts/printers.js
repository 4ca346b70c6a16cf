// The printers: how each one is, what it serves, what waits for it.
;(rs => {
  const POLL_MS = 5_000

  window.app.component('restaurant-printers', {
    template: '#restaurant-printers',
    props: {restaurant: Object},
    inject: ['press', 'clock', 'listen'],
    data() {
      const isAdding = Boolean(this.press.state.code)
      return {stations: [], isAdding, edited: null, isEditing: false}
    },
    computed: {
      rows() {
        return this.press.state.printers
      },
      /** Stations whose tickets no printer would print. */
      unserved() {
        if (!this.rows?.length) return []
        const isServed = station =>
          this.rows.some(each => rs.printers.serves(each, station))
        return this.stations.filter(station => !isServed(station))
      }
    },
    watch: {
      'restaurant.receipt_station': 'loadStations',
      'press.state.wanted': 'show',
      'press.state.code'(code) {
        if (code) this.isAdding = true
      }
    },
    methods: {
      async loadStations() {
        try {
          this.stations = await rs.printers.stationsOf(this.restaurant)
        } catch {
          this.stations = [] // suggestions only: others can be typed
        }
      },
      edit(printer) {
        this.edited = printer
        this.isEditing = true
      },
      /** Bring the printer that somebody asked for to the eye. */
      async show() {
        const {wanted} = this.press.state
        if (!wanted) return
        await this.$nextTick()
        const card = this.$el.querySelector(`[data-id="${CSS.escape(wanted)}"]`)
        if (!card) return
        this.press.state.wanted = null
        card.scrollIntoView({block: 'center'})
        card.focus()
      },
      async remove(printer) {
        const {name, id, kind} = printer
        const yes = await rs.ask.confirm(
          rs.t('printers.remove_title', {name}),
          rs.t(`printers.remove_text.${kind === 'pi' ? 'pi' : 'own'}`),
          rs.t('printers.remove')
        )
        if (!yes) return
        try {
          await rs.api.call('DELETE', `/printers/${id}`)
          this.isEditing = false
        } catch (error) {
          rs.ask.failed(error)
        }
        this.press.load()
      }
    },
    created() {
      this.loadStations()
      this.press.loadPrinters()
      this.poll = setInterval(() => this.press.loadPrinters(), POLL_MS)
      this.unlisten = this.listen(({event}) => {
        if (event.startsWith('menu.')) this.loadStations()
      })
    },
    mounted() {
      this.show()
    },
    beforeUnmount() {
      clearInterval(this.poll)
      this.unlisten()
    }
  })
})(window.restaurantStaff)
