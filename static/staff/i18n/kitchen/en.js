window.i18n.global.mergeLocaleMessage('en', {
  restaurant: {
    tabs: {kitchen: 'Kitchen'},
    kitchen: {
      unaccepted: 'Orders that nobody has accepted: {n}',
      show_oldest: 'Show order {number}',
      tab: 'Open tab: paid at the end',
      held: 'Course {n}: held',
      fire: 'Fire course {n}',
      bump: '{name} is done',
      recall: '{name} is not done yet',
      promise: 'Accept, ready in … minutes',
      minutes: '{n} min',
      promised: 'Promised for {time}',
      quoted: 'Wanted for {time}',
      alert: 'Nobody has accepted this order yet',
      alert_last: 'Nobody accepted this order in time',
      reject: 'Reject',
      reject_title: 'Reject order {number}?',
      reject_yes: 'Reject',
      reject_reason: 'Why? The guest reads this.',
      reject_usual: 'We cannot make this at the moment.'
    },
    calls: {
      title: 'Tables that call',
      waiter: 'waiter',
      bill: 'the bill',
      help: 'help',
      go: 'On my way'
    },
    door: {
      pause: 'Pause',
      paused: 'Paused',
      paused_until: 'Paused until {time}',
      resume: 'Resume',
      pause_title: 'Take no orders for a while',
      pause_text: 'Guests see it at once, and when you are back.',
      reason: 'Why (guests read this)',
      reasons: {
        full: 'The kitchen is full',
        break: 'Short break',
        sold_out: 'Almost sold out'
      },
      how_long: 'For how long',
      until_resumed: 'Until I resume',
      busy: 'Busy',
      busy_title: 'Orders take longer',
      busy_text: 'Guests are told before they pay.',
      how_much: 'How much longer',
      extra: '+{n} min',
      for_minutes: 'For {n} min',
      longer: '+{n} min',
      longer_until: '+{n} min until {time}',
      end: 'End',
      always: 'Guests can order',
      open_until: 'Guests can order until {time}',
      closed_until: '{why} – until {time}',
      guests_read: 'Guests read: {text}',
      switched_off: 'Guests cannot order: switched off',
      by: {
        paused: 'Paused',
        special_day: 'Closed today {name}',
        hours: 'Closed by the opening hours',
        last_orders: 'Last orders are over'
      }
    },
    cooks: {
      stations: 'Stations',
      all: 'All stations',
      load: '{n} to do',
      empty: 'Nothing to cook here.',
      left: '{time} left',
      late: '{time} late',
      held: 'Course {n}: held',
      fired: 'Course {n}',
      done: 'Course {n}: done',
      all_done: 'All done',
      rounds: 'Round {n}',
      done_here: 'Done here ({n})',
      finished: 'Order {number} is done here.',
      undo: 'Take it back',
      line: {
        waiting: 'not done',
        cooking: 'cooking',
        done: 'done',
        held: 'held'
      }
    },
    order_add: {all: 'Everything'},
    neworder: {
      title: 'New order',
      type: 'Kind of order',
      name: 'Name',
      address: 'Where to',
      phone: 'Phone',
      paying: 'When is it paid?',
      pay_tab: 'Open tab: at the end',
      pay_now: 'Right away',
      course: 'Course {n}',
      send: 'Send to the kitchen',
      done: 'Order {number} is in the kitchen.'
    },
    round: {
      begin: 'Add a round',
      title: 'Another round for order {number}',
      send: 'Send to the kitchen',
      done: 'The round of order {number} is in the kitchen.',
      why: 'Why does it go?',
      reasons: {
        mistake: 'Our mistake',
        guest: 'The guest changed their mind',
        sold_out: 'Sold out',
        complaint: 'Complaint'
      }
    },
    seat: {move: 'Move to another table'},
    merge: {
      begin: 'Join with another order',
      title: 'What joins order {number}?',
      text: 'Its lines come into this bill; the kitchen cooks on.',
      none: 'No other order is open.',
      has_money: 'Money came for it: open that order and join this one to it.',
      ask: 'Order {from} becomes part of order {into}. This cannot be undone.',
      yes: 'Join them',
      done: 'Order {from} is part of order {into} now.'
    },
    filter: {
      mine: 'Whose tables',
      everybody: 'Everybody’s',
      table: 'Table',
      show_all: 'Hidden: {n}. Show all'
    },
    resolve: {
      title: 'Order {number}: not all of it is there',
      which: 'What is not there?',
      none: 'Nothing chosen: what is sold out or switched off now.',
      instead: 'Instead of it',
      choose: 'Choose something else',
      refund_line: 'Leave it out and refund',
      substitute: 'Give something else',
      done: 'The order goes on, and the guest is told.'
    },
    cancel_reason: {
      unaccepted: 'Nobody accepted it in time',
      merged: 'Joined with another order'
    }
  }
})
