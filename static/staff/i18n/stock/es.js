window.i18n.global.mergeLocaleMessage('es', {
  restaurant: {
    tabs: {stock: 'Existencias'},
    stock: {
      pages: {stock: 'Lo que hay', recipes: 'Recetas'},
      add: 'Contar algo',
      begin: 'Empezar a contar',
      export: 'Descargar CSV',
      import: 'Leer CSV',
      check: 'Comprobar el libro',
      filter: 'Buscar',
      kind: 'Tipo',
      kinds: {
        all: 'Todo',
        item: 'Plato o bebida',
        modifier: 'Opción',
        ingredient: 'Ingrediente'
      },
      low_only: 'Solo lo que escasea',
      empty: 'Todavía no se cuenta nada.',
      nothing: 'Nada coincide.',
      more: 'Mostrar {n} más',
      show: 'Existencias de {name}',
      level: {out: 'agotado', low: 'poco'},
      used_by: 'recetas: {n}',
      not_counted: 'sin contar',
      on_hand: '{n} en existencia',
      reserved: '{n} reservadas',
      low_at: 'poco desde {n}',
      figures: {
        available: 'Disponible',
        on_hand: 'En existencia',
        reserved: 'Reservado'
      },
      about: 'Aviso',
      about_ingredient: 'Nombre y aviso',
      name: 'Nombre',
      unit: 'Unidad',
      unit_hint: 'Se cuenta en números enteros: mejor g que kg',
      pieces: 'piezas',
      entry_hint: 'Lo que ya se cuenta no está en esta lista.',
      there_now: 'Hay ahora',
      low_mark: 'Avisar cuando solo queden',
      low_never: 'sin aviso',
      move: '¿Qué pasó?',
      moves: {receive: 'Entrada', waste: 'Merma', count: 'Contar', adjust: 'Corregir'},
      move_texts: {
        receive: 'Ha llegado: se suma.',
        waste: 'Se perdió: se resta.',
        count: 'Lo ha contado: esto es lo que hay.',
        adjust: 'La cifra estaba mal: en tanto, bajo cero con un menos.'
      },
      quantities: {
        receive: 'Cuánto llegó',
        waste: 'Cuánto se perdió',
        count: 'Cuánto hay',
        adjust: 'En cuánto, por ejemplo -3'
      },
      reason: 'Por qué',
      reason_optional: 'Por qué (si quiere)',
      reasons_title: 'Motivos habituales',
      reasons: {
        delivery: 'Entrega',
        bought: 'Comprado',
        made: 'Hecho aquí',
        spoiled: 'Estropeado',
        dropped: 'Se cayó',
        expired: 'Caducado',
        staff_meal: 'Comida del personal',
        stocktake: 'Inventario',
        end_of_day: 'Fin del día',
        miscounted: 'Mal contado',
        found: 'Encontrado',
        missing: 'Falta'
      },
      forecast: 'Después habrá: {amount}',
      moved: 'Está en el libro.',
      kinds_of_move: {
        reserve: 'Reservado para un pedido',
        commit: 'Vendido',
        cancel: 'Devuelto por un pedido',
        refund: 'De vuelta al estante',
        adjust: 'Corregido',
        receive: 'Entrada',
        waste: 'Merma',
        count: 'Contado'
      },
      no_history: 'Todavía no se ha movido nada.',
      earlier: 'Anteriores',
      remove: 'Quitar',
      remove_title: '¿Quitar {name}?',
      remove_text: 'Lo que queda se da de baja. Su historial se conserva.',
      end: 'Dejar de contar',
      end_title: '¿Dejar de contar {name}?',
      end_text:
        'Los clientes podrán pedir cualquier cantidad. Su historial se conserva.',
      something: 'Algo',
      low_notice: 'Queda poco de {name}: {amount}',
      out_notice: '{name} se ha agotado'
    },
    sheet: {
      title: 'Leer una hoja de recuento',
      about: 'Nada cambia si una sola fila tiene un error.',
      text: 'Descargue el CSV, escriba lo contado en «on_hand» y elíjalo aquí. Puede omitir las filas y columnas que no necesite.',
      choose: 'Elegir el archivo',
      no_file: 'Ningún archivo todavía',
      send: 'Leerlo',
      row: 'Fila {n}',
      faults: 'No se leyó. Errores: {n}',
      done: 'Filas: {rows}. Contadas: {counted}, nuevas: {added}.'
    },
    proof: {
      equal: 'El libro cuadra.',
      counted:
        'Existencias: {stocks}, movimientos: {movements}. Cada cifra es la suma de sus movimientos.',
      differs: 'El libro no cuadra.',
      todo: 'Enséñeselo a quien lleva el servidor y vuelva a contar estas.',
      again: 'Comprobar otra vez',
      problems: {
        figures: 'La cifra no es la suma de sus movimientos.',
        movement: 'El movimiento {seq} no sigue al anterior.',
        reservation: 'Está prometido a un pedido que no lo espera.'
      }
    },
    recipes: {
      intro:
        'Lo que lleva una ración. Un plato se agota en cuanto sus ingredientes no dan para una ración.',
      title: 'Una ración lleva',
      text: 'Los pedidos hechos conservan la receta de entonces.',
      no_ingredients: 'Primero cuente un ingrediente en «Lo que hay».',
      ingredient: 'Ingrediente',
      quantity: 'Cuánto',
      add: 'Ingrediente',
      save: 'Guardar la receta',
      saved: 'La receta está guardada.',
      none: 'sin receta',
      modifiers: 'También opciones',
      portions: 'alcanza para {n}',
      used_in: 'Se usa en',
      nowhere: 'Ninguna receta lo usa.'
    },
    offered: {
      types: 'Se ofrece para',
      timed: 'Solo a ciertas horas',
      when: 'Cuándo y para quién: {name}'
    },
    choices: {
      switch: 'Opciones de {name}',
      about: 'Apagar y encender opciones',
      off: '{n} apagadas'
    },
    off: {
      next_opening: 'Agotado hasta que abramos otra vez',
      at_time: 'Agotado hasta una hora …',
      title: '{name} está agotado',
      time: 'Vuelve a las',
      yes: 'Apagar'
    },
    hours: {
      preview: 'Los próximos siete días',
      now_open: 'Abierto ahora',
      now_closed: 'Cerrado ahora',
      until: 'hasta {time}',
      last_orders: 'últimos pedidos a las {time}',
      opens: 'pedidos otra vez: {time}',
      next_day: '(día siguiente)',
      all_day: 'todo el día',
      reasons: {
        switched_off: 'apagado',
        paused: 'en pausa',
        special_day: 'día especial',
        hours: 'fuera del horario',
        last_orders: 'pasó la hora de los últimos pedidos'
      },
      always:
        'Sin horario todavía: se aceptan pedidos a cualquier hora mientras esté encendido.',
      open: 'Abierto',
      closed: 'Cerrado',
      add: '{day}: añadir horas',
      copy: '{day}: copiar a otros días',
      copy_week: 'De lunes a viernes',
      copy_all: 'Todos los días',
      all_types: 'Todos los pedidos',
      for_types: 'Para qué pedidos',
      to_next: 'Hasta (día siguiente)',
      none: 'Sin días especiales.',
      special: {closed: 'Cerrado', other: 'Otro horario'},
      special_name: 'Nombre, por ejemplo «Año Nuevo»',
      special_add: 'Día especial',
      that_day: 'En estos días'
    },
    slots: {
      choose: '{type}: los clientes eligen la hora',
      no_limit: 'sin límite',
      fields: {
        minutes: 'Cada … minutos',
        lead_minutes: 'Minutos de antelación, mínimo',
        days_ahead: 'Días de antelación, máximo',
        orders: 'Pedidos por hora elegida',
        items: 'Platos por hora elegida',
        value: 'Valor por hora elegida'
      },
      says: 'Cada {minutes} min, desde {lead} min antes, hasta {days} días',
      at_most: {orders: '{n} pedidos', items: '{n} platos', value: '{n}'},
      any: 'cualquier número de pedidos'
    },
    times: {
      by_load_text: 'Cuantos más pedidos hay en la cocina, más se tarda.',
      from_orders: 'Desde tantos pedidos',
      minutes: 'Minutos',
      remove: 'Quitar el paso desde {n} pedidos',
      add: 'Paso'
    },
    settings: {
      pages: {general: 'General', hours: 'Horario', times: 'Tiempos'},
      groups: {
        tabs: 'Cuenta abierta en la mesa',
        open_orders: 'Pedidos que nadie paga',
        stock: 'Existencias',
        order_types: 'Qué se acepta',
        opening_hours: 'Horario',
        special_days: 'Días especiales',
        slots: 'Horas a elegir',
        prep: 'Cuánto se tarda',
        busy: 'Cuando hay mucho trabajo'
      },
      intros: {
        open_orders: 'Se rechazan más pedidos sin pagar a la vez que estos.',
        opening_hours:
          'Cuándo se aceptan pedidos. Un descanso es el hueco entre dos; lo que acaba antes de empezar acaba al día siguiente.',
        special_days: 'En estos días vale su horario en lugar del semanal.',
        slots: 'Sin horas a elegir, los clientes pueden pedir cualquier hora abierta.',
        prep: 'Los clientes lo ven antes de pagar.',
        busy: 'De inmediato se hace con el botón de arriba.'
      },
      fields: {
        accept_within_minutes: 'Minutos para aceptar un pedido pagado',
        unaccepted: 'Cuando nadie lo acepta a tiempo',
        tabs_at_table: 'En la mesa se puede pedir ahora y pagar al final',
        tab_limit: 'Lo máximo de una cuenta abierta (0: sin límite)',
        open_orders_per_address_max: 'Lo mismo, por dirección de red',
        open_orders_per_device_max: 'Lo mismo, por caja',
        stock_policy: 'Cuándo se descuentan las existencias',
        reserve_guest_percent: 'Lo máximo que reserva un cliente, en %',
        order_types: 'Pedidos que se aceptan',
        opening_hours: 'Horario',
        last_order_minutes: 'Últimos pedidos, minutos antes de cerrar',
        special_days: 'Días especiales',
        slots: 'Horas a elegir',
        prep_minutes: 'Minutos que tarda un pedido',
        prep_by_load: 'Según el número de pedidos',
        busy_from_orders: 'Mucho trabajo desde tantos pedidos en la cocina',
        busy_extra_minutes: 'Minutos que entonces tarda más'
      },
      hints: {
        prep_minutes: 'Vacío: no se promete nada.',
        busy_from_orders: 'Vacío: solo a mano.',
        open_orders_per_address_max:
          'Un comedor con una sola wifi tiene una dirección: deje bastante.',
        reserve_guest_percent:
          'Vale solo si los pedidos sin pagar retienen existencias. Una ración siempre se permite.'
      },
      choices: {
        wait: 'Sigue esperando, cada vez más alto',
        cancel: 'Se cancela y se devuelve el dinero',
        settle: 'Cuando se paga',
        reserve: 'Cuando se pide'
      },
      choice_hints: {
        wait: 'Siempre hay alguien.',
        cancel: 'El cliente debe saber pronto que no hay nadie.',
        settle: 'Quien paga primero lo recibe. A quien paga tarde se le dice.',
        reserve: 'Un pedido que espera su dinero retiene lo suyo hasta que caduca.'
      }
    }
  }
})
