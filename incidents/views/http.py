"""What the desk answers beside its pages: security headers on everything, and the base map."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gazetteer import Gazetteer
from incidents.basemap import basemap

#: `unsafe-inline` and `unsafe-eval` are what the map component needs; nothing may be fetched from, or sent to,
#: anywhere but this server.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

#: Where OpenRefine finds the reconciliation service. Other origins ask it and frame its previews, which is its purpose.
RECONCILE: Final = "/reconcile"

#: Assets are addressed with their version, so a browser may keep them.
_KEEP: Final = "public, max-age=31536000, immutable"


class SecurityHeaders:
    """ASGI middleware that sets `HEADERS` on every HTTP answer but the reconciliation service's, which sets its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and dress the start of the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not scope["path"].startswith(RECONCILE):
                    headers.update(HEADERS)
                if scope["path"].startswith("/assets/") and message["status"] == 200:
                    headers["Cache-Control"] = _KEEP
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Open the gazetteer, once for all visitors and for the reconciliation service.

    Raises
    ------
    MissingIndexError
        If the index of the world has not been built.
    """
    return Gazetteer.open()


@lru_cache(maxsize=1)
def assets_version() -> str:
    """Hash the scripts, styles and boundaries that the browser keeps, so that a changed one has a new address."""
    incidents, places = (Path(str(files(package))) for package in ("incidents", "gazetteer"))
    digest = hashlib.sha256()
    kept = [
        *(incidents / "assets").glob("desk.*"),
        *(places / "data").glob("*.parquet"),
        incidents / "basemap.py",
    ]
    for path in sorted(kept):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def basemap_address(country_codes: tuple[str, ...]) -> str:
    """Give the base map's address below `/assets/basemap/`."""
    return f"{'-'.join(country_codes) or 'world'}.json?{assets_version()}"


@lru_cache(maxsize=16)
def _packed(country_codes: tuple[str, ...]) -> bytes:
    return gzip.compress(basemap(country_codes), compresslevel=6, mtime=0)


async def serve_basemap(request: Request) -> Response:
    """Answer with the base map that has the divisions of the countries in the address."""
    codes = tuple(sorted(set(request.path_params["codes"].split("-")) - {"world"}))
    if len(codes) > 60 or any(len(code) != 2 or not code.isascii() or not code.isupper() for code in codes):
        return PlainTextResponse("Expected ISO 3166-1 codes such as BF-TG.", status_code=400)
    content = await run_in_threadpool(_packed, codes)
    return Response(content, media_type="application/json", headers={"Content-Encoding": "gzip"})
