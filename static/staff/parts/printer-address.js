// The address that a printer asks: shown once, with the steps to type it in, until the
// printer has asked.
;(rs => {
  const STEPS = {cloudprnt: 4, epson: 4}

  window.app.component('restaurant-printer-address', {
    template: '#restaurant-printer-address',
    props: {
      /** As it was when it got the address. */
      printer: Object,
      url: String
    },
    inject: ['press'],
    data() {
      return {isBusy: false}
    },
    computed: {
      steps() {
        const {kind} = this.printer
        return Array.from({length: STEPS[kind]}, (_, n) =>
          rs.t(`address.steps.${kind}.${n + 1}`)
        )
      },
      hasAsked() {
        const {printers} = this.press.state
        const now = printers?.find(({id}) => id === this.printer.id)
        const seen = now?.last_seen_at ?? null
        return seen !== null && seen !== this.printer.last_seen_at
      },
      isSafe() {
        return this.url.startsWith('https:')
      }
    },
    methods: {
      async test() {
        this.isBusy = true
        await rs.printers.test(this.printer)
        this.isBusy = false
      },
      copy() {
        rs.ask.copy(this.url)
      }
    }
  })
})(window.restaurantStaff)
