"""The gazetteer as a reconciliation service, for OpenRefine: version 0.2 of the W3C community group's API over HTTP."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from threading import Lock, Thread
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, quote

import uvicorn
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gazetteer.index import Gazetteer
from gazetteer.place import MissingDataError, MissingIndexError
from gazetteer.reconcile.candidates import PROPERTIES, answer
from gazetteer.reconcile.places import (
    PREVIEW_HEIGHT,
    PREVIEW_POLICY,
    PREVIEW_WIDTH,
    Beginnings,
    all_types,
    extended,
    found,
    no_preview,
    preview,
    suggested,
    suggestion,
    value_properties,
)
from gazetteer.reconcile.requests import MOST_QUERIES, RefusedError, read_batch, read_extension, spoken

#: The versions of the API that are spoken. 0.1 demands JSONP, which runs a service's answer as a script; what it has
#: beside that is here as well.
VERSIONS: Final = ("0.2",)
#: Identifiers last, wherever the service runs, so their namespace is no address of a machine.
IDENTIFIER_SPACE: Final = "urn:x-incident-desk:place:"
SCHEMA_SPACE: Final = "http://www.geonames.org/ontology#Feature"
#: Where `serve` listens if nothing else is said.
PORT: Final = 8520

Source = Gazetteer | Callable[[], Gazetteer]
_Result = TypeVar("_Result")

_MOST_BYTES: Final = 4_000_000
_MOST_SUGGESTIONS: Final = 10
_FURTHEST: Final = 1_000
_LONGEST_PREFIX: Final = 200
_HOST: Final = re.compile(r"[\w.-]{1,253}(:\d{1,5})?|\[[\da-fA-F:.]{2,45}\](:\d{1,5})?", re.ASCII)
_FORM: Final = "application/x-www-form-urlencoded"
_METHODS: Final = ("GET", "POST", "OPTIONS")

# The service reads public names and knows no visitor, so that every page may ask it, as the specification demands.
_OPEN: Final = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": ", ".join(_METHODS),
    "Access-Control-Allow-Headers": "Accept, Content-Type, Origin, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}


def manifest(base_url: str) -> dict[str, Any]:
    """Give the service manifest of a service at an address.

    Examples
    --------
    >>> manifest("http://127.0.0.1:8520")["preview"]["url"]
    'http://127.0.0.1:8520/preview?id={{id}}'
    """
    base = base_url.rstrip("/")
    page = f"{base}/preview?id={{{{id}}}}"
    return {
        "versions": list(VERSIONS),
        "name": "Incident Desk gazetteer",
        "identifierSpace": IDENTIFIER_SPACE,
        "schemaSpace": SCHEMA_SPACE,
        "defaultTypes": [one for one in all_types() if one["id"] in {"P", "A"}],
        "view": {"url": page},
        "preview": {"url": page, "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {
            kind: {"service_url": base, "service_path": f"/suggest/{kind}"} for kind in ("entity", "type", "property")
        },
        "extend": {"propose_properties": {"service_url": base, "service_path": "/properties"}, "property_settings": []},
        "batchSize": MOST_QUERIES,
    }


class _Service:
    """The answers to requests, from a gazetteer that is opened with the first of them."""

    def __init__(self, source: Source, base_url: str | None) -> None:
        self._source = source
        self._base_url = base_url
        self._beginnings: tuple[Gazetteer, Beginnings] | None = None
        self._reading = Lock()
        # Looking up is work for a processor, so batches wait for one another, and what is quick does not wait for them.
        self._batches = CapacityLimiter(1)
        self._glances = CapacityLimiter(4)

    def gazetteer(self) -> Gazetteer:
        return self._source if isinstance(self._source, Gazetteer) else self._source()

    def beginnings(self, gazetteer: Gazetteer) -> Beginnings:
        with self._reading:
            if self._beginnings is None or self._beginnings[0] is not gazetteer:
                self._beginnings = gazetteer, Beginnings(gazetteer)
            return self._beginnings[1]

    async def endpoint(self, request: Request) -> Response:
        fields = await _form(request) if request.method == "POST" else dict(request.query_params)
        if "queries" in fields:
            batch = read_batch(fields["queries"])
            return JSONResponse(await self._worked(lambda gazetteer: answer(batch, gazetteer=gazetteer)))
        if "extend" in fields:
            asked = read_extension(fields["extend"])
            return JSONResponse(await self._worked(lambda gazetteer: extended(asked, gazetteer=gazetteer)))
        if request.method == "POST":
            message = 'The form has neither a field "queries" nor a field "extend".'
            raise RefusedError(message)
        return JSONResponse(manifest(self._base_url or _address(request)))

    async def suggest_entity(self, request: Request) -> Response:
        text, skip = _prefix(request), _number(request, "cursor", 0)

        def look(gazetteer: Gazetteer) -> list[dict[str, Any]]:
            beginnings = self.beginnings(gazetteer)
            places = suggested(text, beginnings=beginnings, gazetteer=gazetteer, limit=_MOST_SUGGESTIONS, skip=skip)
            return [suggestion(place, gazetteer) for place in places]

        return JSONResponse({"result": await self._glanced(look) if text.strip() else []})

    async def suggest_type(self, request: Request) -> Response:
        return JSONResponse({"result": _beginning(all_types(), request)})

    async def suggest_property(self, request: Request) -> Response:
        properties = [{"id": one, "name": one, "description": about} for one, about in PROPERTIES.items()]
        return JSONResponse({"result": _beginning(properties, request)})

    async def properties(self, request: Request) -> Response:
        of_type = spoken(request.query_params.get("type", ""), "the type")
        limit = _number(request, "limit", _FURTHEST)
        return JSONResponse({"type": of_type, "limit": limit, "properties": value_properties()[:limit]})

    async def preview(self, request: Request) -> Response:
        place_id = spoken(request.query_params.get("id", ""), "the identifier")

        def look(gazetteer: Gazetteer) -> str | None:
            place = found(place_id, gazetteer)
            return None if place is None else preview(place, gazetteer)

        page = await self._glanced(look)
        headers = {"Content-Security-Policy": PREVIEW_POLICY, "Referrer-Policy": "no-referrer"}
        if page is None:
            return HTMLResponse(no_preview(place_id), status_code=404, headers=headers)
        return HTMLResponse(page, headers=headers)

    async def _worked(self, work: Callable[[Gazetteer], _Result]) -> _Result:
        return await to_thread.run_sync(partial(self._with_gazetteer, work), limiter=self._batches)

    async def _glanced(self, work: Callable[[Gazetteer], _Result]) -> _Result:
        return await to_thread.run_sync(partial(self._with_gazetteer, work), limiter=self._glances)

    def _with_gazetteer(self, work: Callable[[Gazetteer], _Result]) -> _Result:
        return work(self.gazetteer())


def routes(gazetteer: Source, *, base_url: str | None = None, prefix: str = "") -> list[Route]:
    """Give the routes of the service, for an application that has others as well.

    Parameters
    ----------
    gazetteer
        The gazetteer, which threads may share, or what gives it; that is called with every request and may raise
        `MissingIndexError`, which the client is told.
    base_url
        The address of the service as clients see it; None takes it from each request, which is right under any host and
        mount, but not behind a proxy that rewrites paths.
    prefix
        What every path begins with, such as `/reconcile`. A `Mount` does as well, but answers the address without a
        slash at its end with a redirection, which OpenRefine does not follow when it posts.

    Examples
    --------
    >>> [route.path for route in routes(Gazetteer.open, prefix="/reconcile")][:3]
    ['/reconcile', '/reconcile/', '/reconcile/suggest/entity']
    """
    service = _Service(gazetteer, base_url)
    return _routes(service, prefix)


def application(gazetteer: Source, *, base_url: str | None = None) -> Starlette:
    """Give the service as an application of its own, to be served or mounted; see `routes`."""
    return Starlette(routes=routes(gazetteer, base_url=base_url))


def serve(gazetteer: Source, *, host: str = "127.0.0.1", port: int = PORT) -> None:
    """Serve until interrupted.

    Whoever reaches the address may ask, and so may every web page that is open in a browser on this machine; what is
    answered are the names, positions and sources of places, those of installed packs included.
    """
    service = _Service(gazetteer, None)
    Thread(target=lambda: service.beginnings(service.gazetteer()), daemon=True).start()
    uvicorn.run(Starlette(routes=_routes(service, "")), host=host, port=port, log_level="warning", server_header=False)


def _routes(service: _Service, prefix: str) -> list[Route]:
    handlers = {
        "/": service.endpoint,
        "/suggest/entity": service.suggest_entity,
        "/suggest/type": service.suggest_type,
        "/suggest/property": service.suggest_property,
        "/properties": service.properties,
        "/preview": service.preview,
    }
    paths = {
        **({prefix: service.endpoint} if prefix else {}),
        **{f"{prefix}{path}": one for path, one in handlers.items()},
    }
    return [
        Route(path, _opened(one), methods=[one for one in _METHODS if one != "POST" or path in {prefix, f"{prefix}/"}])
        for path, one in paths.items()
    ]


def _opened(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Answer every origin, the question whether it may ask, and what cannot be answered."""

    async def answered(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_OPEN | _PREFLIGHT)
        try:
            response = await handler(request)
        except RefusedError as error:
            response = JSONResponse({"error": str(error)}, status_code=error.status)
        except (MissingIndexError, MissingDataError) as error:
            response = JSONResponse({"error": f"The gazetteer cannot be opened: {error}."}, status_code=503)
        response.headers.update(_OPEN)
        return response

    return answered


async def _form(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        message = f"The body is {kind[:100] or 'of no stated type'}, and not {_FORM}."
        raise RefusedError(message, status=415)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            message = f"The body has more than {_MOST_BYTES:,} bytes; send fewer queries at once."
            raise RefusedError(message, status=413)
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=20)
    except UnicodeDecodeError:
        message = "The form is not in UTF-8."
    except ValueError:
        message = "The form has too many fields."
    else:
        return {name: values[-1] for name, values in fields.items()}
    raise RefusedError(message)


def _address(request: Request) -> str:
    """The address that the client asked, without what it asked: under any mount, that of the service."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        message = "The request names no host, or one that cannot be."
        raise RefusedError(message)
    return f"{request.scope['scheme']}://{host}{quote(request.scope['path']).rstrip('/')}"


def _prefix(request: Request) -> str:
    text = spoken(request.query_params.get("prefix", ""), "the prefix")
    if len(text) > _LONGEST_PREFIX:
        message = f"The prefix has {len(text):,} characters; at most {_LONGEST_PREFIX} are read."
        raise RefusedError(message)
    return text


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        message = f'The "{name}" is not a whole number.'
        raise RefusedError(message)
    return min(int(text or default), _FURTHEST)


def _beginning(items: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """Give the items of which the identifier, or a word of the name, begins so; all of them for an empty beginning."""
    prefix = _prefix(request).strip().casefold()
    kept = [
        one
        for one in items
        if any(word.startswith(prefix) for text in (one["id"], one["name"]) for word in _words(text.casefold()))
    ]
    return kept[_number(request, "cursor", 0) :]


def _words(text: str) -> list[str]:
    return [text, *text.split()]
