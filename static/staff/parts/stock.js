// What is counted: figures, what is low, recipes, sheets, and the proof of it all.
;(rs => {
  const SHOWN = 200
  const PAGES = 12
  const GATHER_MS = 400
  const KINDS = ['item', 'modifier', 'ingredient']
  /** Sales move stock without a word of their own in the journal. */
  const HEARD = ['stock', 'order', 'recipe', 'menu', 'refund']

  window.app.component('restaurant-stock', {
    template: '#restaurant-stock',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen', 'shelf'],
    data() {
      return {
        page: 'stock',
        rows: null,
        recipes: [],
        wares: rs.wares.none(),
        error: null,
        typed: '',
        kind: '',
        isLowOnly: false,
        count: SHOWN,
        openedId: null,
        isOpen: false,
        isAdding: false,
        addedId: null,
        isImporting: false,
        isChecking: false,
        isLoadingSheet: false
      }
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}`
      },
      pages() {
        return ['stock', 'recipes'].map(name => ({
          name,
          label: rs.t(`stock.pages.${name}`)
        }))
      },
      kinds() {
        return ['', ...KINDS].map(value => ({
          value,
          label: rs.t(`stock.kinds.${value || 'all'}`)
        }))
      },
      found() {
        const wanted = this.typed.trim().toLowerCase()
        const fits = row =>
          (!this.kind || row.kind === this.kind) &&
          (!this.isLowOnly || rs.stocks.levelOf(row) !== 'fine') &&
          row.name.toLowerCase().includes(wanted)
        return (this.rows ?? []).filter(fits).sort(rs.stocks.byUrgency)
      },
      shown() {
        return this.found.slice(0, this.count)
      },
      opened() {
        return (this.rows ?? []).find(row => row.id === this.openedId)
      }
    },
    methods: {
      whole: rs.format.whole,
      level: rs.stocks.levelOf,
      aboutOf(row) {
        const item = row.kind === 'modifier' && this.wares.byId[row.menu_item_id]
        const used = row.used_by && rs.t('stock.used_by', {n: row.used_by})
        const parts = [rs.t(`stock.kinds.${row.kind}`), item && item.name, used]
        return parts.filter(Boolean).join(' · ')
      },
      figuresOf(row) {
        if (!row.is_counted) return rs.t('stock.not_counted')
        const {on_hand: there, reserved, low_at: low} = row
        const parts = [
          rs.t('stock.on_hand', {n: rs.format.whole(there)}),
          reserved && rs.t('stock.reserved', {n: rs.format.whole(reserved)}),
          low !== null && rs.t('stock.low_at', {n: rs.format.whole(low)})
        ]
        return parts.filter(Boolean).join(' · ')
      },
      async load() {
        const asked = (this.asked = (this.asked ?? 0) + 1)
        try {
          const [rows, recipes, wares] = await Promise.all([
            rs.api.all(`${this.path}/stocks`, PAGES),
            rs.api.all(`${this.path}/recipes`, PAGES),
            rs.wares.load(this.restaurant)
          ])
          if (asked !== this.asked) return
          Object.assign(this, {rows, recipes, wares, error: null})
          this.showWanted()
        } catch (error) {
          this.error = error
        }
      },
      soon() {
        clearTimeout(this.timer)
        this.timer = setTimeout(() => this.load(), GATHER_MS)
      },
      open(row) {
        this.openedId = row.id
        this.isOpen = true
      },
      add(id) {
        this.addedId = id
        this.isAdding = true
      },
      /** Somebody came from the menu to see this very entry; once the page is there. */
      showWanted() {
        const {wanted} = this.shelf.state
        if (!wanted || !this.rows) return
        this.shelf.state.wanted = null
        this.page = 'stock'
        const row = this.rows.find(each => each.id === wanted)
        if (row) this.open(row)
        else this.add(wanted)
      },
      async download() {
        this.isLoadingSheet = true
        try {
          const text = await rs.api.call('GET', `${this.path}/stocks.csv`, {
            isText: true
          })
          Quasar.exportFile(`stock-${this.restaurant.slug}.csv`, text, 'text/csv')
        } catch (error) {
          rs.ask.failed(error)
        }
        this.isLoadingSheet = false
      },
      heard({event}) {
        if (HEARD.includes(event.split('.')[0])) this.soon()
      }
    },
    created() {
      this.load()
    },
    activated() {
      this.unlisten = this.listen(this.heard)
      if (this.rows) this.load()
    },
    deactivated() {
      this.unlisten?.()
      clearTimeout(this.timer)
    },
    beforeUnmount() {
      this.unlisten?.()
      clearTimeout(this.timer)
    }
  })
})(window.restaurantStaff)
