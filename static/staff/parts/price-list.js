// One price list: where and when it holds, and its prices beside those of the menu.
;(rs => {
  const {plain} = rs.settings
  const isZero = text => /^-?0*(\.0*)?$/.test(text ?? '')
  const blank = {
    name: '',
    order_types: [],
    zones: [],
    schedule: rs.schedules.always(),
    adjust_percent: '0',
    round_to: '',
    prices: {},
    deltas: {},
    is_active: true
  }

  function formOf(row) {
    const form = JSON.parse(JSON.stringify(row ?? blank))
    const {adjust_percent: percent} = form
    return {...form, adjust_percent: isZero(percent) ? '' : percent}
  }

  const path = ({id}) => `/restaurants/${id}/price_lists`
  const filled = map =>
    Object.fromEntries(
      Object.entries(map)
        .map(([id, text]) => [id, plain(text)])
        .filter(([, text]) => text)
    )

  window.app.component('restaurant-price-list', {
    template: '#restaurant-price-list',
    mixins: [rs.forms.dialog({path, one: '/price_lists', formOf})],
    props: {position: Number},
    data() {
      return {wares: rs.wares.none(), zones: [], typed: '', isWithModifiers: false}
    },
    computed: {
      zoneOptions() {
        return this.zones.map(name => ({value: name, label: name}))
      },
      shown() {
        const wanted = (this.typed || '').toLowerCase()
        return this.wares.items.filter(
          ({name, category}) =>
            !wanted || `${name} ${category}`.toLowerCase().includes(wanted)
        )
      }
    },
    methods: {
      body() {
        const {form} = this
        return {
          name: form.name.trim(),
          ...(this.row ? {} : {position: this.position}),
          order_types: form.order_types,
          zones: form.zones,
          schedule: form.schedule,
          adjust_percent: plain(form.adjust_percent) || '0',
          ...(form.round_to ? {round_to: plain(form.round_to)} : {}),
          prices: filled(form.prices),
          deltas: filled(form.deltas),
          is_active: form.is_active
        }
      },
      fiat: item => rs.format.fiat(item.price, item.currency),
      /** What the item costs by the percentage alone, for its empty field. */
      adjusted(item) {
        const {adjust_percent: percent, round_to: step} = this.form
        const isOwn = item.currency === this.restaurant.currency
        return rs.sums.adjusted(item.price, plain(percent), isOwn ? plain(step) : '')
      },
      modifiersOf(item) {
        return item.modifier_groups.flatMap(group => group.modifiers)
      },
      async opened() {
        this.typed = ''
        this.isWithModifiers = Object.keys(this.form.deltas).length > 0
        const tables = `/restaurants/${this.restaurant.id}/tables`
        try {
          const [wares, all] = await Promise.all([
            rs.wares.load(this.restaurant),
            rs.api.all(tables)
          ])
          const used = [...all.map(each => each.zone), ...this.form.zones]
          this.zones = [...new Set(used.filter(Boolean))].sort()
          this.wares = wares
        } catch (error) {
          this.fault = error.detail
        }
      }
    }
  })
})(window.restaurantStaff)
