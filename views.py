"""HTML pages. The staff page is an LNbits page; the guest's pages stand alone.

A guest's page is a static shell: nothing of an order or a menu is in it, the scripts
read the public API. Tokens are in the address' fragment, which never reaches us.
"""

import json
import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import Template
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from lnbits.core.views.generic import index
from lnbits.decorators import check_account_exists

ROOT = Path(__file__).parent
STATIC = ROOT / "static"
STATIC_URL = "/restaurant/static"
API_URL = "/restaurant/api/v1"
_IMPORT = re.compile(
    r"^(?:import|export) .*?from '(\.[^']+)'", re.MULTILINE | re.DOTALL
)
_SECURITY = (
    "default-src 'none'; script-src 'self' '{importmap}'; style-src 'self'; "
    "img-src 'self' https: data:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

pages_router = APIRouter()

pages_router.add_api_route(
    "/",
    endpoint=index,
    dependencies=[Depends(check_account_exists)],
    include_in_schema=False,
)


@pages_router.get("/m/{slug}", include_in_schema=False)
async def menu_page(slug: str) -> HTMLResponse:
    """The menu of a restaurant; a table's token and name are in the fragment."""
    page, headers = guest_page("menu_page.js")
    restaurant = f"{API_URL}/restaurants/{quote(slug, safe='')}"
    early = f"<{restaurant}>; rel=preload; as=fetch; crossorigin=anonymous"
    return HTMLResponse(page, headers={**headers, "Link": early})


@pages_router.get("/o/{order_id}", include_in_schema=False)
async def order_page(order_id: str) -> HTMLResponse:  # noqa: ARG001
    """One order: its payment and its way; the order's token is in the fragment."""
    page, headers = guest_page("order_page.js")
    return HTMLResponse(page, headers={**headers, "X-Robots-Tag": "noindex"})


@pages_router.get("/r/{order_id}", include_in_schema=False)
async def receipt_page(order_id: str) -> HTMLResponse:  # noqa: ARG001
    """An order's receipt, or its bill, to print and to keep; the order's token is in
    the fragment."""
    page, headers = guest_page("receipt_page.js", "receipt.css")
    return HTMLResponse(page, headers={**headers, "X-Robots-Tag": "noindex"})


@lru_cache
def guest_page(view: str, *styles: str) -> tuple[str, dict[str, str]]:
    """The shell that loads this view and its own styles at once, and its headers.

    Every script's address carries one hash of all scripts, through an import map:
    after an upgrade no browser mixes old with new.
    """
    scripts = _scripts()
    sheets = sorted(STATIC.glob("guest/css/*.css"))
    version = _version([*scripts.values(), *sheets])
    urls = {url: f"{url}?v={version}" for url in scripts}
    importmap = json.dumps({"imports": urls})
    first = _closure(scripts, f"{STATIC_URL}/guest/js/app.js")
    needed = first | _closure(scripts, f"{STATIC_URL}/guest/js/{view}")
    shell = Template((ROOT / "templates/restaurant/guest.html").read_text("utf-8"))
    links = [
        f'<link rel="modulepreload" href="{urls[url]}" />' for url in sorted(needed)
    ]
    css = f"{STATIC_URL}/guest/css"
    links += [f'<link rel="stylesheet" href="{css}/{s}?v={version}" />' for s in styles]
    page = shell.substitute(
        importmap=importmap,
        preloads="".join(links),
        entry=urls[f"{STATIC_URL}/guest/js/app.js"],
        stylesheet=f"{css}/guest.css?v={version}",
    )
    return page, _headers(importmap)


def _scripts() -> dict[str, Path]:
    """The guest pages' scripts by their address."""
    found = [*STATIC.glob("guest/js/*.js"), *STATIC.glob("vendor/*.js")]
    return {
        f"{STATIC_URL}/{f.relative_to(STATIC).as_posix()}": f for f in sorted(found)
    }


def _version(files: list[Path]) -> str:
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _closure(scripts: dict[str, Path], entry: str) -> set[str]:
    """A script and everything that it imports at once."""
    needed: set[str] = set()
    waiting = [scripts[entry]]
    urls = {path: url for url, path in scripts.items()}
    while waiting:
        path = waiting.pop()
        needed.add(urls[path])
        imports = _IMPORT.findall(path.read_text("utf-8"))
        found = [(path.parent / name).resolve() for name in imports]
        waiting += [file for file in found if urls.get(file, "") not in {*needed, ""}]
    return needed


def _headers(importmap: str) -> dict[str, str]:
    digest = b64encode(sha256(importmap.encode()).digest()).decode()
    return {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": _SECURITY.format(importmap=f"sha256-{digest}"),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
