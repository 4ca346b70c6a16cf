// The guests' link and its QR code: of the restaurant, or of one table.
;(rs => {
  window.app.component('restaurant-share', {
    template: '#restaurant-share',
    props: {modelValue: Boolean, restaurant: Object, table: Object},
    emits: ['update:modelValue'],
    computed: {
      link() {
        const base = `${window.location.origin}/restaurant/m/${this.restaurant.slug}`
        if (!this.table) return base
        const name = encodeURIComponent(this.table.name)
        return `${base}#t=${encodeURIComponent(this.table.token)}&table=${name}`
      }
    },
    methods: {
      copy() {
        rs.ask.copy(this.link)
      }
    }
  })
})(window.restaurantStaff)
