"""Proves the demo's stock: every figure is what its movements add up to.

The exit code is 0 only when all of them are.
"""

from __future__ import annotations

import sys

from demo import API, Client, DemoError, Json, load_state


def sentence(found: Json) -> str:
    """One difference, for people."""
    name = found["name"] or found["stock_id"]
    figures = (
        f"on hand {found['on_hand']}, by the ledger {found['on_hand_of_ledger']}; "
        f"reserved {found['reserved']}, by the ledger {found['reserved_of_ledger']}"
    )
    place = f" at movement {found['seq']}" if found["seq"] is not None else ""
    return f"  {name}: {found['problem']}{place} ({figures})"


def main() -> None:
    state = load_state()
    path = f"{API}/restaurants/{state['restaurant_id']}/stock/check"
    owner = {"X-Api-Key": state["owner"]["adminkey"]}
    found = Client(state["url"]).call("GET", path, owner)
    size = f"{found['stocks']} stocks, {found['movements']} movements"
    if not found["is_equal"]:
        lines = "\n".join(map(sentence, found["differences"]))
        raise DemoError(f"The stock differs from its ledger ({size}):\n{lines}")
    print(f"Every figure is what its movements add up to ({size}).")


if __name__ == "__main__":
    try:
        main()
    except DemoError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
