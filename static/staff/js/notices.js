// Notices of the browser itself, for whoever looks at something else.
;(rs => {
  const isThere = 'Notification' in window
  const state = Vue.reactive({permission: isThere ? Notification.permission : 'denied'})

  /** Call from a tap: may this page tell by notices of the browser? */
  async function ask() {
    state.permission = await Notification.requestPermission()
    if (state.permission === 'granted') show(rs.t('notices.works'), '', 'rs-works')
  }

  /** One notice; that of the same `tag` takes its place. `tapped` when it is chosen. */
  async function show(title, body, tag, tapped = () => {}) {
    if (state.permission !== 'granted') return
    try {
      const notice = new Notification(title, {body, tag})
      notice.onclick = () => {
        window.focus()
        tapped()
        notice.close()
      }
    } catch {
      // Phones show them by their service worker alone.
      const worker = await navigator.serviceWorker?.getRegistration()
      await worker?.showNotification(title, {body, tag})
    }
  }

  rs.notices = {state, ask, show}
})(window.restaurantStaff)
