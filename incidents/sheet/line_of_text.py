"""A line of text that is drawn where it is put, the same in every format."""

from __future__ import annotations

from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from incidents.sheet.pdf_words import show


class Line(Text):
    """One horizontal line.

    matplotlib lays every text out anew when it draws it, in case it has several lines, is turned or stands elsewhere
    than on its baseline. A sheet with its key has thousands of lines that do not, and that would be half the work.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the line as `matplotlib.text.Text` would, without laying it out if it begins at its position."""
        said, face = self.get_text(), self.get_fontproperties()
        if not said:
            return
        across, up = self.get_transform().transform(self.get_unitless_position())
        if (self.get_horizontalalignment(), self.get_verticalalignment()) != ("left", "baseline"):
            # Where its beginning is then, matplotlib has no public way of telling.
            _, ((_, _, (right, above)),), _ = self._get_layout(renderer)  # type: ignore[attr-defined]
            across, up = across + right, up + above
        if renderer.flipy():
            up = renderer.get_canvas_width_height()[1] - up
        renderer.open_group("text", self.get_gid())
        gc = renderer.new_gc()
        gc.set_foreground(to_rgba(self.get_color()), isRGBA=True)
        if not show(renderer, gc, at=(across, up), said=said, face=face):
            renderer.draw_text(gc, across, up, said, face, 0.0, ismath=False, mtext=self)
        gc.restore()
        renderer.close_group("text")
        self.stale = False
