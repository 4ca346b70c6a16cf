"""A funding source that thinks for a while before it hands out an invoice.

Python imports this by itself when this folder is on PYTHONPATH; the benchmark puts
it there for its second server only.
"""

import asyncio
import os
from typing import Any

from lnbits.wallets.fake import FakeWallet

SECONDS = float(os.environ["SLOW_NODE_SECONDS"])
_create_invoice = FakeWallet.create_invoice


async def create_invoice(self: FakeWallet, *args: Any, **kwargs: Any) -> Any:
    """The same, later."""
    await asyncio.sleep(SECONDS)
    return await _create_invoice(self, *args, **kwargs)


FakeWallet.create_invoice = create_invoice  # type: ignore[method-assign]
