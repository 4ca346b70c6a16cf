window.i18n.global.mergeLocaleMessage('de', {
  restaurant: {
    tabs: {kitchen: 'Küche'},
    kitchen: {
      unaccepted: 'Bestellungen, die niemand angenommen hat: {n}',
      show_oldest: 'Bestellung {number} zeigen',
      tab: 'Offene Rechnung: gezahlt wird am Ende',
      held: 'Gang {n}: wartet',
      fire: 'Gang {n} abrufen',
      bump: '{name} ist fertig',
      recall: '{name} ist noch nicht fertig',
      promise: 'Annehmen, fertig in … Minuten',
      minutes: '{n} Min.',
      promised: 'Zugesagt für {time}',
      quoted: 'Gewünscht für {time}',
      alert: 'Diese Bestellung hat noch niemand angenommen',
      alert_last: 'Diese Bestellung hat niemand rechtzeitig angenommen',
      reject: 'Ablehnen',
      reject_title: 'Bestellung {number} ablehnen?',
      reject_yes: 'Ablehnen',
      reject_reason: 'Warum? Der Gast liest das.',
      reject_usual: 'Das können wir gerade nicht zubereiten.'
    },
    calls: {
      title: 'Tische, die rufen',
      waiter: 'Bedienung',
      bill: 'die Rechnung',
      help: 'Hilfe',
      go: 'Ich gehe'
    },
    door: {
      pause: 'Pause',
      paused: 'Pause',
      paused_until: 'Pause bis {time}',
      resume: 'Weiter',
      pause_title: 'Eine Weile keine Bestellungen',
      pause_text: 'Gäste sehen es sofort, und wann es weitergeht.',
      reason: 'Warum (Gäste lesen das)',
      reasons: {
        full: 'Die Küche ist voll',
        break: 'Kurze Pause',
        sold_out: 'Fast ausverkauft'
      },
      how_long: 'Wie lange',
      until_resumed: 'Bis ich weitermache',
      busy: 'Viel los',
      busy_title: 'Bestellungen dauern länger',
      busy_text: 'Gäste erfahren es, bevor sie zahlen.',
      how_much: 'Wie viel länger',
      extra: '+{n} Min.',
      for_minutes: 'Für {n} Min.',
      longer: '+{n} Min.',
      longer_until: '+{n} Min. bis {time}',
      end: 'Beenden',
      always: 'Gäste können bestellen',
      open_until: 'Gäste können bestellen bis {time}',
      closed_until: '{why} – bis {time}',
      guests_read: 'Gäste lesen: {text}',
      switched_off: 'Gäste können nicht bestellen: ausgeschaltet',
      by: {
        paused: 'Pause',
        special_day: 'Heute geschlossen {name}',
        hours: 'Geschlossen nach Öffnungszeiten',
        last_orders: 'Letzte Bestellungen sind vorbei'
      }
    },
    cooks: {
      stations: 'Stationen',
      all: 'Alle Stationen',
      load: '{n} offen',
      empty: 'Hier ist nichts zu kochen.',
      left: 'noch {time}',
      late: '{time} zu spät',
      held: 'Gang {n}: wartet',
      fired: 'Gang {n}',
      done: 'Gang {n}: fertig',
      all_done: 'Alles fertig',
      rounds: 'Runde {n}',
      done_here: 'Hier fertig ({n})',
      finished: 'Bestellung {number} ist hier fertig.',
      undo: 'Zurücknehmen',
      line: {
        waiting: 'nicht fertig',
        cooking: 'in Arbeit',
        done: 'fertig',
        held: 'wartet'
      }
    },
    order_add: {all: 'Alles'},
    neworder: {
      title: 'Neue Bestellung',
      type: 'Art der Bestellung',
      name: 'Name',
      address: 'Wohin',
      phone: 'Telefon',
      paying: 'Wann wird gezahlt?',
      pay_tab: 'Offene Rechnung: am Ende',
      pay_now: 'Sofort',
      course: 'Gang {n}',
      send: 'An die Küche',
      done: 'Bestellung {number} ist in der Küche.'
    },
    round: {
      begin: 'Nachbestellen',
      title: 'Noch eine Runde für Bestellung {number}',
      send: 'An die Küche',
      done: 'Die Runde von Bestellung {number} ist in der Küche.',
      why: 'Warum fällt es weg?',
      reasons: {
        mistake: 'Unser Fehler',
        guest: 'Der Gast hat es sich anders überlegt',
        sold_out: 'Ausverkauft',
        complaint: 'Beschwerde'
      }
    },
    seat: {move: 'An einen anderen Tisch'},
    merge: {
      begin: 'Mit einer anderen Bestellung zusammenlegen',
      title: 'Was kommt zu Bestellung {number}?',
      text: 'Die Zeilen kommen auf diese Rechnung, die Küche kocht weiter.',
      none: 'Keine andere Bestellung ist offen.',
      has_money: 'Dafür kam schon Geld: jene Bestellung öffnen und diese zu ihr legen.',
      ask: 'Bestellung {from} wird Teil von Bestellung {into}. Das bleibt so.',
      yes: 'Zusammenlegen',
      done: 'Bestellung {from} gehört jetzt zu Bestellung {into}.'
    },
    filter: {
      mine: 'Wessen Tische',
      everybody: 'Alle',
      table: 'Tisch',
      show_all: 'Verborgen: {n}. Alle zeigen'
    },
    resolve: {
      title: 'Bestellung {number}: nicht alles ist da',
      which: 'Was fehlt?',
      none: 'Nichts gewählt: was gerade ausverkauft oder abgeschaltet ist.',
      instead: 'Stattdessen',
      choose: 'Etwas anderes wählen',
      refund_line: 'Weglassen und erstatten',
      substitute: 'Etwas anderes geben',
      done: 'Die Bestellung geht weiter, der Gast erfährt es.'
    },
    cancel_reason: {
      unaccepted: 'Niemand hat sie rechtzeitig angenommen',
      merged: 'Mit einer anderen Bestellung zusammengelegt'
    }
  }
})
