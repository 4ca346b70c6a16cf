"""Assembles the features' routers. No handlers here."""

from fastapi import APIRouter

from .features.calls.views_api import router as calls_router
from .features.cloudprnt.views_api import router as cloudprnt_router
from .features.combos.views_api import router as combos_router
from .features.devices.views_api import router as devices_router
from .features.discounts.views_api import router as discounts_router
from .features.epson.views_api import router as epson_router
from .features.gift_cards.views_api import router as gift_cards_router
from .features.journal.views_api import router as journal_router
from .features.kitchen.views_api import router as kitchen_router
from .features.lamps.views_api import router as lamps_router
from .features.logos.views_api import router as logos_router
from .features.menu.views_api import router as menu_router
from .features.opening.views_api import router as opening_router
from .features.orders.views_api import router as orders_router
from .features.pairings.views_api import router as pairings_router
from .features.payments.views_api import router as payments_router
from .features.payouts.views_api import router as payouts_router
from .features.previews.views_api import router as previews_router
from .features.price_lists.views_api import router as price_lists_router
from .features.printers.views_api import router as printers_router
from .features.printing.views_api import router as printing_router
from .features.receipts.views_api import router as receipts_router
from .features.recipes.views_api import router as recipes_router
from .features.refunds.views_api import router as refunds_router
from .features.resolutions.views_api import router as resolutions_router
from .features.restaurants.views_api import router as restaurants_router
from .features.slots.views_api import router as slots_router
from .features.splits.views_api import router as splits_router
from .features.staff.views_api import router as staff_router
from .features.stock.views_api import router as stock_router
from .features.tables.views_api import router as tables_router
from .features.tips.views_api import router as tips_router

api_router = APIRouter()
for router in (
    restaurants_router,
    menu_router,
    opening_router,
    stock_router,
    recipes_router,
    devices_router,
    pairings_router,
    tables_router,
    slots_router,
    price_lists_router,
    combos_router,
    orders_router,
    resolutions_router,
    calls_router,
    kitchen_router,
    payments_router,
    splits_router,
    refunds_router,
    gift_cards_router,
    discounts_router,
    staff_router,
    tips_router,
    payouts_router,
    receipts_router,
    printers_router,
    printing_router,
    previews_router,
    logos_router,
    cloudprnt_router,
    epson_router,
    journal_router,
    lamps_router,
):
    api_router.include_router(router)
