// The menu as a draft: edited here, stored as a whole, never over somebody's changes.
;(rs => {
  const {tree} = rs
  /** Sales change what is left. */
  const HEARD = ['menu', 'stock', 'recipe', 'order']
  const GATHER_MS = 300
  const SALES_MS = 1_000

  window.app.component('restaurant-menu', {
    template: '#restaurant-menu',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen'],
    data() {
      return {
        draft: [],
        savedText: '',
        version: null,
        storedIds: new Set(),
        strayFaults: [],
        openKey: null,
        /** The category whose times are shown. */
        timedKey: null,
        filter: '',
        isLoaded: false,
        isBusy: false,
        isConflict: false,
        error: null
      }
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}/menu`
      },
      isDirty() {
        return this.isLoaded && this.textOf(this.draft) !== this.savedText
      },
      faultCount() {
        const count = node => Object.keys(node._faults).length
        const placed = [...tree.walk(this.draft)].reduce(
          (n, each) => n + count(each),
          0
        )
        return placed + this.strayFaults.length
      },
      stations() {
        const used = this.draft.map(category => category.station).filter(Boolean)
        return [...new Set([...rs.words.STATIONS, ...used])]
      }
    },
    watch: {
      isDirty(value) {
        rs.dirty.menu = value
      }
    },
    methods: {
      move: tree.move,
      offered: rs.schedules.offered,
      hasTimeFault({_faults: faults}) {
        return Boolean(faults.schedule || faults.order_types)
      },
      textOf(categories) {
        return JSON.stringify(tree.toUpload(categories))
      },
      shownItems(category) {
        const wanted = (this.filter || '').toLowerCase()
        return category.items.filter(
          item => !wanted || item.name.toLowerCase().includes(wanted)
        )
      },
      take(stored) {
        this.base = tree.toDraft(stored)
        this.draft = tree.toDraft(stored)
        this.savedText = this.textOf(this.draft)
        this.version = stored.version
        this.storedIds = new Set([...tree.walk(this.base)].map(node => node.id))
        this.strayFaults = []
        this.isLoaded = true
        this.news += 1
      },
      async load() {
        try {
          this.take(await rs.api.call('GET', `${this.path}?all=1`))
          this.error = null
        } catch (error) {
          this.error = error
        }
      },
      async save() {
        this.isBusy = true
        tree.clearFaults(this.draft)
        this.strayFaults = []
        try {
          await this.put(await this.upload())
        } catch (error) {
          this.refused(error)
        }
        this.isBusy = false
      },
      upload() {
        return tree.toUpload(this.draft)
      },
      async put(body, mayRebase = true) {
        const headers = {'If-Match': `"${this.version}"`}
        try {
          this.take(await rs.api.call('PUT', this.path, {body, headers}))
          this.openKey = null
          rs.ask.done(rs.t('menu.saved'))
        } catch (error) {
          if (error.status !== 412 || !mayRebase || !(await this.rebase())) throw error
          await this.put(this.upload(), false)
        }
      },
      /** Others may have switched something off meanwhile: that is no conflict. */
      async rebase() {
        const stored = await rs.api.call('GET', `${this.path}?all=1`)
        const theirs = tree.toDraft(stored)
        if (!tree.rebase(this.base, theirs, this.draft)) return false
        this.base = theirs
        this.version = stored.version
        return true
      },
      refused(error) {
        if (error.status === 412) {
          this.isConflict = true
        } else if (error.code === 'menu.invalid') {
          this.strayFaults = tree.placeFaults(this.draft, error.facts.faults || [])
          this.openFirstFault()
        }
        if (error.status !== 412) rs.ask.failed(error)
      },
      openFirstFault() {
        const items = this.draft.flatMap(category => category.items)
        this.filter = ''
        this.openKey = items.find(tree.hasFaults)?._key ?? this.openKey
      },
      takeTheirs() {
        this.isConflict = false
        this.load()
      },
      async overwrite() {
        this.isConflict = false
        this.isBusy = true
        try {
          const stored = await rs.api.call('GET', `${this.path}?all=1`)
          this.version = stored.version
          await this.put(this.upload(), false)
        } catch (error) {
          this.refused(error)
        }
        this.isBusy = false
      },
      async discard() {
        const t = key => rs.t(`menu.${key}`)
        if (await rs.ask.confirm(t('discard_title'), t('discard_text'), t('discard')))
          this.load()
      },
      addCategory() {
        const category = tree.newCategory()
        this.draft.push(category)
        this.addItem(category)
      },
      addItem(category) {
        const item = tree.newItem()
        const list = this.draft.find(each => each._key === category._key).items
        list.push(item)
        this.filter = ''
        this.openKey = item._key
      },
      copyItem(category, item) {
        const copy = tree.copyOf(item, 'items')
        copy.name = rs.t('menu.copy_of', {name: item.name})
        category.items.splice(category.items.indexOf(item) + 1, 0, copy)
        this.openKey = copy._key
      },
      async removeItem(category, item) {
        if (!(await this.mayRemove(item.name, rs.t('menu.delete_item_text')))) return
        category.items.splice(category.items.indexOf(item), 1)
      },
      async removeCategory(index) {
        const {name, items} = this.draft[index]
        const text = rs.t('menu.delete_category_text', {n: items.length})
        if (items.length && !(await this.mayRemove(name, text))) return
        this.draft.splice(index, 1)
      },
      mayRemove(name, text) {
        const title = rs.t('menu.delete', {name: name || '…'})
        return rs.ask.confirm(title, text, rs.t('menu.delete_yes'))
      },
      /** A one-tap switch is stored already: it is no unsaved change. */
      switched({id, ...values}) {
        this.news += 1
        for (const categories of [this.base, this.draft]) {
          const node = tree.findById(categories, id)
          if (node) Object.assign(node, values)
        }
        this.savedText = this.textOf(this.base)
      },
      exportTree() {
        const text = JSON.stringify(this.upload(), null, 2)
        const name = `menu-${this.restaurant.slug}.json`
        Quasar.exportFile(name, text, 'application/json')
      },
      async importTree(event) {
        const [file] = event.target.files
        event.target.value = ''
        if (!file) return
        try {
          this.draft = tree.toDraft(JSON.parse(await file.text()))
          this.strayFaults = []
          rs.ask.done(rs.t('menu.imported'))
        } catch {
          rs.ask.failed({detail: rs.t('menu.import_failed', {name: file.name})})
        }
      },
      /** Never under the hands of somebody who edits: saving finds out anyway. */
      isInHand() {
        return this.isDirty || this.isBusy || this.openKey !== null
      },
      async refresh() {
        if (!this.isShown) return
        const before = this.news
        try {
          const stored = await rs.api.call('GET', `${this.path}?all=1`)
          // A switch or a save overtook this answer, which may be older than it.
          if (before !== this.news) return this.refresh()
          const isNews = this.textOf(tree.toDraft(stored)) !== this.savedText
          if (this.isInHand()) this.takeFigures(stored)
          else if (isNews) this.take(stored)
        } catch (error) {
          this.error = error
        }
      },
      /** What is left may change under anybody's hands, save a count being typed. */
      takeFigures({categories}) {
        if (this.isBusy) return
        for (const {id, stock, reserved} of tree.walk(categories)) {
          const ours = stock !== undefined && tree.findById(this.draft, id)
          if (ours && ours.stock !== stock && !ours.stock_set)
            this.switched({id, stock, reserved})
        }
      },
      heard({event, payload}) {
        const [subject] = event.split('.')
        if (!HEARD.includes(subject) || payload.version === this.version) return
        clearTimeout(this.timer)
        this.timer = setTimeout(
          this.refresh,
          subject === 'order' ? SALES_MS : GATHER_MS
        )
      }
    },
    created() {
      this.base = []
      this.news = 0
      this.unlisten = this.listen(this.heard)
    },
    deactivated() {
      this.isShown = false
    },
    activated() {
      this.isShown = true
      if (this.isLoaded) this.refresh()
      else this.load()
    },
    beforeUnmount() {
      this.unlisten()
      clearTimeout(this.timer)
      rs.dirty.menu = false
    }
  })
})(window.restaurantStaff)
