// The one-tap switch of an item or a modifier: sold out until the house opens again,
// until a time, or until somebody switches it on.
;(rs => {
  const SOON_MS = 2 * 3_600_000

  window.app.component('restaurant-availability', {
    template: '#restaurant-availability',
    props: {
      node: Object,
      restaurant: Object,
      /** `menu_items` or `modifiers` */
      kind: String,
      /** Is this entry on the server already? Otherwise the draft alone changes. */
      isStored: Boolean
    },
    emits: ['switched'],
    data() {
      return {isBusy: false, isChoosing: false, time: ''}
    },
    computed: {
      nextDay() {
        const {day_starts_at: time, timezone} = this.restaurant
        return rs.format.nextTime(time, timezone)
      },
      label() {
        const {is_available: isOn, available_again_at: again} = this.node
        if (isOn) return rs.t('menu.available')
        if (!again) return rs.t('menu.sold_out')
        return rs.t('menu.sold_out_until', {time: rs.format.moment(again)})
      }
    },
    methods: {
      moment: rs.format.moment,
      until(moment) {
        const again = moment.toISOString().replace('.000Z', 'Z')
        this.set({is_available: false, available_again_at: again})
      },
      untilOpening() {
        this.set({is_available: false, available_again_at: 'next_opening'})
      },
      beginTime() {
        const {timezone} = this.restaurant
        const soon = new Date(Date.now() + SOON_MS).toISOString()
        this.time = rs.format.toZone(soon, timezone)
        this.isChoosing = true
      },
      untilTime() {
        const at = rs.format.fromZone(this.time, this.restaurant.timezone)
        this.isChoosing = false
        this.until(new Date(at))
      },
      async set(body) {
        if (!this.isStored) {
          Object.assign(this.node, {available_again_at: null}, body)
          return
        }
        this.isBusy = true
        try {
          const path = `/${this.kind}/${this.node.id}`
          const answer = await rs.api.call('PATCH', path, {body, mayRepeat: true})
          this.$emit('switched', {
            id: answer.id,
            is_available: answer.is_available,
            available_again_at: answer.available_again_at
          })
        } catch (error) {
          rs.ask.failed(error)
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
