"""Lets `from restaurant.features.pricing import rules` work without importing LNbits.

The extension's own __init__ pulls in all of LNbits (1.5 s); rules need none of it, so
an empty package stands in its place and finds the modules in the checkout.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import examples

package = ModuleType("restaurant")
package.__path__ = [str(Path(__file__).resolve().parents[2])]
sys.modules["restaurant"] = package

examples.choose()
