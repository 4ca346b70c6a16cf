// One discount: what brings it about, how much it is, for what, when, how often.
;(rs => {
  const TRIGGERS = ['schedule', 'code', 'staff']
  const KINDS = ['percent', 'amount', 'buy_get', 'free_item']
  const {plain, orNull, whole} = rs.settings
  const LIMITS = ['limit_total', 'limit_per_day', 'limit_per_guest', 'limit_per_code']
  /** Which limits make sense for what brings it about. */
  const LIMITS_OF = {schedule: 3, code: 4, staff: 2}
  const usual = trigger => ({
    name: '',
    trigger,
    kind: 'percent',
    percent: '10',
    amount: '',
    buy: 2,
    get: 1,
    item_ids: [],
    category_ids: [],
    order_types: [],
    minimum: '',
    combines: true,
    limit_total: null,
    limit_per_day: null,
    limit_per_guest: null,
    limit_per_code: null,
    schedule: rs.schedules.always(),
    is_active: true
  })
  const text = value => String(value ?? '')

  function formOf(row) {
    const from = row ?? usual('schedule')
    const form = JSON.parse(JSON.stringify(from))
    LIMITS.forEach(name => (form[name] = text(from[name])))
    const minimum = /^0(\.0*)?$/.test(from.minimum) ? '' : from.minimum
    return {
      ...form,
      percent: text(from.percent),
      amount: text(from.amount),
      buy: text(from.buy || 2),
      get: text(from.get),
      minimum
    }
  }

  const path = ({id}) => `/restaurants/${id}/discounts`

  window.app.component('restaurant-discount', {
    template: '#restaurant-discount',
    mixins: [rs.forms.dialog({path, one: '/discounts', formOf})],
    data() {
      return {wares: rs.wares.none(), isMore: false}
    },
    computed: {
      triggers() {
        return TRIGGERS.map(name => ({
          name,
          label: rs.t(`discounts.trigger_names.${name}`)
        }))
      },
      kinds() {
        return KINDS.map(name => ({name, label: rs.t(`discounts.kinds.${name}`)}))
      },
      limits() {
        return LIMITS.slice(0, LIMITS_OF[this.form.trigger])
      },
      items() {
        return this.wares.items.map(({id, name, category}) => ({
          value: id,
          label: name,
          about: category
        }))
      },
      categories() {
        return this.wares.categories.map(({id, name}) => ({value: id, label: name}))
      },
      isPercent() {
        return this.form.kind !== 'amount'
      },
      counts() {
        return {buy_get: ['buy', 'get'], free_item: ['get']}[this.form.kind] ?? []
      },
      /** What it takes off, as a sentence. */
      says() {
        const {kind, percent, buy, get} = this.form
        if (kind === 'buy_get')
          return rs.t('discounts.says_buy_get', {buy, get, percent})
        if (kind === 'free_item')
          return rs.t('discounts.says_free_item', {get, percent})
        return null
      }
    },
    watch: {
      'form.kind'(kind, before) {
        const isFree = ['buy_get', 'free_item'].includes(kind)
        const wasFree = ['buy_get', 'free_item'].includes(before)
        if (isFree && !wasFree && this.form.percent === '10') this.form.percent = '100'
        if (!isFree && wasFree && this.form.percent === '100') this.form.percent = '10'
      }
    },
    methods: {
      body() {
        const {form} = this
        const isOn = name => this.limits.includes(name)
        const limits = LIMITS.map(name => [name, isOn(name) ? whole(form[name]) : null])
        return {
          name: form.name.trim(),
          trigger: form.trigger,
          kind: form.kind,
          percent: this.isPercent ? orNull(form.percent) : null,
          amount: form.kind === 'amount' ? orNull(form.amount) : null,
          ...(form.kind === 'buy_get' ? {buy: whole(form.buy)} : {}),
          ...(this.counts.length ? {get: whole(form.get)} : {}),
          item_ids: form.item_ids,
          category_ids: form.category_ids,
          order_types: form.order_types,
          minimum: plain(form.minimum) || '0',
          combines: form.combines,
          ...Object.fromEntries(limits),
          schedule: form.schedule,
          is_active: form.is_active
        }
      },
      async opened() {
        this.isMore = Boolean(this.row)
        try {
          this.wares = await rs.wares.load(this.restaurant)
        } catch (error) {
          this.fault = error.detail
        }
      }
    }
  })
})(window.restaurantStaff)
