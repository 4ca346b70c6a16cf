window.i18n.global.mergeLocaleMessage('es', {
  restaurant: {
    tabs: {gift_cards: 'Tarjetas regalo'},
    methods: {
      cash: 'Efectivo',
      lightning: 'Lightning',
      card: 'Tarjeta',
      gift_card: 'Tarjeta regalo'
    },
    standing: {
      unpaid: 'nada pagado',
      part_paid: 'pagado en parte',
      paid: 'todo pagado',
      overpaid: 'pagado de más',
      late: 'pagado tarde'
    },
    step: {
      pay: 'Cobrar',
      make_anyway: 'Prepararlo igualmente',
      resurrect: 'Prepararlo al final',
      refund: 'Reembolsar',
      refund_surplus: 'Reembolsar la diferencia'
    },
    sums: {refunded_msat: 'Reembolsado', owed_msat: 'Por devolver'},
    counter: {title: 'Paga en efectivo en el mostrador'},
    pay: {
      title: 'Cobro del pedido {number}',
      how_much: 'Cuánto',
      scopes: {all: 'Todo', part: 'Una parte', split: 'Dividir'},
      share_due: 'por cobrar de esta parte',
      amount: 'Importe en {currency}',
      at_most: 'Como mucho faltan {amount}.',
      method: 'Forma de pago',
      no_method: 'Tus ajustes no admiten ningún pago para este tipo de pedido.',
      gift_hint: 'Escríbelo o escanéalo. Lo que no cubra la tarjeta sigue por cobrar.',
      gift_take: 'Cobrar de la tarjeta',
      taken_by: 'pagado: {method}',
      all_paid: 'Ya no falta nada.',
      still_due: 'Aún faltan {amount}.',
      next: 'Cobrar el resto'
    },
    cash: {in_coins: '{exact} → {coins} en monedas'},
    online: {
      qr: 'Código QR para la cartera del cliente',
      start_lightning: 'Mostrar el código QR',
      start_card: 'Pagar con {provider}',
      waits_lightning: 'Esperando la cartera del cliente …',
      waits_card: 'El cliente lo escanea y paga con tarjeta en su móvil …',
      copy: 'Copiar',
      open_here: 'Abrir aquí',
      over: 'Este código ya no vale. Haz uno nuevo.',
      away: '{provider} no responde. Se intenta de nuevo: {time}.'
    },
    split: {
      how: 'Cómo dividir',
      by: {
        parts: 'Igual',
        amounts: 'Importes',
        lines: 'Productos',
        guests: 'Por cliente'
      },
      into: 'Dividir entre {number}',
      more: 'Más',
      amounts: 'Importes en {currency}',
      amounts_hint: 'Escribe uno y pulsa Intro. El resto será una parte propia.',
      label: 'Quién (si quieres)',
      add_person: 'Siguiente persona',
      drop: 'Quitar {name}',
      rest_hint: 'Lo que nadie toma será una parte propia.',
      guests_text: 'Cada cliente paga lo que se pidió para él.',
      do: 'Dividir la cuenta',
      share: 'Parte {number} de {of}',
      rest: 'El resto',
      status: {part_paid: 'pagada en parte', paid: 'pagada'},
      take: 'Cobrar',
      take_of: 'Cobrar {name}',
      other: 'Otra parte',
      undo: 'Deshacer la división'
    },
    picker: {less: 'Menos: {name}', more: 'Más: {name}'},
    payments: {
      title: 'Pagos',
      tendered: 'entregado {amount}',
      change: 'cambio {amount}',
      rounding: 'redondeo {amount}',
      status: {
        created: 'espera',
        authorized: 'autorizado',
        captured: 'recibido',
        settled: 'recibido',
        voided: 'anulado',
        failed: 'fallido',
        disputed: 'en disputa'
      }
    },
    disputes: {
      opened: 'Está en disputa',
      opened_text:
        'Anota que el proveedor te avisó. El dinero cuenta hasta que se decida.',
      won: 'Disputa ganada',
      won_text: 'Te quedas el dinero. El pedido queda como si nada.',
      lost: 'Disputa perdida',
      lost_text: 'El dinero se fue y vuelve a faltar. Esto no se puede deshacer.',
      closed: 'Visto, cerrar',
      closed_text: 'El aviso rojo desaparece; el dinero sigue perdido.'
    },
    give: {
      title: 'Reembolso del pedido {number}',
      begin: 'Reembolsar …',
      list: 'Reembolsos',
      how_much: 'Cuánto',
      what: {
        all: 'Todo',
        owed: 'La diferencia',
        amount: 'Un importe',
        lines: 'Productos'
      },
      restock: 'De vuelta al estante: contarlos otra vez para la venta',
      why: 'Por qué',
      reason: 'Motivo',
      reasons: {
        sold_out: 'Agotado',
        mistake: 'Error nuestro',
        complaint: 'Queja',
        twice: 'Pagado dos veces',
        canceled: 'Cancelado'
      },
      where: 'Adónde',
      to: {
        address: 'Dirección del cliente',
        withdraw: 'Código QR',
        lightning_address: 'Dirección Lightning',
        bolt11: 'Factura',
        gift_card: 'Tarjeta regalo',
        cash: 'Efectivo'
      },
      to_hints: {
        withdraw: 'El cliente lo escanea con una cartera Lightning, ahora o más tarde.',
        lightning_address: "Algo como ana{'@'}wallet.com, o un LNURL.",
        bolt11: 'Una factura por exactamente este importe, de la cartera del cliente.',
        gift_card: 'Sin código se crea una tarjeta nueva.',
        gift_card_paid: 'Sin código vuelve a la tarjeta que pagó.',
        cash: 'Lo das de la caja.'
      },
      values: {
        lightning_address: 'Dirección o LNURL',
        bolt11: 'Factura (lnbc…)',
        gift_card: 'Código (si quieres)'
      },
      value: 'Cuánto vale',
      rates: {paid: 'Como se pagó', today: 'Cambio de hoy', custom: 'Otros sats'},
      custom: 'Satoshis que se envían',
      rate_unknown: 'no se conoce el cambio de hoy',
      nothing_chosen: 'Elige qué se devuelve.',
      goes: {
        address: 'a la dirección del cliente',
        withdraw: 'como código QR para recoger',
        lightning_address: 'a una dirección Lightning',
        lnurl: 'a un LNURL',
        bolt11: 'a una factura',
        gift_card: 'en una tarjeta regalo',
        cash: 'en efectivo'
      },
      submit: 'Reembolsar {amount}',
      status: {
        requested: 'espera aprobación',
        approved: 'a punto de enviarse',
        to_fetch: 'espera a que el cliente lo recoja',
        sending: 'en camino',
        sent: 'devuelto',
        failed: 'no llegó',
        canceled: 'cancelado'
      },
      problems: {
        insufficient_balance:
          'En la cartera hay muy poco. Espera fondos y se reintenta solo.',
        fee_limit:
          'Enviarlo costaría más que tu límite. Súbelo en los ajustes, o cancela y devuélvelo de otra forma.',
        node_away: 'El nodo Lightning no responde. Se reintenta solo.',
        destination: 'La dirección no lo acepta. Cancela y elige otra forma.',
        invoice_expired: 'La factura caducó. Reembolsa a una nueva.',
        invoice_paid: 'Esa factura ya estaba pagada. Reembolsa a una nueva.',
        payment_failed:
          'No hubo camino a la cartera del cliente, de la tuya no salió nada. Devuélvelo de otra forma.',
        withdraw_expired: 'El cliente no lo recogió a tiempo. Reembolsa de nuevo.'
      },
      approve: 'Aprobar',
      cancel: 'Cancelar reembolso',
      cancel_title: '¿Cancelar el reembolso de {amount}?',
      cancel_text: 'Aún no ha salido. El importe se puede devolver de otra forma.',
      cancel_yes: 'Cancelar reembolso',
      show: 'Mostrar',
      scan: 'El cliente lo escanea con una cartera Lightning.',
      fetch_until: 'Vale hasta {time}',
      on_paper: 'También está en el comprobante impreso.',
      new_card: 'Una tarjeta regalo nueva de {amount}',
      from_drawer: 'Da de la caja'
    },
    gift: {
      issue: 'Tarjeta regalo nueva',
      do_issue: 'Emitir',
      issued: 'La tarjeta regalo',
      kind: 'Vendida o regalada',
      kinds: {sold: 'Vendida', given: 'Regalada', refund: 'De un reembolso'},
      kind_hints: {
        sold: 'Has cobrado su precio en el mostrador.',
        given: 'Un regalo de la casa.'
      },
      expires: 'Vale hasta (vacío: siempre)',
      note: 'Nota, solo para ti',
      code: 'Código de la tarjeta regalo',
      once: 'Quien tiene este código tiene el dinero. Solo se muestra ahora.',
      copy: 'Copiar el código',
      print: 'Imprimir',
      card_of: 'Tarjeta regalo: {amount}',
      of: 'de {amount}',
      until: 'vale hasta {time}',
      balance: 'En la tarjeta:',
      ask_balance: 'Consultar el saldo',
      unusable: 'No se puede usar.',
      look_up: '¿Cuánto queda en una tarjeta?',
      empty: 'Aún no hay tarjetas regalo.',
      more: 'Mostrar más',
      block: 'Bloquear',
      unblock: 'Desbloquear',
      states: {
        good: 'válida',
        empty: 'agotada',
        blocked: 'bloqueada',
        expired: 'caducada'
      }
    },
    settings: {
      groups: {payments: 'Pagos', refunds: 'Reembolsos'},
      fields: {
        accepted_payments: 'Qué se acepta',
        cash_rounding: 'Moneda más pequeña',
        receipt_station: 'Recibos y caja: estación',
        auto_refund: 'Devolver de forma automática lo que se debe',
        refund_approval_limit: 'Una caja pide permiso desde',
        refund_fee_percent: 'Comisión máxima de envío, en %',
        withdraw_days: 'Días para recoger un reembolso'
      },
      hints: {
        cash_rounding: 'Por ejemplo 0.05. Vacío: lo usual en tu moneda.',
        receipt_station: 'Por ejemplo bar. Vacío: sin recibos ni caja.',
        refund_approval_limit: 'Reembolsos en una caja. 0: todos',
        withdraw_days: 'Cuánto vale el código QR de un reembolso'
      }
    },
    devices: {
      methods: 'Acepta estos pagos',
      takes: 'Acepta: {methods}',
      payments: 'Pagos',
      payments_of: 'Pagos que acepta {name}'
    }
  }
})
