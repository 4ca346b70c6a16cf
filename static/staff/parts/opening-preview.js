// What the stored hours come to: whether it is open now, and the next seven days.
;(rs => {
  const DAYS = 7
  const ALL = rs.words.ORDER_TYPES.length

  window.app.component('restaurant-opening-preview', {
    template: '#restaurant-opening-preview',
    props: {restaurant: Object},
    data() {
      return {answer: null, error: null}
    },
    computed: {
      about() {
        const {opening} = this.answer
        const {reason, name, opens_at: opens, last_order_at: last} = opening
        const parts = opening.is_open
          ? [
              opening.closes_at && ['until', opening.closes_at],
              last && last !== opening.closes_at && ['last_orders', last]
            ]
          : [reason && [`reasons.${reason}`], opens && ['opens', opens]]
        const said = parts
          .filter(Boolean)
          .map(([key, at]) => rs.t(`hours.${key}`, {time: at && this.moment(at)}))
        return [name, ...said].filter(Boolean).join(' · ')
      },
      days() {
        return this.answer.days.map(({day, name, windows}) => ({
          day,
          name,
          title: new Date(`${day}T00:00:00Z`).toLocaleDateString(rs.format.locale(), {
            weekday: 'short',
            day: 'numeric',
            month: 'short',
            timeZone: 'UTC'
          }),
          hours: windows.map(this.hoursOf)
        }))
      }
    },
    watch: {
      restaurant() {
        this.load()
      }
    },
    methods: {
      wall(at) {
        return rs.format.toZone(at, this.answer.timezone)
      },
      /** Today's as a time, others with their date: on the restaurant's own clock. */
      moment(at) {
        const {timezone: timeZone} = this.answer
        const now = this.wall(new Date().toISOString()).slice(0, 10)
        const isToday = this.wall(at).slice(0, 10) === now
        const style = isToday
          ? {timeStyle: 'short'}
          : {dateStyle: 'medium', timeStyle: 'short'}
        return new Date(at).toLocaleString(rs.format.locale(), {...style, timeZone})
      },
      hoursOf({starts_at: from, ends_at: to, order_types: types}) {
        const [begins, ends] = [this.wall(from), this.wall(to)]
        const isWhole = begins.slice(11) === ends.slice(11)
        const isLate = begins.slice(0, 10) !== ends.slice(0, 10) && !isWhole
        const hours = isWhole
          ? rs.t('hours.all_day')
          : `${begins.slice(11)}–${ends.slice(11)}`
        const names = types.map(type => rs.t(`type_${type}`)).join(', ')
        const isForAll = [0, ALL].includes(types.length)
        const next = isLate && ends.slice(11) !== '00:00'
        return [
          hours + (next ? ` ${rs.t('hours.next_day')}` : ''),
          isForAll ? '' : `(${names})`
        ]
          .filter(Boolean)
          .join(' ')
      },
      async load() {
        const path = `/restaurants/${this.restaurant.id}/opening?days=${DAYS}`
        try {
          this.answer = await rs.api.call('GET', path)
          this.error = null
        } catch (error) {
          this.error = error
        }
      }
    },
    created() {
      this.load()
    },
    activated() {
      if (this.answer) this.load()
    }
  })
})(window.restaurantStaff)
