"""The kitchen's use cases without HTTP, for races between processes."""

from __future__ import annotations

from typing import Any


async def do(deed: list[Any]) -> Any:
    """What came of a deed, its name and what it is about."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.features.kitchen.models import FireBody, LinesChange
    from restaurant.features.orders.models import StatusChange
    from restaurant.models import Actor, OrderStatus, Role

    name, about, *more = deed
    owner, at = Actor(Role.OWNER), system.now()
    if name == "look":
        return await services.watch_unaccepted(about)
    if name == "accept":
        step = OrderStatus.ACCEPTED
        view = await services.change_status(about, step, StatusChange(), owner, at)
    elif name == "fire":
        view = await services.fire_course(about, FireBody(course=more[0]), owner, at)
    else:
        change = LinesChange(status=name, line_ids=more[0])
        view = await services.set_line_status(about, change, owner, (), at)
    return view.status
