// Fixed rates of the house: a currency in satoshi, for a time or for good.
;(rs => {
  window.app.component('restaurant-house-rates', {
    template: '#restaurant-house-rates',
    props: {modelValue: Array, restaurant: Object, fault: String},
    emits: ['update:modelValue'],
    data() {
      return {market: {}}
    },
    computed: {
      currencies() {
        return this.modelValue.map(each => each.currency).join(' ')
      }
    },
    watch: {
      currencies: {
        immediate: true,
        handler() {
          this.modelValue.forEach(each => this.loadMarket(each.currency))
        }
      }
    },
    methods: {
      /** What the market says: something to hold one's own rate against. */
      async loadMarket(currency) {
        if (!currency || currency in this.market) return
        this.market[currency] = null
        try {
          const path = `/api/v1/rate/${encodeURIComponent(currency)}`
          this.market[currency] = (await rs.api.call('GET', path)).rate || null
        } catch {
          // The field is there without it.
        }
      },
      marketText({currency}) {
        const rate = this.market[currency]
        const text = rate && rs.format.whole(Math.round(rate * 1000) / 1000)
        return text ? rs.t('rates.market', {rate: text}) : undefined
      },
      set(index, change) {
        const rows = this.modelValue.map((row, place) =>
          place === index ? {...row, ...change} : row
        )
        this.$emit('update:modelValue', rows)
      },
      add() {
        const {currency} = this.restaurant
        const code = rs.sums.isSat(currency) ? 'USD' : currency
        const row = {currency: code, rate: '', starts: '', ends: ''}
        this.$emit('update:modelValue', [...this.modelValue, row])
      },
      remove(index) {
        const rows = this.modelValue.filter((_, place) => place !== index)
        this.$emit('update:modelValue', rows)
      }
    }
  })
})(window.restaurantStaff)
