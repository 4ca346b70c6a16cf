// What must not be missed, on every page: paid orders that nobody accepts, tickets that
// did not print, printers that stand still. Called out until somebody looked.
;(rs => {
  /** How loudly paper calls that did not come out, and a printer for which jobs wait. */
  const LOST_LEVEL = 2
  const STANDS_LEVEL = 1
  const COUNT = /^\(\d+\) /

  window.app.component('restaurant-alarm', {
    template: '#restaurant-alarm',
    emits: ['jump', 'print'],
    inject: ['board', 'press', 'clock'],
    computed: {
      /** The oldest first. */
      waiting() {
        return Object.values(this.board.state.orders)
          .filter(order => order.status === 'paid' && order.alert_level > 0)
          .sort((a, b) => a.paid_at.localeCompare(b.paid_at))
      },
      level() {
        return Math.max(0, ...this.waiting.map(order => order.alert_level))
      },
      lost() {
        return this.press.lost
      },
      troubled() {
        return this.press.troubled
      },
      standing() {
        const {now} = this.clock
        return this.troubled.filter(each => rs.printers.levelOf(each, now) === 'bad')
      },
      troubleText() {
        if (this.troubled.length > 1) {
          const names = this.troubled.map(({name}) => name).join(', ')
          return rs.t('alarm.printers', {names})
        }
        const [printer] = this.troubled
        return `${printer.name}: ${rs.printers.says(printer)}`
      },
      /** What nobody has looked at yet, as text: its key is what is compared. */
      unseen() {
        const keys = [
          ...this.lost.map(({id}) => id),
          ...this.standing.map(each => this.keyOf(each))
        ]
        return keys.filter(key => !this.press.state.seen[key]).join(' ')
      },
      isLostUnseen() {
        return this.lost.some(({id}) => !this.press.state.seen[id])
      },
      /** The loudest, as "level name". */
      call() {
        const paper = this.isLostUnseen ? LOST_LEVEL : this.unseen ? STANDS_LEVEL : 0
        return paper > this.level ? `${paper} paper` : `${this.level} order`
      },
      count() {
        return this.lost.length + this.standing.length
      }
    },
    watch: {
      call: {
        immediate: true,
        handler(call) {
          const [level, name] = call.split(' ')
          rs.chime.repeat(Number(level), name)
        }
      },
      // Whoever looks at the page of printing sees them as they come.
      unseen: 'look',
      'press.state.shown': 'look',
      count: {
        immediate: true,
        handler(count) {
          const title = document.title.replace(COUNT, '')
          document.title = count ? `(${count}) ${title}` : title
        }
      }
    },
    methods: {
      keyOf: ({id, health, health_since: since}) => `${id}@${health}@${since}`,
      look() {
        const {shown} = this.press.state
        if (shown === 'queue') this.press.see(this.lost.map(({id}) => id))
        if (shown === 'printers') this.press.see(this.standing.map(this.keyOf))
        this.notify()
      },
      notify() {
        const isNew = key => key && !this.told.has(key)
        const news = this.unseen.split(' ').filter(isNew)
        news.forEach(key => this.told.add(key))
        const lost = this.lost.filter(({id}) => news.includes(id))
        const show = (title, body, page) =>
          rs.notices.show(title, body, `rs-${page}`, () => this.$emit('print', page))
        if (lost.length) {
          const text = ({order_number: number, station, last_error: why}) =>
            [number && rs.t('order_number', {number}), station, why]
              .filter(Boolean)
              .join(' · ')
          const title = rs.t('desk.failed_jobs', {n: this.lost.length})
          show(title, lost.map(text).join('\n'), 'queue')
        }
        if (news.length > lost.length) show(this.troubleText, '', 'printers')
      }
    },
    created() {
      this.told = new Set()
    },
    beforeUnmount() {
      rs.chime.repeat(0)
      document.title = document.title.replace(COUNT, '')
    }
  })
})(window.restaurantStaff)
