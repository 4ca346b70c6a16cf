"""A process of its own that takes print jobs as fast as it can, for the race tests.

Arguments: folder of the extension's package, restaurant id, device id, milliseconds
by which its clock is ahead. Says `ready`, waits for a line, claims, starts and acks
until nothing is left, and prints the ids of what it took, one a line.
"""

import asyncio
import sys


async def main(restaurant_id: str, device_id: str, ahead: int) -> None:
    from sqlalchemy.exc import DBAPIError

    import restaurant.services  # noqa: F401  (the whole package, as LNbits loads it)
    from restaurant.adapters import system
    from restaurant.crud import read
    from restaurant.features.devices import crud as devices
    from restaurant.features.printing.models import Caller, ClaimBody
    from restaurant.flows import queueing
    from restaurant.models import Actor, Role

    async with read() as conn:
        device = await devices.load(conn, device_id)
    assert device
    print("ready", flush=True)
    sys.stdin.readline()
    empty_looks = 0
    while empty_looks < 3:
        at = system.now() + ahead
        try:
            job = await queueing.claim_job(restaurant_id, device, ClaimBody(), at)
            if job is None:
                empty_looks += 1
                continue
            print(job.id, flush=True)
            actor = Actor(Role.PRINTER, device_id)
            caller = Caller(actor, restaurant_id, (), job.lease_token)
            await queueing.start_job(job.id, caller, at)
            await queueing.ack_job(job.id, caller, "race", at)
        except DBAPIError as error:
            print(f"busy: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    asyncio.run(main(sys.argv[2], sys.argv[3], int(sys.argv[4])))
