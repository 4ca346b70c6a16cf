// Paper and codes: a small sheet from this computer's own printer, LNURLs.
;(rs => {
  const STYLE =
    'body{font:16px sans-serif;text-align:center;margin:24px}' +
    '.code{font:bold 26px monospace;overflow-wrap:anywhere}'

  /** Prints lines of text; the one that is `code` large. */
  function print(lines, code) {
    const frame = document.createElement('iframe')
    frame.hidden = true
    document.body.appendChild(frame)
    const page = frame.contentDocument
    const style = page.createElement('style')
    style.textContent = STYLE
    page.head.appendChild(style)
    lines.forEach(line => {
      const row = page.createElement('p')
      row.textContent = line
      if (line === code) row.className = 'code'
      page.body.appendChild(row)
    })
    frame.contentWindow.addEventListener('afterprint', () => frame.remove())
    frame.contentWindow.print()
  }

  /** LUD-01: an address as wallets scan it, "LNURL1…". */
  function lnurlOf(url) {
    const bytes = new TextEncoder().encode(url)
    return window.NostrTools.nip19.encodeBytes('lnurl', bytes).toUpperCase()
  }

  rs.paper = {print, lnurlOf}
})(window.restaurantStaff)
