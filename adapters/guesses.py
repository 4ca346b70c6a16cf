"""How many wrong codes came lately, by client and by restaurant.

In this process's memory: whoever restarts it, or asks another process, gets a few
guesses more. A window begins with its first wrong code.
"""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

from ..core import limits

#: Everybody with an IPv6 line has so many bits of addresses to guess from.
_IPV6_PREFIX = 64


class Tally:
    """Wrong codes by key in windows of their own; the oldest keys are forgotten."""

    def __init__(self, most: int, window_ms: int, keys_max: int):
        self._most = most
        self._window_ms = window_ms
        self._keys_max = keys_max
        self._counted: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def wait_ms(self, key: str, at: int) -> int:
        """How long until this key may try again; 0 when it may now."""
        began_at, count = self._counted.get(key, (at, 0))
        left = began_at + self._window_ms - at
        return left if count >= self._most and 0 < left <= self._window_ms else 0

    def add(self, key: str, count: int, at: int) -> None:
        began_at, before = self._counted.get(key, (at, 0))
        if not 0 <= at - began_at < self._window_ms:
            began_at, before = at, 0
        self._counted[key] = began_at, before + count
        self._counted.move_to_end(key)
        while len(self._counted) > self._keys_max:
            self._counted.popitem(last=False)

    def clear(self) -> None:
        self._counted.clear()


_of_clients = Tally(
    limits.CODE_GUESSES_PER_ADDRESS,
    limits.CODE_GUESS_WINDOW_MS,
    limits.CODE_GUESSERS_MAX,
)
_of_restaurants = Tally(
    limits.CODE_GUESSES_PER_RESTAURANT,
    limits.CODE_GUESS_WINDOW_MS,
    limits.CODE_GUESSERS_MAX,
)


def wait_ms(address: str, restaurant_id: str, at: int) -> int:
    """How long nobody at this address, or nobody in this restaurant, is told whether
    a code is right; 0 when they are."""
    return max(
        _of_clients.wait_ms(client_of(address), at),
        _of_restaurants.wait_ms(restaurant_id, at),
    )


def count_wrong(address: str, restaurant_id: str, codes: int, at: int) -> None:
    """So many wrong codes came from this address."""
    _of_clients.add(client_of(address), codes, at)
    _of_restaurants.add(restaurant_id, codes, at)


def client_of(address: str) -> str:
    """What stands for one client: an IPv4 address, an IPv6 network, or any text."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return f"{int(ip) >> (128 - _IPV6_PREFIX):x}::/{_IPV6_PREFIX}"


def forget() -> None:
    """Begin anew, as after a restart."""
    _of_clients.clear()
    _of_restaurants.clear()
