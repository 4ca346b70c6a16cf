"""`python -m printer_pi` is the command `printer-pi`."""

import sys

from .cli import main

sys.exit(main())
