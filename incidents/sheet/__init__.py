"""The briefing sheet: the shown incidents on paper, with what a reader needs to check and to redraw it."""

from incidents.sheet.briefing import Sheet, draw_sheet
from incidents.sheet.imprint import Imprint, Status
from incidents.sheet.order import ON_A_SHEET, Order, frames_of, named
from incidents.sheet.paper import PAGES
from incidents.sheet.rendering import Format, beside, preview, render, sidecar_of
from incidents.sheet.sidecar import changes, drawn_with, query_of, redrawn_order, sidecar, to_json
from incidents.sheet.sizes import about_bytes

__all__ = [
    "ON_A_SHEET",
    "PAGES",
    "Format",
    "Imprint",
    "Order",
    "Sheet",
    "Status",
    "about_bytes",
    "beside",
    "changes",
    "draw_sheet",
    "drawn_with",
    "frames_of",
    "named",
    "preview",
    "query_of",
    "redrawn_order",
    "render",
    "sidecar",
    "sidecar_of",
    "to_json",
]
