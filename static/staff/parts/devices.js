// Printers, screens and tills: pair one, see when it was last there, revoke it.
;(rs => {
  const ICONS = {
    printer: 'print',
    kds: 'tv',
    pos: 'point_of_sale',
    manager: 'admin_panel_settings'
  }
  const POLL_MS = 20_000
  const TAKE_MONEY = ['pos', 'manager']
  // What printer-pi does not take in a printer's name.
  const UNFIT = /[^A-Za-z0-9 _.-]/g

  window.app.component('restaurant-devices', {
    template: '#restaurant-devices',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    inject: ['listen', 'press', 'showPrinting'],
    data() {
      return {
        icons: ICONS,
        devices: null,
        stations: rs.words.STATIONS,
        error: null,
        isAdding: false,
        isBusy: false,
        form: this.blank(),
        faults: {},
        paired: null
      }
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}/devices`
      },
      roles() {
        return rs.words.ROLES.map(value => ({value, label: rs.t(`roles.${value}`)}))
      },
      /** A configuration for printer-pi; JSON's strings are TOML's. */
      toml() {
        const {name, token, stations} = this.paired
        const plain = name.normalize('NFKD').replace(UNFIT, '').trim() || 'printer'
        const text = JSON.stringify
        const server = [
          '[server]',
          `url = ${text(window.location.origin)}`,
          `restaurant = ${text(this.restaurant.id)}`,
          `token = ${text(token)}`
        ]
        const printer = [
          '[[printer]]',
          `name = ${text(plain.slice(0, 64))}`,
          'uri = "tcp://192.168.1.50:9100" # your printer\'s address'
        ]
        if (stations.length)
          printer.push(`stations = [${stations.map(text).join(', ')}]`)
        return [...server, '', ...printer, ''].join('\n')
      }
    },
    methods: {
      copy: rs.ask.copy,
      blank: () => ({name: '', role: 'printer', stations: [], payment_methods: []}),
      takesMoney: role => TAKE_MONEY.includes(role),
      methodsText({role, payment_methods: taken}) {
        if (!TAKE_MONEY.includes(role) || !taken.length) return ''
        return taken.map(name => rs.t(`methods.${name}`)).join(', ')
      },
      async setMethods(device, taken) {
        const before = device.payment_methods
        device.payment_methods = taken
        try {
          const body = {payment_methods: taken}
          await rs.api.call('PATCH', `/devices/${device.id}`, {body, mayRepeat: true})
        } catch (error) {
          device.payment_methods = before
          rs.ask.failed(error)
        }
      },
      printersOf({id, role}) {
        if (role !== 'printer') return []
        return (this.press.state.printers || []).filter(each => each.device_id === id)
      },
      stationsText({stations}) {
        return stations.length ? ` · ${stations.join(', ')}` : ''
      },
      seenText({last_seen_at: seen}) {
        if (!seen) return rs.t('devices.never_seen')
        return rs.t('devices.seen', {time: rs.format.moment(seen)})
      },
      async load() {
        try {
          this.devices = await rs.api.all(this.path, 1)
          this.error = null
        } catch (error) {
          this.error = error
        }
      },
      async startAdding() {
        this.keyFor = rs.api.keyring()
        this.form = this.blank()
        Object.assign(this, {paired: null, faults: {}, isAdding: true})
        try {
          const used = await rs.printers.stationsOf(this.restaurant)
          this.stations = [...new Set([...rs.words.STATIONS, ...used])]
        } catch {
          this.stations = rs.words.STATIONS // suggestions only: others can be typed
        }
      },
      async add() {
        const {name, role, payment_methods: taken} = this.form
        const payment_methods = TAKE_MONEY.includes(role) ? taken : []
        const body = {...this.form, name: name.trim(), payment_methods}
        this.isBusy = true
        this.faults = {}
        try {
          const options = {body, key: this.keyFor(body)}
          this.paired = await rs.api.call('POST', this.path, options)
          this.load()
        } catch (error) {
          const name = String(error.facts?.field || '').split(/[.[]/)[0]
          if (name) this.faults = {[name]: error.detail}
          else rs.ask.failed(error)
        }
        this.isBusy = false
      },
      forget() {
        Object.assign(this, {paired: null, isAdding: false})
      },
      async revoke(device) {
        const {name} = device
        const yes = await rs.ask.confirm(
          rs.t('devices.revoke_title', {name}),
          rs.t('devices.revoke_text'),
          rs.t('devices.revoke')
        )
        if (!yes) return
        try {
          await rs.api.call('DELETE', `/devices/${device.id}`)
        } catch (error) {
          rs.ask.failed(error)
        }
        this.load()
      }
    },
    activated() {
      this.load()
      this.timer = setInterval(this.load, POLL_MS)
    },
    deactivated() {
      clearInterval(this.timer)
    },
    created() {
      this.unlisten = this.listen(row => {
        if (row.event.startsWith('device.')) this.load()
      })
    },
    beforeUnmount() {
      clearInterval(this.timer)
      this.unlisten()
    }
  })
})(window.restaurantStaff)
