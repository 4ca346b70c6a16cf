// Tables and their QR links. A new token makes the printed codes worthless.
;(rs => {
  window.app.component('restaurant-tables', {
    template: '#restaurant-tables',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen'],
    data() {
      return {
        tables: null,
        error: null,
        name: '',
        zone: '',
        fault: null,
        isBusy: false,
        isShown: false,
        shown: null,
        isEditing: false,
        edited: null
      }
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}/tables`
      },
      zones() {
        return [...new Set((this.tables || []).map(each => each.zone).filter(Boolean))]
      },
      sorted() {
        const collator = new Intl.Collator(rs.format.locale(), {numeric: true})
        return [...(this.tables || [])].sort((a, b) => collator.compare(a.name, b.name))
      }
    },
    methods: {
      async load() {
        try {
          this.tables = await rs.api.all(this.path)
          this.error = null
        } catch (error) {
          this.error = error
        }
      },
      async add() {
        const zone = this.zone.trim()
        const body = {name: this.name.trim(), ...(zone ? {zone} : {})}
        this.isBusy = true
        this.fault = null
        try {
          const options = {body, key: this.keyFor(body)}
          await rs.api.call('POST', this.path, options)
          this.name = ''
          this.keyFor = rs.api.keyring()
          await this.load()
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      },
      show(table) {
        this.shown = table
        this.isShown = true
      },
      edit(table) {
        this.edited = table
        this.isEditing = true
      },
      async renew(table) {
        const {name} = table
        const yes = await rs.ask.confirm(
          rs.t('tables.renew_title', {name}),
          rs.t('tables.renew_text'),
          rs.t('tables.renew')
        )
        if (!yes) return
        try {
          const path = `/tables/${table.id}/token`
          const fresh = await rs.api.call('POST', path, {
            body: {},
            key: rs.api.newKey()
          })
          await this.load()
          this.show(fresh)
        } catch (error) {
          rs.ask.failed(error)
        }
      },
      async remove(table) {
        const {name} = table
        const yes = await rs.ask.confirm(
          rs.t('tables.remove_title', {name}),
          rs.t('tables.remove_text'),
          rs.t('tables.remove')
        )
        if (!yes) return
        try {
          await rs.api.call('DELETE', `/tables/${table.id}`)
        } catch (error) {
          rs.ask.failed(error)
        }
        this.load()
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
      this.load()
      this.unlisten = this.listen(row => {
        if (row.event.startsWith('table.')) this.load()
      })
    },
    beforeUnmount() {
      this.unlisten()
    }
  })
})(window.restaurantStaff)
