// The sound of a new order, of one that nobody accepts, of a table that calls, and of
// paper that does not come out.
// Browsers stay silent until somebody has tapped the page.
;(rs => {
  const CHOICE = 'restaurant.staff.sound'
  const TONES = [
    {hertz: 880, at: 0},
    {hertz: 1175, at: 0.18},
    {hertz: 880, at: 0.36},
    {hertz: 1175, at: 0.54}
  ]
  /** A table calls: lower, so that nobody takes it for an order. */
  const BELL = [
    {hertz: 660, at: 0},
    {hertz: 523, at: 0.22}
  ]
  /** Paper does not come out: one low tone, three times. */
  const BUZZ = [
    {hertz: 330, at: 0},
    {hertz: 330, at: 0.24},
    {hertz: 330, at: 0.48}
  ]
  const MELODIES = {order: TONES, paper: BUZZ}
  const LENGTH = 0.16
  /** By alert level: how loud it is, and after how many milliseconds it comes again. */
  const ALARMS = [
    null,
    {loudness: 0.3, everyMs: 12_000},
    {loudness: 0.5, everyMs: 7_000},
    {loudness: 0.75, everyMs: 4_000},
    {loudness: 1, everyMs: 2_000}
  ]
  let context = null
  let alarm = {level: 0, name: 'order', timer: null}

  const state = Vue.reactive({
    isWanted: localStorage.getItem(CHOICE) !== 'off',
    isUnlocked: false,
    /** How often it rang, or would have, for news; and called, again and again. */
    rung: 0,
    called: 0,
    /** How loudly it calls again and again; 0: it does not. */
    level: 0,
    /** What it calls for: an "order" or "paper". */
    name: 'order'
  })

  function tone({hertz, at}, loudness) {
    const start = context.currentTime + at
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    oscillator.frequency.value = hertz
    gain.gain.setValueAtTime(0.0001, start)
    gain.gain.exponentialRampToValueAtTime(loudness, start + 0.02)
    gain.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(start)
    oscillator.stop(start + LENGTH)
  }

  function play(tones, loudness) {
    if (state.isWanted && state.isUnlocked) tones.forEach(each => tone(each, loudness))
  }

  function tell(tones) {
    play(tones, 0.5)
    state.rung += 1
  }

  const ring = () => tell(TONES)
  const bell = () => tell(BELL)

  /**
   * Call out again and again for an "order" or for "paper", the faster and louder the
   * higher the level; 0 ends it.
   */
  function repeat(level, name = 'order') {
    if (level === alarm.level && (name === alarm.name || !level)) return
    clearInterval(alarm.timer)
    alarm = {level, name, timer: null}
    Object.assign(state, {level, name})
    const how = ALARMS[level]
    if (!how) return
    const call = () => {
      play(MELODIES[name], how.loudness)
      state.called += 1
    }
    call()
    alarm.timer = setInterval(call, how.everyMs)
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

  rs.chime = {state, enable, disable, ring, bell, repeat}
})(window.restaurantStaff)
