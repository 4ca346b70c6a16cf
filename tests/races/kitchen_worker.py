"""A second process of the same server that cooks, accepts and calls out orders, for
races."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.cooks import do
from harness.processes import obey

if __name__ == "__main__":
    obey(do)
