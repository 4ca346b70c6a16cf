// Tips: whose they are, who works here, and what was paid out.
;(rs => {
  window.app.component('restaurant-tips', {
    template: '#restaurant-tips',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen'],
    data() {
      return {
        balances: null,
        people: [],
        payouts: null,
        next: null,
        error: null,
        shown: null,
        isEditing: false,
        isPaying: false
      }
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}`
      },
      common() {
        return (this.balances ?? []).filter(each => !each.staff_id)
      },
      /** Everybody with what is open for them; also who is gone and is owed. */
      staff() {
        const balanceOf = id => this.balances?.find(each => each.staff_id === id)
        const known = new Set(this.people.map(each => each.id))
        const gone = (this.balances ?? [])
          .filter(each => each.staff_id && !known.has(each.staff_id))
          .map(balance => ({id: balance.staff_id, name: balance.name, balance}))
        const here = this.people.map(each => ({...each, balance: balanceOf(each.id)}))
        return [...here, ...gone].sort((a, b) =>
          String(a.name).localeCompare(String(b.name), rs.format.locale())
        )
      },
      canPay() {
        return (this.balances ?? []).some(
          ({to, payable_msat: msat}) => to !== 'restaurant' && msat > 0
        )
      }
    },
    methods: {
      // What is less than a satoshi stays open and is nobody's yet.
      sats: msat => rs.format.sats(Math.floor(msat / 1000) * 1000),
      fiat({amounts}) {
        return amounts
          .filter(({currency}) => !rs.sums.isSat(currency))
          .map(({amount, currency}) => rs.format.fiat(amount, currency))
          .join(' + ')
      },
      aboutPerson(person) {
        const goes = person.pay_to || (person.wallet_id && rs.t('tips.own_wallet'))
        const parts = [
          person.is_active === false && rs.t('tips.inactive'),
          goes || rs.t('tips.only_cash'),
          person.weight !== undefined && rs.t('tips.weight_of', {n: person.weight})
        ]
        return parts.filter(Boolean).join(' · ')
      },
      edit(person) {
        this.shown = person
        this.isEditing = true
      },
      async load() {
        try {
          const [balances, people, payouts] = await Promise.all([
            rs.api.call('GET', `${this.path}/tips/balances`),
            rs.api.all(`${this.path}/staff`),
            rs.api.call('GET', `${this.path}/tip_payouts?limit=30`)
          ])
          Object.assign(this, {people, payouts: payouts.data, next: payouts.next})
          this.balances = balances.data
          this.error = null
        } catch (error) {
          this.error = error
        }
      },
      async more() {
        try {
          const cursor = encodeURIComponent(this.next)
          const query = `?limit=30&cursor=${cursor}`
          const page = await rs.api.call('GET', `${this.path}/tip_payouts${query}`)
          this.payouts.push(...page.data)
          this.next = page.next
        } catch (error) {
          rs.ask.failed(error)
        }
      },
      async remove(person) {
        const {name} = person
        const yes = await rs.ask.confirm(
          rs.t('tables.remove_title', {name}),
          rs.t('tips.remove_text'),
          rs.t('tables.remove')
        )
        if (!yes) return
        try {
          await rs.api.call('DELETE', `/staff/${person.id}`)
          this.isEditing = false
        } catch (error) {
          rs.ask.failed(error)
        }
        this.load()
      },
      soon() {
        clearTimeout(this.timer)
        this.timer = setTimeout(() => this.load(), 250)
      }
    },
    created() {
      const subjects = ['tip', 'payout', 'staff']
      this.unlisten = this.listen(row => {
        if (subjects.includes(row.event.split('.')[0])) this.soon()
      })
    },
    activated() {
      this.load()
    },
    beforeUnmount() {
      this.unlisten()
      clearTimeout(this.timer)
    }
  })
})(window.restaurantStaff)
