// The menu as something to choose from.
;(rs => {
  /**
   * The menu's own prices: {categories, items, byId, modifiers}; every item knows its
   * `category` and its `currency`.
   */
  async function load(restaurant) {
    const tree = await rs.api.call('GET', `/restaurants/${restaurant.id}/menu?all=1`)
    const items = tree.categories.flatMap(category =>
      category.items.map(item => ({
        ...item,
        category: category.name,
        currency: item.currency || restaurant.currency
      }))
    )
    const byId = Object.fromEntries(items.map(item => [item.id, item]))
    const modifiers = Object.fromEntries(
      items.flatMap(item =>
        item.modifier_groups.flatMap(group =>
          group.modifiers.map(each => [
            each.id,
            {...each, item: item.name, currency: item.currency}
          ])
        )
      )
    )
    return {categories: tree.categories, items, byId, modifiers}
  }

  const none = () => ({categories: [], items: [], byId: {}, modifiers: {}})

  rs.wares = {load, none}
})(window.restaurantStaff)
