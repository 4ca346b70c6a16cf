// Combos and set menus: several things for one price.
;(rs => {
  const path = ({id}) => `/restaurants/${id}/combos`
  const list = rs.forms.list({path, one: '/combos', subject: 'combo'})

  window.app.component('restaurant-combos', {
    template: '#restaurant-combos',
    mixins: [list],
    computed: {
      next() {
        return Math.max(0, ...(this.rows ?? []).map(row => row.position + 1))
      }
    },
    methods: {
      stateOf(row) {
        const {timezone} = this.restaurant
        if (!row.is_active) return 'off'
        if (rs.schedules.isOver(row.schedule, timezone, this.clock.now)) return 'over'
        const holds = rs.schedules.holds(row.schedule, timezone, this.clock.now)
        return holds ? 'running' : 'scheduled'
      },
      price: row => rs.format.fiat(row.price, row.currency),
      about(row) {
        const groups = row.groups.map(each => each.name).join(' + ')
        return `${groups} · ${rs.schedules.say(row.schedule)}`
      }
    }
  })
})(window.restaurantStaff)
