// What staff take off a bill or one of its lines, and why.
;(rs => {
  const {plain} = rs.settings
  const REASONS = ['late', 'complaint', 'regular', 'mistake']
  const blank = () => ({
    kind: 'percent',
    value: '10',
    stored: null,
    line: null,
    reason: ''
  })

  window.app.component('restaurant-staff-discounts', {
    template: '#restaurant-staff-discounts',
    props: {modelValue: Array, restaurant: Object, lines: Array, stored: Array},
    emits: ['update:modelValue'],
    data() {
      return {isOpen: false, form: blank()}
    },
    computed: {
      kinds() {
        const names = ['percent', 'amount', ...(this.stored.length ? ['stored'] : [])]
        return names.map(name => ({name, label: rs.t(`edit.discounts.${name}`)}))
      },
      reasons() {
        return REASONS.map(name => rs.t(`edit.discounts.reasons.${name}`)).map(
          text => ({name: text, label: text})
        )
      },
      scopes() {
        return [{value: null, label: rs.t('edit.discounts.all')}, ...this.lines]
      },
      storedOptions() {
        return this.stored.map(({id, name}) => ({value: id, label: name}))
      },
      isReady() {
        const {kind, value, stored, reason} = this.form
        const hasSum = kind === 'stored' ? stored : Number(plain(value)) > 0
        return Boolean(hasSum && reason.trim())
      }
    },
    methods: {
      nameOf(each) {
        const line = this.lines.find(({value}) => value === each.rowKey)?.label
        return [each.name, line, each.reason].filter(Boolean).join(' · ')
      },
      open() {
        this.form = blank()
        this.isOpen = true
      },
      give() {
        const {kind, stored, line, reason} = this.form
        const value = plain(this.form.value)
        const {currency} = this.restaurant
        const made = {
          percent: () => ({percent: value, name: `${value} %`}),
          amount: () => ({amount: value, name: rs.format.fiat(value, currency)}),
          stored: () => ({
            discount_id: stored,
            name: this.stored.find(each => each.id === stored).name
          })
        }[kind]()
        const given = {...made, rowKey: line, reason: reason.trim()}
        this.$emit('update:modelValue', [...this.modelValue, given])
        this.isOpen = false
      },
      remove(index) {
        const keep = (_, place) => place !== index
        this.$emit('update:modelValue', this.modelValue.filter(keep))
      }
    }
  })
})(window.restaurantStaff)
