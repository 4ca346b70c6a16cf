// Who serves an order: tips may be theirs.
;(rs => {
  window.app.component('restaurant-served-by', {
    template: '#restaurant-served-by',
    props: {order: Object, restaurant: Object},
    inject: ['board'],
    data() {
      return {people: [], isBusy: false}
    },
    computed: {
      options() {
        const isShown = each => each.is_active || each.id === this.order.server_id
        const people = this.people
          .filter(isShown)
          .map(({id, name}) => ({value: id, label: name}))
        return [{value: null, label: rs.t('served.nobody')}, ...people]
      },
      chosen() {
        const {server_id: id} = this.order
        const known = this.options.find(each => each.value === id)
        return known ?? {value: id, label: rs.t('served.gone')}
      }
    },
    methods: {
      async load() {
        try {
          this.people = await rs.api.all(`/restaurants/${this.restaurant.id}/staff`)
        } catch {
          // The order is there without it.
        }
      },
      async set({value}) {
        this.isBusy = true
        try {
          const path = `/orders/${this.order.id}/server`
          const body = {staff_id: value}
          await rs.api.call('PUT', path, {body, mayRepeat: true})
        } catch (error) {
          rs.ask.failed(error)
        }
        await this.board.loadOne(this.order.id)
        this.isBusy = false
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
