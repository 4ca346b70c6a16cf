// Price lists: other prices for some kinds of orders, a part of the house, some hours.
;(rs => {
  const path = ({id}) => `/restaurants/${id}/price_lists`
  const list = rs.forms.list({path, one: '/price_lists', subject: 'price_list'})

  window.app.component('restaurant-price-lists', {
    template: '#restaurant-price-lists',
    mixins: [list],
    computed: {
      /** The first one that fits wins: that which holds now, of each that fits. */
      next() {
        return Math.max(0, ...(this.rows ?? []).map(row => row.position + 1))
      }
    },
    methods: {
      isRunning(row) {
        const {timezone} = this.restaurant
        return (
          row.is_active && rs.schedules.holds(row.schedule, timezone, this.clock.now)
        )
      },
      stateOf(row) {
        if (!row.is_active) return 'off'
        if (rs.schedules.isOver(row.schedule, this.restaurant.timezone, this.clock.now))
          return 'over'
        return this.isRunning(row) ? 'running' : 'scheduled'
      },
      figure({adjust_percent: percent, prices, deltas}) {
        const single = Object.keys(prices).length + Object.keys(deltas).length
        const sign = Number(percent) > 0 ? '+' : ''
        const parts = [
          Number(percent) && `${sign}${percent} %`.replace('-', '−'),
          single && rs.t('price_lists.single', {n: single})
        ]
        return parts.filter(Boolean).join(' · ') || '–'
      },
      about(row) {
        const parts = [
          row.order_types.map(type => rs.t(`type_${type}`)).join(', '),
          row.zones.join(', '),
          rs.schedules.say(row.schedule)
        ]
        return parts.filter(Boolean).join(' · ')
      },
      /** A swap of places with the neighbour: the upper one wins where both fit. */
      async move(index, by) {
        const one = this.rows[index]
        const other = this.rows[index + by]
        const places = [one.position, other.position].sort((a, b) => a - b)
        const isSame = places[0] === places[1]
        const [low, high] = isSame ? [places[0], places[0] + 1] : places
        const put = (row, position) =>
          rs.api.call('PATCH', `/price_lists/${row.id}`, {
            body: {position},
            mayRepeat: true
          })
        try {
          await put(by < 0 ? one : other, low)
          await put(by < 0 ? other : one, high)
        } catch (error) {
          rs.ask.failed(error)
        }
        await this.load()
      }
    }
  })
})(window.restaurantStaff)
