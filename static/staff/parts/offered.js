// For which orders, and when, a category or an item of the draft is offered.
;(rs => {
  window.app.component('restaurant-offered', {
    template: '#restaurant-offered',
    props: {node: Object, restaurant: Object},
    methods: {
      setTimed(isTimed) {
        const hours = {days: [0, 1, 2, 3, 4, 5, 6], starts: '12:00', ends: '15:00'}
        const {node} = this
        node.schedule = isTimed ? {...rs.schedules.always(), windows: [hours]} : null
      }
    }
  })
})(window.restaurantStaff)
