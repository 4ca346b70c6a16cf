// Tables that want somebody: one tap says that somebody goes.
;(rs => {
  const LOOK_MS = 15_000
  const ICONS = {waiter: 'room_service', bill: 'receipt', help: 'help'}

  window.app.component('restaurant-calls', {
    template: '#restaurant-calls',
    props: {restaurant: Object},
    inject: ['clock', 'listen'],
    data() {
      return {calls: [], busy: null, icons: ICONS}
    },
    methods: {
      textOf({table, kind}) {
        return `${rs.t('table_name', {name: table})}: ${rs.t(`calls.${kind}`)}`
      },
      ageOf(call) {
        return rs.format.age(this.clock.now - Date.parse(call.created_at))
      },
      async load() {
        const isNews = this.ask()
        try {
          const path = `/restaurants/${this.restaurant.id}/calls`
          const {data} = await rs.api.call('GET', path)
          if (isNews()) this.show(data)
        } catch {
          // What is known stays; the banner of the desk tells when nothing comes.
        }
      },
      /** Each call rings once, those too that were there before the page. */
      show(calls) {
        if (calls.some(({id}) => !this.known.has(id))) rs.chime.bell()
        this.known = new Set(calls.map(({id}) => id))
        this.calls = calls
      },
      async answer(call) {
        this.busy = call.id
        try {
          const options = {body: {}, mayRepeat: true}
          await rs.api.call('PUT', `/calls/${call.id}/answered`, options)
          this.ask()() // an answer that is on its way is older than this
          this.calls = this.calls.filter(({id}) => id !== call.id)
        } catch (error) {
          rs.ask.failed(error)
          this.load()
        }
        this.busy = null
      }
    },
    created() {
      this.known = new Set()
      this.ask = rs.api.newest()
      this.load()
      this.timer = setInterval(() => this.load(), LOOK_MS)
      this.unlisten = this.listen(({event}) => {
        if (event === 'table.called' || event === 'table.answered') this.load()
      })
    },
    beforeUnmount() {
      clearInterval(this.timer)
      this.unlisten()
    }
  })
})(window.restaurantStaff)
