// Questions and notices. All texts are plain text, never HTML.
;(rs => {
  const CLEAN = {
    menu: false,
    settings: false,
    hours: false,
    times: false,
    prices: false
  }
  /** Which pages hold changes that nobody saved yet. */
  rs.dirty = Vue.reactive({...CLEAN})
  rs.unsaved = Vue.computed(() => Object.values(rs.dirty).some(Boolean))

  /** Show a failure of the API in its own words. */
  function failed(error) {
    Quasar.Notify.create({
      type: 'negative',
      message: error.detail || error.message || String(error),
      timeout: 8_000,
      position: 'top',
      actions: [{icon: 'close', color: 'white', 'aria-label': rs.t('close')}]
    })
  }

  function done(message) {
    Quasar.Notify.create({type: 'positive', message, timeout: 2_500, position: 'top'})
  }

  /** Something that nobody asked for and somebody should know. */
  function noticed(message) {
    Quasar.Notify.create({
      type: 'warning',
      icon: 'inventory_2',
      message,
      timeout: 8_000,
      position: 'top',
      actions: [{icon: 'close', color: 'black', 'aria-label': rs.t('close')}]
    })
  }

  function dialog(options) {
    return new Promise(resolve => {
      Quasar.Dialog.create({class: 'rs-dialog', persistent: true, ...options})
        .onOk(value => resolve(value ?? true))
        .onCancel(() => resolve(null))
        .onDismiss(() => resolve(null))
    })
  }

  const button = (label, color) => ({label, color, noCaps: true, unelevated: true})

  /** A question with a named yes; answers true or null. */
  function confirm(title, message, yes, no = rs.t('back')) {
    return dialog({
      title,
      message,
      ok: button(yes, 'negative'),
      cancel: {...button(no), flat: true, color: undefined}
    })
  }

  /** A question for a text; answers the text or null. `isValid` judges it. */
  function text(title, message, yes, {label, isValid = () => true, model = ''} = {}) {
    return dialog({
      title,
      message,
      prompt: {model, isValid, label, outlined: true, maxlength: 500},
      ok: button(yes, 'primary'),
      cancel: {...button(rs.t('back')), flat: true, color: undefined}
    })
  }

  /** May the page be left with unsaved changes? */
  async function leaveUnsaved() {
    const yes = await confirm(
      rs.t('unsaved.title'),
      rs.t('unsaved.text'),
      rs.t('unsaved.leave'),
      rs.t('unsaved.stay')
    )
    if (yes) Object.assign(rs.dirty, CLEAN)
    return Boolean(yes)
  }

  async function copy(value) {
    try {
      await Quasar.copyToClipboard(value)
      done(rs.t('copied'))
    } catch {
      failed({detail: rs.t('copy_failed')})
    }
  }

  rs.ask = {failed, done, noticed, confirm, text, leaveUnsaved, copy}
})(window.restaurantStaff)
