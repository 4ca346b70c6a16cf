window.i18n.global.mergeLocaleMessage('de', {
  restaurant: {
    tabs: {stock: 'Bestand'},
    stock: {
      pages: {stock: 'Was da ist', recipes: 'Rezepte'},
      add: 'Etwas zählen',
      begin: 'Ab jetzt zählen',
      export: 'CSV herunterladen',
      import: 'CSV einlesen',
      check: 'Bestandsbuch prüfen',
      filter: 'Suchen',
      kind: 'Art',
      kinds: {
        all: 'Alles',
        item: 'Gericht oder Getränk',
        modifier: 'Option',
        ingredient: 'Zutat'
      },
      low_only: 'Nur Knappes',
      empty: 'Noch wird nichts gezählt.',
      nothing: 'Nichts passt.',
      more: '{n} weitere zeigen',
      show: 'Bestand von {name}',
      level: {out: 'aus', low: 'knapp'},
      used_by: 'Rezepte: {n}',
      not_counted: 'nicht gezählt',
      on_hand: '{n} da',
      reserved: '{n} reserviert',
      low_at: 'knapp ab {n}',
      figures: {available: 'Verfügbar', on_hand: 'Da', reserved: 'Reserviert'},
      about: 'Warnung',
      about_ingredient: 'Name und Warnung',
      name: 'Name',
      unit: 'Einheit',
      unit_hint: 'Gezählt wird in ganzen Zahlen: eher g als kg',
      pieces: 'Stück',
      entry_hint: 'Was schon gezählt wird, steht nicht in dieser Liste.',
      there_now: 'Jetzt da',
      low_mark: 'Warnen, wenn verfügbar nur noch',
      low_never: 'keine Warnung',
      move: 'Was ist passiert?',
      moves: {
        receive: 'Zugang',
        waste: 'Verlust',
        count: 'Zählen',
        adjust: 'Korrigieren'
      },
      move_texts: {
        receive: 'Es ist gekommen: Es kommt dazu.',
        waste: 'Es ist weg: Es geht ab.',
        count: 'Sie haben gezählt: So viel ist da.',
        adjust: 'Die Zahl war falsch: um so viel, unter null mit Minus.'
      },
      quantities: {
        receive: 'Wie viel kam',
        waste: 'Wie viel wegkam',
        count: 'Wie viel da ist',
        adjust: 'Um wie viel, zum Beispiel -3'
      },
      reason: 'Warum',
      reason_optional: 'Warum (wenn Sie mögen)',
      reasons_title: 'Übliche Gründe',
      reasons: {
        delivery: 'Lieferung',
        bought: 'Eingekauft',
        made: 'Selbst gemacht',
        spoiled: 'Verdorben',
        dropped: 'Heruntergefallen',
        expired: 'Abgelaufen',
        staff_meal: 'Personalessen',
        stocktake: 'Inventur',
        end_of_day: 'Tagesende',
        miscounted: 'Verzählt',
        found: 'Gefunden',
        missing: 'Fehlt'
      },
      forecast: 'Danach da: {amount}',
      moved: 'Es steht im Bestandsbuch.',
      kinds_of_move: {
        reserve: 'Für eine Bestellung reserviert',
        commit: 'Verkauft',
        cancel: 'Von einer Bestellung zurück',
        refund: 'Zurück ins Regal',
        adjust: 'Korrigiert',
        receive: 'Zugang',
        waste: 'Verlust',
        count: 'Gezählt'
      },
      no_history: 'Noch hat sich nichts bewegt.',
      earlier: 'Frühere',
      remove: 'Entfernen',
      remove_title: '{name} entfernen?',
      remove_text: 'Was davon übrig ist, wird abgeschrieben. Die Geschichte bleibt.',
      end: 'Nicht mehr zählen',
      end_title: '{name} nicht mehr zählen?',
      end_text:
        'Gäste dürfen dann beliebig viel davon bestellen. Die Geschichte bleibt.',
      something: 'Etwas',
      low_notice: '{name} ist knapp: {amount} verfügbar',
      out_notice: '{name} ist aus'
    },
    sheet: {
      title: 'Eine Zählliste einlesen',
      about: 'Nichts ändert sich, wenn eine einzige Zeile einen Fehler hat.',
      text: 'Laden Sie die CSV herunter, schreiben Sie das Gezählte in „on_hand“ und wählen Sie sie hier aus. Nicht benötigte Zeilen und Spalten dürfen fehlen.',
      choose: 'Datei wählen',
      no_file: 'Noch keine Datei',
      send: 'Einlesen',
      row: 'Zeile {n}',
      faults: 'Nicht eingelesen. Fehler: {n}',
      done: 'Zeilen: {rows}. Gezählt: {counted}, neu: {added}.'
    },
    proof: {
      equal: 'Das Bestandsbuch stimmt.',
      counted:
        'Bestände: {stocks}, Bewegungen: {movements}. Jede Zahl ist die Summe ihrer Bewegungen.',
      differs: 'Das Bestandsbuch geht nicht auf.',
      todo: 'Zeigen Sie das dem Betreiber des Servers, und zählen Sie diese nach.',
      again: 'Noch einmal prüfen',
      problems: {
        figures: 'Die Zahl ist nicht die Summe ihrer Bewegungen.',
        movement: 'Bewegung {seq} folgt nicht aus der davor.',
        reservation: 'Es ist einer Bestellung versprochen, die nicht darauf wartet.'
      }
    },
    recipes: {
      intro:
        'Was eine Portion braucht. Ein Gericht ist ausverkauft, sobald die Zutaten keine Portion mehr ergeben.',
      title: 'Eine Portion braucht',
      text: 'Aufgegebene Bestellungen behalten das Rezept von damals.',
      no_ingredients: 'Zählen Sie zuerst unter „Was da ist“ eine Zutat.',
      ingredient: 'Zutat',
      quantity: 'Wie viel',
      add: 'Zutat',
      save: 'Rezept speichern',
      saved: 'Das Rezept ist gespeichert.',
      none: 'kein Rezept',
      modifiers: 'Auch Optionen',
      portions: 'reicht für {n}',
      used_in: 'Verwendet in',
      nowhere: 'Kein Rezept verwendet es.'
    },
    offered: {
      types: 'Angeboten für',
      timed: 'Nur zu bestimmten Zeiten',
      when: 'Wann und für wen: {name}'
    },
    choices: {
      switch: 'Optionen von {name}',
      about: 'Optionen aus- und einschalten',
      off: '{n} aus'
    },
    off: {
      next_opening: 'Ausverkauft, bis wir wieder öffnen',
      at_time: 'Ausverkauft bis zu einer Zeit …',
      title: '{name} ist ausverkauft',
      time: 'Wieder da',
      yes: 'Ausschalten'
    },
    hours: {
      preview: 'Die nächsten sieben Tage',
      now_open: 'Jetzt offen',
      now_closed: 'Jetzt geschlossen',
      until: 'bis {time}',
      last_orders: 'letzte Bestellung um {time}',
      opens: 'Bestellungen wieder: {time}',
      next_day: '(am nächsten Tag)',
      all_day: 'ganztags',
      reasons: {
        switched_off: 'ausgeschaltet',
        paused: 'Pause',
        special_day: 'besonderer Tag',
        hours: 'außerhalb der Zeiten',
        last_orders: 'die letzte Bestellung ist vorbei'
      },
      always:
        'Noch keine Zeiten: Bestellt werden kann jederzeit, solange der Schalter an ist.',
      open: 'Offen',
      closed: 'Geschlossen',
      add: '{day}: Zeiten hinzufügen',
      copy: '{day}: auf andere Tage kopieren',
      copy_week: 'Montag bis Freitag',
      copy_all: 'Jeden Tag',
      all_types: 'Alle Bestellungen',
      for_types: 'Für welche Bestellungen',
      to_next: 'Bis (nächster Tag)',
      none: 'Keine besonderen Tage.',
      special: {closed: 'Geschlossen', other: 'Andere Zeiten'},
      special_name: 'Name, zum Beispiel „Neujahr“',
      special_add: 'Besonderer Tag',
      that_day: 'An diesen Tagen'
    },
    slots: {
      choose: '{type}: Gäste wählen eine Zeit',
      no_limit: 'ohne Grenze',
      fields: {
        minutes: 'Alle … Minuten',
        lead_minutes: 'Minuten im Voraus, mindestens',
        days_ahead: 'Tage im Voraus, höchstens',
        orders: 'Bestellungen je Zeit',
        items: 'Stück je Zeit',
        value: 'Wert je Zeit'
      },
      says: 'Alle {minutes} min, ab {lead} min im Voraus, bis zu {days} Tage',
      at_most: {orders: '{n} Bestellungen', items: '{n} Stück', value: '{n}'},
      any: 'beliebig viele Bestellungen'
    },
    times: {
      by_load_text: 'Je mehr Bestellungen in der Küche sind, desto länger dauert es.',
      from_orders: 'Ab so vielen Bestellungen',
      minutes: 'Minuten',
      remove: 'Die Stufe ab {n} Bestellungen entfernen',
      add: 'Stufe'
    },
    settings: {
      pages: {general: 'Allgemein', hours: 'Öffnung', times: 'Dauer'},
      groups: {
        tabs: 'Offene Rechnung am Tisch',
        open_orders: 'Bestellungen, die niemand bezahlt',
        stock: 'Bestand',
        order_types: 'Was angenommen wird',
        opening_hours: 'Öffnungszeiten',
        special_days: 'Besondere Tage',
        slots: 'Zeiten zur Wahl',
        prep: 'Wie lange es dauert',
        busy: 'Wenn viel los ist'
      },
      intros: {
        open_orders: 'Mehr unbezahlte Bestellungen auf einmal werden abgelehnt.',
        opening_hours:
          'Wann Bestellungen angenommen werden. Eine Pause ist die Lücke zwischen zweien; was vor seinem Beginn endet, endet am nächsten Tag.',
        special_days: 'An diesen Tagen gelten ihre Zeiten statt derer der Woche.',
        slots: 'Ohne Zeiten zur Wahl dürfen Gäste jede offene Zeit nennen.',
        prep: 'Gäste sehen es, bevor sie bezahlen.',
        busy: 'Sofort geht es mit dem Knopf oben.'
      },
      fields: {
        accept_within_minutes: 'Minuten, um eine bezahlte Bestellung anzunehmen',
        unaccepted: 'Wenn sie niemand rechtzeitig annimmt',
        tabs_at_table: 'Gäste am Tisch dürfen jetzt bestellen und am Ende bezahlen',
        tab_limit: 'Höchstens so viel auf einer offenen Rechnung (0: ohne Grenze)',
        open_orders_per_address_max: 'Dasselbe je Netzadresse',
        open_orders_per_device_max: 'Dasselbe je Kasse',
        stock_policy: 'Wann gezählter Bestand abgeht',
        reserve_guest_percent: 'Höchstens so viel darf ein Gast reservieren, in %',
        order_types: 'Angenommene Bestellungen',
        opening_hours: 'Öffnungszeiten',
        last_order_minutes: 'Letzte Bestellung, Minuten vor Schluss',
        special_days: 'Besondere Tage',
        slots: 'Zeiten zur Wahl',
        prep_minutes: 'Minuten, die eine Bestellung dauert',
        prep_by_load: 'Nach der Zahl der Bestellungen',
        busy_from_orders: 'Viel los ab so vielen Bestellungen in der Küche',
        busy_extra_minutes: 'Minuten, die es dann länger dauert'
      },
      hints: {
        prep_minutes: 'Leer: Nichts wird versprochen.',
        busy_from_orders: 'Leer: nur von Hand.',
        open_orders_per_address_max:
          'Ein Gastraum mit einem WLAN hat eine Adresse: Lassen Sie genug.',
        reserve_guest_percent:
          'Gilt nur, wenn unbezahlte Bestellungen Bestand halten. Eine Portion geht immer.'
      },
      choices: {
        wait: 'Sie wartet weiter, immer lauter',
        cancel: 'Sie wird storniert, und das Geld geht zurück',
        settle: 'Wenn bezahlt ist',
        reserve: 'Wenn bestellt ist'
      },
      choice_hints: {
        wait: 'Es ist immer jemand da.',
        cancel: 'Der Gast soll bald wissen, wenn niemand da ist.',
        settle: 'Wer zuerst bezahlt, bekommt es. Wer zu spät bezahlt, erfährt es.',
        reserve:
          'Eine Bestellung, die auf ihr Geld wartet, hält das Ihre, bis sie verfällt.'
      }
    }
  }
})
