// Do payments, rates and printers move? Green and red are said in words too.
;(rs => {
  const NAMES = [
    'listener',
    'reconciler',
    'refunds',
    'kitchen',
    'funding_source',
    'rates',
    'printer',
    'print_queue',
    'fonts'
  ]

  const ALARMS_MAX = 2
  /** What each state looks like, and its word; a fault has one of its own. `new`: it has not begun yet. */
  const LOOKS = {
    good: {icon: 'check_circle', look: 'rs-good-text', word: 'runs'},
    bad: {icon: 'error', look: 'rs-bad-text'},
    new: {icon: 'schedule', look: 'rs-dim', word: 'is_new'}
  }

  function stateOf({name, ok, at}) {
    if (!ok) return 'bad'
    return name === 'printer' && !at ? 'new' : 'good'
  }

  window.app.component('restaurant-lamps', {
    template: '#restaurant-lamps',
    props: {lamps: Array},
    inject: ['press'],
    data() {
      return {isShown: false}
    },
    computed: {
      /** What is wrong stands first. */
      rows() {
        const rows = (this.lamps || []).map(lamp => {
          const state = stateOf(lamp)
          const {word, ...look} = LOOKS[state]
          const says = state === 'bad' ? this.faultOf(lamp) : rs.t(`lamps.${word}`)
          return {...lamp, ...look, says, todo: this.todoOf(lamp, state)}
        })
        return rows.sort((one, other) => one.ok - other.ok)
      },
      red() {
        return (this.lamps || []).filter(lamp => !lamp.ok)
      },
      /** What did not print is known before the lamps are looked at again. */
      isWell() {
        const {lost, troubled} = this.press
        return !this.red.length && !lost.length && !troubled.length
      },
      /** One chip each, or one for all when there are many. */
      alarms() {
        const untold = this.red.filter(lamp => !this.press.tells(lamp))
        if (!untold.length && !this.isWell) return [rs.t('lamps.said')]
        if (untold.length > ALARMS_MAX) {
          const names = untold.map(this.labelOf).join(', ')
          return [rs.t('lamps.several', {names})]
        }
        return untold.map(lamp => `${this.labelOf(lamp)}: ${this.faultOf(lamp)}`)
      }
    },
    methods: {
      known(lamp) {
        return NAMES.includes(lamp.name) ? lamp.name : 'other'
      },
      // A printer has a name of its own; the others are named in every language.
      labelOf(lamp) {
        const isNamed = lamp.name === 'printer' || !NAMES.includes(lamp.name)
        return isNamed ? lamp.label : rs.t(`lamps.name.${lamp.name}`)
      },
      printerOf({name, label}) {
        const printers = name === 'printer' ? this.press.state.printers : null
        return printers?.find(each => each.name === label)
      },
      /** "Paused by staff"; of what is no printer, or not known yet, "stands still". */
      faultOf(lamp) {
        const printer = this.printerOf(lamp)
        const ailment = printer && rs.printers.ailmentOf(printer)
        return ailment ?? rs.t('lamps.stands_still')
      },
      todoOf(lamp, state) {
        if (state === 'good') return null
        if (state === 'new') return rs.t('lamps.todo_new')
        const isPaused = this.printerOf(lamp)?.health === 'paused'
        return rs.t(isPaused ? 'lamps.todo_paused' : `lamps.todo.${this.known(lamp)}`)
      },
      sinceOf(lamp) {
        const key = lamp.name === 'print_queue' ? 'waits_since' : 'last_seen'
        return rs.t(`lamps.${key}`, {time: rs.format.moment(lamp.at)})
      }
    }
  })
})(window.restaurantStaff)
