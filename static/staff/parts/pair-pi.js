// Pair a machine with printer-pi: it shows a code, the code is typed in here, and its
// printers are there to be named.
;(rs => {
  const LETTERS = 8
  const HALF = 4
  /** What may be wrong with a code is said in every language. */
  const KNOWN = ['pairing.code', 'pairing.unknown', 'pairing.tries']

  window.app.component('restaurant-pair-pi', {
    template: '#restaurant-pair-pi',
    props: {restaurant: Object, stations: Array},
    emits: ['step'],
    inject: ['press'],
    data() {
      return {code: '', fault: null, isBusy: false, device: null, rows: [], faults: {}}
    },
    computed: {
      install() {
        const {origin} = window.location
        const script = `${origin}/restaurant/static/printer-pi/install.sh`
        return `curl -fsSL ${script} | sudo sh -s -- --server ${origin}`
      },
      command() {
        return `sudo printer-pi pair --url ${window.location.origin}`
      },
      isWhole() {
        return this.code.replace('-', '').length === LETTERS
      },
      /** What the dialog's button says and whether it may be tapped. */
      step() {
        const {isBusy, device, isWhole} = this
        if (!device) return {name: 'pair', isReady: isWhole, isBusy}
        return {
          name: 'save',
          isReady: this.rows.every(each => each.name.trim()),
          isBusy
        }
      },
      own() {
        const {printers} = this.press.state
        return (printers || []).filter(
          each => each.device_id && each.device_id === this.device?.id
        )
      }
    },
    watch: {
      step: {
        immediate: true,
        handler(step) {
          this.$emit('step', step)
        }
      },
      // Those that it makes known later come on top of what is typed already.
      own(printers) {
        const known = this.rows.map(({id}) => id)
        const news = printers.filter(({id}) => !known.includes(id))
        this.rows.push(
          ...news.map(({id, name, stations, status}) => ({
            id,
            name,
            stations: [...stations],
            /** What its machine calls it. */
            title: [name, status.model].filter(Boolean).join(' · ')
          }))
        )
      }
    },
    methods: {
      copy: command => rs.ask.copy(command),
      /** Any case, with or without the dash, as it is typed. */
      type(text) {
        const plain = String(text ?? '')
          .toUpperCase()
          .replace(/[^A-Z0-9]/g, '')
          .slice(0, LETTERS)
        const isLong = plain.length > HALF
        this.code = isLong ? `${plain.slice(0, HALF)}-${plain.slice(HALF)}` : plain
        this.fault = null
      },
      /** The dialog's button; true when all is done. */
      async go() {
        this.isBusy = true
        const isDone = this.device ? await this.save() : await this.pair()
        this.isBusy = false
        return isDone
      },
      async pair() {
        const body = {code: this.code}
        const path = `/restaurants/${this.restaurant.id}/pairings`
        try {
          // Too many wrong codes are not mended by asking again.
          const options = {body, key: this.keyFor(body), mayRepeat: false}
          this.device = (await rs.api.call('POST', path, options)).device
          await this.press.loadPrinters()
        } catch ({code, detail}) {
          this.fault = KNOWN.includes(code)
            ? rs.t(`pair.wrong.${code.split('.')[1]}`)
            : detail
          await this.showFault()
        }
        return false
      },
      /** On a phone the code stands below the steps; who types goes on with it. */
      async showFault() {
        await this.$nextTick()
        const {code} = this.$refs
        code?.select()
        code?.$el.scrollIntoView({block: 'center'})
      },
      async save() {
        this.faults = {}
        for (const {id, name, stations} of this.rows) {
          const body = {name: name.trim(), stations}
          try {
            await rs.api.call('PATCH', `/printers/${id}`, {body, mayRepeat: true})
          } catch (error) {
            this.faults[id] = error.detail
          }
        }
        this.press.loadPrinters()
        return !Object.keys(this.faults).length
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
      this.type(this.press.state.code)
      this.press.state.code = null
    }
  })
})(window.restaurantStaff)
