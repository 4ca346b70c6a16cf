window.i18n.global.mergeLocaleMessage('en', {
  restaurant: {
    printing: {pages: {queue: 'Queue', printers: 'Printers'}},
    alarm: {
      printers: 'Printers that need somebody: {names}',
      show_printers: 'Show'
    },
    notices: {
      ask: 'Notify me',
      about: 'Be told here when a ticket does not print, also behind other windows.',
      works: 'Notices work on this device.'
    },
    lamps: {
      said: 'Printing: see below',
      is_new: 'not seen yet',
      todo_new: 'Switch it on. How it is set up stands under “Printing”, “Printers”.',
      todo_paused: 'Resume it under “Printing”, “Printers”, when it may print again.',
      name: {fonts: 'Letters on paper'},
      means: {fonts: 'Which scripts the server can print.'},
      todo: {
        fonts: 'Tickets print, but some letters do not. Tell whoever runs the server.'
      }
    },
    printers: {
      pages: {serves: 'What it prints', paper: 'How it looks'},
      add: 'Add a printer',
      add_pi: 'Pair printer-pi',
      add_cloudprnt: 'Star CloudPRNT printer',
      add_epson: 'Epson Server Direct Print printer',
      which: 'How is the printer connected?',
      kinds: {
        pi: 'printer-pi',
        cloudprnt: 'Star CloudPRNT',
        epson: 'Epson Server Direct Print'
      },
      kind_hints: {
        pi: 'Any receipt printer (network, USB, serial) at a Raspberry Pi or small computer in the restaurant.',
        cloudprnt:
          'A Star printer that asks this server by itself: mC-Print, TSP100IV …',
        epson: 'An Epson printer that asks this server by itself: TM-m30, TM-T88 …'
      },
      empty: 'No printer yet. Add one, and tickets print by themselves.',
      unserved: 'No printer prints for: {names}',
      is: {
        ok: 'Ready',
        paused: 'Paused by staff',
        silent: 'Does not answer',
        new: 'Not seen yet',
        paper_low: 'Ready, paper is running low',
        printer_offline: 'Printer is off or not connected',
        printer_paper_out: 'Paper is out',
        printer_cover_open: 'Cover is open',
        printer_error: 'Printer has an error'
      },
      since: '{text}, since {time}',
      asked: 'asked {ago} ago',
      queued: 'Waiting: {n}',
      all_stations: 'All stations',
      backup_is: 'backup: {name}',
      name: 'Name, for example “Kitchen printer”',
      copies: 'Copies of every ticket',
      backup: 'Backup printer',
      backup_hint: 'Takes over when this one has been out for a minute.',
      no_backup: 'none',
      test: 'Test print',
      test_sent: 'A test page is in the queue.',
      more: 'More',
      renew: 'New address',
      renew_text:
        'The printer’s present address stops working at once. Type the new one into its web page.',
      remove: 'Remove',
      remove_title: 'Remove {name}?',
      remove_text: {
        pi: 'What waits goes to the other printers of its stations. As long as its device asks for it, it comes back: revoke the device to end that.',
        own: 'Its address stops working at once. What waits goes to the other printers of its stations.'
      }
    },
    pair: {
      install: 'Put printer-pi on the computer at the printer, once:',
      run: 'Write the printer into /etc/printer-pi.toml, then run:',
      copy: 'Copy the command',
      read: 'It shows a code of eight letters and prints it. Type it in here within ten minutes.',
      code: 'Code',
      done: '{name} is paired.',
      name_them: 'Give its printers names that everybody knows.',
      none_yet: 'Its printers appear here as soon as it tells of them.',
      wrong: {
        code: 'That is no code: eight letters and digits, never 0, O, 1, I or L.',
        unknown:
          'Nobody waits with this code. Is it typed right? After ten minutes it ends: run the command again.',
        tries: 'Too many wrong codes. Please wait some minutes, then try again.'
      },
      buttons: {
        next: 'Next',
        pair: 'Pair',
        save: 'Save',
        create: 'Create its address',
        noted: 'Done'
      }
    },
    address: {
      once: 'This address is shown only now. Whoever has it can fetch your tickets.',
      copy: 'Copy the address',
      qr: 'QR code of the printer’s address',
      plain:
        'This address is not encrypted (http). Use it only inside your own network.',
      waits: 'Waiting for its first question …',
      asked: 'It has asked.',
      steps: {
        cloudprnt: {
          1: 'Hold the printer’s feed button while you switch it on: the page that comes out shows its IP address. Open that address in a browser and log in (older ones: user “root”, password “public”).',
          2: 'Under “CloudPRNT”, set the service to “Enable” and paste this address as server URL.',
          3: 'Set the polling time to 5 seconds. User and password stay empty.',
          4: 'Submit, choose “Save and restart”, and wait a minute.'
        },
        epson: {
          1: 'Print the printer’s status sheet: it shows its IP address. Open that address in a browser (user “epson”, password: the serial number).',
          2: 'Under “Server Direct Print”, switch it on and paste this address as URL 1. ID: any word, interval: 1 to 5 seconds, no authentication.',
          3: 'Under “Status Notification”, switch it on with the same address, interval 10 seconds. Switch the spooler off, or paper that runs out is noticed too late.',
          4: 'Save, and restart the printer.'
        }
      }
    },
    layout: {
      picture: 'What it will look like on paper',
      sample: 'Which paper to show',
      samples: {ticket: 'Ticket', receipt: 'Receipt', slip: 'Void slip', test: 'Test'},
      groups: {look: 'Paper', receipts: 'Receipts', machine: 'Printer'},
      fields: {
        paper: 'Width',
        text_size: 'Letters',
        language: 'Language of the fixed words',
        rail_mm: 'Empty paper above tickets, in mm',
        logo: 'Logo',
        header: 'Lines above a receipt',
        footer: 'Lines below a receipt',
        render: 'How it prints',
        dots: 'Dots across',
        codepage: 'Code page',
        columns: 'Letters on a line',
        cut: 'Cut',
        drawer_pin: 'Cash drawer',
        buzzer: 'Buzzer'
      },
      hints: {
        rail_mm: 'For the rail that holds them; 0: none',
        raster: 'Every language and letter, exactly as shown here.',
        text: 'For needle printers: only the letters of the code page.'
      },
      usual: 'as usual for the paper',
      paper_is: '{n} mm',
      dots_is: '{n} dots',
      columns_is: '{n} letters',
      drawer_pin_is: 'Pin {n}',
      text_size_is: {normal: 'Normal', large: 'Large'},
      render_is: {raster: 'As a picture', text: 'As letters'},
      cut_is: {partial: 'almost through', full: 'through', none: 'not at all'},
      buzzer_is: {
        none: 'none',
        escpos: 'built in',
        epson: 'Epson',
        drawer: 'at the drawer’s socket'
      },
      use_logo: 'On receipts of this printer',
      put_logo: 'Choose a picture',
      other_logo: 'Another picture',
      remove_logo: 'Remove the logo?',
      remove_logo_text: 'It disappears from the receipts of every printer.',
      no_picture: 'This file cannot be read as a picture.'
    },
    receipt: {
      title: 'Receipt',
      print: 'Print receipt',
      print_elsewhere: 'At another printer',
      printed: 'The receipt prints at {name}.',
      show: 'Show receipt',
      no_printer: 'No printer yet, and no station for receipts.'
    },
    devices: {show_printer: 'Show printer {name}'},
    settings: {
      fields: {
        receipt_on: 'Print receipts by themselves',
        print_relays: 'Wake printers: Nostr relays'
      },
      hints: {
        print_relays:
          'They wake machines with printer-pi as soon as there is something to print. Up to three addresses like wss://relay.example.com, with commas between them. Empty: printers ask by themselves.'
      },
      choices: {never: 'never', completed: 'when an order is completed'}
    },
    jobs: {
      filter: 'Which tickets to show',
      filters: {
        failed: 'Failed',
        waiting: 'Waiting',
        acknowledged: 'Printed',
        canceled: 'Canceled'
      },
      narrow: 'Filter',
      show_all: 'Show all',
      number: 'Order number',
      by: {printer: 'Printer', station: 'Station', kind: 'What it is'},
      kinds: {
        ticket: 'Ticket',
        receipt: 'Receipt',
        void_slip: 'Void slip',
        test: 'Test page',
        drawer: 'Cash drawer'
      },
      more: 'Show {n} more',
      failed_todo:
        'Tickets that did not print: {n}. Read them here, then print them again or dismiss them.',
      empty: 'No tickets here.',
      attempts: 'Attempts: {n}',
      again_at: 'again at {time}',
      copies: '{n} copies',
      only: 'only at {name}',
      for_other: '{name} for {other}',
      gone_printer: 'a printer that is gone',
      is_reprint: 'reprint',
      maybe_twice: 'may be on paper already',
      text: 'Text of the ticket',
      show_text: 'Show',
      as_text: 'As text',
      as_picture: 'As picture',
      retry: 'Print again',
      retry_all: 'Print all {n} again',
      retried: 'Back in the queue.',
      reprint: 'Reprint',
      reprinted: 'A marked copy is in the queue.',
      reroute: 'Other printer',
      rerouted: 'It goes to {name} now.',
      cancel: 'Do not print',
      canceled: 'It does not print.',
      dismiss: 'Dismiss',
      cancel_title: '{what} at {station}: do not print?',
      cancel_text: 'The ticket leaves the queue. It can be reprinted later.',
      cancel_yes: 'Do not print'
    },
    job_status: {
      queued: 'waiting',
      sent: 'at the printer',
      acknowledged: 'printed',
      failed: 'failed',
      canceled: 'canceled'
    }
  }
})
