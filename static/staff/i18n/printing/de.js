window.i18n.global.mergeLocaleMessage('de', {
  restaurant: {
    printing: {pages: {queue: 'Warteschlange', printers: 'Drucker'}},
    alarm: {
      printers: 'Drucker, die jemanden brauchen: {names}',
      show_printers: 'Ansehen'
    },
    notices: {
      ask: 'Benachrichtige mich',
      about:
        'Hier melden, wenn ein Bon nicht gedruckt wird, auch hinter anderen Fenstern.',
      works: 'Benachrichtigungen kommen auf diesem Gerät an.'
    },
    lamps: {
      said: 'Druck: siehe unten',
      is_new: 'hat sich noch nicht gemeldet',
      todo_new:
        'Schalte ihn ein. Wie er eingerichtet wird, steht unter „Druck“, „Drucker“.',
      todo_paused: 'Wenn er wieder drucken darf: „Druck“, „Drucker“, „Weiter“.',
      name: {fonts: 'Schrift auf Papier'},
      means: {fonts: 'Welche Schriften der Server drucken kann.'},
      todo: {
        fonts:
          'Bons werden gedruckt, aber manche Zeichen nicht. Sag es dem Betreiber des Servers.'
      }
    },
    printers: {
      pages: {serves: 'Was er druckt', paper: 'Wie es aussieht'},
      add: 'Drucker hinzufügen',
      add_pi: 'printer-pi verbinden',
      add_cloudprnt: 'Drucker mit Star CloudPRNT',
      add_epson: 'Drucker mit Epson Server Direct Print',
      which: 'Wie ist der Drucker angeschlossen?',
      kinds: {
        pi: 'printer-pi',
        cloudprnt: 'Star CloudPRNT',
        epson: 'Epson Server Direct Print'
      },
      kind_hints: {
        pi: 'Jeder Bondrucker (Netzwerk, USB, seriell) an einem Raspberry Pi oder kleinen Rechner im Restaurant.',
        cloudprnt:
          'Ein Drucker von Star, der selbst bei diesem Server fragt: mC-Print, TSP100IV …',
        epson:
          'Ein Drucker von Epson, der selbst bei diesem Server fragt: TM-m30, TM-T88 …'
      },
      empty: 'Noch kein Drucker. Füge einen hinzu, dann drucken Bons von selbst.',
      unserved: 'Kein Drucker druckt für: {names}',
      is: {
        ok: 'Bereit',
        paused: 'Angehalten',
        silent: 'Antwortet nicht',
        new: 'Hat sich noch nicht gemeldet',
        paper_low: 'Bereit, das Papier geht zu Ende',
        printer_offline: 'Drucker ist aus oder nicht verbunden',
        printer_paper_out: 'Papier ist leer',
        printer_cover_open: 'Deckel ist offen',
        printer_error: 'Drucker hat einen Fehler'
      },
      since: '{text}, seit {time}',
      asked: 'fragte vor {ago}',
      queued: 'Warten: {n}',
      all_stations: 'Alle Stationen',
      backup_is: 'Ersatz: {name}',
      name: 'Name, zum Beispiel „Küchendrucker“',
      copies: 'Exemplare von jedem Bon',
      backup: 'Ersatzdrucker',
      backup_hint: 'Übernimmt, wenn dieser eine Minute lang ausfällt.',
      no_backup: 'keiner',
      test: 'Testdruck',
      test_sent: 'Eine Testseite ist in der Warteschlange.',
      more: 'Mehr',
      renew: 'Neue Adresse',
      renew_text:
        'Die jetzige Adresse des Druckers gilt sofort nicht mehr. Trage die neue auf seiner Webseite ein.',
      remove: 'Entfernen',
      remove_title: '{name} entfernen?',
      remove_text: {
        pi: 'Was wartet, geht an die anderen Drucker seiner Stationen. Solange sein Gerät für ihn fragt, kommt er wieder: Entziehe dazu das Gerät.',
        own: 'Seine Adresse gilt sofort nicht mehr. Was wartet, geht an die anderen Drucker seiner Stationen.'
      }
    },
    pair: {
      install: 'printer-pi auf den Rechner beim Drucker bringen, einmal:',
      run: 'Den Drucker in /etc/printer-pi.toml eintragen, dann eingeben:',
      copy: 'Befehl kopieren',
      read: 'Er zeigt und druckt einen Code aus acht Zeichen. Tippe ihn innerhalb von zehn Minuten hier ein.',
      code: 'Code',
      done: '{name} ist verbunden.',
      name_them: 'Gib seinen Druckern Namen, die alle kennen.',
      none_yet: 'Seine Drucker erscheinen hier, sobald er sie meldet.',
      wrong: {
        code: 'Das ist kein Code: acht Buchstaben und Ziffern, nie 0, O, 1, I oder L.',
        unknown:
          'Mit diesem Code wartet niemand. Stimmt er? Nach zehn Minuten endet er: Starte den Befehl neu.',
        tries: 'Zu viele falsche Codes. Warte ein paar Minuten und versuche es wieder.'
      },
      buttons: {
        next: 'Weiter',
        pair: 'Verbinden',
        save: 'Speichern',
        create: 'Adresse erstellen',
        noted: 'Fertig'
      }
    },
    address: {
      once: 'Diese Adresse wird nur jetzt gezeigt. Wer sie hat, kann deine Bons abholen.',
      copy: 'Adresse kopieren',
      qr: 'QR-Code der Adresse des Druckers',
      plain:
        'Diese Adresse ist nicht verschlüsselt (http). Benutze sie nur im eigenen Netz.',
      waits: 'Wartet auf seine erste Frage …',
      asked: 'Er hat gefragt.',
      steps: {
        cloudprnt: {
          1: 'Halte beim Einschalten die Vorschubtaste: Auf der Seite, die herauskommt, steht die IP-Adresse. Öffne sie im Browser und melde dich an (ältere: Benutzer „root“, Passwort „public“).',
          2: 'Unter „CloudPRNT“ den Dienst auf „Enable“ stellen und diese Adresse als Server-URL einfügen.',
          3: 'Abfragezeit auf 5 Sekunden stellen. Benutzer und Passwort bleiben leer.',
          4: 'Absenden, „Save and restart“ wählen und eine Minute warten.'
        },
        epson: {
          1: 'Drucke das Statusblatt des Druckers: Dort steht die IP-Adresse. Öffne sie im Browser (Benutzer „epson“, Passwort: die Seriennummer).',
          2: 'Unter „Server Direct Print“ einschalten und diese Adresse als URL 1 einfügen. ID: irgendein Wort, Intervall: 1 bis 5 Sekunden, keine Anmeldung.',
          3: 'Unter „Status Notification“ mit derselben Adresse einschalten, Intervall 10 Sekunden. Den Spooler ausschalten, sonst fällt leeres Papier zu spät auf.',
          4: 'Speichern und den Drucker neu starten.'
        }
      }
    },
    layout: {
      picture: 'So wird es auf Papier aussehen',
      sample: 'Welches Papier',
      samples: {ticket: 'Bon', receipt: 'Beleg', slip: 'Storno', test: 'Test'},
      groups: {look: 'Papier', receipts: 'Belege', machine: 'Drucker'},
      fields: {
        paper: 'Breite',
        text_size: 'Schrift',
        language: 'Sprache der festen Wörter',
        rail_mm: 'Leeres Papier über Bons, in mm',
        logo: 'Logo',
        header: 'Zeilen über einem Beleg',
        footer: 'Zeilen unter einem Beleg',
        render: 'Wie er druckt',
        dots: 'Punkte in der Breite',
        codepage: 'Codepage',
        columns: 'Zeichen je Zeile',
        cut: 'Schnitt',
        drawer_pin: 'Kassenlade',
        buzzer: 'Summer'
      },
      hints: {
        rail_mm: 'Für die Schiene, die sie hält; 0: keines',
        raster: 'Jede Sprache und jedes Zeichen, genau wie hier gezeigt.',
        text: 'Für Nadeldrucker: nur die Zeichen der Codepage.'
      },
      usual: 'wie beim Papier üblich',
      paper_is: '{n} mm',
      dots_is: '{n} Punkte',
      columns_is: '{n} Zeichen',
      drawer_pin_is: 'Pin {n}',
      text_size_is: {normal: 'Normal', large: 'Groß'},
      render_is: {raster: 'Als Bild', text: 'Als Zeichen'},
      cut_is: {partial: 'fast durch', full: 'durch', none: 'gar nicht'},
      buzzer_is: {
        none: 'keiner',
        escpos: 'eingebaut',
        epson: 'Epson',
        drawer: 'an der Buchse der Lade'
      },
      use_logo: 'Auf Belegen dieses Druckers',
      put_logo: 'Bild wählen',
      other_logo: 'Anderes Bild',
      remove_logo: 'Logo entfernen?',
      remove_logo_text: 'Es verschwindet von den Belegen aller Drucker.',
      no_picture: 'Diese Datei ist nicht als Bild lesbar.'
    },
    receipt: {
      title: 'Beleg',
      print: 'Beleg drucken',
      print_elsewhere: 'An anderem Drucker',
      printed: 'Der Beleg wird gedruckt: {name}.',
      show: 'Beleg zeigen',
      no_printer: 'Noch kein Drucker und keine Station für Belege.'
    },
    devices: {show_printer: 'Drucker {name} zeigen'},
    settings: {
      fields: {
        receipt_on: 'Belege von selbst drucken',
        print_relays: 'Drucker wecken: Nostr-Relays'
      },
      hints: {
        print_relays:
          'Wecken Geräte mit printer-pi, sobald etwas zu drucken ist. Bis zu drei Adressen wie wss://relay.example.com, durch Kommas getrennt. Leer: Drucker fragen selbst nach.'
      },
      choices: {never: 'nie', completed: 'wenn eine Bestellung abgeschlossen ist'}
    },
    jobs: {
      filter: 'Welche Bons',
      filters: {
        failed: 'Gescheitert',
        waiting: 'Wartend',
        acknowledged: 'Gedruckt',
        canceled: 'Abgebrochen'
      },
      narrow: 'Filtern',
      show_all: 'Alle zeigen',
      number: 'Bestellnummer',
      by: {printer: 'Drucker', station: 'Station', kind: 'Was es ist'},
      kinds: {
        ticket: 'Bon',
        receipt: 'Beleg',
        void_slip: 'Stornobeleg',
        test: 'Testseite',
        drawer: 'Kassenlade'
      },
      more: '{n} weitere zeigen',
      failed_todo:
        'Nicht gedruckte Bons: {n}. Lies sie hier, dann drucke sie noch einmal oder lege sie ab.',
      empty: 'Keine Bons.',
      attempts: 'Versuche: {n}',
      again_at: 'wieder um {time}',
      copies: '{n} Exemplare',
      only: 'nur an {name}',
      for_other: '{name} für {other}',
      gone_printer: 'ein Drucker, den es nicht mehr gibt',
      is_reprint: 'Nachdruck',
      maybe_twice: 'liegt vielleicht schon auf Papier',
      text: 'Text des Bons',
      show_text: 'Ansehen',
      as_text: 'Als Text',
      as_picture: 'Als Bild',
      retry: 'Noch einmal drucken',
      retry_all: 'Alle {n} noch einmal drucken',
      retried: 'Wieder in der Warteschlange.',
      reprint: 'Nachdrucken',
      reprinted: 'Eine gekennzeichnete Kopie ist in der Warteschlange.',
      reroute: 'Anderer Drucker',
      rerouted: 'Geht jetzt an {name}.',
      cancel: 'Nicht drucken',
      canceled: 'Wird nicht gedruckt.',
      dismiss: 'Ablegen',
      cancel_title: '{what} an {station}: nicht drucken?',
      cancel_text:
        'Der Bon verlässt die Warteschlange. Er kann später nachgedruckt werden.',
      cancel_yes: 'Nicht drucken'
    },
    job_status: {
      queued: 'wartet',
      sent: 'beim Drucker',
      acknowledged: 'gedruckt',
      failed: 'gescheitert',
      canceled: 'abgebrochen'
    }
  }
})
