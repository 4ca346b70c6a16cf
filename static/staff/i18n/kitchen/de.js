window.i18n.global.mergeLocaleMessage('de', {
  restaurant: {
    kitchen: {
      tab: 'Offene Rechnung: gezahlt wird am Ende',
      held: 'Gang {n}: wartet',
      fire: 'Gang {n} abrufen',
      bump: '{name} ist fertig',
      recall: '{name} ist noch nicht fertig',
      promise: 'Annehmen, fertig in',
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
