"""The briefing sheet: the shown incidents on paper, with what a reader needs to check and to redraw it."""

from incidents.sheet.briefing import Sheet, draw_sheet, render

__all__ = ["Sheet", "draw_sheet", "render"]
