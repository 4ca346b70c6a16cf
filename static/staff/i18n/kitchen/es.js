window.i18n.global.mergeLocaleMessage('es', {
  restaurant: {
    kitchen: {
      tab: 'Cuenta abierta: se paga al final',
      held: 'Tiempo {n}: en espera',
      fire: 'Marchar tiempo {n}',
      bump: '{name} está listo',
      recall: '{name} aún no está listo',
      promise: 'Aceptar, listo en',
      minutes: '{n} min',
      promised: 'Prometido para las {time}',
      quoted: 'Deseado para las {time}',
      alert: 'Nadie ha aceptado este pedido todavía',
      alert_last: 'Nadie aceptó este pedido a tiempo',
      reject: 'Rechazar',
      reject_title: '¿Rechazar el pedido {number}?',
      reject_yes: 'Rechazar',
      reject_reason: '¿Por qué? El cliente lo lee.',
      reject_usual: 'No podemos prepararlo en este momento.'
    },
    resolve: {
      title: 'Pedido {number}: no hay de todo',
      which: '¿Qué falta?',
      none: 'Sin elegir nada: lo agotado o desactivado ahora.',
      instead: 'En su lugar',
      choose: 'Elegir otra cosa',
      refund_line: 'Quitarlo y devolver el dinero',
      substitute: 'Dar otra cosa',
      done: 'El pedido sigue y se avisa al cliente.'
    },
    cancel_reason: {
      unaccepted: 'Nadie lo aceptó a tiempo',
      merged: 'Unido a otro pedido'
    }
  }
})
