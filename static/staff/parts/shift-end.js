// The end of a shift: who was here, who gets what, and sending it.
;(rs => {
  const {whole} = rs.settings

  window.app.component('restaurant-shift-end', {
    template: '#restaurant-shift-end',
    props: {restaurant: Object, people: Array, balances: Array, payouts: Array},
    emits: ['changed', 'close'],
    data() {
      return {rows: [], ids: null, fault: null, isBusy: false}
    },
    computed: {
      common() {
        return this.balances.find(each => each.to === 'pool')
      },
      pool() {
        return this.common?.payable_msat ?? 0
      },
      /** What each of those who were here gets of the pool, in msat. */
      parts() {
        const here = this.rows.filter(row => row.isHere)
        const weights = here.map(row => BigInt(this.weightOf(row)))
        const shares = rs.sums.apportion(BigInt(this.pool), weights)
        return Object.fromEntries(
          here.map((row, i) => [row.id, Number(shares[i] ?? 0n)])
        )
      },
      /** Who gets something, with how much: {id, way, msat}. */
      gets() {
        const chosen = this.rows.filter(row => row.isHere || row.isPaid)
        return chosen
          .map(row => ({id: row.id, way: row.way, msat: this.sumOf(row)}))
          .filter(each => each.msat >= 1000)
      },
      total() {
        return this.gets.reduce((sum, each) => sum + each.msat, 0)
      },
      /** The payouts that were made here, as they stand now. */
      made() {
        return this.payouts.filter(each => this.ids.includes(each.id))
      }
    },
    methods: {
      sats: rs.format.sats,
      weightOf(row) {
        const weight = whole(row.weight)
        return Number.isInteger(weight) && weight > 0 ? weight : 0
      },
      sumOf(row) {
        const own = row.own + (row.isHere ? (this.parts[row.id] ?? 0) : 0)
        return Math.floor(own / 1000) * 1000
      },
      /** The same in the currencies that it came in, for who hands over cash. */
      fiatOf(row) {
        const part = row.isHere ? (this.parts[row.id] ?? 0) : 0
        const own = this.balances.find(each => each.staff_id === row.id)
        const sums = rs.sums.shareOf([
          ...(own && row.own ? [{...own, part: own.amount_msat}] : []),
          ...(part ? [{...this.common, part}] : [])
        ])
        return sums
          .filter(({currency}) => !rs.sums.isSat(currency))
          .map(({currency, amount}) => rs.format.fiat(amount, currency))
          .join(' + ')
      },
      partText(row) {
        const parts = [
          row.own && rs.t('shift.own', {amount: this.sats(row.own)}),
          this.parts[row.id] &&
            rs.t('shift.of_pool', {
              amount: this.sats(Math.floor(this.parts[row.id] / 1000) * 1000)
            })
        ]
        return parts.filter(Boolean).join(' + ')
      },
      begin() {
        const ownOf = id => {
          const found = this.balances.find(each => each.staff_id === id)
          return Math.max(0, found?.payable_msat ?? 0)
        }
        this.rows = this.people
          .filter(each => each.is_active || ownOf(each.id))
          .map(each => ({
            id: each.id,
            name: each.name,
            own: ownOf(each.id),
            weight: String(each.weight ?? 1),
            isHere: each.is_active && each.weight > 0,
            isActive: each.is_active,
            isPaid: !each.is_active,
            where: each.pay_to || (each.wallet_id && rs.t('tips.own_wallet')),
            way: each.pay_to || each.wallet_id ? 'lightning' : 'cash'
          }))
      },
      /** One body for each way; the first of them shares the pool. */
      bodies() {
        const pool = this.rows
          .filter(row => row.isHere && this.weightOf(row))
          .map(row => ({staff_id: row.id, weight: this.weightOf(row)}))
        const ways = ['lightning', 'cash'].map(way => ({
          destination: way,
          staff_ids: this.gets.filter(each => each.way === way).map(each => each.id)
        }))
        return ways
          .filter(each => each.staff_ids.length)
          .map((each, index) => ({...each, pool: index || !this.pool ? [] : pool}))
      },
      // What was asked for keeps its keys until all of it was answered: a lost answer
      // pays nobody twice.
      async send() {
        this.asked ??= this.bodies()
        Object.assign(this, {isBusy: true, fault: null})
        try {
          const ids = []
          for (const body of this.asked) {
            const path = `/restaurants/${this.restaurant.id}/tip_payouts`
            const options = {body, key: this.keyFor(body)}
            const made = await rs.api.call('POST', path, options)
            ids.push(...made.data.map(each => each.id))
          }
          this.ids = ids
        } catch (error) {
          this.fault = error.detail
          if (!error.isTransient) this.asked = null
        }
        this.$emit('changed')
        this.isBusy = false
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
      this.begin()
    }
  })
})(window.restaurantStaff)
