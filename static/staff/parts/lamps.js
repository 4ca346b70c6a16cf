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

  window.app.component('restaurant-lamps', {
    template: '#restaurant-lamps',
    props: {lamps: Array},
    inject: ['press'],
    data() {
      return {isShown: false}
    },
    computed: {
      red() {
        return (this.lamps || []).filter(lamp => !lamp.ok)
      },
      /** One chip each, or one for all when there are many. */
      alarms() {
        const names = this.red.filter(lamp => !this.press.tells(lamp)).map(this.labelOf)
        if (this.red.length && !names.length) return [rs.t('lamps.said')]
        if (names.length > ALARMS_MAX) {
          return [rs.t('lamps.several', {names: names.join(', ')})]
        }
        return names.map(name => `${name}: ${rs.t('lamps.stands_still')}`)
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
      sinceOf(lamp) {
        const key = lamp.name === 'print_queue' ? 'waits_since' : 'last_seen'
        return rs.t(`lamps.${key}`, {time: rs.format.moment(lamp.at)})
      }
    }
  })
})(window.restaurantStaff)
