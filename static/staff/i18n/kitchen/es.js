window.i18n.global.mergeLocaleMessage('es', {
  restaurant: {
    tabs: {kitchen: 'Cocina'},
    kitchen: {
      unaccepted: 'Pedidos que nadie ha aceptado: {n}',
      show_oldest: 'Ver el pedido {number}',
      tab: 'Cuenta abierta: se paga al final',
      held: 'Tiempo {n}: en espera',
      fire: 'Marchar tiempo {n}',
      bump: '{name} está listo',
      recall: '{name} aún no está listo',
      promise: 'Aceptar, listo en … minutos',
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
    calls: {
      title: 'Mesas que llaman',
      waiter: 'camarero',
      bill: 'la cuenta',
      help: 'ayuda',
      go: 'Voy'
    },
    door: {
      pause: 'Pausa',
      paused: 'En pausa',
      paused_until: 'En pausa hasta {time}',
      resume: 'Reanudar',
      pause_title: 'Sin pedidos por un rato',
      pause_text: 'Los clientes lo ven enseguida, y cuándo se vuelve.',
      reason: 'Por qué (los clientes lo leen)',
      reasons: {
        full: 'La cocina está llena',
        break: 'Pausa corta',
        sold_out: 'Casi agotado'
      },
      how_long: 'Cuánto tiempo',
      until_resumed: 'Hasta que reanude',
      busy: 'Mucho trabajo',
      busy_title: 'Los pedidos tardan más',
      busy_text: 'Los clientes lo saben antes de pagar.',
      how_much: 'Cuánto más',
      extra: '+{n} min',
      for_minutes: 'Por {n} min',
      longer: '+{n} min',
      longer_until: '+{n} min hasta {time}',
      end: 'Terminar',
      always: 'Los clientes pueden pedir',
      open_until: 'Los clientes pueden pedir hasta {time}',
      closed_until: '{why} – hasta {time}',
      guests_read: 'Los clientes leen: {text}',
      switched_off: 'Los clientes no pueden pedir: apagado',
      by: {
        paused: 'En pausa',
        special_day: 'Hoy cerrado {name}',
        hours: 'Cerrado por el horario',
        last_orders: 'Ya no se toman pedidos'
      }
    },
    cooks: {
      stations: 'Estaciones',
      all: 'Todas las estaciones',
      load: '{n} por hacer',
      empty: 'Aquí no hay nada que cocinar.',
      left: 'quedan {time}',
      late: '{time} tarde',
      held: 'Tiempo {n}: en espera',
      fired: 'Tiempo {n}',
      done: 'Tiempo {n}: listo',
      all_done: 'Todo listo',
      rounds: 'Ronda {n}',
      done_here: 'Listo aquí ({n})',
      finished: 'El pedido {number} está listo aquí.',
      undo: 'Deshacer',
      line: {
        waiting: 'sin hacer',
        cooking: 'en preparación',
        done: 'listo',
        held: 'en espera'
      }
    },
    order_add: {all: 'Todo'},
    neworder: {
      title: 'Nuevo pedido',
      type: 'Tipo de pedido',
      name: 'Nombre',
      address: 'Adónde',
      phone: 'Teléfono',
      paying: '¿Cuándo se paga?',
      pay_tab: 'Cuenta abierta: al final',
      pay_now: 'Ahora mismo',
      course: 'Tiempo {n}',
      send: 'Enviar a la cocina',
      done: 'El pedido {number} está en la cocina.'
    },
    round: {
      begin: 'Otra ronda',
      title: 'Otra ronda para el pedido {number}',
      send: 'Enviar a la cocina',
      done: 'La ronda del pedido {number} está en la cocina.',
      why: '¿Por qué se quita?',
      reasons: {
        mistake: 'Error nuestro',
        guest: 'El cliente cambió de idea',
        sold_out: 'Agotado',
        complaint: 'Queja'
      }
    },
    seat: {move: 'Pasar a otra mesa'},
    merge: {
      begin: 'Unir con otro pedido',
      title: '¿Qué se une al pedido {number}?',
      text: 'Sus líneas pasan a esta cuenta; la cocina sigue.',
      none: 'No hay otro pedido abierto.',
      has_money: 'Ya hay dinero de ese pedido: ábrelo y une este a él.',
      ask: 'El pedido {from} pasa a ser parte del {into}. No se puede deshacer.',
      yes: 'Unirlos',
      done: 'El pedido {from} es ahora parte del {into}.'
    },
    filter: {
      mine: 'Mesas de quién',
      everybody: 'De todos',
      table: 'Mesa',
      show_all: 'Ocultos: {n}. Ver todos'
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
