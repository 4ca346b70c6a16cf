"""Forgets the demo restaurant; not while it runs, for LNbits would write on.

With --look it only says whether anything of the demo still runs.
"""

from __future__ import annotations

import shutil
import sys

from demo import FOLDER, DemoError, take_lock


def main(option: str = "") -> None:
    take_lock()
    if option == "--look":
        print("Of the demo nothing runs.")
        return
    shutil.rmtree(FOLDER)
    print("The demo's data are gone; `make run` starts anew.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except DemoError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
