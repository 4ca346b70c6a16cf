// Which printer? Each with what keeps it from printing now.
;(rs => {
  window.app.component('restaurant-printer-menu', {
    template: '#restaurant-printer-menu',
    props: {printers: Array},
    emits: ['choose'],
    methods: {ailmentOf: rs.printers.ailmentOf}
  })
})(window.restaurantStaff)
