window.i18n.global.mergeLocaleMessage('es', {
  restaurant: {
    printing: {pages: {queue: 'Cola', printers: 'Impresoras'}},
    alarm: {
      printers: 'Impresoras que necesitan a alguien: {names}',
      show_printers: 'Ver'
    },
    notices: {
      ask: 'Avísame',
      about:
        'Avisar aquí cuando una comanda no se imprime, también detrás de otras ventanas.',
      works: 'Los avisos llegan a este dispositivo.'
    },
    lamps: {
      said: 'Impresión: mira abajo',
      is_new: 'aún no ha dado señales',
      todo_new: 'Enciéndela. Cómo se instala está en «Impresión», «Impresoras».',
      todo_paused:
        'Cuando pueda imprimir otra vez: «Impresión», «Impresoras», «Reanudar».',
      name: {fonts: 'Letras en papel'},
      means: {fonts: 'Qué escrituras puede imprimir el servidor.'},
      todo: {
        fonts:
          'Las comandas se imprimen, pero algunas letras no. Avisa a quien lleva el servidor.'
      }
    },
    printers: {
      pages: {serves: 'Qué imprime', paper: 'Cómo se ve'},
      add: 'Añadir una impresora',
      add_pi: 'Emparejar printer-pi',
      add_cloudprnt: 'Impresora con Star CloudPRNT',
      add_epson: 'Impresora con Epson Server Direct Print',
      which: '¿Cómo está conectada la impresora?',
      kinds: {
        pi: 'printer-pi',
        cloudprnt: 'Star CloudPRNT',
        epson: 'Epson Server Direct Print'
      },
      kind_hints: {
        pi: 'Cualquier impresora de recibos (red, USB, serie) con una Raspberry Pi u otro ordenador pequeño en el restaurante.',
        cloudprnt:
          'Una impresora Star que pregunta sola a este servidor: mC-Print, TSP100IV …',
        epson: 'Una impresora Epson que pregunta sola a este servidor: TM-m30, TM-T88 …'
      },
      empty: 'Aún no hay impresoras. Añade una y las comandas se imprimen solas.',
      unserved: 'Ninguna impresora imprime para: {names}',
      is: {
        ok: 'Lista',
        paused: 'En pausa',
        silent: 'No responde',
        new: 'Aún no ha dado señales',
        paper_low: 'Lista, queda poco papel',
        printer_offline: 'La impresora está apagada o desconectada',
        printer_paper_out: 'No hay papel',
        printer_cover_open: 'La tapa está abierta',
        printer_error: 'La impresora tiene un fallo'
      },
      since: '{text}, desde {time}',
      asked: 'preguntó hace {ago}',
      queued: 'En espera: {n}',
      all_stations: 'Todas las estaciones',
      backup_is: 'suplente: {name}',
      name: 'Nombre, por ejemplo «Impresora de cocina»',
      copies: 'Copias de cada comanda',
      backup: 'Impresora suplente',
      backup_hint: 'La releva cuando lleva un minuto sin imprimir.',
      no_backup: 'ninguna',
      test: 'Imprimir prueba',
      test_sent: 'Una página de prueba está en la cola.',
      more: 'Más',
      renew: 'Dirección nueva',
      renew_text:
        'La dirección actual de la impresora deja de valer enseguida. Escribe la nueva en su página web.',
      remove: 'Quitar',
      remove_title: '¿Quitar {name}?',
      remove_text: {
        pi: 'Lo que espera va a las otras impresoras de sus estaciones. Mientras su dispositivo pregunte por ella, vuelve: para acabar con eso, revoca el dispositivo.',
        own: 'Su dirección deja de valer enseguida. Lo que espera va a las otras impresoras de sus estaciones.'
      }
    },
    pair: {
      install: 'Instala printer-pi en el ordenador de la impresora, una vez:',
      run: 'Escribe la impresora en /etc/printer-pi.toml y ejecuta:',
      copy: 'Copiar la orden',
      read: 'Muestra e imprime un código de ocho letras. Escríbelo aquí antes de diez minutos.',
      code: 'Código',
      done: '{name} está emparejado.',
      name_them: 'Da a sus impresoras nombres que todos conozcan.',
      none_yet: 'Sus impresoras aparecen aquí en cuanto las anuncie.',
      wrong: {
        code: 'Eso no es un código: ocho letras y cifras, nunca 0, O, 1, I ni L.',
        unknown:
          'Nadie espera con este código. ¿Está bien escrito? A los diez minutos caduca: ejecuta la orden de nuevo.',
        tries:
          'Demasiados códigos equivocados. Espera unos minutos e inténtalo de nuevo.'
      },
      buttons: {
        next: 'Seguir',
        pair: 'Emparejar',
        save: 'Guardar',
        create: 'Crear su dirección',
        noted: 'Hecho'
      }
    },
    address: {
      once: 'Esta dirección solo se muestra ahora. Quien la tenga puede recoger tus comandas.',
      copy: 'Copiar la dirección',
      qr: 'Código QR de la dirección de la impresora',
      plain: 'Esta dirección no va cifrada (http). Úsala solo dentro de tu propia red.',
      waits: 'Esperando su primera pregunta …',
      asked: 'Ya ha preguntado.',
      steps: {
        cloudprnt: {
          1: 'Mantén pulsado el botón de avance al encender la impresora: la página que sale muestra su dirección IP. Ábrela en un navegador e inicia sesión (las antiguas: usuario «root», contraseña «public»).',
          2: 'En «CloudPRNT», pon el servicio en «Enable» y pega esta dirección como URL del servidor.',
          3: 'Pon el tiempo de consulta en 5 segundos. Usuario y contraseña quedan vacíos.',
          4: 'Envía, elige «Save and restart» y espera un minuto.'
        },
        epson: {
          1: 'Imprime la hoja de estado de la impresora: muestra su dirección IP. Ábrela en un navegador (usuario «epson», contraseña: el número de serie).',
          2: 'En «Server Direct Print», actívalo y pega esta dirección como URL 1. ID: cualquier palabra, intervalo: de 1 a 5 segundos, sin autenticación.',
          3: 'En «Status Notification», actívalo con la misma dirección, intervalo de 10 segundos. Desactiva el spooler, o se notará demasiado tarde que falta papel.',
          4: 'Guarda y reinicia la impresora.'
        }
      }
    },
    layout: {
      picture: 'Cómo se verá en el papel',
      sample: 'Qué papel mostrar',
      samples: {
        ticket: 'Comanda',
        receipt: 'Recibo',
        slip: 'Anulación',
        test: 'Prueba'
      },
      groups: {look: 'Papel', receipts: 'Recibos', machine: 'Impresora'},
      fields: {
        paper: 'Ancho',
        text_size: 'Letra',
        language: 'Idioma de las palabras fijas',
        rail_mm: 'Papel vacío sobre las comandas, en mm',
        logo: 'Logotipo',
        header: 'Líneas encima de un recibo',
        footer: 'Líneas debajo de un recibo',
        render: 'Cómo imprime',
        dots: 'Puntos de ancho',
        codepage: 'Página de códigos',
        columns: 'Letras por línea',
        cut: 'Corte',
        drawer_pin: 'Cajón',
        buzzer: 'Zumbador'
      },
      hints: {
        rail_mm: 'Para el carril que las sujeta; 0: nada',
        raster: 'Todos los idiomas y letras, justo como se ve aquí.',
        text: 'Para impresoras de agujas: solo las letras de la página de códigos.'
      },
      usual: 'lo habitual del papel',
      paper_is: '{n} mm',
      dots_is: '{n} puntos',
      columns_is: '{n} letras',
      drawer_pin_is: 'Pin {n}',
      text_size_is: {normal: 'Normal', large: 'Grande'},
      render_is: {raster: 'Como imagen', text: 'Como letras'},
      cut_is: {partial: 'casi entero', full: 'entero', none: 'ninguno'},
      buzzer_is: {
        none: 'ninguno',
        escpos: 'integrado',
        epson: 'Epson',
        drawer: 'en la toma del cajón'
      },
      use_logo: 'En los recibos de esta impresora',
      put_logo: 'Elegir una imagen',
      other_logo: 'Otra imagen',
      remove_logo: '¿Quitar el logotipo?',
      remove_logo_text: 'Desaparece de los recibos de todas las impresoras.',
      no_picture: 'Este archivo no se puede leer como imagen.'
    },
    receipt: {
      title: 'Recibo',
      print: 'Imprimir recibo',
      print_elsewhere: 'En otra impresora',
      printed: 'El recibo se imprime en {name}.',
      show: 'Ver recibo',
      no_printer: 'Aún no hay impresora ni estación para recibos.'
    },
    devices: {show_printer: 'Ver la impresora {name}'},
    settings: {
      fields: {
        receipt_on: 'Imprimir recibos automáticamente',
        print_relays: 'Despertar impresoras: relays de Nostr'
      },
      hints: {
        print_relays:
          'Despiertan a los equipos con printer-pi en cuanto hay algo que imprimir. Hasta tres direcciones como wss://relay.example.com, separadas por comas. Vacío: las impresoras preguntan por sí mismas.'
      },
      choices: {never: 'nunca', completed: 'cuando un pedido se completa'}
    },
    jobs: {
      filter: 'Qué comandas mostrar',
      filters: {
        failed: 'Fallidas',
        waiting: 'En espera',
        acknowledged: 'Impresas',
        canceled: 'Canceladas'
      },
      narrow: 'Filtrar',
      show_all: 'Mostrar todas',
      number: 'Número de pedido',
      by: {printer: 'Impresora', station: 'Estación', kind: 'Qué es'},
      kinds: {
        ticket: 'Comanda',
        receipt: 'Recibo',
        void_slip: 'Anulación',
        test: 'Página de prueba',
        drawer: 'Cajón'
      },
      more: 'Mostrar {n} más',
      failed_todo:
        'Comandas que no se imprimieron: {n}. Léelas aquí y luego imprímelas de nuevo o apártalas.',
      empty: 'No hay comandas aquí.',
      attempts: 'Intentos: {n}',
      again_at: 'otra vez a las {time}',
      copies: '{n} copias',
      only: 'solo en {name}',
      for_other: '{name} por {other}',
      gone_printer: 'una impresora que ya no está',
      is_reprint: 'reimpresión',
      maybe_twice: 'quizá ya esté en papel',
      text: 'Texto de la comanda',
      show_text: 'Ver',
      as_text: 'Como texto',
      as_picture: 'Como imagen',
      retry: 'Imprimir de nuevo',
      retry_all: 'Imprimir las {n} de nuevo',
      retried: 'De nuevo en la cola.',
      reprint: 'Reimprimir',
      reprinted: 'Una copia marcada está en la cola.',
      reroute: 'Otra impresora',
      rerouted: 'Ahora va a {name}.',
      cancel: 'No imprimir',
      canceled: 'No se imprime.',
      dismiss: 'Apartar',
      cancel_title: '{what} en {station}: ¿no imprimir?',
      cancel_text: 'La comanda sale de la cola. Se puede reimprimir después.',
      cancel_yes: 'No imprimir'
    },
    job_status: {
      queued: 'en espera',
      sent: 'en la impresora',
      acknowledged: 'impresa',
      failed: 'fallida',
      canceled: 'cancelada'
    }
  }
})
