// Accept an order and say in how many minutes it is ready.
;(rs => {
  const USUAL = [10, 15, 20, 30, 45]

  window.app.component('restaurant-promise', {
    template: '#restaurant-promise',
    props: {order: Object, isBusy: Boolean},
    emits: ['accept'],
    computed: {
      /** What the guest was told comes first in line. */
      choices() {
        const quoted = this.order.quoted_minutes
        const all = quoted ? [...USUAL, quoted] : USUAL
        return [...new Set(all)].sort((a, b) => a - b)
      }
    }
  })
})(window.restaurantStaff)
