// Issues a gift card. Its code is shown here, once.
;(rs => {
  const blank = () => ({amount: '', kind: 'sold', expires: '', note: ''})

  window.app.component('restaurant-gift-card-new', {
    template: '#restaurant-gift-card-new',
    props: {modelValue: Boolean, restaurant: Object},
    emits: ['update:modelValue', 'issued'],
    data() {
      return {form: blank(), issued: null, faults: {}, isBusy: false}
    },
    computed: {
      kinds() {
        return ['sold', 'given'].map(name => ({
          name,
          label: rs.t(`gift.kinds.${name}`)
        }))
      },
      title() {
        return rs.t(this.issued ? 'gift.issued' : 'gift.issue')
      },
      amountText() {
        const {amount, currency} = this.issued
        return rs.format.fiat(amount, currency)
      },
      /** What the paper says above the code. */
      lines() {
        const {expires_at: until} = this.issued
        const card = rs.t('gift.card_of', {amount: this.amountText})
        const end = until && rs.t('gift.until', {time: rs.format.moment(until)})
        return [this.restaurant.name, card, end].filter(Boolean)
      }
    },
    watch: {
      modelValue(isOpen) {
        if (!isOpen) return
        this.keyFor = rs.api.keyring()
        Object.assign(this, {form: blank(), issued: null, faults: {}})
      }
    },
    methods: {
      close() {
        this.$emit('update:modelValue', false)
      },
      body() {
        const {amount, kind, expires, note} = this.form
        // The last moment of the chosen day, here.
        const until = expires && new Date(`${expires}T23:59:59`).toISOString()
        return {
          amount: amount.trim().replace(',', '.'),
          kind,
          ...(until ? {expires_at: until} : {}),
          ...(note.trim() ? {note: note.trim()} : {})
        }
      },
      async issue() {
        const body = this.body()
        this.isBusy = true
        this.faults = {}
        try {
          const path = `/restaurants/${this.restaurant.id}/gift_cards`
          this.issued = await rs.api.call('POST', path, {body, key: this.keyFor(body)})
          this.$emit('issued')
        } catch (error) {
          const name = String(error.facts?.field || '').split(/[.[]/)[0]
          this.faults = {[name || 'amount']: error.detail}
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
