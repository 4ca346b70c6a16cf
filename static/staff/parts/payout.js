// What the guest needs of one refund: the QR code to fetch it by, the new gift card's
// code, the notes from the drawer, or the word that it is on its way.
;(rs => {
  const ENDED = ['sent', 'failed', 'canceled']

  window.app.component('restaurant-payout', {
    template: '#restaurant-payout',
    props: {order: Object, restaurant: Object, refundId: String},
    data() {
      return {secret: null, error: null}
    },
    computed: {
      /** The order's own refund is the fresher one, but has no secrets. */
      refund() {
        return this.order.refunds.find(each => each.id === this.refundId) ?? this.secret
      },
      amount() {
        return rs.format.fiat(this.refund.amount, this.refund.currency)
      },
      sats() {
        return rs.format.sats(this.refund.send_msat)
      },
      isEnded() {
        return ENDED.includes(this.refund.status)
      },
      isFetched() {
        return this.refund.destination === 'withdraw' && this.secret?.withdraw_path
      },
      lnurl() {
        if (this.secret.lnurl) return this.secret.lnurl.toUpperCase()
        const url = window.location.origin + this.secret.withdraw_path
        return rs.paper.lnurlOf(url)
      },
      link() {
        return `lightning:${this.lnurl}`
      },
      until() {
        return rs.t('give.fetch_until', {
          time: rs.format.moment(this.refund.expires_at)
        })
      },
      isOnPaper() {
        return Boolean(this.restaurant.receipt_station && this.secret.lnurl)
      },
      statusText() {
        const {problem} = this.refund
        return problem
          ? rs.t(`give.problems.${problem}`)
          : rs.words.refundStatus(this.refund)
      }
    },
    watch: {
      'refund.status'() {
        this.load()
      }
    },
    methods: {
      copy() {
        rs.ask.copy(this.lnurl)
      },
      async load() {
        try {
          this.secret = await rs.api.call('GET', `/refunds/${this.refundId}`)
          this.error = null
        } catch (error) {
          this.error = error
        }
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
