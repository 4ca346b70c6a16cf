"""A process of its own that takes print jobs as fast as it can, for the race tests.

Arguments: folder of the extension's package, restaurant id, device id. Says `ready` and
reads lines of JSON: by how many milliseconds its clock is ahead, the number of steps
after which it dies (0: never), and what a life before printed and this one acks late
([job, lease token] each). Every line is a life, in a process of its own: it claims,
starts, prints and acks until nothing is left, and tells every step in a line: `took`,
`started`, `printed` or `acked`, and the job's id; `over` ends it.
"""

import asyncio
import json
import os
import sys
from typing import Any


class Life:
    """Tells its steps, and ends after so many of them without a word."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self, *words: str) -> None:
        print(*words, flush=True)
        self.left -= 1
        if self.left == 0:
            os._exit(9)


async def live(
    restaurant_id: str, device_id: str, ahead: int, life: Life, late: list[Any]
) -> None:
    from sqlalchemy.exc import DBAPIError

    from restaurant.adapters import system
    from restaurant.core.errors import Conflict
    from restaurant.crud import read
    from restaurant.features.devices import crud as devices
    from restaurant.features.printing.models import Caller, ClaimBody
    from restaurant.flows import queueing
    from restaurant.models import Actor, Role

    async with read() as conn:
        device = await devices.load(conn, device_id)
    assert device
    actor = Actor(Role.PRINTER, device_id)

    def caller(token: str | None) -> Caller:
        return Caller(actor, restaurant_id, (), token)

    async def print_one(at: int) -> bool:
        wanted = ClaimBody(printers=["printer"])
        job = await queueing.claim_job(restaurant_id, device, wanted, at)
        if job is None:
            return False
        life.step("took", job.id)
        await queueing.start_job(job.id, caller(job.lease_token), at)
        life.step("started", job.id, job.lease_token)
        life.step("printed", job.id, "marked" if job.possible_duplicate else "plain")
        await queueing.ack_job(job.id, caller(job.lease_token), "race", at)
        life.step("acked", job.id)
        return True

    empty_looks = 0
    while empty_looks < 3:
        at = system.now() + ahead
        try:
            if not await print_one(at):
                empty_looks += 1
            if late:
                job_id, token = late.pop()
                await queueing.ack_job(job_id, caller(token), "late", at)
                print("acked", job_id, flush=True)
        except Conflict as error:
            print(f"lost: {error}", file=sys.stderr, flush=True)
        except DBAPIError as error:
            print(f"busy: {error}", file=sys.stderr, flush=True)


def main(restaurant_id: str, device_id: str) -> None:
    import restaurant.services  # noqa: F401  (the whole package, as LNbits loads it)

    print("ready", flush=True)
    for line in sys.stdin:
        ahead, steps, late = json.loads(line)
        child = os.fork()  # nothing is open yet: each life connects by itself
        if child == 0:
            asyncio.run(live(restaurant_id, device_id, ahead, Life(steps), late))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("over", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main(sys.argv[2], sys.argv[3])
