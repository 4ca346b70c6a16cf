// The choices of one item: modifier groups with min and max, and their modifiers.
;(rs => {
  const OTHERS_MAX = 40

  window.app.component('restaurant-modifier-groups', {
    template: '#restaurant-modifier-groups',
    props: {
      groups: Array,
      restaurant: Object,
      currency: String,
      categories: Array,
      storedIds: Set
    },
    emits: ['switched'],
    computed: {
      /** Groups of other items, one of each name, to start from. */
      others() {
        const own = new Set(this.groups.map(group => group.name))
        const found = new Map()
        for (const item of this.categories.flatMap(each => each.items)) {
          for (const group of item.modifier_groups) {
            const isNew = group.name && !own.has(group.name) && !found.has(group.name)
            if (isNew) found.set(group.name, {group, item})
          }
        }
        return [...found.values()].slice(0, OTHERS_MAX)
      }
    },
    methods: {
      move: rs.tree.move,
      fault(node, field) {
        const detail = node._faults[field]
        return {error: Boolean(detail), errorMessage: detail}
      },
      whole(text) {
        const typed = String(text ?? '').trim()
        return /^\d+$/.test(typed) ? Number(typed) : typed || null
      },
      ruleOf({min, max}) {
        if (!min && max === null) return rs.t('groups.rule_any')
        if (!min) return rs.t('groups.rule_up_to', {max})
        if (max === null) return rs.t('groups.rule_at_least', {min})
        if (min === max) return rs.t('groups.rule_exactly', {min})
        return rs.t('groups.rule_between', {min, max})
      },
      addGroup() {
        this.groups.push(rs.tree.newGroup())
      },
      addModifier(group) {
        group.modifiers.push(rs.tree.newModifier())
      },
      copy(group) {
        this.groups.push(rs.tree.copyOf(group, 'modifier_groups'))
      },
      async removeGroup(index) {
        const {name, modifiers} = this.groups[index]
        const title = rs.t('menu.delete', {name: name || '…'})
        const text = rs.t('groups.delete_text', {n: modifiers.length})
        const yes = await rs.ask.confirm(title, text, rs.t('menu.delete_yes'))
        if (yes) this.groups.splice(index, 1)
      }
    }
  })
})(window.restaurantStaff)
