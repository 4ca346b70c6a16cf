window.i18n.global.mergeLocaleMessage('de', {
  restaurant: {
    page_failed: 'Diese Seite konnte nicht geladen werden',
    try_again: 'Noch einmal',
    back: 'Zurück',
    close: 'Schließen',
    copied: 'Kopiert',
    copy_failed: 'Bitte den Text markieren und von Hand kopieren.',
    copy_link: 'Link kopieren',
    order_number: 'Bestellung {number}',
    table_name: 'Tisch {name}',
    type_dine_in: 'Hier essen',
    type_pickup: 'Abholung',
    type_delivery: 'Lieferung',
    errors: {
      offline: 'Der Server antwortet nicht. Bitte die Verbindung prüfen.',
      status: 'Der Server hat abgelehnt (Fehler {status}). Bitte noch einmal versuchen.'
    },
    unsaved: {
      title: 'Nicht gespeicherte Änderungen',
      text: 'Deine Änderungen sind noch nicht gespeichert. Wenn du gehst, sind sie weg.',
      leave: 'Gehen ohne zu speichern',
      stay: 'Hierbleiben'
    },
    create: {
      title: 'Ein Restaurant eröffnen',
      intro:
        'Bestellungen von jedem Handy annehmen, über Lightning kassieren, in der Küche drucken.',
      step_create: 'Hier benennen und das Wallet wählen, das die Einnahmen bekommt',
      step_menu: 'Die Speisekarte schreiben',
      step_devices: 'Drucker oder Bildschirm anschließen',
      step_share: 'Den Gästen den Link oder seinen QR-Code zeigen',
      wallet: 'Wallet, das die Zahlungen bekommt',
      wallet_hint: 'Das lässt sich später nicht ändern.',
      name: 'Name des Restaurants',
      currency: 'Währung der Preise',
      currency_hint: 'Gäste zahlen in Satoshi zum aktuellen Kurs.',
      submit: 'Restaurant eröffnen'
    },
    desk: {
      pages: 'Seiten',
      open: 'Offen',
      closed: 'Geschlossen',
      close_title: 'Für Bestellungen schließen?',
      close_text:
        'Gäste sehen die Karte weiterhin, können aber erst wieder bestellen, wenn du öffnest.',
      close_yes: 'Schließen',
      sound_on: 'Ton ist an',
      sound_enable: 'Ton einschalten',
      share: 'Link für Gäste',
      add_restaurant: 'Ein weiteres Restaurant eröffnen',
      logged_out: 'Du bist abgemeldet. Hier ist nichts mehr aktuell.',
      log_in: 'Anmelden',
      not_live: 'Nicht aktuell seit {time}. Hier können Bestellungen fehlen.',
      failed_jobs: 'Nicht gedruckte Bons: {n}',
      show_jobs: 'Ansehen'
    },
    tabs: {
      orders: 'Bestellungen',
      lookup: 'Suchen',
      menu: 'Karte',
      printing: 'Druck',
      devices: 'Geräte',
      tables: 'Tische',
      settings: 'Einstellungen'
    },
    start: {
      title: 'Was noch fehlt',
      menu: 'Speisekarte schreiben',
      devices: 'Drucker anschließen',
      share: 'Link an Gäste geben',
      hide: 'Ausblenden'
    },
    lamps: {
      title: 'Läuft alles?',
      unknown: 'Zustand unbekannt',
      unknown_text: 'Der Server sagt es gerade nicht.',
      all_well: 'Alles läuft',
      runs: 'läuft',
      stands_still: 'steht',
      several: 'Es stehen: {names}',
      last_seen: 'Letztes Lebenszeichen: {time}',
      waits_since: 'Der älteste Bon wartet seit {time}',
      name: {
        listener: 'Zahlungsmeldungen',
        reconciler: 'Zahlungsprüfung',
        refunds: 'Erstattungen',
        kitchen: 'Küchenalarm',
        funding_source: 'Lightning-Node',
        rates: 'Wechselkurse',
        print_queue: 'Druckwarteschlange'
      },
      means: {
        listener: 'Meldet sofort, wenn ein Gast bezahlt hat.',
        reconciler: 'Sieht alle paar Sekunden nach, ob eine Zahlung übersehen wurde.',
        refunds: 'Schickt Geld zurück, jede Erstattung einmal.',
        kitchen: 'Meldet Bestellungen, die niemand annimmt.',
        funding_source: 'Erstellt die Rechnungen und empfängt das Geld.',
        rates: 'Rechnet die Preise der Karte in Satoshi um.',
        printer: 'Holt die Bons und druckt sie.',
        print_queue: 'Die Bons, die auf einen Drucker warten.',
        other: ''
      },
      todo: {
        listener:
          'Zahlungen kommen weiter an, nur später. Sag es der Person, die den Server betreibt.',
        reconciler:
          'Gib keine unbezahlten Bestellungen heraus. Sag es der Person, die den Server betreibt.',
        refunds:
          'Erstattungen warten. Sag es der Person, die den Server betreibt; nichts geht verloren.',
        kitchen:
          'Neue Bestellungen selbst im Auge behalten. Dem Betreiber des Servers Bescheid geben.',
        funding_source:
          'Nimm so lange Bargeld. Sag es der Person, die den Server betreibt.',
        rates:
          'Bestellungen zu Landeswährung werden abgelehnt, bis es wieder einen Kurs gibt.',
        printer: 'Prüfe Strom, Papier und Netz. Lies die Bons von diesem Bildschirm.',
        print_queue: 'Öffne „Druck“ und lies die Bons vom Bildschirm.',
        other: ''
      }
    },
    orders: {
      columns: 'Spalten der Tafel',
      new: 'Neu',
      kitchen: 'In der Küche',
      ready: 'Fertig',
      unpaid: 'Unbezahlt',
      done: 'Erledigt',
      flagged: 'brauchen dich: {n}',
      empty_new: 'Keine neuen Bestellungen.',
      empty_kitchen: 'Nichts in Arbeit.',
      empty_ready: 'Nichts wartet auf die Ausgabe.',
      empty_unpaid: 'Niemand bezahlt gerade.',
      empty_done: 'Noch nichts erledigt.'
    },
    order: {
      show: 'Bestellung {number} ansehen',
      loading: 'Bestellung',
      pickup_at: 'Gewünscht für {time}',
      allergens: 'Enthält',
      due: '{amount} offen',
      history: 'Verlauf',
      money: 'Geld',
      tickets: 'Bons',
      no_tickets: 'Es gibt noch keinen Bon.',
      id: 'Payment-Hash oder Id'
    },
    status: {
      pending: 'Unbezahlt',
      paid: 'Bezahlt',
      accepted: 'In der Küche',
      ready: 'Fertig',
      completed: 'Abgeschlossen',
      canceled: 'Storniert',
      refunded: 'Erstattet'
    },
    step: {
      accepted: 'Annehmen',
      ready: 'Fertig',
      completed: 'Abschließen',
      canceled: 'Stornieren',
      refunded: 'Als erstattet vermerken',
      cash: 'Bar kassieren'
    },
    cancel_reason: {
      expired: 'nicht rechtzeitig bezahlt',
      guest: 'vom Gast',
      staff: 'vom Personal'
    },
    flags: {
      paid_late: 'Zu spät bezahlt',
      overpaid: 'Zu viel bezahlt',
      underpaid: 'Zu wenig bezahlt',
      oversold: 'Inzwischen ausverkauft',
      unavailable: 'Nicht verfügbar',
      refund_due: 'Geld zurückzugeben',
      stuck_internal: 'Zahlung hängt fest',
      disputed: 'Bestritten'
    },
    flag_todo: {
      paid_late:
        'Das Geld kam, als die Bestellung schon beendet war. Frag den Gast, dann zubereiten oder zurückgeben.',
      overpaid: 'Es kam mehr, als zu zahlen war. Tippe „Differenz erstatten“.',
      underpaid: 'Ein Teil ist bezahlt. Kassiere den Rest.',
      underpaid_pending:
        'Ein Teil ist bezahlt. Kassiere den Rest; zubereitet wird, wenn alles bezahlt ist.',
      oversold:
        'Etwas davon ist ausverkauft. Lass es weg, gib etwas anderes oder bereite es trotzdem zu. „Erstatten“ gibt alles zurück.',
      unavailable:
        'Etwas davon wurde inzwischen abgeschaltet. Lass es weg, gib etwas anderes oder bereite es trotzdem zu.',
      refund_due: '{amount}. Tippe „Erstatten“, um es zurückzugeben.',
      surplus_due: '{amount}. Die Bestellung läuft normal weiter.',
      stuck_internal:
        'Der Gast hat bezahlt, aber LNbits hat es nicht gebucht. Verlange kein Geld mehr; zeig die Bestellung der Person, die den Server betreibt.',
      disputed:
        'Der Karteninhaber will das Geld zurück. Antworte dem Kartenanbieter, dann öffne die Bestellung und vermerke, wie es ausging.'
    },
    cancel: {
      title: 'Bestellung {number} stornieren?',
      paid: 'Sie ist bezahlt: Du schuldest dem Gast dieses Geld.',
      unpaid: 'Es wurde nichts dafür bezahlt.',
      yes: 'Bestellung {number} stornieren'
    },
    refund: {
      title: 'Bestellung {number} als erstattet vermerken?',
      text: 'Das sendet kein Geld: Es hält nur fest, dass du es zurückgegeben hast.',
      reason: 'Wie wurde es zurückgegeben, und warum?',
      yes: 'Als erstattet vermerken'
    },
    cash: {
      due: 'ist zu zahlen',
      tendered: 'Der Gast gibt',
      change: 'Rückgeld',
      too_little: 'Das ist weniger als zu zahlen ist.',
      not_a_number: 'Bitte einen Betrag wie 20.00 eingeben.',
      take: 'Kassieren',
      give_back: 'Zurückgeben',
      done: 'Fertig'
    },
    lookup: {
      label: 'Bestellnummer, Payment-Hash oder Rechnung',
      hint: 'Füge ein, was das Wallet des Gastes zeigt.',
      search: 'Suchen',
      nothing: 'So eine Bestellung gibt es hier nicht.',
      several: 'Mehrere Bestellungen haben diese Nummer, die neueste steht oben.',
      not_understood: 'Das ist weder Bestellnummer noch Payment-Hash noch Rechnung.',
      bad_invoice: 'Diese Rechnung ist nicht lesbar. Wurde sie ganz kopiert?'
    },
    sums: {
      subtotal_msat: 'Artikel',
      discount_msat: 'Rabatt',
      service_msat: 'Service',
      tax_msat: 'Steuer',
      tip_msat: 'Trinkgeld',
      total_msat: 'Summe',
      paid_msat: 'Bezahlt',
      due_msat: 'Offen'
    },
    actors: {
      owner: 'Inhaber',
      reader: 'Leser',
      guest: 'Gast',
      system: 'von selbst',
      manager: 'Leitung',
      pos: 'Kasse',
      kds: 'Küchenbildschirm',
      printer: 'Drucker'
    },
    menu: {
      add_category: 'Kategorie',
      add_item: 'Artikel',
      filter: 'Artikel finden',
      export: 'Exportieren',
      import: 'Importieren',
      imported: 'Importiert. Sieh es durch und speichere dann.',
      import_failed: '{name} ist keine Speisekarte.',
      empty:
        'Die Karte ist leer. Beginne mit einer Kategorie, zum Beispiel „Getränke“.',
      category: 'Kategorie',
      station: 'Druckt an',
      up: '{name} nach oben',
      down: '{name} nach unten',
      up_short: 'Hoch',
      down_short: 'Runter',
      copy: 'Verdoppeln',
      copy_of: '{name} (Kopie)',
      delete: '{name} löschen',
      delete_yes: 'Löschen',
      delete_item_text: 'Mit dem Speichern verschwindet es von der Karte.',
      delete_category_text: 'Artikel, die beim Speichern mit verschwinden: {n}.',
      unnamed: 'Neuer Artikel',
      hidden: 'versteckt',
      hide: 'Vor Gästen verstecken',
      fault: 'Hier ist ein Fehler',
      left: 'noch {n}',
      none_left: 'noch 0: ausverkauft',
      name: 'Name',
      price: 'Preis ({currency})',
      stock: 'Bestand',
      stock_hint: 'Leer: nicht gezählt',
      description: 'Beschreibung',
      allergens: 'Allergene',
      allergens_hint: 'Wählen, oder andere eintippen und Enter drücken',
      photo: 'Adresse eines Fotos (https://…)',
      tax_rate: 'Steuer in %',
      tax_hint: 'Leer: {rate} %, wie in den Einstellungen',
      available: 'Verfügbar',
      sold_out: 'Ausverkauft',
      sold_out_until: 'Ausverkauft bis {time}',
      off_until: 'Ausverkauft bis {time}',
      off_for_good: 'Ausverkauft, bis ich es wieder einschalte',
      save: 'Karte speichern',
      saved: 'Die Karte ist gespeichert.',
      discard: 'Verwerfen',
      discard_title: 'Deine Änderungen verwerfen?',
      discard_text: 'Die Karte wird wieder so, wie Gäste sie jetzt sehen.',
      has_faults: 'Nicht gespeichert. Fehler: {n}'
    },
    groups: {
      title: 'Auswahlgruppen',
      none: 'Hier gibt es für Gäste nichts auszuwählen.',
      name: 'Name der Gruppe, zum Beispiel „Größe“',
      min: 'Mindestens',
      max: 'Höchstens',
      no_limit: 'ohne Grenze',
      modifier: 'Auswahl',
      delta: 'Aufpreis ({currency})',
      add: 'Auswahlgruppe',
      add_modifier: 'Auswahl',
      copy: 'Von anderem Artikel übernehmen',
      delete_text: 'Auswahlen, die beim Speichern mit verschwinden: {n}.',
      rule_any: 'Gäste dürfen beliebig viele nehmen.',
      rule_up_to: 'Gäste dürfen bis zu {max} nehmen.',
      rule_at_least: 'Gäste müssen {min} oder mehr nehmen.',
      rule_exactly: 'Gäste müssen {min} nehmen.',
      rule_between: 'Gäste müssen {min} bis {max} nehmen.'
    },
    conflict: {
      title: 'Jemand anders hat die Karte geändert',
      text: 'Sie wurde von jemand anderem gespeichert, während du daran gearbeitet hast. Von dir ist noch nichts gespeichert.',
      reload: 'Andere Fassung laden, meine verwerfen',
      export: 'Meine als Datei herunterladen',
      overwrite: 'Meine darüber speichern',
      wait: 'Weiter bearbeiten'
    },
    allergens: {
      gluten: 'Gluten',
      crustaceans: 'Krebstiere',
      eggs: 'Eier',
      fish: 'Fisch',
      peanuts: 'Erdnüsse',
      soy: 'Soja',
      milk: 'Milch',
      nuts: 'Schalenfrüchte',
      celery: 'Sellerie',
      mustard: 'Senf',
      sesame: 'Sesam',
      sulphites: 'Sulfite',
      lupin: 'Lupinen',
      molluscs: 'Weichtiere'
    },
    settings: {
      save: 'Speichern',
      saved: 'Gespeichert.',
      close_down: 'Endgültig auflösen',
      close_down_text:
        'Das Restaurant verschwindet und seine Geräte werden getrennt. Seine Bestellungen bleiben in den Büchern.',
      close_down_ask: 'Gib „{name}“ ein, um es endgültig aufzulösen.',
      groups: {
        profile: 'Profil',
        money: 'Geld',
        orders: 'Bestellungen',
        time: 'Zeit'
      },
      fields: {
        name: 'Name',
        slug: 'Adresse der Gästeseite (/restaurant/m/…)',
        description: 'Beschreibung für Gäste',
        image_url: 'Adresse eines Bildes (https://…)',
        legal_name: 'Firmenname',
        tax_id: 'Steuernummer',
        address: 'Anschrift',
        receipt_footer: 'Letzte Zeilen der Quittung',
        currency: 'Währung',
        tax_rate: 'Steuer in %',
        tip_options: 'Angebotene Trinkgelder in %',
        tax_inclusive: 'Preise enthalten die Steuer',
        cash_at_table: 'Gäste am Tisch dürfen gegen Bargeld bestellen',
        auto_accept_orders: 'Bezahlte Bestellungen sofort annehmen',
        print_on: 'Bons drucken',
        order_expiry_seconds: 'Sekunden Zeit zum Bezahlen',
        quote_seconds: 'Sekunden, die ein genannter Preis gilt',
        open_orders_max: 'Unbezahlte Bestellungen zugleich',
        open_orders_per_table_max: 'Unbezahlte Bestellungen zugleich, je Tisch',
        show_left: 'Gästen zeigen, wenn nur noch wenige da sind',
        timezone: 'Zeitzone',
        day_starts_at: 'Der Geschäftstag beginnt um'
      },
      hints: {
        slug: 'Gedruckte QR-Codes enden, wenn du sie änderst.',
        tip_options: 'Zum Beispiel 5, 10, 15',
        day_starts_at: 'Zum Beispiel 04:00. Die Nummern beginnen wieder bei 1.'
      },
      choices: {
        paid: 'wenn eine Bestellung bezahlt ist',
        accepted: 'wenn eine Bestellung angenommen ist'
      }
    },
    roles: {
      printer: 'Drucker',
      kds: 'Küchenbildschirm',
      pos: 'Kasse',
      manager: 'Leitung'
    },
    role_hints: {
      printer: 'Darf seine Bons holen und bestätigen, sonst nichts.',
      kds: 'Darf Bestellungen sehen und weiterschieben und Artikel abschalten.',
      pos: 'Darf Bestellungen aufgeben, kassieren und weiterschieben.',
      manager: 'Darf fast alles, was du darfst. Nur du kannst eine hinzufügen.'
    },
    devices: {
      add: 'Gerät',
      empty: 'Noch kein Gerät. Schließe Drucker, Küchenbildschirm oder Kasse an.',
      name: 'Name, zum Beispiel „Küchendrucker“',
      role: 'Was es ist',
      stations: 'Stationen',
      stations_hint: 'Leer: alle',
      pair: 'Token erstellen',
      paired: '{name} kann verbunden werden',
      once: 'Dieses Token wird nur jetzt gezeigt. Wer es hat, handelt als dieses Gerät.',
      copy_token: 'Token kopieren',
      toml_title: 'Für printer-pi',
      toml_text:
        'Schreibe das in /etc/printer-pi.toml und setze die Adresse deines Druckers ein.',
      copy_toml: 'Konfiguration kopieren',
      noted: 'Ich habe es',
      never_seen: 'War noch nie da',
      seen: 'Zuletzt da: {time}',
      revoke: 'Entziehen',
      revoke_title: '{name} entziehen?',
      revoke_text: 'Sein Token gilt ab sofort nicht mehr und kommt nicht zurück.'
    },
    tables: {
      name: 'Name des Tisches',
      add: 'Tisch',
      empty:
        'Noch keine Tische. Der QR-Code eines Tisches öffnet die Karte für diesen Tisch.',
      show_qr: 'QR-Code',
      renew: 'Neuer Code',
      renew_title: 'Neuer Code für {name}?',
      renew_text: 'Der Code, der auf dem Tisch liegt, gilt ab sofort nicht mehr.',
      remove: 'Entfernen',
      remove_title: '{name} entfernen?',
      remove_text:
        'Der Code gilt ab sofort nicht mehr. Alte Bestellungen behalten den Namen.'
    },
    share: {
      title: 'Link für deine Gäste',
      text: 'Gäste scannen diesen Code, sehen die Karte und bestellen.',
      table_text: 'Wer diesen Code scannt, bestellt für diesen Tisch.',
      open: 'Öffnen'
    }
  }
})
