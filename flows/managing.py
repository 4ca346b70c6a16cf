"""Restaurants, their devices and their tables come, change and go."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..adapters import rates, relays, system, wallets
from ..adapters.wake import wake
from ..core import limits
from ..core.errors import Conflict, Forbidden, NotFound, invalid
from ..core.ids import sha256_hex
from ..core.paging import Place, cursor_of
from ..crud import Conn, read, server_secret, transaction
from ..features.devices import crud as devices
from ..features.devices import rules as device_rules
from ..features.devices.models import (
    Device,
    DeviceChange,
    DevicePage,
    DeviceView,
    NewDevice,
)
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.opening import rules as opening
from ..features.opening_hours import rules as opening_hours
from ..features.orders import crud as orders
from ..features.payouts import crud as payouts
from ..features.payouts import rules as payout_rules
from ..features.printers import crud as printers
from ..features.restaurants import crud as restaurants
from ..features.restaurants import rules
from ..features.restaurants.models import (
    NewRestaurant,
    PublicProfile,
    Restaurant,
    RestaurantChange,
    RestaurantPage,
    RestaurantView,
)
from ..features.slot_settings import rules as slot_settings
from ..features.tables import crud as tables
from ..features.tables import rules as table_rules
from ..features.tables.models import NewTable, Table, TableChange, TablePage, TableView
from ..features.tips import crud as tips
from ..models import Actor, Role
from .menus import announce_menu, forget_menu, menu_snapshot
from .once import Claim, once
from .printer_keeping import drop_printers_of
from .recording import record

OWNER = Actor(Role.OWNER)

# --- restaurants ---------------------------------------------------------------


async def open_restaurant(
    wallet_id: str, body: NewRestaurant, key: RequestKey | None, at: int
) -> Answer:
    """A new restaurant on this wallet: 201 and its settings.

    Refused for a wrong field, Conflict ``slug.taken``, Forbidden ``wallet.shared``.
    """
    sent = body.dict(exclude_unset=True)
    if sent.get("slug", "") is None:
        del sent["slug"]
    settings = _read_settings(sent)
    user_id = await wallets.owner_of(wallet_id)
    if user_id is None:
        raise Forbidden("wallet.shared", "Please use a wallet of your own account.")
    draft = rules.new_restaurant(settings, system.new_id(), wallet_id, user_id, at)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await _add_with_slug(conn, draft)
            told = {"settings": rules.settings_told(restaurant)}
            entry = Entry("restaurant.created", OWNER, payload=told)
            await record(conn, restaurant.id, [entry], at)
            body = rules.settings_view(restaurant, is_owner=True).dict()
            answer = Answer(201, body, restaurant.id)
            await claim.finish(conn, answer)
        return answer

    return await once(key, work, at)


def _read_settings(sent: dict[str, Any]) -> dict[str, Any]:
    settings = rules.read_settings(sent, rates.allowed())
    _check_relays(settings.get("print_relays", []))
    hours, slots = opening_hours.read_settings(sent), slot_settings.read_settings(sent)
    return {**settings, **hours, **slots}


def _check_relays(urls: list[str]) -> None:
    is_wrong = any(url.startswith("ws:") or relays.is_private(url) for url in urls)
    if is_wrong and not relays.allows_plain():
        reason = "must begin with wss://, and lead to a public address."
        raise invalid("print_relays", f"print_relays {reason}")


async def _add_with_slug(conn: Conn, draft: Restaurant) -> Restaurant:
    wished = [draft.slug] if draft.slug else None
    for slug in wished or rules.slug_candidates(draft.name, draft.id):
        restaurant = rules.changed(draft, {"slug": slug})
        is_free = not await restaurants.slug_taken(conn, slug)
        if is_free and await restaurants.add(conn, restaurant):
            return restaurant
    raise restaurants.slug_is_taken(draft.slug or draft.name)


async def change_restaurant(
    restaurant_id: str, body: RestaurantChange, actor: Actor, at: int
) -> RestaurantView:
    """Change what was sent and nothing else; the same values change nothing.

    Refused for a wrong field, Conflict ``slug.taken``.
    """
    settings = _read_settings(body.dict(exclude_unset=True))
    async with transaction() as conn:
        old = await locked(conn, restaurant_id)
        new = rules.changed(old, settings)
        told = rules.change_told(old, new)
        if not told:
            return settings_of(old, actor)
        if await restaurants.slug_taken(conn, new.slug, but_id=old.id):
            raise restaurants.slug_is_taken(new.slug)
        await restaurants.save(conn, new)
        entry = Entry("restaurant.changed", actor, payload=told)
        await record(conn, old.id, [entry], at)
    _announce(restaurant_id)
    return settings_of(rules.changed(new, {"version": old.version + 1}), actor)


async def set_for_now(
    restaurant_id: str,
    decide: Callable[[Restaurant], tuple[dict[str, Any], list[Entry]] | None],
    actor: Actor,
    at: int,
) -> RestaurantView:
    """Store what passes again, such as a pause, and tell everybody; the settings as
    they are then. ``decide`` says what of a restaurant changes and what the journal
    tells of it; None: nothing does."""
    async with transaction() as conn:
        old = await locked(conn, restaurant_id)
        decision = decide(old)
        if decision is None:
            return settings_of(old, actor)
        values, entries = decision
        new = rules.changed(old, {**values, "version": old.version + 1})
        await restaurants.save(conn, new)
        await record(conn, old.id, entries, at)
    announce_menu(restaurant_id)
    return settings_of(new, actor)


def settings_of(restaurant: Restaurant, actor: Actor) -> RestaurantView:
    """All settings, for whoever changed some."""
    return rules.settings_view(restaurant, is_owner=actor.role is Role.OWNER)


async def close_down(restaurant_id: str, actor: Actor, at: int) -> None:
    """Delete a restaurant and revoke its devices; orders and journal stay.

    Conflict ``restaurant.open_orders`` while an order is not finished,
    ``restaurant.tips_owed`` while somebody has tips to get.
    """
    async with transaction() as conn:
        restaurant = await locked(conn, restaurant_id)
        if await orders.has_unfinished(conn, restaurant.id):
            raise Conflict(
                "restaurant.open_orders",
                "There are unfinished orders. Complete or cancel them first.",
            )
        payout_rules.check_all_paid_out(
            await tips.balances(conn, restaurant.id),
            await payouts.under_way(conn, restaurant.id),
        )
        await devices.remove_of_restaurant(conn, restaurant.id)
        await printers.remove_of_restaurant(conn, restaurant.id)
        await record(conn, restaurant.id, [Entry("restaurant.deleted", actor)], at)
        await restaurants.mark_deleted(conn, restaurant.id, at)
    _announce(restaurant_id)


async def restaurants_of(
    wallet_id: str | None, user_id: str | None, is_owner: bool, limit: int, after: Place
) -> RestaurantPage:
    """The restaurants of a wallet or an account, newest first."""
    async with read() as conn:
        found = await restaurants.list_of_owner(
            conn, wallet_id=wallet_id, user_id=user_id, limit=limit, after=after
        )
    last = found[-1] if len(found) == limit else None
    return RestaurantPage(
        data=[rules.settings_view(each, is_owner) for each in found],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


def page_of_manager(restaurant: Restaurant) -> RestaurantPage:
    """The one restaurant that a manager's device belongs to."""
    shown = rules.settings_view(restaurant, is_owner=False)
    return RestaurantPage(data=[shown], next=None)


async def public_profile(id_or_slug: str, at: int) -> PublicProfile:
    """What anybody may know; NotFound ``restaurant.unknown``."""
    restaurant = (await menu_snapshot(id_or_slug, at)).restaurant
    now = opening.view(opening.opening_at(restaurant, None, at))
    return rules.public_profile(restaurant, now)


async def locked(conn: Conn, restaurant_id: str) -> Restaurant:
    """The restaurant, its other writers queued behind us; NotFound when deleted."""
    restaurant = await restaurants.lock(conn, restaurant_id)
    if restaurant is None:
        raise NotFound("restaurant.unknown", "There is no such restaurant for you.")
    return restaurant


# --- devices -------------------------------------------------------------------


async def pair_device(
    restaurant_id: str, body: NewDevice, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """A new device: 201 with its token, which is never stored and never shown
    again, except to the same Idempotency-Key.

    Forbidden when a manager wants to make a manager.
    """
    device = device_rules.new_device(body, restaurant_id, actor, system.new_id(), at)
    secret = await server_secret(system.new_secret())

    async def work(claim: Claim) -> Answer:
        token = device_rules.token_of(secret, device.id)
        async with transaction() as conn:
            await locked(conn, restaurant_id)
            await add_device(conn, device, token, actor, at)
            body = device_rules.view(device).dict(exclude={"last_seen_at"})
            answer = Answer(201, body, device.id)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    answer = await once(key, work, at)
    token = device_rules.token_of(secret, answer.resource_id)
    return replace(answer, body={**answer.body, "token": token})


async def add_device(
    conn: Conn, device: Device, token: str, actor: Actor, at: int
) -> None:
    """Store a new device and journal it; part of the caller's transaction, who holds
    the restaurant's lock. Conflict ``devices.too_many``."""
    if await devices.count(conn, device.restaurant_id) >= limits.DEVICES_MAX:
        raise Conflict("devices.too_many", "Please remove a device first.")
    await devices.add(conn, device, sha256_hex(token))
    told = {"device_id": device.id, "role": str(device.role)}
    entry = Entry("device.paired", actor, payload=told)
    await record(conn, device.restaurant_id, [entry], at)


async def devices_of(restaurant_id: str, limit: int, after: Place) -> DevicePage:
    """Newest first, without tokens."""
    async with read() as conn:
        found = await devices.page_of(conn, restaurant_id, limit, after)
    last = found[-1] if len(found) == limit else None
    return DevicePage(
        data=[device_rules.view(device) for device in found],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


async def change_device(
    restaurant_id: str, device_id: str, body: DeviceChange, actor: Actor, at: int
) -> DeviceView:
    """Rename a device, or change which payments it takes; NotFound when gone."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await devices.load(conn, device_id)
        if old is None:
            raise NotFound("device.unknown", "There is no such device for you.")
        new = device_rules.changed(old, body)
        if new != old:
            await devices.save(conn, new)
            told = {"device_id": device_id, "payment_methods": new.payment_methods}
            entry = Entry("device.changed", actor, payload=told)
            await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}")
    return device_rules.view(new)


async def revoke_device(
    restaurant_id: str, device_id: str, actor: Actor, at: int
) -> None:
    """The device's token is worth nothing from the commit on."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        if not await devices.remove(conn, device_id):
            raise NotFound("device.unknown", "There is no such device for you.")
        await drop_printers_of(conn, device_id)
        entry = Entry("device.revoked", actor, payload={"device_id": device_id})
        await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}", f"print:{restaurant_id}")


# --- tables --------------------------------------------------------------------


async def add_table(
    restaurant_id: str, body: NewTable, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """A new table: 201 with the token that its QR code carries.

    Conflict ``table.taken`` when there is one of that name.
    """
    table = table_rules.new_table(body, restaurant_id, system.new_id(), at)

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await locked(conn, restaurant_id)
            if await tables.count(conn, restaurant_id) >= limits.TABLES_MAX:
                raise Conflict("tables.too_many", "Please remove a table first.")
            if not await tables.add(conn, table):
                raise Conflict("table.taken", f"There is a table {table.name} already.")
            entry = Entry("table.added", actor, payload={"table_id": table.id})
            await record(conn, restaurant_id, [entry], at)
            answer = _table_answer(table, 201)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return await _with_token(await once(key, work, at))


async def change_table(
    restaurant_id: str, table_id: str, body: TableChange, actor: Actor, at: int
) -> TableView:
    """Rename a table, or move it to another zone; the same values change nothing.

    Conflict ``table.taken``, NotFound ``table.unknown``.
    """
    secret = await server_secret(system.new_secret())
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await tables.load(conn, table_id)
        if old is None:
            raise unknown_table()
        new = table_rules.changed(old, body)
        if new == old:
            return table_rules.view(old, secret)
        if not await tables.save(conn, new):
            raise Conflict("table.taken", f"There is a table {new.name} already.")
        told = {"table_id": table_id, "name": new.name, "zone": new.zone}
        entry = Entry("table.changed", actor, payload=told)
        await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}")
    return table_rules.view(new, secret)


async def renew_table_token(
    restaurant_id: str, table_id: str, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """A new token for the table; the printed codes of the old one end here."""

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await locked(conn, restaurant_id)
            table = await tables.renew_token(conn, table_id)
            if table is None:
                raise unknown_table()
            entry = Entry("table.token_renewed", actor, payload={"table_id": table_id})
            await record(conn, restaurant_id, [entry], at)
            answer = _table_answer(table, 200)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return await _with_token(await once(key, work, at))


async def tables_of(restaurant_id: str, limit: int, after: Place) -> TablePage:
    """Newest first, with the tokens that QR codes are printed from."""
    secret = await server_secret(system.new_secret())
    async with read() as conn:
        found = await tables.page_of(conn, restaurant_id, limit, after)
    last = found[-1] if len(found) == limit else None
    return TablePage(
        data=[table_rules.view(table, secret) for table in found],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


async def remove_table(
    restaurant_id: str, table_id: str, actor: Actor, at: int
) -> None:
    """The table and its token are gone; orders keep its name."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        if not await tables.remove(conn, table_id):
            raise unknown_table()
        entry = Entry("table.removed", actor, payload={"table_id": table_id})
        await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}")


def unknown_table() -> NotFound:
    return NotFound("table.unknown", "There is no such table for you.")


def _table_answer(table: Table, status: int) -> Answer:
    """The token is left out; its version goes along to derive it again."""
    body = {"id": table.id, "name": table.name, "zone": table.zone}
    return Answer(status, body, f"{table.id}:{table.token_version}")


async def _with_token(answer: Answer) -> Answer:
    secret = await server_secret(system.new_secret())
    table_id, _, version = answer.resource_id.rpartition(":")
    token = table_rules.token_of(secret, table_id, int(version))
    return replace(answer, body={**answer.body, "token": token})


def _announce(restaurant_id: str) -> None:
    """After the commit: menus are loaded again, and everybody looks."""
    forget_menu(restaurant_id)
    wake(f"events:{restaurant_id}", f"print:{restaurant_id}")
