// Discounts: what runs, what waits, what is used up; and their codes.
;(rs => {
  const ICONS = {schedule: 'schedule', code: 'sell', staff: 'badge'}
  const path = ({id}) => `/restaurants/${id}/discounts`
  const list = rs.forms.list({path, one: '/discounts', subject: 'discount'})

  window.app.component('restaurant-discounts', {
    template: '#restaurant-discounts',
    mixins: [list],
    data() {
      return {codesOf: null, isShowingCodes: false}
    },
    methods: {
      icon: row => ICONS[row.trigger],
      stateOf(row) {
        const {timezone} = this.restaurant
        if (!row.is_active) return 'off'
        if (row.limit_total !== null && row.uses >= row.limit_total) return 'used_up'
        if (rs.schedules.isOver(row.schedule, timezone, this.clock.now)) return 'over'
        const holds = rs.schedules.holds(row.schedule, timezone, this.clock.now)
        if (!holds) return 'scheduled'
        return row.trigger === 'code' && !row.codes ? 'no_codes' : 'running'
      },
      figure(row) {
        const {kind, percent, amount, buy, get} = row
        if (kind === 'percent') return `−${percent} %`
        if (kind === 'amount') return `−${rs.format.fiat(amount, row.currency)}`
        const off = percent === '100' ? rs.t('discounts.free') : `−${percent} %`
        if (kind === 'free_item') return `${get} × ${off}`
        return rs.t('discounts.buy_get', {buy, get, off})
      },
      about(row) {
        const used =
          row.limit_total === null
            ? rs.t('discounts.used', {n: row.uses})
            : rs.t('discounts.used_of', {n: row.uses, of: row.limit_total})
        const parts = [
          rs.t(`discounts.triggers.${row.trigger}`),
          rs.schedules.say(row.schedule),
          row.order_types.map(type => rs.t(`type_${type}`)).join(', '),
          used,
          row.limit_per_day !== null &&
            rs.t('discounts.per_day', {n: row.limit_per_day}),
          row.limit_per_guest !== null &&
            rs.t('discounts.per_guest', {n: row.limit_per_guest})
        ]
        return parts.filter(Boolean).join(' · ')
      },
      showCodes(row) {
        this.codesOf = row
        this.isShowingCodes = true
      },
      /** A new one with codes needs some: its codes are shown at once. */
      async saved(row) {
        const isNew = !this.shown
        await this.load()
        if (isNew && row.trigger === 'code') this.showCodes(row)
      }
    }
  })
})(window.restaurantStaff)
