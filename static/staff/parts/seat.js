// Where an order is served: it moves to another table, or joins another order.
;(rs => {
  window.app.component('restaurant-seat', {
    template: '#restaurant-seat',
    props: {order: Object, restaurant: Object},
    inject: ['board', 'mergeOrder'],
    data() {
      return {tables: [], isBusy: false}
    },
    computed: {
      mayMove() {
        return rs.words.mayEdit(this.order)
      },
      mayMerge() {
        return rs.words.isSent(this.order)
      },
      names() {
        return rs.words.sortedNames(this.tables.map(({name}) => name))
      }
    },
    methods: {
      async move(table) {
        if (table === this.order.table) return
        this.isBusy = true
        try {
          const options = {
            body: {revision: this.order.revision, table},
            mayRepeat: true
          }
          const path = `/orders/${this.order.id}`
          this.board.put(await rs.api.call('PATCH', path, options))
        } catch (error) {
          rs.ask.failed(error)
          this.board.touch(this.order.id)
        }
        this.isBusy = false
      },
      async load() {
        try {
          this.tables = await rs.api.all(`/restaurants/${this.restaurant.id}/tables`)
        } catch {
          // The order is there without it.
        }
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
