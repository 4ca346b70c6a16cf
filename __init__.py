"""Wiring of the restaurant extension for LNbits: routers, static files, tasks."""

from fastapi import APIRouter

from .crud import close, db
from .tasks import start_tasks, stop_tasks
from .views import pages_router
from .views_api import api_router

restaurant_ext = APIRouter(prefix="/restaurant", tags=["Restaurant"])
restaurant_ext.include_router(api_router)
restaurant_ext.include_router(pages_router)

restaurant_static_files = [{"path": "/restaurant/static", "name": "restaurant_static"}]


def restaurant_start() -> None:
    """Called by LNbits when the extension is loaded; must not be a coroutine."""
    start_tasks()


def restaurant_stop() -> None:
    """Called by LNbits before the extension is replaced or deactivated."""
    stop_tasks()
    close()


__all__ = [
    "db",
    "restaurant_ext",
    "restaurant_start",
    "restaurant_static_files",
    "restaurant_stop",
]
