window.i18n.global.mergeLocaleMessage('es', {
  restaurant: {
    page_failed: 'No se pudo cargar esta página',
    try_again: 'Intentar de nuevo',
    back: 'Volver',
    close: 'Cerrar',
    copied: 'Copiado',
    copy_failed: 'Marca el texto y cópialo a mano.',
    copy_link: 'Copiar el enlace',
    order_number: 'Pedido {number}',
    table_name: 'Mesa {name}',
    type_dine_in: 'Para comer aquí',
    type_pickup: 'Para recoger',
    type_delivery: 'A domicilio',
    errors: {
      offline: 'El servidor no responde. Revisa la conexión.',
      status: 'El servidor dijo que no (error {status}). Inténtalo de nuevo.'
    },
    unsaved: {
      title: 'Cambios sin guardar',
      text: 'Tus cambios aún no están guardados. Si sales, se pierden.',
      leave: 'Salir sin guardar',
      stay: 'Quedarme'
    },
    create: {
      title: 'Abrir un restaurante',
      intro:
        'Recibe pedidos desde cualquier teléfono, cobra por Lightning, imprime en la cocina.',
      step_create: 'Ponle nombre y elige la cartera que recibe el dinero',
      step_menu: 'Escribe el menú',
      step_devices: 'Conecta una impresora o una pantalla',
      step_share: 'Muestra a tus clientes el enlace o su código QR',
      wallet: 'Cartera que recibe los pagos',
      wallet_hint: 'No se puede cambiar después.',
      name: 'Nombre del restaurante',
      currency: 'Moneda de los precios',
      currency_hint: 'Los clientes pagan en satoshis al cambio del momento.',
      submit: 'Abrir el restaurante'
    },
    desk: {
      pages: 'Páginas',
      open: 'Abierto',
      closed: 'Cerrado',
      close_title: '¿Cerrar para pedidos?',
      close_text:
        'Los clientes siguen viendo el menú, pero no pueden pedir hasta que abras de nuevo.',
      close_yes: 'Cerrar',
      sound_on: 'Sonido activado',
      sound_enable: 'Activar sonido',
      share: 'Enlace para clientes',
      add_restaurant: 'Abrir otro restaurante',
      logged_out: 'La sesión terminó. Aquí ya nada está al día.',
      log_in: 'Iniciar sesión',
      not_live: 'Sin conexión en vivo desde las {time}. Pueden faltar pedidos aquí.',
      failed_jobs: 'Comandas que no se imprimieron: {n}',
      show_jobs: 'Verlas'
    },
    tabs: {
      orders: 'Pedidos',
      lookup: 'Buscar',
      menu: 'Menú',
      printing: 'Impresión',
      devices: 'Dispositivos',
      tables: 'Mesas',
      settings: 'Ajustes'
    },
    start: {
      title: 'Lo que falta',
      menu: 'Escribir el menú',
      devices: 'Conectar una impresora',
      share: 'Compartir el enlace',
      hide: 'Ocultar'
    },
    lamps: {
      title: '¿Funciona todo?',
      unknown: 'Estado desconocido',
      unknown_text: 'El servidor no lo dice en este momento.',
      all_well: 'Todo funciona',
      runs: 'funciona',
      stands_still: 'parado',
      several: 'Parados: {names}',
      last_seen: 'Última señal de vida: {time}',
      waits_since: 'La comanda más antigua espera desde {time}',
      name: {
        listener: 'Avisos de pago',
        reconciler: 'Control de pagos',
        refunds: 'Reembolsos',
        kitchen: 'Alarma de cocina',
        funding_source: 'Nodo Lightning',
        rates: 'Tipos de cambio',
        print_queue: 'Cola de impresión'
      },
      means: {
        listener: 'Avisa al instante cuando un cliente ha pagado.',
        reconciler: 'Mira cada pocos segundos si se pasó por alto un pago.',
        refunds: 'Devuelve el dinero, cada reembolso una sola vez.',
        kitchen: 'Avisa de los pedidos que nadie acepta.',
        funding_source: 'Crea las facturas y recibe el dinero.',
        rates: 'Convierte los precios del menú en satoshis.',
        printer: 'Recoge las comandas y las imprime.',
        print_queue: 'Las comandas que esperan una impresora.',
        other: ''
      },
      todo: {
        listener:
          'Los pagos siguen llegando, solo que más tarde. Avisa a quien lleva el servidor.',
        reconciler: 'No entregues pedidos sin pagar. Avisa a quien lleva el servidor.',
        refunds:
          'Los reembolsos esperan. Avise a quien lleva el servidor; no se pierde nada.',
        kitchen: 'Vigila tú los pedidos nuevos. Avisa a quien lleva el servidor.',
        funding_source:
          'Cobra en efectivo mientras tanto. Avisa a quien lleva el servidor.',
        rates:
          'Los pedidos con precios en moneda local se rechazan hasta que haya tipo de cambio.',
        printer: 'Revisa corriente, papel y red. Lee las comandas en esta pantalla.',
        print_queue: 'Abre «Impresión» y lee las comandas en la pantalla.',
        other: ''
      }
    },
    orders: {
      columns: 'Columnas del tablero',
      new: 'Nuevos',
      kitchen: 'En cocina',
      ready: 'Listos',
      unpaid: 'Sin pagar',
      done: 'Terminados',
      flagged: 'te necesitan: {n}',
      empty_new: 'No hay pedidos nuevos.',
      empty_kitchen: 'No se está preparando nada.',
      empty_ready: 'Nada espera a ser entregado.',
      empty_unpaid: 'Nadie está pagando ahora.',
      empty_done: 'Aún no hay nada terminado.'
    },
    order: {
      show: 'Ver el pedido {number}',
      loading: 'Pedido',
      pickup_at: 'Para las {time}',
      allergens: 'Contiene',
      due: 'Faltan {amount}',
      history: 'Historia',
      money: 'Dinero',
      tickets: 'Comandas',
      no_tickets: 'Aún no hay ninguna comanda.',
      id: 'Hash de pago o id'
    },
    status: {
      pending: 'Sin pagar',
      paid: 'Pagado',
      accepted: 'En cocina',
      ready: 'Listo',
      completed: 'Entregado',
      canceled: 'Cancelado',
      refunded: 'Reembolsado'
    },
    step: {
      accepted: 'Aceptar',
      ready: 'Listo',
      completed: 'Entregar',
      canceled: 'Cancelar',
      refunded: 'Anotar reembolso',
      cash: 'Cobrar en efectivo'
    },
    cancel_reason: {
      expired: 'no se pagó a tiempo',
      guest: 'por el cliente',
      staff: 'por el personal'
    },
    flags: {
      paid_late: 'Pagado demasiado tarde',
      overpaid: 'Pagado de más',
      underpaid: 'Pagado de menos',
      oversold: 'Agotado entretanto',
      unavailable: 'No disponible',
      refund_due: 'Dinero por devolver',
      stuck_internal: 'El pago está atascado',
      disputed: 'En disputa'
    },
    flag_todo: {
      paid_late:
        'El dinero llegó cuando el pedido ya había terminado. Pregunta al cliente y prepáralo o devuélvelo.',
      overpaid: 'Llegó más de lo debido. Toca «Reembolsar la diferencia».',
      underpaid: 'Una parte está pagada. Cobra el resto.',
      underpaid_pending:
        'Una parte está pagada. Cobra el resto; se prepara cuando todo esté pagado.',
      oversold:
        'Algo de este pedido está agotado. Quítalo, da otra cosa o prepáralo igualmente. «Reembolsar» lo devuelve todo.',
      unavailable:
        'Algo de este pedido se desactivó entretanto. Quítalo, da otra cosa o prepáralo igualmente.',
      refund_due: '{amount}. Toca «Reembolsar» para devolverlo.',
      surplus_due: '{amount}. El pedido sigue como siempre.',
      stuck_internal:
        'El cliente ha pagado, pero LNbits no lo registró. No pidas más dinero; enseña el pedido a quien lleva el servidor.',
      disputed:
        'El titular de la tarjeta reclama el dinero. Responde al proveedor, luego abre el pedido y anota cómo acabó.'
    },
    cancel: {
      title: '¿Cancelar el pedido {number}?',
      paid: 'Está pagado: debes este dinero al cliente.',
      unpaid: 'No se pagó nada por él.',
      yes: 'Cancelar el pedido {number}'
    },
    refund: {
      title: '¿Anotar el pedido {number} como reembolsado?',
      text: 'Esto no envía dinero: solo anota que lo devolviste.',
      reason: '¿Cómo se devolvió y por qué?',
      yes: 'Anotar reembolso'
    },
    cash: {
      due: 'por cobrar',
      tendered: 'El cliente entrega',
      change: 'Cambio',
      too_little: 'Es menos de lo que hay que cobrar.',
      not_a_number: 'Escribe un importe como 20.00.',
      take: 'Cobrar',
      give_back: 'Devuelve',
      done: 'Hecho'
    },
    lookup: {
      label: 'Número de pedido, hash de pago o factura',
      hint: 'Pega lo que muestra la cartera del cliente.',
      search: 'Buscar',
      nothing: 'Aquí no existe ese pedido.',
      several: 'Varios pedidos tienen este número; el más nuevo está arriba.',
      not_understood:
        'Eso no es un número de pedido, ni un hash de pago, ni una factura.',
      bad_invoice: 'Esta factura no se puede leer. ¿Se copió entera?'
    },
    sums: {
      subtotal_msat: 'Artículos',
      discount_msat: 'Descuento',
      service_msat: 'Servicio',
      tax_msat: 'Impuesto',
      tip_msat: 'Propina',
      total_msat: 'Total',
      paid_msat: 'Pagado',
      due_msat: 'Por pagar'
    },
    actors: {
      owner: 'dueño',
      reader: 'lector',
      guest: 'cliente',
      system: 'automático',
      manager: 'encargado',
      pos: 'caja',
      kds: 'pantalla de cocina',
      printer: 'impresora'
    },
    menu: {
      add_category: 'Categoría',
      add_item: 'Artículo',
      filter: 'Buscar un artículo',
      export: 'Exportar',
      import: 'Importar',
      imported: 'Importado. Revísalo y guarda.',
      import_failed: '{name} no es un menú.',
      empty: 'El menú está vacío. Empieza con una categoría, por ejemplo «Bebidas».',
      category: 'Categoría',
      station: 'Se imprime en',
      up: 'Subir {name}',
      down: 'Bajar {name}',
      up_short: 'Subir',
      down_short: 'Bajar',
      copy: 'Duplicar',
      copy_of: '{name} (copia)',
      delete: 'Borrar {name}',
      delete_yes: 'Borrar',
      delete_item_text: 'Desaparece del menú cuando guardes.',
      delete_category_text: 'Artículos que desaparecen con ella al guardar: {n}.',
      unnamed: 'Artículo nuevo',
      hidden: 'oculto',
      hide: 'Ocultar a los clientes',
      fault: 'Aquí hay un error',
      left: 'quedan {n}',
      none_left: 'quedan 0: agotado',
      name: 'Nombre',
      price: 'Precio ({currency})',
      stock: 'Existencias',
      stock_hint: 'Vacío: no se cuenta',
      description: 'Descripción',
      allergens: 'Alérgenos',
      allergens_hint: 'Elige, o escribe otros y pulsa Enter',
      photo: 'Dirección de una foto (https://…)',
      tax_rate: 'Impuesto en %',
      tax_hint: 'Vacío: {rate} %, como en los ajustes',
      available: 'Disponible',
      sold_out: 'Agotado',
      sold_out_until: 'Agotado hasta {time}',
      off_until: 'Agotado hasta {time}',
      off_for_good: 'Agotado hasta que yo lo active',
      save: 'Guardar el menú',
      saved: 'El menú está guardado.',
      discard: 'Descartar',
      discard_title: '¿Descartar tus cambios?',
      discard_text: 'El menú vuelve a ser el que ven ahora los clientes.',
      has_faults: 'Sin guardar. Errores: {n}'
    },
    groups: {
      title: 'Grupos de modificadores',
      none: 'Aquí los clientes no tienen nada que elegir.',
      name: 'Nombre del grupo, por ejemplo «Tamaño»',
      min: 'Mínimo',
      max: 'Máximo',
      no_limit: 'sin límite',
      modifier: 'Modificador',
      delta: 'Recargo ({currency})',
      add: 'Grupo de modificadores',
      add_modifier: 'Modificador',
      copy: 'Copiar de otro artículo',
      delete_text: 'Modificadores que desaparecen con él al guardar: {n}.',
      rule_any: 'Los clientes pueden elegir cuantos quieran.',
      rule_up_to: 'Los clientes pueden elegir hasta {max}.',
      rule_at_least: 'Los clientes deben elegir {min} o más.',
      rule_exactly: 'Los clientes deben elegir {min}.',
      rule_between: 'Los clientes deben elegir de {min} a {max}.'
    },
    conflict: {
      title: 'Otra persona cambió el menú',
      text: 'Otra persona lo guardó mientras lo editabas. De lo tuyo aún no se ha guardado nada.',
      reload: 'Cargar lo suyo y descartar lo mío',
      export: 'Descargar lo mío como archivo',
      overwrite: 'Guardar lo mío encima',
      wait: 'Seguir editando'
    },
    allergens: {
      gluten: 'Gluten',
      crustaceans: 'Crustáceos',
      eggs: 'Huevos',
      fish: 'Pescado',
      peanuts: 'Cacahuetes',
      soy: 'Soja',
      milk: 'Leche',
      nuts: 'Frutos de cáscara',
      celery: 'Apio',
      mustard: 'Mostaza',
      sesame: 'Sésamo',
      sulphites: 'Sulfitos',
      lupin: 'Altramuces',
      molluscs: 'Moluscos'
    },
    settings: {
      save: 'Guardar',
      saved: 'Guardado.',
      close_down: 'Cerrar para siempre',
      close_down_text:
        'El restaurante desaparece y sus dispositivos se desconectan. Sus pedidos quedan en los libros.',
      close_down_ask: 'Escribe «{name}» para cerrarlo para siempre.',
      groups: {
        profile: 'Perfil',
        money: 'Dinero',
        orders: 'Pedidos',
        time: 'Horario'
      },
      fields: {
        name: 'Nombre',
        slug: 'Dirección de la página de clientes (/restaurant/m/…)',
        description: 'Descripción para clientes',
        image_url: 'Dirección de una imagen (https://…)',
        legal_name: 'Razón social',
        tax_id: 'Número fiscal',
        address: 'Dirección postal',
        receipt_footer: 'Últimas líneas del recibo',
        currency: 'Moneda',
        tax_rate: 'Impuesto en %',
        tip_options: 'Propinas ofrecidas, en %',
        tax_inclusive: 'Los precios incluyen el impuesto',
        cash_at_table: 'En la mesa se puede pedir en efectivo',
        auto_accept_orders: 'Aceptar enseguida los pedidos pagados',
        print_on: 'Imprimir comandas',
        order_expiry_seconds: 'Segundos para pagar un pedido',
        quote_seconds: 'Segundos que vale un precio dado',
        open_orders_max: 'Pedidos sin pagar a la vez',
        open_orders_per_table_max: 'Pedidos sin pagar a la vez, por mesa',
        show_left: 'Mostrar a los clientes cuando quedan pocos',
        timezone: 'Zona horaria',
        day_starts_at: 'El día comercial empieza a las'
      },
      hints: {
        slug: 'Los códigos QR impresos dejan de valer si la cambias.',
        tip_options: 'Por ejemplo 5, 10, 15',
        day_starts_at: 'Por ejemplo 04:00. Los números vuelven a empezar en 1.'
      },
      choices: {
        paid: 'cuando se paga un pedido',
        accepted: 'cuando se acepta un pedido'
      }
    },
    roles: {
      printer: 'Impresora',
      kds: 'Pantalla de cocina',
      pos: 'Caja',
      manager: 'Encargado'
    },
    role_hints: {
      printer: 'Puede recoger y confirmar sus comandas, nada más.',
      kds: 'Puede ver y avanzar pedidos y desactivar artículos.',
      pos: 'Puede hacer pedidos, cobrar en efectivo y avanzar pedidos.',
      manager: 'Puede casi todo lo que puedes tú. Solo tú puedes añadir uno.'
    },
    devices: {
      add: 'Dispositivo',
      empty:
        'Aún no hay dispositivos. Conecta una impresora, una pantalla de cocina o una caja.',
      name: 'Nombre, por ejemplo «Impresora de cocina»',
      role: 'Qué es',
      stations: 'Estaciones',
      stations_hint: 'Vacío: todas',
      pair: 'Crear el token',
      paired: '{name} puede conectarse',
      once: 'Este token solo se muestra ahora. Quien lo tenga actúa como este dispositivo.',
      copy_token: 'Copiar el token',
      toml_title: 'Para printer-pi',
      toml_text:
        'Ponlo en /etc/printer-pi.toml y escribe la dirección de tu impresora.',
      copy_toml: 'Copiar la configuración',
      noted: 'Ya lo tengo',
      never_seen: 'Nunca ha estado aquí',
      seen: 'Visto por última vez: {time}',
      revoke: 'Revocar',
      revoke_title: '¿Revocar {name}?',
      revoke_text: 'Su token deja de valer enseguida y no se puede recuperar.'
    },
    tables: {
      name: 'Nombre de la mesa',
      add: 'Mesa',
      empty: 'Aún no hay mesas. El código QR de una mesa abre el menú para esa mesa.',
      show_qr: 'Código QR',
      renew: 'Código nuevo',
      renew_title: '¿Código nuevo para {name}?',
      renew_text: 'El código que está en la mesa deja de valer enseguida.',
      remove: 'Quitar',
      remove_title: '¿Quitar {name}?',
      remove_text:
        'Su código deja de valer enseguida. Los pedidos pasados conservan el nombre.'
    },
    share: {
      title: 'Enlace para tus clientes',
      text: 'Los clientes escanean este código, ven el menú y piden.',
      table_text: 'Quien escanea este código pide para esta mesa.',
      open: 'Abrir'
    }
  }
})
