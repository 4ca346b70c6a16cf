window.i18n.global.mergeLocaleMessage('de', {
  restaurant: {
    tabs: {gift_cards: 'Gutscheine'},
    methods: {
      cash: 'Bar',
      lightning: 'Lightning',
      card: 'Karte',
      gift_card: 'Gutschein'
    },
    standing: {
      unpaid: 'nichts bezahlt',
      part_paid: 'zum Teil bezahlt',
      paid: 'alles bezahlt',
      overpaid: 'überzahlt',
      late: 'zu spät bezahlt'
    },
    step: {
      pay: 'Kassieren',
      make_anyway: 'Trotzdem zubereiten',
      resurrect: 'Doch zubereiten',
      refund: 'Erstatten',
      refund_surplus: 'Differenz erstatten'
    },
    sums: {refunded_msat: 'Erstattet', owed_msat: 'Zurückzugeben'},
    counter: {title: 'Zahlt bar an der Theke'},
    pay: {
      title: 'Zahlung für Bestellung {number}',
      how_much: 'Wie viel',
      scopes: {all: 'Alles', part: 'Einen Teil', split: 'Aufteilen'},
      share_due: 'ist von diesem Anteil zu zahlen',
      amount: 'Betrag in {currency}',
      at_most: 'Höchstens {amount} ist zu zahlen.',
      method: 'Zahlungsart',
      no_method: 'Deine Einstellungen lassen für solche Bestellungen keine Zahlung zu.',
      gift_hint: 'Eintippen oder scannen. Was nicht darauf ist, bleibt zu zahlen.',
      gift_take: 'Vom Gutschein nehmen',
      taken_by: 'bezahlt: {method}',
      all_paid: 'Es ist nichts mehr zu zahlen.',
      still_due: '{amount} ist noch zu zahlen.',
      next: 'Den Rest kassieren'
    },
    cash: {in_coins: '{exact} → {coins} in Münzen'},
    online: {
      qr: 'QR-Code für das Wallet des Gasts',
      start_lightning: 'QR-Code zeigen',
      start_card: 'Mit {provider} zahlen',
      waits_lightning: 'Warten auf das Wallet des Gasts …',
      waits_card: 'Der Gast scannt das und zahlt auf dem Handy mit Karte …',
      copy: 'Kopieren',
      open_here: 'Hier öffnen',
      over: 'Dieser Code gilt nicht mehr. Bitte einen neuen machen.',
      away: '{provider} antwortet nicht. Nächster Versuch: {time}.'
    },
    split: {
      how: 'Wie aufteilen',
      by: {
        parts: 'Gleich',
        amounts: 'Beträge',
        lines: 'Positionen',
        guests: 'Nach Gast'
      },
      into: 'In {number} teilen',
      more: 'Mehr',
      amounts: 'Beträge in {currency}',
      amounts_hint: 'Einen eintippen, Enter drücken. Der Rest wird ein eigener Anteil.',
      label: 'Wer (wenn du magst)',
      add_person: 'Nächste Person',
      drop: '{name} entfernen',
      rest_hint: 'Was niemand nimmt, wird ein eigener Anteil.',
      guests_text: 'Jeder Gast zahlt, was für ihn bestellt wurde.',
      do: 'Rechnung teilen',
      share: 'Anteil {number} von {of}',
      rest: 'Der Rest',
      status: {part_paid: 'zum Teil bezahlt', paid: 'bezahlt'},
      take: 'Kassieren',
      take_of: '{name} kassieren',
      other: 'Anderer Anteil',
      undo: 'Aufteilung aufheben'
    },
    picker: {less: 'Weniger: {name}', more: 'Mehr: {name}'},
    payments: {
      title: 'Zahlungen',
      tendered: 'gegeben {amount}',
      change: 'Rückgeld {amount}',
      rounding: 'gerundet {amount}',
      status: {
        created: 'wartet',
        authorized: 'zugesagt',
        captured: 'erhalten',
        settled: 'erhalten',
        voided: 'ungültig',
        failed: 'gescheitert',
        disputed: 'bestritten'
      }
    },
    disputes: {
      opened: 'Wird bestritten',
      opened_text:
        'Vermerke, dass der Anbieter das meldet. Das Geld zählt, bis es entschieden ist.',
      won: 'Streit gewonnen',
      won_text:
        'Du behältst das Geld. Die Bestellung steht da, als wäre nichts gewesen.',
      lost: 'Streit verloren',
      lost_text:
        'Das Geld ist weg und wieder zu zahlen. Das lässt sich nicht zurücknehmen.',
      closed: 'Gesehen, abschließen',
      closed_text: 'Der rote Hinweis verschwindet; das Geld bleibt verloren.'
    },
    give: {
      title: 'Erstattung für Bestellung {number}',
      begin: 'Erstatten …',
      list: 'Erstattungen',
      how_much: 'Wie viel',
      what: {
        all: 'Alles',
        owed: 'Die Differenz',
        amount: 'Einen Betrag',
        lines: 'Positionen'
      },
      restock: 'Zurück ins Regal: wieder als verkäuflich zählen',
      why: 'Warum',
      reason: 'Grund',
      reasons: {
        sold_out: 'Ausverkauft',
        mistake: 'Unser Fehler',
        complaint: 'Beschwerde',
        twice: 'Doppelt bezahlt',
        canceled: 'Storniert'
      },
      where: 'Wohin',
      to: {
        address: 'Adresse des Gasts',
        withdraw: 'QR-Code',
        lightning_address: 'Lightning-Adresse',
        bolt11: 'Rechnung',
        gift_card: 'Gutschein',
        cash: 'Bar'
      },
      to_hints: {
        withdraw: 'Der Gast scannt ihn mit einem Lightning-Wallet, jetzt oder später.',
        lightning_address: "So etwas wie ana{'@'}wallet.com, oder ein LNURL.",
        bolt11: 'Eine Rechnung über genau diesen Betrag, aus dem Wallet des Gasts.',
        gift_card: 'Ohne Code entsteht ein neuer Gutschein.',
        gift_card_paid: 'Ohne Code geht es auf den Gutschein, der bezahlt hat.',
        cash: 'Du gibst es aus der Kasse.'
      },
      values: {
        lightning_address: 'Adresse oder LNURL',
        bolt11: 'Rechnung (lnbc…)',
        gift_card: 'Code (wenn du magst)'
      },
      value: 'Was es wert ist',
      rates: {paid: 'Wie bezahlt', today: 'Heutiger Kurs', custom: 'Andere Sats'},
      custom: 'Satoshi, die gesendet werden',
      rate_unknown: 'der heutige Kurs ist nicht bekannt',
      nothing_chosen: 'Wähle, was zurückgeht.',
      goes: {
        address: 'an die Adresse des Gasts',
        withdraw: 'als QR-Code zum Abholen',
        lightning_address: 'an eine Lightning-Adresse',
        lnurl: 'an ein LNURL',
        bolt11: 'an eine Rechnung',
        gift_card: 'auf einen Gutschein',
        cash: 'in bar'
      },
      submit: '{amount} erstatten',
      status: {
        requested: 'wartet auf Freigabe',
        approved: 'wird gleich gesendet',
        to_fetch: 'wartet darauf, dass der Gast es abholt',
        sending: 'unterwegs',
        sent: 'zurückgegeben',
        failed: 'nicht angekommen',
        canceled: 'zurückgezogen'
      },
      problems: {
        insufficient_balance:
          'Im Wallet ist zu wenig. Es wartet auf Guthaben und wird von selbst neu versucht.',
        fee_limit:
          'Die Gebühren wären höher als deine Grenze. Erhöhe sie in den Einstellungen, oder zieh zurück und erstatte anders.',
        node_away:
          'Der Lightning-Node antwortet nicht. Es wird von selbst neu versucht.',
        destination: 'Die Adresse nimmt es nicht an. Zieh zurück und wähle anders.',
        invoice_expired: 'Die Rechnung ist abgelaufen. Erstatte an eine neue.',
        invoice_paid: 'Diese Rechnung ist schon bezahlt. Erstatte an eine neue.',
        payment_failed:
          'Kein Weg zum Wallet des Gasts gefunden, aus deinem ging nichts. Erstatte anders.',
        withdraw_expired: 'Der Gast hat es nicht rechtzeitig abgeholt. Erstatte neu.'
      },
      approve: 'Freigeben',
      cancel: 'Zurückziehen',
      cancel_title: 'Erstattung von {amount} zurückziehen?',
      cancel_text:
        'Es ist noch nichts weg. Der Betrag kann auf andere Art erstattet werden.',
      cancel_yes: 'Zurückziehen',
      show: 'Zeigen',
      scan: 'Der Gast scannt das mit einem Lightning-Wallet.',
      fetch_until: 'Gültig bis {time}',
      on_paper: 'Er steht auch auf dem gedruckten Beleg.',
      new_card: 'Ein neuer Gutschein über {amount}',
      from_drawer: 'Aus der Kasse geben'
    },
    gift: {
      issue: 'Neuer Gutschein',
      do_issue: 'Ausstellen',
      issued: 'Der Gutschein',
      kind: 'Verkauft oder verschenkt',
      kinds: {sold: 'Verkauft', given: 'Verschenkt', refund: 'Aus einer Erstattung'},
      kind_hints: {
        sold: 'Du hast seinen Preis an der Theke kassiert.',
        given: 'Ein Geschenk des Hauses.'
      },
      expires: 'Gültig bis (leer: für immer)',
      note: 'Notiz, nur für dich',
      code: 'Code des Gutscheins',
      once: 'Wer diesen Code hat, hat das Geld. Er wird nur jetzt gezeigt.',
      copy: 'Code kopieren',
      print: 'Drucken',
      card_of: 'Gutschein: {amount}',
      of: 'von {amount}',
      until: 'gültig bis {time}',
      balance: 'Darauf sind:',
      ask_balance: 'Guthaben abfragen',
      unusable: 'Er ist nicht einzulösen.',
      look_up: 'Was ist auf einem Gutschein?',
      empty: 'Noch keine Gutscheine.',
      more: 'Mehr zeigen',
      block: 'Sperren',
      unblock: 'Freigeben',
      states: {
        good: 'gültig',
        empty: 'aufgebraucht',
        blocked: 'gesperrt',
        expired: 'abgelaufen'
      }
    },
    settings: {
      groups: {payments: 'Zahlungen', refunds: 'Erstattungen'},
      fields: {
        accepted_payments: 'Was angenommen wird',
        cash_rounding: 'Kleinste Münze',
        receipt_station: 'Belege und Lade: Station',
        auto_refund: 'Geschuldetes von selbst zurückgeben',
        refund_approval_limit: 'Kasse braucht Freigabe über',
        refund_fee_percent: 'Höchste Gebühr beim Senden, in %',
        withdraw_days: 'Tage, um eine Erstattung abzuholen'
      },
      hints: {
        cash_rounding: 'Zum Beispiel 0.05. Leer: wie in deiner Währung üblich.',
        receipt_station: 'Zum Beispiel bar. Leer: keine Belege, keine Lade.',
        refund_approval_limit: 'Erstattungen an einer Kasse. 0: alle',
        withdraw_days: 'So lange gilt der QR-Code einer Erstattung'
      }
    },
    devices: {
      methods: 'Nimmt diese Zahlungen an',
      takes: 'Nimmt an: {methods}',
      payments: 'Zahlungen',
      payments_of: 'Zahlungen, die {name} annimmt'
    }
  }
})
