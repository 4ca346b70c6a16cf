// One order as cooks need it: what, how, by when. A tap on a line: it is done.
;(rs => {
  const SOON_MS = 5 * 60_000
  const MARKS = {done: 'check_circle', held: 'pause_circle', cooking: 'timelapse'}

  window.app.component('restaurant-kitchen-order', {
    template: '#restaurant-kitchen-order',
    props: {order: Object, stations: Array, busy: Object},
    emits: ['move', 'fire', 'accept'],
    inject: ['clock', 'showOrder'],
    computed: {
      place() {
        return rs.words.place(this.order)
      },
      isMoving() {
        return ['accepted', 'ready'].includes(this.order.status)
      },
      lines() {
        const {order, stations} = this
        if (!stations.length) return order.lines
        return order.lines.filter(each => stations.includes(each.station))
      },
      courses() {
        return this.order.courses
          .map(each => ({
            ...each,
            lines: this.lines.filter(({course}) => course === each.course)
          }))
          .filter(({lines}) => lines.length)
      },
      hasCourses() {
        return this.order.courses.length > 1
      },
      /** What "all done" is about: the lines here that were called for. */
      open() {
        if (!this.isMoving) return []
        return this.lines.filter(({status}) => ['waiting', 'cooking'].includes(status))
      },
      dueAt() {
        const at = this.order.promised_at ?? this.order.wanted_at
        return at ? Date.parse(at) : null
      },
      since() {
        const {paid_at: paid, accepted_at: accepted, created_at: created} = this.order
        return Date.parse(paid ?? accepted ?? created)
      },
      urgency() {
        const {order, clock, dueAt} = this
        if (order.status === 'ready') return order.is_late ? 'late' : 'fine'
        if (!dueAt) return rs.words.urgency(clock.now - this.since)
        if (clock.now > dueAt) return 'late'
        return dueAt - clock.now <= SOON_MS ? 'warn' : 'fine'
      },
      timeText() {
        const {clock, dueAt, order} = this
        if (order.status === 'ready') return rs.t('status.ready')
        if (!dueAt) return rs.format.age(clock.now - this.since)
        if (clock.now > dueAt)
          return rs.t('cooks.late', {time: rs.format.age(clock.now - dueAt)})
        return rs.t('cooks.left', {time: rs.format.age(dueAt - clock.now)})
      }
    },
    methods: {
      markOf: line => MARKS[line.status] ?? 'radio_button_unchecked',
      modifierText: ({name, quantity}) =>
        `+ ${quantity > 1 ? `${quantity}× ` : ''}${name}`,
      allergenText: line => rs.words.allergens(line.allergens),
      nameOf(line) {
        const what = [
          `${line.quantity}× ${line.name}`,
          ...line.modifiers.map(m => m.name)
        ]
        const state = rs.t(`cooks.line.${line.status}`)
        return [what.join(', '), line.note, state].filter(Boolean).join('. ')
      },
      tap(line) {
        this.$emit(
          'move',
          this.order,
          [line],
          line.status === 'done' ? 'waiting' : 'done'
        )
      }
    }
  })
})(window.restaurantStaff)
