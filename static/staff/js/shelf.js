// Which stocks are low, for the badge of their page, and notices when one becomes so.
;(rs => {
  const GATHER_MS = 300
  const NEWS = {'stock.low': 'low_notice', 'stock.out': 'out_notice'}

  class Shelf {
    constructor(restaurantId) {
      this.path = `/restaurants/${restaurantId}/stocks`
      /** `wanted`: the stock or menu entry that its page is to show. */
      this.state = Vue.reactive({low: [], wanted: null})
      this.news = new Map()
      this.timer = null
      this.ask = rs.api.newest()
    }

    async load() {
      const isNews = this.ask()
      try {
        const low = await rs.api.all(`${this.path}?low=1`, 1)
        if (isNews()) this.state.low = low
      } catch {
        // What is known stays; the page itself tells of failures.
      }
    }

    hear({event, payload}) {
      if (!event.startsWith('stock.')) return
      if (event in NEWS) this.news.set(payload.stock_id, {event, ...payload})
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.catchUp(), GATHER_MS)
    }

    async catchUp() {
      const news = [...this.news.values()]
      this.news.clear()
      await this.load()
      if (!news.length) return
      const known = await this.named(news.map(each => each.stock_id))
      const texts = news.map(each => this.tell(each, known.get(each.stock_id)))
      rs.ask.noticed(texts.join(' · '))
    }

    /** What is out is not always low: not everything has a mark. */
    async named(ids) {
      const byId = rows => new Map(rows.map(each => [each.id, each]))
      const low = byId(this.state.low)
      if (ids.every(id => low.has(id))) return low
      try {
        return byId(await rs.api.all(this.path))
      } catch {
        return low
      }
    }

    tell({event, available}, stock) {
      const name = stock?.name ?? rs.t('stock.something')
      const amount = rs.stocks.amount(available, stock?.unit)
      return rs.t(`stock.${NEWS[event]}`, {name, amount})
    }

    stop() {
      clearTimeout(this.timer)
    }
  }

  /** (250, "g") → "250 g" */
  const amount = (figure, unit) =>
    unit ? `${rs.format.whole(figure)} ${unit}` : rs.format.whole(figure)

  const isOut = each => each.is_counted && each.available <= 0

  /** "out", "low" or "fine" */
  function levelOf(each) {
    if (isOut(each)) return 'out'
    return each.is_low ? 'low' : 'fine'
  }

  const LEVELS = ['out', 'low', 'fine']

  /** What needs somebody first, then by name. */
  const byUrgency = (one, other) =>
    LEVELS.indexOf(levelOf(one)) - LEVELS.indexOf(levelOf(other)) ||
    one.name.localeCompare(other.name, rs.format.locale())

  /** A whole number as it was typed, signs too; null when it is none. */
  function figure(typed) {
    const text = String(typed ?? '')
      .trim()
      .replace('−', '-')
    return /^[+-]?\d{1,12}$/.test(text) ? Number(text) : null
  }

  rs.Shelf = Shelf
  rs.stocks = {amount, levelOf, byUrgency, figure}
})(window.restaurantStaff)
