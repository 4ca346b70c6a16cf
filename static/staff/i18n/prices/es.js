window.i18n.global.mergeLocaleMessage('es', {
  restaurant: {
    tabs: {prices: 'Precios', tips: 'Propinas'},
    prices: {
      pages: {
        taxes: 'Impuestos y cargos',
        discounts: 'Descuentos',
        price_lists: 'Listas de precios',
        combos: 'Combos'
      },
      for_types: 'Para qué pedidos',
      is_active: 'Activo',
      edit: 'Editar',
      gone: 'ya no está en la carta'
    },
    settings: {
      groups: {
        taxes: 'Impuestos',
        charges: 'Cargos',
        minimum: 'Pedido mínimo',
        by_staff: 'Descuentos del personal',
        rates: 'Tipos de cambio',
        tips: 'Propinas'
      },
      intros: {
        charges: 'Lo que se suma solo a la cuenta. Los clientes ven cada cargo.',
        minimum: 'Lo que deben sumar los artículos. Vacío: sin mínimo.',
        rates: 'Cada pedido conserva el cambio con el que se hizo.',
        tips: 'Las propinas van siempre aparte de las ventas.'
      },
      fields: {
        tax_rates: 'Impuesto según el tipo de pedido',
        tax_rounding: 'Cómo se redondea el impuesto',
        minimum_order: 'Pedido mínimo',
        rate_markup_percent: 'Se suma al cambio del mercado, en %',
        till_discount_percent: 'Lo que una caja puede rebajar sola, en %',
        tip_round_to: 'Ofrecer redondear a',
        tip_days: 'Días para dar propina después',
        tip_to: 'De quién son las propinas'
      },
      hints: {
        tax_rates: 'Vacío: el impuesto de arriba.',
        rate_markup_percent: 'Por ejemplo 1. Bajo cero: los clientes pagan menos.',
        till_discount_percent: 'Para más haces falta tú. 100: todo.',
        tip_round_to: 'Por ejemplo 5.00. Vacío: no se ofrece.',
        tip_days: 'Con el enlace del recibo. 0: después no.'
      },
      choices: {
        exact: 'Solo en el total',
        line: 'En cada línea',
        rate: 'Una vez por tasa',
        restaurant: 'Del restaurante',
        server: 'De quien atendió',
        pool: 'Del fondo común'
      },
      choice_hints: {
        exact: 'Lo normal: no se pierde nada al redondear.',
        line: 'Donde la ley pide el impuesto de cada línea en céntimos enteros.',
        rate: 'Donde la ley redondea una vez la suma de cada tasa, como en casi toda Europa.',
        restaurant: 'Se quedan en la cartera del restaurante.',
        server:
          'Quien atiende el pedido recibe su propina; sin nombre va al fondo común.',
        pool: 'Todos los que estuvieron se la reparten al final del turno, según su parte.'
      }
    },
    charges: {
      none: 'No se suma nada.',
      kinds: {
        service: 'Servicio',
        gratuity: 'Propina para grupos grandes',
        delivery: 'Envío',
        other: 'Otro'
      },
      kind: 'Por qué',
      name: 'Nombre en la cuenta',
      value: 'Cuánto',
      tax_rate: 'Impuesto del cargo',
      tax_hint: 'Vacío: como la comida',
      from_covers: 'Desde tantas personas',
      free_from: 'Gratis desde',
      add: 'Cargo',
      remove: 'Quitar {name}',
      adds: 'suma {sum}',
      from: 'desde {n} personas',
      free: 'gratis desde {sum}',
      taxed: 'con impuesto del {rate} %'
    },
    rates: {
      house: 'Cambios de la casa',
      house_text: 'Mientras vale uno, ocupa el lugar del cambio del mercado.',
      currency: 'Moneda',
      one_is: 'Un {currency} son',
      market: 'El mercado dice {rate}.',
      starts: 'Desde (vacío: ya)',
      ends: 'Hasta (vacío: siempre)',
      zone: 'Las horas son las de {zone}.',
      add: 'Cambio de la casa',
      remove: 'Quitar este cambio'
    },
    schedule: {
      title: 'Cuándo',
      always: 'siempre',
      every_day: 'todos los días',
      since: 'desde el {day}',
      until: 'hasta el {day}',
      days: 'Días de la semana',
      from: 'De',
      to: 'A',
      add: 'Horario',
      remove: 'Quitar este horario',
      first_day: 'Primer día',
      last_day: 'Último día'
    },
    discounts: {
      add: 'Descuento',
      empty:
        'Todavía no hay descuentos. Empieza con una hora feliz o con un código para tus habituales.',
      new: 'Nuevo descuento',
      one: 'Descuento',
      name: 'Nombre, por ejemplo “Hora feliz”',
      trigger: 'Qué lo activa',
      trigger_names: {schedule: 'El reloj', code: 'Un código', staff: 'Personal'},
      trigger_hints: {
        schedule: 'Lo reciben todos mientras dura.',
        code: 'Los clientes escriben un código. Los códigos se hacen al guardar.',
        staff: 'Lo das tú o una caja, con un motivo.'
      },
      triggers: {
        schedule: 'por horario',
        code: 'con código',
        staff: 'del personal'
      },
      kind: 'Cuánto',
      kinds: {
        percent: 'Porcentaje',
        amount: 'Importe',
        buy_get: 'X y llevas Y',
        free_item: 'Artículo gratis'
      },
      states: {
        running: 'vale ahora',
        scheduled: 'espera su hora',
        off: 'apagado',
        over: 'terminó',
        used_up: 'agotado',
        no_codes: 'no tiene códigos'
      },
      fields: {
        percent: 'Rebaja',
        amount: 'Rebaja',
        buy: 'Compran',
        get: 'y llevan',
        item_ids: 'Solo estos artículos',
        category_ids: 'Solo estas categorías',
        minimum: 'Solo desde una cuenta de',
        limit_total: 'Cuántas veces en total',
        limit_per_day: 'Cuántas veces al día',
        limit_per_guest: 'Cuántas veces por cliente',
        limit_per_code: 'Cuántas veces por código',
        combines: 'Junto con otros descuentos'
      },
      all_items: 'Nada elegido: toda la carta.',
      more: 'Límites y más',
      says_buy_get:
        'De cada {buy} y {get}, los {get} más baratos cuestan {percent} % menos.',
      says_free_item: 'Hasta {get} de ellos cuestan {percent} % menos.',
      free: 'gratis',
      buy_get: '{buy} + {get} {off}',
      used: 'usado {n}×',
      used_of: 'usado {n} de {of}×',
      per_day: '{n} al día',
      per_guest: '{n} por cliente',
      codes: 'Códigos ({n})'
    },
    discount: {
      delete_text: 'Sus códigos se van con él. Los pedidos que lo tienen lo conservan.'
    },
    codes: {
      title: 'Códigos de {name}',
      count: 'Códigos: {n}',
      one: 'Un código tuyo, por ejemplo VERANO',
      add: 'Añadir',
      many: 'Cuántos inventar',
      make: 'Inventar',
      find: 'Buscar un código',
      copy: 'Copiar',
      download: 'Descargar como CSV',
      rest: 'Y {n} más: cópialos o descárgalos todos.'
    },
    price_lists: {
      add: 'Lista de precios',
      empty:
        'No hay listas: los precios de la carta valen en todas partes. Haz una para la terraza, el envío o el almuerzo.',
      order: 'Donde valen varias, cuenta la de más arriba.',
      new: 'Nueva lista de precios',
      one: 'Lista de precios',
      name: 'Nombre, por ejemplo “Terraza”',
      zones: 'Solo en estas zonas',
      zones_hint: 'Nada elegido: en todas partes.',
      zones_none: 'Las zonas se ponen en las mesas.',
      percent: 'Todos los precios, en %',
      round_to: 'Redondeados a',
      single: 'precios sueltos: {n}',
      single_text: 'O precios sueltos en lugar del porcentaje.',
      modifiers: 'También extras',
      price_of: 'Precio de {name}'
    },
    price_list: {delete_text: 'Los precios de la carta valen otra vez enseguida.'},
    combos: {
      add: 'Combo',
      empty: 'Todavía no hay combos. Un combo son varias cosas por un precio.',
      new: 'Nuevo combo',
      one: 'Combo',
      name: 'Nombre, por ejemplo “Menú del día”',
      groups: 'Qué lleva',
      group: 'Parte, por ejemplo “Bebida”',
      options: 'A elegir entre',
      surcharge: 'Suplemento',
      add_group: 'Parte'
    },
    combo: {delete_text: 'Los clientes ya no lo ven. Los pedidos lo conservan.'},
    menu: {
      tax_rates: 'Impuesto según el tipo de pedido',
      tax_rates_hint: 'Vacío: el impuesto de este artículo.'
    },
    tables: {
      one: 'Mesa',
      zone: 'Zona (si hay)',
      zone_hint: 'Por ejemplo “Terraza”. Una lista de precios puede ser de una zona.'
    },
    bill: {
      part_of: 'parte de {name}',
      sales: 'Ventas',
      tip: 'Propina (no es venta)',
      rounding: 'Redondeo',
      taxes: 'Impuestos',
      rate: 'Tasa',
      net: 'Neto',
      tax: 'Impuesto',
      gross: 'Bruto',
      exempt: 'Sin impuestos: {reason}',
      price_list: 'Precios de “{name}”',
      sources: {market: 'mercado', house: 'cambio de la casa'},
      rate_at: 'de las {time}, con {seconds} s al pedir',
      triggers: {
        combo: 'combo',
        schedule: 'por horario',
        code: 'con código',
        staff: 'del personal',
        tax_exempt: 'sin impuestos'
      }
    },
    served: {
      title: 'Atiende',
      nobody: 'Nadie indicado',
      gone: 'Alguien que ya no está'
    },
    later: {
      title: 'Propinas después',
      none: 'Todavía ninguna.',
      until: 'El cliente puede dar propina hasta {time}.'
    },
    edit: {
      begin: 'Cambiar',
      title: 'Cambiar el pedido {number}',
      add: 'Añadir artículos',
      remove: 'Quitar {name}',
      put_back: 'Recuperar {name}',
      removed: 'se quita',
      choose: 'Elige: {name}',
      take: 'Añadir – {amount}',
      table: 'Mesa',
      covers: 'Personas',
      note: 'Nota',
      exempt: 'Sin impuestos',
      exempt_reason: 'Por qué sin impuestos',
      save: 'Guardar los cambios',
      now: 'Ahora {amount}',
      will_be: 'Nuevo total {amount}',
      about: 'Nuevo total de unos {amount}',
      told_later: 'El nuevo total se ve al guardar.',
      new_total: 'El nuevo total',
      owed: '{amount} para devolver',
      told: 'La página del cliente muestra el cambio. Los pagos lo siguen.',
      overtaken:
        'Otra persona acaba de cambiar este pedido. Así está ahora; haz tu cambio otra vez, por favor.',
      refund_reason: 'Pedido cambiado',
      discounts: {
        add: 'Descuento',
        percent: 'Porcentaje',
        amount: 'Importe',
        stored: 'Preparado',
        value: 'Rebaja',
        on: 'De qué',
        all: 'Toda la cuenta',
        give: 'Darlo',
        remove: 'Retirar {name}',
        reasons: {
          late: 'Tarde',
          complaint: 'Queja',
          regular: 'Cliente habitual',
          mistake: 'Error nuestro'
        }
      }
    },
    edited: {
      at: 'Cambiado: {time}',
      added: '{n}× {name} añadido',
      removed: '{n}× {name} quitado',
      quantity: 'Cantidad',
      discount: 'Descuento',
      tip: 'Propina',
      total: 'Total',
      tax_exempt: 'Impuestos',
      table: 'Mesa',
      covers: 'Personas',
      note: 'Nota'
    },
    tips: {
      pay_out: 'Pagar',
      add: 'Persona',
      settings: 'Reglas',
      staff: 'Personas',
      no_staff: 'Nadie todavía. Añade a quienes pagas sus propinas.',
      to: {restaurant: 'Restaurante', pool: 'Fondo común', server: 'Quien atendió'},
      to_hints: {
        restaurant: 'Se queda en la cartera',
        pool: 'Se reparte al final del turno'
      },
      new: 'Nueva persona',
      one: 'Persona',
      name: 'Nombre',
      where: 'Adónde van las propinas',
      ways: {address: 'Lightning', wallet: 'Cartera aquí', cash: 'Efectivo'},
      wallet: 'Cartera de este LNbits',
      wallet_hint: 'Elige una tuya o pega el id de la suya.',
      cash_hint: 'Se las das de la caja.',
      weight: 'Parte del fondo común',
      weight_hint: 'El doble de número, el doble de parte. 0: nada.',
      is_active: 'Trabaja aquí',
      inactive: 'ahora no trabaja aquí',
      own_wallet: 'Cartera aquí',
      only_cash: 'en efectivo',
      weight_of: 'parte {n}',
      under_way: '{amount} en camino',
      remove_text: 'Lo que ganó debe estar pagado antes.'
    },
    payouts: {
      title: 'Pagado',
      empty: 'Todavía no se ha pagado nada.',
      to: {
        lightning_address: 'por Lightning',
        lnurl: 'por Lightning',
        wallet: 'a una cartera de aquí',
        cash: 'en efectivo'
      },
      fee: 'comisión {fee}',
      status: {
        waiting: 'espera',
        sending: 'en camino',
        sent: 'enviado',
        failed: 'falló',
        canceled: 'cancelado'
      },
      next_try: 'Próximo intento: {time}.',
      retry: 'Enviar otra vez',
      cancel: 'Cancelar el pago',
      cancel_title: '¿Cancelar {amount} para {name}?',
      cancel_text: 'No ha salido. Las propinas quedan abiertas otra vez.',
      problems: {
        insufficient_balance: 'En la cartera hay muy poco.',
        fee_limit: 'El camino costaría más que tu límite.',
        node_away: 'El nodo Lightning no responde.',
        destination: 'La dirección no lo acepta. Cámbiala y envía otra vez.',
        destination_waiting:
          'La dirección no lo acepta. Cancela, cambia la dirección y paga otra vez.',
        invoice_expired: 'Su factura caducó.',
        invoice_paid: 'Su factura ya estaba pagada.',
        payment_failed: 'No hubo camino a su cartera; de la tuya no salió nada.'
      }
    },
    shift: {
      title: 'Fin del turno',
      pool: 'En el fondo común: {amount}',
      text: '¿Quién estuvo? Se reparten el fondo según los números.',
      made: 'Puedes cerrar esto; sigue por sí solo.',
      weight: 'Parte',
      own: 'propio {amount}',
      of_pool: 'fondo {amount}',
      cash: 'Efectivo',
      send: 'Pagar {amount}'
    }
  }
})
