// What a price is made of: taxes and charges, discounts, price lists, combos.
;(rs => {
  const PAGES = ['taxes', 'discounts', 'price_lists', 'combos']

  window.app.component('restaurant-prices', {
    template: '#restaurant-prices',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    data() {
      return {page: 'taxes', groups: rs.settings.PRICES}
    },
    computed: {
      pages() {
        return PAGES.map(name => {
          const mark = name === 'taxes' && rs.dirty.prices ? ' ●' : ''
          return {name, label: rs.t(`prices.pages.${name}`) + mark}
        })
      }
    }
  })
})(window.restaurantStaff)
