// The modifiers of an item with their switches, from the list of the menu.
;(rs => {
  window.app.component('restaurant-choices-off', {
    template: '#restaurant-choices-off',
    props: {item: Object, restaurant: Object, storedIds: Set},
    emits: ['switched'],
    data() {
      return {isOpen: false}
    },
    computed: {
      rows() {
        return this.item.modifier_groups.flatMap(group =>
          group.modifiers.map(node => ({node, about: this.aboutOf(group, node)}))
        )
      },
      off() {
        return this.rows.filter(({node}) => !node.is_available).length
      }
    },
    methods: {
      aboutOf(group, {stock}) {
        const left = (stock ?? null) !== null && rs.t('menu.left', {n: stock})
        return [group.name, left].filter(Boolean).join(' · ')
      }
    }
  })
})(window.restaurantStaff)
