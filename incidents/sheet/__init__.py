"""The briefing sheet: the shown incidents on paper, with what a reader needs to check and to redraw it."""

from incidents.sheet.briefing import Sheet, draw_sheet
from incidents.sheet.imprint import Imprint, Status
from incidents.sheet.order import Order, frames_of
from incidents.sheet.paper import PAGES
from incidents.sheet.rendering import render

__all__ = ["PAGES", "Imprint", "Order", "Sheet", "Status", "draw_sheet", "frames_of", "render"]
