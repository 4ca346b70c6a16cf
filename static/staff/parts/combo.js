// One combo: its price, its courses, and what may be chosen in each.
;(rs => {
  const {plain, whole} = rs.settings
  const isZero = text => /^0*(\.0*)?$/.test(text ?? '')
  const course = name => ({name, min: '1', max: '1', options: []})

  function formOf(row) {
    const groups = (row?.groups ?? []).map(group => ({
      id: group.id,
      name: group.name,
      min: String(group.min),
      max: String(group.max),
      options: group.options.map(each => ({
        menu_item_id: each.menu_item_id,
        surcharge: isZero(each.surcharge) ? '' : each.surcharge
      }))
    }))
    return {
      name: row?.name ?? '',
      description: row?.description ?? '',
      image_url: row?.image_url ?? '',
      price: row?.price ?? '',
      groups: groups.length ? groups : [course('')],
      schedule: JSON.parse(JSON.stringify(row?.schedule ?? rs.schedules.always())),
      is_active: row?.is_active ?? true
    }
  }

  const path = ({id}) => `/restaurants/${id}/combos`

  window.app.component('restaurant-combo', {
    template: '#restaurant-combo',
    mixins: [rs.forms.dialog({path, one: '/combos', formOf})],
    props: {position: Number},
    data() {
      return {wares: rs.wares.none()}
    },
    computed: {
      currency() {
        return this.row?.currency ?? this.restaurant.currency
      },
      items() {
        return this.wares.items
          .filter(each => each.currency === this.currency)
          .map(({id, name, category, price, currency}) => ({
            value: id,
            label: name,
            about: `${category} · ${rs.format.fiat(price, currency)}`
          }))
      }
    },
    methods: {
      body() {
        const {form} = this
        return {
          name: form.name.trim(),
          description: form.description.trim(),
          image_url: form.image_url.trim() || null,
          ...(this.row ? {} : {position: this.position}),
          price: plain(form.price),
          groups: form.groups.map(group => ({
            ...(group.id ? {id: group.id} : {}),
            name: group.name.trim(),
            min: whole(group.min) ?? 0,
            max: whole(group.max) ?? 1,
            options: group.options.map(each => ({
              menu_item_id: each.menu_item_id,
              surcharge: plain(each.surcharge) || '0'
            }))
          })),
          schedule: form.schedule,
          is_active: form.is_active
        }
      },
      nameOf(option) {
        return this.wares.byId[option.menu_item_id]?.name ?? rs.t('prices.gone')
      },
      priceOf(option) {
        const item = this.wares.byId[option.menu_item_id]
        return item ? rs.format.fiat(item.price, item.currency) : ''
      },
      idsOf: group => group.options.map(each => each.menu_item_id),
      setIds(group, ids) {
        const known = new Map(group.options.map(each => [each.menu_item_id, each]))
        group.options = ids.map(
          id => known.get(id) ?? {menu_item_id: id, surcharge: ''}
        )
      },
      addGroup() {
        this.form.groups.push(course(''))
      },
      /** The fault of one course, whatever field of it is meant. */
      faultIn(index) {
        const start = `groups.${index}.`
        const key = Object.keys(this.faults).find(each => each.startsWith(start))
        return this.faults[key]
      },
      async opened() {
        try {
          this.wares = await rs.wares.load(this.restaurant)
        } catch (error) {
          this.fault = error.detail
        }
      }
    }
  })
})(window.restaurantStaff)
