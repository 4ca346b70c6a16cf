// One printer: how it is, in words and colour, and what staff does with it.
;(rs => {
  const SIGNS = {
    good: 'check_circle',
    warn: 'report_problem',
    bad: 'error',
    off: 'pause_circle',
    new: 'schedule'
  }

  window.app.component('restaurant-printer-card', {
    template: '#restaurant-printer-card',
    props: {printer: Object},
    emits: ['edit', 'remove'],
    inject: ['press', 'clock'],
    data() {
      return {busy: null, isRenewing: false}
    },
    computed: {
      level() {
        return rs.printers.levelOf(this.printer, this.clock.now)
      },
      sign() {
        const {level, printer} = this
        return SIGNS[level === 'off' && rs.printers.isNew(printer) ? 'new' : level]
      },
      says() {
        const {health, status} = this.printer
        const isLow = health === 'ok' && status.paper === 'low'
        return isLow ? rs.t('printers.is.paper_low') : rs.printers.says(this.printer)
      },
      /** A fault stays true while the printer is paused. */
      alsoSays() {
        const {health, fault} = this.printer
        if (health !== 'paused' || !fault) return null
        return rs.printers.says({
          ...this.printer,
          health: 'fault',
          health_since: this.printer.fault_at
        })
      },
      /** "printer-pi · TM-T20 · asked 3 s ago" */
      about() {
        const {kind, status} = this.printer
        const parts = [
          rs.t(`printers.kinds.${kind}`),
          status.model,
          rs.printers.seenText(this.printer, this.clock.now)
        ]
        return parts.filter(Boolean).join(' · ')
      },
      /** "kitchen, bar · Eat in · 2 copies · backup: Bar printer" */
      serves() {
        const {order_types: types, copies, backup_id: backup} = this.printer
        const stations = rs.printers.served(this.printer)
        const parts = [
          stations.length ? stations.join(', ') : rs.t('printers.all_stations'),
          types.map(type => rs.t(`type_${type}`)).join(', '),
          copies > 1 && rs.t('jobs.copies', {n: copies}),
          backup && rs.t('printers.backup_is', {name: this.press.nameOf(backup) ?? '–'})
        ]
        return parts.filter(Boolean).join(' · ')
      },
      /** It asks the server itself, at an address of its own. */
      hasAddress() {
        return this.printer.kind !== 'pi'
      }
    },
    methods: {
      async test() {
        this.busy = 'test'
        await rs.printers.test(this.printer)
        this.busy = null
        this.press.loadPrinters()
      },
      async setPaused(isPaused) {
        const options = {body: {is_paused: isPaused}, mayRepeat: true}
        this.busy = 'pause'
        try {
          await rs.api.call('PATCH', `/printers/${this.printer.id}`, options)
        } catch (error) {
          rs.ask.failed(error)
        }
        await this.press.loadPrinters()
        this.busy = null
      }
    }
  })
})(window.restaurantStaff)
