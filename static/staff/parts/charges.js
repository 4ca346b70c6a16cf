// What is added to a bill: service, an automatic gratuity, delivery, anything else.
;(rs => {
  const KINDS = ['service', 'gratuity', 'delivery', 'other']
  const PARTY = '6'

  window.app.component('restaurant-charges', {
    template: '#restaurant-charges',
    props: {modelValue: Array, currency: String, fault: String},
    emits: ['update:modelValue'],
    computed: {
      kinds() {
        return KINDS.map(value => ({value, label: rs.t(`charges.kinds.${value}`)}))
      },
      units() {
        return [
          {name: 'percent', label: '%'},
          {name: 'amount', label: this.currency}
        ]
      }
    },
    methods: {
      /** What the rule does, as a sentence. */
      says(row) {
        const sum = row.unit === 'percent' ? `${row.value} %` : this.fiat(row.value)
        const parts = [
          row.value && rs.t('charges.adds', {sum}),
          row.order_types.map(type => rs.t(`type_${type}`)).join(', '),
          row.from_covers && rs.t('charges.from', {n: row.from_covers}),
          row.free_from && rs.t('charges.free', {sum: this.fiat(row.free_from)}),
          row.tax_rate && rs.t('charges.taxed', {rate: row.tax_rate})
        ]
        return parts.filter(Boolean).join(' · ')
      },
      fiat(text) {
        return rs.format.fiat(rs.settings.plain(text), this.currency)
      },
      set(index, change) {
        const rows = this.modelValue.map((row, place) =>
          place === index ? {...row, ...change} : row
        )
        this.$emit('update:modelValue', rows)
      },
      setKind(index, kind) {
        const row = this.modelValue[index]
        const isNamed = row.name && row.name !== rs.t(`charges.kinds.${row.kind}`)
        this.set(index, {
          kind,
          name: isNamed ? row.name : rs.t(`charges.kinds.${kind}`),
          from_covers: kind === 'gratuity' ? row.from_covers || PARTY : row.from_covers,
          order_types: kind === 'delivery' ? ['delivery'] : row.order_types
        })
      },
      add() {
        const row = {
          kind: 'service',
          name: rs.t('charges.kinds.service'),
          unit: 'percent',
          value: '',
          order_types: [],
          from_covers: '',
          free_from: '',
          tax_rate: ''
        }
        this.$emit('update:modelValue', [...this.modelValue, row])
      },
      remove(index) {
        const rows = this.modelValue.filter((_, place) => place !== index)
        this.$emit('update:modelValue', rows)
      }
    }
  })
})(window.restaurantStaff)
