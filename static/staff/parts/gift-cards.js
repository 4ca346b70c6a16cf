// Gift cards: issue them, see what is left on them, block one that was lost.
;(rs => {
  const PAGE = 50

  window.app.component('restaurant-gift-cards', {
    template: '#restaurant-gift-cards',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen'],
    data() {
      return {
        cards: null,
        next: null,
        error: null,
        code: '',
        isIssuing: false,
        isLoadingMore: false
      }
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}/gift_cards`
      }
    },
    methods: {
      fiat: card => rs.format.fiat(card.balance, card.currency),
      stateOf(card) {
        if (card.is_blocked) return 'blocked'
        if (Date.parse(card.expires_at ?? '') <= Date.now()) return 'expired'
        return card.is_usable ? 'good' : 'empty'
      },
      about(card) {
        const of = rs.format.fiat(card.amount, card.currency)
        const until = card.expires_at && rs.format.moment(card.expires_at)
        return [
          rs.t(`gift.kinds.${card.kind}`),
          rs.t('gift.of', {amount: of}),
          rs.format.moment(card.created_at),
          until && rs.t('gift.until', {time: until}),
          card.note
        ]
          .filter(Boolean)
          .join(' · ')
      },
      async load() {
        try {
          const shown = Math.max(PAGE, this.cards?.length ?? 0)
          const page = await rs.api.call('GET', `${this.path}?limit=${shown}`)
          Object.assign(this, {cards: page.data, next: page.next, error: null})
        } catch (error) {
          this.error = error
        }
      },
      async more() {
        this.isLoadingMore = true
        try {
          const cursor = encodeURIComponent(this.next)
          const query = `?limit=${PAGE}&cursor=${cursor}`
          const page = await rs.api.call('GET', this.path + query)
          this.cards.push(...page.data)
          this.next = page.next
        } catch (error) {
          rs.ask.failed(error)
        }
        this.isLoadingMore = false
      },
      async block(card) {
        const body = {is_blocked: !card.is_blocked}
        try {
          const path = `/gift_cards/${card.id}`
          Object.assign(card, await rs.api.call('PATCH', path, {body, mayRepeat: true}))
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    },
    activated() {
      this.load()
    },
    created() {
      this.unlisten = this.listen(row => {
        if (row.event.startsWith('gift_card.')) this.load()
      })
    },
    beforeUnmount() {
      this.unlisten()
    }
  })
})(window.restaurantStaff)
