"""LNbits' wallets: whose they are."""

from lnbits.core.crud.wallets import get_wallet

from .finishing import to_the_end

OWN_WALLET = "lightning"


async def owner_of(wallet_id: str) -> str | None:
    """The account that owns this wallet.

    None when the wallet is gone, or shared by another account, which could take
    it back at any time.
    """
    wallet = await to_the_end(get_wallet(wallet_id))
    if wallet is None or wallet.wallet_type != OWN_WALLET:
        return None
    return wallet.user
