// Guests who come to the counter with cash: nothing is cooked before they paid.
;(rs => {
  window.app.component('restaurant-counter', {
    template: '#restaurant-counter',
    props: {orders: Array},
    inject: ['clock', 'showOrder', 'takePayment'],
    methods: {
      place: order => rs.words.place(order),
      due: order => rs.words.fiat(order),
      since(order) {
        return rs.format.age(this.clock.now - Date.parse(order.created_at))
      }
    }
  })
})(window.restaurantStaff)
