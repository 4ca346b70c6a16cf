// One of the staff: the name, and where their tips go.
;(rs => {
  const {orNull, whole} = rs.settings

  function formOf(row) {
    return {
      name: row?.name ?? '',
      way: row?.wallet_id ? 'wallet' : row && !row.pay_to ? 'cash' : 'address',
      pay_to: row?.pay_to ?? '',
      wallet_id: row?.wallet_id ?? null,
      weight: String(row?.weight ?? 1),
      is_active: row?.is_active ?? true
    }
  }

  const path = ({id}) => `/restaurants/${id}/staff`

  window.app.component('restaurant-member', {
    template: '#restaurant-member',
    mixins: [rs.forms.dialog({path, one: '/staff', formOf})],
    computed: {
      ways() {
        return ['address', 'wallet', 'cash'].map(name => ({
          name,
          label: rs.t(`tips.ways.${name}`)
        }))
      },
      wallets() {
        const own = (this.g.user?.wallets ?? [])
          .filter(each => each.id !== this.restaurant.wallet_id)
          .map(({id, name}) => ({value: id, label: name}))
        const {wallet_id: id} = this.form
        const isKnown = !id || own.some(each => each.value === id)
        return isKnown ? own : [...own, {value: id, label: id}]
      }
    },
    methods: {
      body() {
        const {form} = this
        return {
          name: form.name.trim(),
          pay_to: form.way === 'address' ? orNull(form.pay_to) : null,
          wallet_id: form.way === 'wallet' ? form.wallet_id || null : null,
          weight: whole(form.weight) ?? 0,
          is_active: form.is_active
        }
      }
    }
  })
})(window.restaurantStaff)
