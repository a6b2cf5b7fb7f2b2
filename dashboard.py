"""The dashboard as `streamlit run dashboard.py` starts it: the app, its routes and its security headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gazetteer.reconcile import routes
from incidents.views.http import RECONCILE, SecurityHeaders, gazetteer, serve_basemap

INCIDENTS = Path(str(files("incidents")))


# What takes longest to import. The pages are left to the script: a component for Streamlit must be imported there.
HEAVY = ("incidents.dataset", "incidents.webmap", "incidents.views.charts", "incidents.sheet")


@asynccontextmanager
async def ready_for_the_first_visitor(_: st.App) -> AsyncIterator[None]:
    """Import what takes long while the first browser is still loading its own half of the desk."""
    Thread(target=lambda: [import_module(name) for name in HEAVY], daemon=True).start()
    yield


app = st.App(
    INCIDENTS / "views" / "app.py",
    lifespan=ready_for_the_first_visitor,
    routes=[
        *routes(gazetteer, prefix=RECONCILE),
        Route("/assets/basemap/{codes}.json", serve_basemap),
        Mount("/assets", StaticFiles(directory=INCIDENTS / "assets")),
    ],
    middleware=[Middleware(SecurityHeaders)],
)
