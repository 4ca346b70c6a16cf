window.i18n.global.mergeLocaleMessage('en', {
  restaurant: {
    kitchen: {
      tab: 'Open tab: paid at the end',
      held: 'Course {n}: held',
      fire: 'Fire course {n}',
      bump: '{name} is done',
      recall: '{name} is not done yet',
      promise: 'Accept, ready in',
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
