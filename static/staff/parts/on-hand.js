// What is left of an entry of the menu; a tap leads to its stock.
;(rs => {
  window.app.component('restaurant-on-hand', {
    template: '#restaurant-on-hand',
    props: {node: Object},
    inject: ['shelf'],
    computed: {
      isCounted() {
        return (this.node.stock ?? null) !== null
      },
      text() {
        if (!this.isCounted) return rs.t('stock.not_counted')
        if (this.node.stock === 0) return rs.t('menu.none_left')
        return rs.t('menu.left', {n: this.node.stock})
      }
    },
    methods: {
      show() {
        this.shelf.state.wanted = this.node.id
        this.$router.replace({hash: '#stock'})
      }
    }
  })
})(window.restaurantStaff)
