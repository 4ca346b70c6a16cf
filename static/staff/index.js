// The staff page of LNbits' menu: loads its own parts, then shows them.
;(() => {
  const HOME = '/restaurant/static/staff'
  const LANGUAGES = ['en', 'de', 'es']
  const STYLES = [
    'base',
    'orders',
    'kitchen',
    'dialogs',
    'lists',
    'money',
    'prices',
    'stock',
    'printing'
  ]
  // The words of paying and refunding, of prices, of the kitchen, of stock and hours and
  // of printing have files of their own.
  const WORDS = ['', '/money', '/prices', '/kitchen', '/stock', '/printing'].map(
    each => `${HOME}/i18n${each}`
  )
  // What the parts stand on, in the order in which they need each other.
  const SCRIPTS = [
    'api',
    'format',
    'ask',
    'feed',
    'board',
    'chime',
    'tree',
    'sums',
    'words',
    'paper',
    'schedules',
    'hours',
    'settings',
    'forms',
    'wares',
    'shelf',
    'printers',
    'jobs',
    'layouts',
    'pictures',
    'notices',
    'carts'
  ]
  // The board and its dialogs, which somebody waits for; then the other pages.
  const PARTS = [
    'staff',
    'create',
    'desk',
    'lamps',
    'orders',
    'order-card',
    'order-lines',
    'promise',
    'resolve',
    'alarm',
    'calls',
    'door',
    'pause',
    'busy',
    'new-lines',
    'order-new',
    'round',
    'seat',
    'merge',
    'order-dialog',
    'counter',
    'choice',
    'qr',
    'share',
    'frame',
    'pay',
    'cash',
    'pay-online',
    'pay-gift',
    'gift-balance',
    'split',
    'split-new',
    'line-picker',
    'payments',
    'printer-menu',
    'receipt',
    'refund',
    'refund-what',
    'refund-to',
    'refunds',
    'payout',
    'secret',
    'bill',
    'served-by',
    'later-tips',
    'order-edit',
    'order-add',
    'staff-discounts',
    'list-state'
  ]
  const LATER = [
    'kitchen',
    'kitchen-order',
    'gift-cards',
    'gift-card-new',
    'lookup',
    'moves',
    'menu',
    'menu-item',
    'offered',
    'on-hand',
    'choices-off',
    'modifier-groups',
    'availability',
    'form-dialog',
    'settings',
    'settings-form',
    'types-taken',
    'open-hours',
    'week',
    'special-days',
    'slot-rules',
    'load-steps',
    'opening-preview',
    'stock',
    'stock-card',
    'stock-move',
    'stock-history',
    'stock-new',
    'stock-import',
    'stock-check',
    'recipe',
    'recipes',
    'radio',
    'by-type',
    'order-types',
    'charges',
    'house-rates',
    'prices',
    'schedule',
    'pick-many',
    'discounts',
    'discount',
    'codes',
    'price-lists',
    'price-list',
    'combos',
    'combo',
    'tips',
    'member',
    'payouts',
    'shift-end',
    'zone',
    'table-edit',
    'methods',
    'devices',
    'device-methods',
    'tables',
    'printing',
    'print-queue',
    'print-job',
    'job-preview',
    'printers',
    'printer-card',
    'printer-edit',
    'printer-layout',
    'printer-serves',
    'layout-preview',
    'logo',
    'printer-add',
    'pair-pi',
    'printer-address',
    'printer-renew'
  ]

  // Everything of this page that is not a component lives here.
  window.restaurantStaff = {later: Vue.reactive({isReady: false, error: null})}

  function loadStyle(name) {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = LNbits.utils.url_for(`${HOME}/css/${name}.css`)
    document.head.appendChild(link)
  }

  // LNbits loads one language file, by its exact code: "de-AT" needs "de" as well.
  async function loadWords() {
    const language = String(window.i18n.global.locale).split('-')[0]
    const wanted = new Set(['en', LANGUAGES.includes(language) ? language : 'en'])
    const load = code => WORDS.map(home => LNbits.utils.loadExtI18n(home, code))
    await Promise.all([...wanted].flatMap(load))
  }

  const loadTemplates = parts =>
    parts.map(part => LNbits.utils.loadTemplate(`${HOME}/parts/${part}.vue`))
  const loadComponents = parts =>
    parts.map(part => LNbits.utils.loadScript(`${HOME}/parts/${part}.js`))

  async function loadParts() {
    STYLES.forEach(loadStyle)
    const templates = loadTemplates(PARTS)
    for (const script of SCRIPTS) {
      await LNbits.utils.loadScript(`${HOME}/js/${script}.js`)
    }
    await Promise.all([loadWords(), ...templates, ...loadComponents(PARTS)])
    loadLater()
  }

  async function loadLater() {
    const {later} = window.restaurantStaff
    try {
      await Promise.all([...loadTemplates(LATER), ...loadComponents(LATER)])
      later.isReady = true
    } catch (error) {
      later.error = error
    }
  }

  let loading = null

  window.PageRestaurant = {
    template: '#page-restaurant',
    data() {
      return {isReady: false, failure: null}
    },
    methods: {
      reload() {
        window.location.reload()
      },
      warnOfUnsaved(event) {
        if (!window.restaurantStaff.unsaved?.value) return
        event.preventDefault()
        event.returnValue = ''
      }
    },
    async created() {
      window.addEventListener('beforeunload', this.warnOfUnsaved)
      try {
        await (loading ??= loadParts())
        this.isReady = true
      } catch (error) {
        loading = null
        this.failure = error.message
      }
    },
    beforeUnmount() {
      window.removeEventListener('beforeunload', this.warnOfUnsaved)
    },
    async beforeRouteLeave() {
      const {ask, unsaved} = window.restaurantStaff
      if (!unsaved?.value) return true
      return ask.leaveUnsaved()
    }
  }
})()
