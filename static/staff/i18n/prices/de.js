window.i18n.global.mergeLocaleMessage('de', {
  restaurant: {
    tabs: {prices: 'Preise', tips: 'Trinkgeld'},
    prices: {
      pages: {
        taxes: 'Steuern & Zuschläge',
        discounts: 'Rabatte',
        price_lists: 'Preislisten',
        combos: 'Menüs'
      },
      for_types: 'Für welche Bestellungen',
      is_active: 'Eingeschaltet',
      edit: 'Ändern',
      gone: 'nicht mehr auf der Karte'
    },
    settings: {
      groups: {
        taxes: 'Steuern',
        charges: 'Zuschläge',
        minimum: 'Mindestbestellwert',
        by_staff: 'Rabatte durch Personal',
        rates: 'Wechselkurse',
        tips: 'Trinkgeld'
      },
      intros: {
        charges: 'Was von selbst auf die Rechnung kommt. Gäste sehen jeden Zuschlag.',
        minimum: 'So viel müssen die Artikel ausmachen. Leer: kein Minimum.',
        rates: 'Bestellungen behalten den Kurs, zu dem sie aufgegeben wurden.',
        tips: 'Trinkgeld bleibt überall getrennt vom Umsatz.'
      },
      fields: {
        tax_rates: 'Steuer nach Art der Bestellung',
        tax_rounding: 'Wie die Steuer gerundet wird',
        minimum_order: 'Mindestbestellwert',
        rate_markup_percent: 'Aufschlag auf den Marktkurs, in %',
        till_discount_percent: 'Eine Kasse darf allein höchstens nachlassen, in %',
        tip_round_to: 'Aufrunden anbieten auf',
        tip_days: 'Tage nach dem Essen für Trinkgeld',
        tip_to: 'Wem Trinkgeld gehört'
      },
      hints: {
        tax_rates: 'Leer: die Steuer oben.',
        rate_markup_percent: 'Zum Beispiel 1. Unter null: Gäste zahlen weniger.',
        till_discount_percent: 'Für mehr braucht es dich. 100: alles.',
        tip_round_to: 'Zum Beispiel 5.00. Leer: nicht angeboten.',
        tip_days: 'Über den Link auf der Quittung. 0: nicht nachträglich.'
      },
      choices: {
        exact: 'Nur in der Summe',
        line: 'Auf jeder Zeile',
        rate: 'Einmal je Steuersatz',
        restaurant: 'Dem Restaurant',
        server: 'Wer bedient hat',
        pool: 'Der Kasse für alle'
      },
      choice_hints: {
        exact: 'Der Normalfall: durchs Runden geht nichts verloren.',
        line: 'Wo das Gesetz die Steuer jeder Zeile in ganzen Cent verlangt.',
        rate: 'Wo das Gesetz die Summe je Steuersatz einmal rundet, wie fast überall in Europa.',
        restaurant: 'Es bleibt im Wallet des Restaurants.',
        server:
          'Wer die Bestellung bedient, bekommt ihr Trinkgeld; ohne Namen kommt es in die Kasse für alle.',
        pool: 'Alle, die da waren, teilen es am Ende der Schicht nach Anteilen.'
      }
    },
    charges: {
      none: 'Es kommt nichts dazu.',
      kinds: {
        service: 'Bedienung',
        gratuity: 'Bedienung für große Runden',
        delivery: 'Liefergebühr',
        other: 'Sonstiges'
      },
      kind: 'Wofür',
      name: 'Name auf der Rechnung',
      value: 'Wie viel',
      tax_rate: 'Steuer darauf',
      tax_hint: 'Leer: wie beim Essen',
      from_covers: 'Ab so vielen Gästen',
      free_from: 'Frei ab',
      add: 'Zuschlag',
      remove: '{name} entfernen',
      adds: 'plus {sum}',
      from: 'ab {n} Gästen',
      free: 'frei ab {sum}',
      taxed: 'mit {rate} % Steuer'
    },
    rates: {
      house: 'Hauskurse',
      house_text: 'Solange einer gilt, steht er an der Stelle des Marktkurses.',
      currency: 'Währung',
      one_is: 'Ein {currency} ist',
      market: 'Der Markt sagt {rate}.',
      starts: 'Ab (leer: sofort)',
      ends: 'Bis (leer: für immer)',
      zone: 'Zeiten sind die von {zone}.',
      add: 'Hauskurs',
      remove: 'Diesen Kurs entfernen'
    },
    schedule: {
      title: 'Wann',
      always: 'immer',
      every_day: 'täglich',
      since: 'ab {day}',
      until: 'bis {day}',
      days: 'Wochentage',
      from: 'Von',
      to: 'Bis',
      add: 'Stunden',
      remove: 'Diese Stunden entfernen',
      first_day: 'Erster Tag',
      last_day: 'Letzter Tag'
    },
    discounts: {
      add: 'Rabatt',
      empty:
        'Noch keine Rabatte. Fang mit einer Happy Hour an oder mit einem Code für Stammgäste.',
      new: 'Neuer Rabatt',
      one: 'Rabatt',
      name: 'Name, zum Beispiel „Happy Hour“',
      trigger: 'Was ihn auslöst',
      trigger_names: {schedule: 'Die Uhr', code: 'Ein Code', staff: 'Personal'},
      trigger_hints: {
        schedule: 'Alle bekommen ihn, solange er läuft.',
        code: 'Gäste tippen einen Code. Die Codes machst du nach dem Speichern.',
        staff: 'Du oder eine Kasse gibt ihn, mit Grund.'
      },
      triggers: {schedule: 'nach Uhr', code: 'mit Code', staff: 'durch Personal'},
      kind: 'Wie viel',
      kinds: {
        percent: 'Prozent',
        amount: 'Betrag',
        buy_get: 'X kaufen, Y dazu',
        free_item: 'Gratisartikel'
      },
      states: {
        running: 'läuft jetzt',
        scheduled: 'wartet auf seine Zeit',
        off: 'aus',
        over: 'vorbei',
        used_up: 'aufgebraucht',
        no_codes: 'hat keine Codes'
      },
      fields: {
        percent: 'Nachlass',
        amount: 'Nachlass',
        buy: 'Gäste kaufen',
        get: 'und bekommen',
        item_ids: 'Nur diese Artikel',
        category_ids: 'Nur diese Kategorien',
        minimum: 'Nur ab einer Rechnung von',
        limit_total: 'Wie oft insgesamt',
        limit_per_day: 'Wie oft am Tag',
        limit_per_guest: 'Wie oft je Gast',
        limit_per_code: 'Wie oft je Code',
        combines: 'Zusammen mit anderen Rabatten'
      },
      all_items: 'Nichts gewählt: die ganze Karte.',
      more: 'Grenzen und mehr',
      says_buy_get:
        'Von je {buy} und {get} kosten die {get} günstigsten {percent} % weniger.',
      says_free_item: 'Bis zu {get} davon kosten {percent} % weniger.',
      free: 'gratis',
      buy_get: '{buy} + {get} {off}',
      used: '{n}× genutzt',
      used_of: '{n} von {of}× genutzt',
      per_day: '{n} am Tag',
      per_guest: '{n} je Gast',
      codes: 'Codes ({n})'
    },
    discount: {
      delete_text: 'Seine Codes gehen mit. Bestellungen, die ihn haben, behalten ihn.'
    },
    codes: {
      title: 'Codes von {name}',
      count: 'Codes: {n}',
      one: 'Ein eigener Code, zum Beispiel SOMMER',
      add: 'Hinzufügen',
      many: 'Wie viele ausdenken',
      make: 'Ausdenken',
      find: 'Code suchen',
      copy: 'Kopieren',
      download: 'Als CSV herunterladen',
      rest: 'Und {n} weitere: kopiere alle oder lade sie herunter.'
    },
    price_lists: {
      add: 'Preisliste',
      empty:
        'Keine Preislisten: die Preise der Karte gelten überall. Mach eine für die Terrasse, die Lieferung oder den Mittag.',
      order: 'Wo mehrere gelten, zählt die oberste.',
      new: 'Neue Preisliste',
      one: 'Preisliste',
      name: 'Name, zum Beispiel „Terrasse“',
      zones: 'Nur in diesen Bereichen',
      zones_hint: 'Nichts gewählt: überall.',
      zones_none: 'Bereiche stehen bei den Tischen.',
      percent: 'Alle Preise, in %',
      round_to: 'Gerundet auf',
      single: 'einzelne Preise: {n}',
      single_text: 'Oder einzelne Preise anstelle der Prozente.',
      modifiers: 'Auch Extras',
      price_of: 'Preis von {name}'
    },
    price_list: {delete_text: 'Die Preise der Karte gelten sofort wieder.'},
    combos: {
      add: 'Menü',
      empty: 'Noch keine Menüs. Ein Menü ist mehreres zu einem Preis.',
      new: 'Neues Menü',
      one: 'Menü',
      name: 'Name, zum Beispiel „Mittagsmenü“',
      groups: 'Was dazugehört',
      group: 'Gang, zum Beispiel „Getränk“',
      options: 'Zur Auswahl',
      surcharge: 'Aufpreis',
      add_group: 'Gang'
    },
    combo: {delete_text: 'Gäste sehen es nicht mehr. Bestellungen behalten es.'},
    menu: {
      tax_rates: 'Steuer nach Art der Bestellung',
      tax_rates_hint: 'Leer: die Steuer dieses Artikels.'
    },
    tables: {
      one: 'Tisch',
      zone: 'Bereich (wenn es einen gibt)',
      zone_hint: 'Zum Beispiel „Terrasse“. Preislisten können für einen Bereich sein.'
    },
    bill: {
      part_of: 'Teil von {name}',
      sales: 'Umsatz',
      tip: 'Trinkgeld (kein Umsatz)',
      rounding: 'Rundung',
      taxes: 'Steuer',
      rate: 'Satz',
      net: 'Netto',
      tax: 'Steuer',
      gross: 'Brutto',
      exempt: 'Ohne Steuer: {reason}',
      price_list: 'Preise von „{name}“',
      sources: {market: 'Markt', house: 'Hauskurs'},
      rate_at: 'von {time}, {seconds} s alt bei der Bestellung',
      triggers: {
        combo: 'Menü',
        schedule: 'nach Uhr',
        code: 'mit Code',
        staff: 'durch Personal',
        tax_exempt: 'ohne Steuer'
      }
    },
    served: {
      title: 'Bedient von',
      nobody: 'Niemand genannt',
      gone: 'Jemand, der nicht mehr da ist'
    },
    later: {
      title: 'Trinkgeld nach dem Essen',
      none: 'Noch keines.',
      until: 'Der Gast kann bis {time} Trinkgeld geben.'
    },
    edit: {
      begin: 'Ändern',
      title: 'Bestellung {number} ändern',
      add: 'Artikel hinzufügen',
      remove: '{name} entfernen',
      put_back: '{name} zurückholen',
      removed: 'wird entfernt',
      choose: 'Bitte wählen: {name}',
      take: 'Hinzufügen – {amount}',
      table: 'Tisch',
      covers: 'Gäste',
      note: 'Notiz',
      exempt: 'Ohne Steuer',
      exempt_reason: 'Warum ohne Steuer',
      save: 'Änderungen speichern',
      now: 'Jetzt {amount}',
      will_be: 'Neue Summe {amount}',
      about: 'Neue Summe etwa {amount}',
      told_later: 'Die neue Summe steht nach dem Speichern hier.',
      new_total: 'Die neue Summe',
      owed: '{amount} zurückzugeben',
      told: 'Die Seite des Gastes zeigt die Änderung. Zahlungen folgen ihr.',
      overtaken:
        'Jemand anderes hat diese Bestellung gerade geändert. So steht sie jetzt; bitte ändere noch einmal.',
      refund_reason: 'Bestellung geändert',
      discounts: {
        add: 'Rabatt',
        percent: 'Prozent',
        amount: 'Betrag',
        stored: 'Vorbereitet',
        value: 'Nachlass',
        on: 'Worauf',
        all: 'Die ganze Rechnung',
        give: 'Geben',
        remove: '{name} zurücknehmen',
        reasons: {
          late: 'Zu spät',
          complaint: 'Beschwerde',
          regular: 'Stammgast',
          mistake: 'Unser Fehler'
        }
      }
    },
    edited: {
      at: 'Geändert: {time}',
      added: '{n}× {name} hinzugefügt',
      removed: '{n}× {name} entfernt',
      quantity: 'Anzahl',
      discount: 'Rabatt',
      tip: 'Trinkgeld',
      total: 'Summe',
      tax_exempt: 'Steuer',
      table: 'Tisch',
      covers: 'Gäste',
      note: 'Notiz'
    },
    tips: {
      pay_out: 'Auszahlen',
      add: 'Person',
      settings: 'Regeln',
      staff: 'Leute',
      no_staff: 'Noch niemand. Trag ein, wessen Trinkgeld du auszahlst.',
      to: {restaurant: 'Restaurant', pool: 'Kasse für alle', server: 'Wer bedient hat'},
      to_hints: {
        restaurant: 'Bleibt im Wallet',
        pool: 'Wird am Ende der Schicht geteilt'
      },
      new: 'Neue Person',
      one: 'Person',
      name: 'Name',
      where: 'Wohin Trinkgeld geht',
      ways: {address: 'Lightning', wallet: 'Wallet hier', cash: 'Bar'},
      wallet: 'Wallet dieses LNbits',
      wallet_hint: 'Wähle eines von deinen oder füge die Id von ihrem ein.',
      cash_hint: 'Du gibst es aus der Kasse.',
      weight: 'Anteil an der Kasse für alle',
      weight_hint: 'Doppelte Zahl, doppelter Anteil. 0: keiner.',
      is_active: 'Arbeitet hier',
      inactive: 'arbeitet zurzeit nicht hier',
      own_wallet: 'Wallet hier',
      only_cash: 'bar',
      weight_of: 'Anteil {n}',
      under_way: '{amount} unterwegs',
      remove_text: 'Was verdient wurde, muss vorher ausgezahlt sein.'
    },
    payouts: {
      title: 'Ausgezahlt',
      empty: 'Noch nichts ausgezahlt.',
      to: {
        lightning_address: 'über Lightning',
        lnurl: 'über Lightning',
        wallet: 'auf ein Wallet hier',
        cash: 'bar'
      },
      fee: 'Gebühr {fee}',
      status: {
        waiting: 'wartet',
        sending: 'unterwegs',
        sent: 'gesendet',
        failed: 'fehlgeschlagen',
        canceled: 'abgebrochen'
      },
      next_try: 'Nächster Versuch: {time}.',
      retry: 'Noch einmal senden',
      cancel: 'Auszahlung abbrechen',
      cancel_title: '{amount} an {name} abbrechen?',
      cancel_text: 'Es ist noch nicht weg. Das Trinkgeld ist dann wieder offen.',
      problems: {
        insufficient_balance: 'Im Wallet ist zu wenig.',
        fee_limit: 'Der Weg würde mehr kosten als deine Grenze.',
        node_away: 'Der Lightning-Knoten antwortet nicht.',
        destination: 'Die Adresse nimmt es nicht an. Ändere sie und sende noch einmal.',
        destination_waiting:
          'Die Adresse nimmt es nicht an. Brich ab, ändere die Adresse und zahle noch einmal aus.',
        invoice_expired: 'Die Rechnung ist abgelaufen.',
        invoice_paid: 'Die Rechnung war schon bezahlt.',
        payment_failed: 'Kein Weg zum Wallet gefunden; deines hat nichts verlassen.'
      }
    },
    shift: {
      title: 'Ende der Schicht',
      pool: 'In der Kasse für alle: {amount}',
      text: 'Wer war da? Sie teilen die Kasse nach den Zahlen.',
      made: 'Du kannst das schließen; es geht von selbst weiter.',
      weight: 'Anteil',
      own: 'eigenes {amount}',
      of_pool: 'Kasse {amount}',
      cash: 'Bar',
      send: '{amount} auszahlen'
    }
  }
})
