// The sound of a new order. Browsers stay silent until somebody has tapped the page.
;(rs => {
  const CHOICE = 'restaurant.staff.sound'
  const TONES = [
    {hertz: 880, at: 0},
    {hertz: 1175, at: 0.18},
    {hertz: 880, at: 0.36},
    {hertz: 1175, at: 0.54}
  ]
  const LENGTH = 0.16
  let context = null

  const state = Vue.reactive({
    isWanted: localStorage.getItem(CHOICE) !== 'off',
    isUnlocked: false,
    /** How often it rang, or would have. */
    rung: 0
  })

  function tone({hertz, at}) {
    const start = context.currentTime + at
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    oscillator.frequency.value = hertz
    gain.gain.setValueAtTime(0.0001, start)
    gain.gain.exponentialRampToValueAtTime(0.5, start + 0.02)
    gain.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(start)
    oscillator.stop(start + LENGTH)
  }

  function ring() {
    if (state.isWanted && state.isUnlocked) TONES.forEach(tone)
    state.rung += 1
  }

  async function unlock() {
    const Context = window.AudioContext || window.webkitAudioContext
    context ??= new Context()
    await context.resume()
    state.isUnlocked = context.state === 'running'
  }

  /** Call from a tap: from now on the page may sound. */
  async function enable() {
    state.isWanted = true
    localStorage.setItem(CHOICE, 'on')
    await unlock()
    ring()
  }

  function disable() {
    state.isWanted = false
    localStorage.setItem(CHOICE, 'off')
  }

  // Whoever enabled it once need not do so after every reload: any tap will do.
  if (localStorage.getItem(CHOICE) === 'on') {
    window.addEventListener('pointerdown', unlock, {once: true})
  }

  rs.chime = {state, enable, disable, ring}
})(window.restaurantStaff)
