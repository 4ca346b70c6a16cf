"""Pays as the demo's guest: the given invoice, else the newest order still open."""

from __future__ import annotations

import sys

from demo import API, Client, DemoError, Json, load_state, pay_as_guest


def newest_open_invoice(client: Client, state: Json) -> tuple[str, str]:
    """(what it is for, invoice) of the newest unpaid order. DemoError if none."""
    owner = {"X-Api-Key": state["owner"]["adminkey"]}
    home = f"{API}/restaurants/{state['restaurant_id']}"
    found = client.call("GET", f"{home}/orders?status=pending&limit=1", owner)["data"]
    if not found:
        raise DemoError(
            "No order is waiting for its money; place one on the menu page."
        )
    [order] = found
    invoice = client.call("POST", f"{API}/orders/{order['id']}/invoice", owner)
    return f"order {order['number']}", invoice["payment_request"]


def main(invoice: str = "") -> None:
    state = load_state()
    client = Client(state["url"])
    what, bolt11 = ("the invoice", invoice) if invoice else newest_open_invoice(
        client, state
    )  # fmt: skip
    pay_as_guest(client, state, bolt11.removeprefix("lightning:"))
    print(f"Paid {what} from the guest's wallet.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except DemoError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
