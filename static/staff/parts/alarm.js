// Paid orders that nobody accepts: said on every page, and called out until they are.
;(rs => {
  window.app.component('restaurant-alarm', {
    template: '#restaurant-alarm',
    emits: ['jump'],
    inject: ['board'],
    computed: {
      /** The oldest first. */
      waiting() {
        return Object.values(this.board.state.orders)
          .filter(order => order.status === 'paid' && order.alert_level > 0)
          .sort((a, b) => a.paid_at.localeCompare(b.paid_at))
      },
      level() {
        return Math.max(0, ...this.waiting.map(order => order.alert_level))
      }
    },
    watch: {
      level: {immediate: true, handler: level => rs.chime.repeat(level)}
    },
    beforeUnmount() {
      rs.chime.repeat(0)
    }
  })
})(window.restaurantStaff)
