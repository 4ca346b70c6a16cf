// Forms of things that are stored as documents: discounts, price lists, combos, people.
;(rs => {
  /** The API's field of a fault: "schedule.windows.0.ends" → "schedule". */
  function faultsOf(error) {
    const path = String(error.facts?.field || '')
    const name = path.split(/[.[]/)[0]
    const {menu_item_id: item, modifier_id: modifier} = error.facts ?? {}
    return {
      ...(name ? {[name]: error.detail, [path]: error.detail} : {}),
      ...(item ? {[`prices.${item}`]: error.detail} : {}),
      ...(modifier ? {[`deltas.${modifier}`]: error.detail} : {})
    }
  }

  /**
   * What a list of such things and its dialog share. `path(restaurant)` is the list,
   * `one` the address of a thing, `subject` its name in the journal.
   */
  const list = ({path, one, subject}) => ({
    props: {restaurant: Object},
    inject: ['listen', 'clock'],
    data() {
      return {rows: null, error: null, shown: null, isOpen: false}
    },
    methods: {
      async load() {
        const isNews = this.ask()
        try {
          const rows = await rs.api.all(path(this.restaurant))
          if (isNews()) Object.assign(this, {rows, error: null})
        } catch (error) {
          this.error = error
        }
      },
      soon() {
        clearTimeout(this.timer)
        this.timer = setTimeout(() => this.load(), 300)
      },
      open(row) {
        this.shown = row
        this.isOpen = true
      },
      async setActive(row, isActive) {
        const options = {body: {is_active: isActive}, mayRepeat: true}
        try {
          Object.assign(row, await rs.api.call('PATCH', `${one}/${row.id}`, options))
        } catch (error) {
          rs.ask.failed(error)
        }
      },
      async remove(row) {
        const {name} = row
        const yes = await rs.ask.confirm(
          rs.t('menu.delete', {name}),
          rs.t(`${subject}.delete_text`),
          rs.t('menu.delete_yes')
        )
        if (!yes) return
        try {
          await rs.api.call('DELETE', `${one}/${row.id}`)
          this.isOpen = false
        } catch (error) {
          rs.ask.failed(error)
        }
        this.load()
      }
    },
    created() {
      this.ask = rs.api.newest()
      this.load()
      this.unlisten = this.listen(row => {
        if (row.event.startsWith(`${subject}.`)) this.soon()
      })
    },
    beforeUnmount() {
      this.unlisten()
      clearTimeout(this.timer)
    }
  })

  /**
   * The dialog of one thing: `blank()` is a new one, `formOf(row)` a stored one as it
   * is edited, and the component's `body()` what is sent. A stored one sends what
   * changed.
   */
  const dialog = ({path, one, formOf}) => ({
    props: {modelValue: Boolean, restaurant: Object, row: Object},
    emits: ['update:modelValue', 'saved', 'remove'],
    data() {
      return {form: formOf(null), faults: {}, fault: null, isBusy: false}
    },
    watch: {
      modelValue: {
        immediate: true,
        handler(isOpen) {
          if (isOpen) this.begin()
        }
      }
    },
    methods: {
      begin() {
        this.keyFor = rs.api.keyring()
        const form = formOf(this.row)
        Object.assign(this, {form, faults: {}, fault: null, isBusy: false})
        this.stored = this.row ? this.body() : {}
        this.opened?.()
      },
      close() {
        this.$emit('update:modelValue', false)
      },
      /** For a field of Quasar. */
      faultOf(name) {
        return {
          error: Boolean(this.faults[name]),
          errorMessage: this.faults[name],
          hideBottomSpace: true
        }
      },
      changes() {
        const isNew = ([name, value]) =>
          JSON.stringify(value) !== JSON.stringify(this.stored[name])
        return Object.fromEntries(Object.entries(this.body()).filter(isNew))
      },
      async save() {
        const body = this.row ? this.changes() : this.body()
        Object.assign(this, {isBusy: true, faults: {}, fault: null})
        try {
          const saved = this.row
            ? await rs.api.call('PATCH', `${one}/${this.row.id}`, {
                body,
                mayRepeat: true
              })
            : await rs.api.call('POST', path(this.restaurant), {
                body,
                key: this.keyFor(body)
              })
          await this.after?.(saved)
          this.$emit('saved', saved)
          this.close()
        } catch (error) {
          this.faults = faultsOf(error)
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })

  rs.forms = {list, dialog, faultsOf}
})(window.restaurantStaff)
