// Where a refund goes: {kind, value}. "address" is what the guest gave at checkout.
;(rs => {
  const KINDS = ['withdraw', 'lightning_address', 'bolt11', 'gift_card', 'cash']
  const WITH_VALUE = ['lightning_address', 'bolt11', 'gift_card']

  window.app.component('restaurant-refund-to', {
    template: '#restaurant-refund-to',
    props: {modelValue: Object, order: Object},
    emits: ['update:modelValue'],
    computed: {
      choices() {
        const kinds = this.order.refund_to ? ['address', ...KINDS] : KINDS
        return kinds.map(name => ({name, label: rs.t(`give.to.${name}`)}))
      },
      hasValue() {
        return WITH_VALUE.includes(this.modelValue.kind)
      },
      hint() {
        const {kind} = this.modelValue
        if (kind === 'address') return this.order.refund_to
        const key = kind === 'gift_card' && this.paidByCard ? 'gift_card_paid' : kind
        return rs.t(`give.to_hints.${key}`)
      },
      paidByCard() {
        return this.order.payments.some(each => each.method === 'gift_card')
      }
    },
    methods: {
      choose(kind) {
        this.$emit('update:modelValue', {kind, value: ''})
      },
      type(value) {
        this.$emit('update:modelValue', {...this.modelValue, value: value || ''})
      }
    }
  })
})(window.restaurantStaff)
