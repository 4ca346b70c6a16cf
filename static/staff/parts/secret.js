// A code that is worth money: large, to copy and to print.
;(rs => {
  window.app.component('restaurant-secret', {
    template: '#restaurant-secret',
    props: {code: String, lines: Array},
    methods: {
      copy() {
        rs.ask.copy(this.code)
      },
      print() {
        rs.paper.print([...this.lines, this.code], this.code)
      }
    }
  })
})(window.restaurantStaff)
