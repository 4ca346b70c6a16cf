// Splits a bill: into equal parts with one tap, by amounts, by items, by guests.
;(rs => {
  const PARTS = [2, 3, 4, 5, 6]

  window.app.component('restaurant-split-new', {
    template: '#restaurant-split-new',
    props: {order: Object},
    emits: ['split'],
    data() {
      return {
        by: 'parts',
        quickParts: PARTS,
        parts: '',
        amounts: [],
        people: [],
        counts: {},
        label: '',
        fault: null,
        isBusy: false
      }
    },
    computed: {
      kinds() {
        const hasGuests = this.order.items.some(line => line.guest)
        const names = ['parts', 'amounts', 'lines', ...(hasGuests ? ['guests'] : [])]
        return names.map(name => ({name, label: rs.t(`split.by.${name}`)}))
      },
      /** The lines that nobody has yet. */
      linesLeft() {
        const gone = {}
        this.people
          .flatMap(each => each.lines)
          .forEach(
            each => (gone[each.line_id] = (gone[each.line_id] ?? 0) + each.quantity)
          )
        return this.order.items
          .map(({id, name, quantity}) => ({
            id,
            name,
            quantity: quantity - (gone[id] ?? 0)
          }))
          .filter(line => line.quantity > 0)
      },
      chosen() {
        return Object.entries(this.counts)
          .filter(([, quantity]) => quantity)
          .map(([line_id, quantity]) => ({line_id, quantity}))
      },
      /** The request's body; null while there is nothing to split by. */
      body() {
        const {by, amounts} = this
        if (by === 'parts') {
          return /^\d{1,2}$/.test(this.parts) ? {by, parts: Number(this.parts)} : null
        }
        if (by === 'amounts') return amounts.length ? {by, amounts} : null
        if (by === 'guests') return {by}
        const shares = this.chosen.length
          ? [...this.people, this.person()]
          : this.people
        return shares.length ? {by, shares} : null
      }
    },
    watch: {
      by() {
        this.fault = null
      }
    },
    methods: {
      person() {
        return {label: this.label.trim() || null, lines: this.chosen}
      },
      personText(person) {
        const names = new Map(this.order.items.map(line => [line.id, line.name]))
        const lines = person.lines.map(
          each => `${each.quantity}× ${names.get(each.line_id)}`
        )
        return [person.label, lines.join(', ')].filter(Boolean).join(': ')
      },
      addPerson() {
        this.people.push(this.person())
        Object.assign(this, {counts: {}, label: ''})
      },
      addAmount(text, done) {
        const decimals = rs.format.decimalsOf(this.order.total)
        const minor = rs.format.toMinor(text, decimals)
        if (!minor) return done()
        return done(rs.format.fromMinor(minor, decimals))
      },
      async send(body) {
        this.isBusy = true
        this.fault = null
        try {
          const path = `/orders/${this.order.id}/split`
          const options = {body, key: this.keyFor(body)}
          this.$emit('split', await rs.api.call('POST', path, options))
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
    }
  })
})(window.restaurantStaff)
