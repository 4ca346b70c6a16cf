// A new restaurant on one of the account's wallets.
;(rs => {
  window.app.component('restaurant-create', {
    template: '#restaurant-create',
    props: {isFirst: Boolean},
    emits: ['created', 'cancel'],
    data() {
      return {
        walletId: null,
        name: '',
        currency: 'sat',
        currencies: [],
        faults: {},
        isBusy: false
      }
    },
    computed: {
      ownWallets() {
        return this.g.user.wallets.filter(
          each => each.walletType !== 'lightning-shared'
        )
      },
      wallets() {
        return this.ownWallets.map(each => ({label: each.name, value: each.id}))
      },
      allCurrencies() {
        const allowed = this.g.allowedCurrencies || []
        const fiat = allowed.length ? allowed : this.g.currencies || []
        return ['sat', ...fiat.filter(code => code !== 'sats')]
      }
    },
    methods: {
      filterCurrencies(typed, update) {
        const wanted = typed.toLowerCase()
        update(() => {
          this.currencies = this.allCurrencies.filter(code =>
            code.toLowerCase().includes(wanted)
          )
        })
      },
      async submit() {
        const wallet = this.ownWallets.find(each => each.id === this.walletId)
        const body = {name: this.name.trim(), currency: this.currency}
        this.isBusy = true
        this.faults = {}
        try {
          const options = {
            body,
            key: this.keyFor(body),
            headers: {'X-Api-Key': wallet.adminkey}
          }
          const restaurant = await rs.api.call('POST', '/restaurants', options)
          this.$emit('created', restaurant)
        } catch (error) {
          if (error.facts?.field) this.faults = {[error.facts.field]: error.detail}
          else rs.ask.failed(error)
        }
        this.isBusy = false
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
      this.walletId = this.ownWallets[0]?.id ?? null
      this.currencies = this.allCurrencies
    }
  })
})(window.restaurantStaff)
