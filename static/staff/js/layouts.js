// How a printer's paper looks: what can be set, and which words name it.
;(rs => {
  /** Those that paper is written in. */
  const LANGUAGES = ['en', 'es', 'de', 'fr', 'pt', 'it']
  /** Letters that a printer of letters has, and for whom. */
  const CODEPAGES = {
    cp858: 'Español, Deutsch, Français, Português, €',
    cp850: 'Español, Deutsch, Français',
    cp1252: 'Español, Deutsch, Français, €',
    cp437: 'English (US)',
    cp852: 'Polski, Čeština, Magyar',
    cp860: 'Português',
    cp863: 'Français (Canada)',
    cp865: 'Norsk, Dansk',
    cp866: 'Русский, Български',
    gb18030: '中文'
  }
  const choice = (name, values) => ({name, type: 'choice', values})
  const select = (name, values, when) => ({name, type: 'select', values, when})
  const lines = name => ({name, type: 'lines', isWide: true})
  const isText = layout => layout.render === 'text'
  const isPicture = layout => layout.render === 'raster'

  const GROUPS = [
    {
      name: 'look',
      fields: [
        choice('paper', ['80', '58']),
        choice('text_size', ['normal', 'large']),
        select('language', LANGUAGES),
        {name: 'rail_mm', type: 'whole'}
      ]
    },
    {
      name: 'receipts',
      fields: [
        {name: 'logo', type: 'logo', isWide: true},
        lines('header'),
        lines('footer')
      ]
    },
    {
      name: 'machine',
      fields: [
        {...choice('render', ['raster', 'text']), isWide: true, hasHints: true},
        select('dots', [null, 576, 512, 384], isPicture),
        select('codepage', Object.keys(CODEPAGES), isText),
        select('columns', [null, 48, 42, 32], isText),
        select('cut', ['partial', 'full', 'none']),
        select('drawer_pin', [2, 5]),
        select('buzzer', ['none', 'escpos', 'epson', 'drawer'])
      ]
    }
  ]
  /** The paper on which a field is to be seen. */
  const SEEN_ON = {
    logo: 'receipt',
    header: 'receipt',
    footer: 'receipt',
    rail_mm: 'ticket'
  }
  const SAMPLES = ['ticket', 'receipt', 'slip', 'test']

  function languageName(code) {
    const name = new Intl.DisplayNames([code], {type: 'language'}).of(code)
    return name[0].toLocaleUpperCase(code) + name.slice(1)
  }

  /** How a value is called: a language by itself, a code page by who needs it. */
  function labelOf(name, value) {
    if (name === 'language') return languageName(value)
    if (name === 'codepage') return `${value}: ${CODEPAGES[value]}`
    const isNamed = typeof value === 'string' && name !== 'paper'
    if (isNamed) return rs.t(`layout.${name}_is.${value}`)
    if (value === null) return rs.t('layout.usual')
    return rs.t(`layout.${name}_is`, {n: value})
  }

  const optionsOf = ({name, values}) =>
    values.map(value => ({value, name: value, label: labelOf(name, value)}))

  /** Fields hold text. */
  const formOf = layout => ({...layout, rail_mm: String(layout.rail_mm)})
  const bodyOf = form => ({...form, rail_mm: rs.settings.whole(form.rail_mm) ?? 0})

  rs.layouts = {LANGUAGES, GROUPS, SAMPLES, SEEN_ON, optionsOf, formOf, bodyOf}
})(window.restaurantStaff)
