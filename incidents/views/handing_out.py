"""Files that are handed out: each as the page stands after the press of its button, or none.

What is typed goes to the desk when the field is left, which a press on a button does as well. So the button that was
pressed is that of the page before: its file waits for the page that answers the press, and is the one offered there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from streamlit.delta_generator import DeltaGenerator

#: So long a press waits for the page that answers it.
_PATIENCE_SECONDS: Final = 60.0

#: A page may have answered a press so long before the press was heard of here.
_EARLIER_SECONDS: Final = 0.2

_LOOK_SECONDS: Final = 0.02


class ChangedError(Exception):
    """What was pressed is no longer offered."""


@dataclass(slots=True)
class Handing:
    """What a desk hands out.

    Attributes
    ----------
    offered : dict
        By key of its button, each file of the last whole page: its name, and what makes it.
    offering : dict
        The same of the page that is being made.
    pressed : set of str
        Buttons whose press the page that is being made answers.
    answered : dict
        By key, when a press was last answered.
    asked : dict
        By key, the name that the file had where its button was pressed, until a page has answered. Without one the
        button was gone already when its press was heard of.
    """

    offered: dict[str, tuple[str, Callable[[], bytes]]] = field(default_factory=dict)
    offering: dict[str, tuple[str, Callable[[], bytes]]] = field(default_factory=dict)
    pressed: set[str] = field(default_factory=set)
    answered: dict[str, float] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin a page."""
        self.offering = {}

    def end(self) -> None:
        """Have made a page: what it offers is what is handed out."""
        self.offered = self.offering
        for key in self.pressed:
            self.answered[key] = time.monotonic()
            self.asked.pop(key, None)
        self.pressed.clear()

    def button(
        self, where: DeltaGenerator, label: str, *, name: str, make: Callable[[], bytes], key: str, **looks: Any
    ) -> None:
        """Offer a file; if its button was pressed under another name, say that nothing was taken.

        Parameters
        ----------
        name
            Of the file.
        make
            Makes it when it is asked for, outside the run of the page.
        **looks
            What else `st.download_button` takes.
        """
        self.offering[key] = name, make
        where.download_button(
            label,
            data=lambda: self._take(key, name),
            file_name=name,
            key=key,
            on_click=self.pressed.add,
            args=(key,),
            width="stretch",
            **looks,
        )
        if key in self.pressed and self.asked.get(key) != name:
            where.warning("The page has changed since, so nothing was taken: press again.")

    def _take(self, key: str, name: str) -> bytes:
        """Wait for the page that answers the press, and make the file that it offers."""
        asked_at = time.monotonic()
        self.asked[key] = name
        while self.answered.get(key, 0.0) < asked_at - _EARLIER_SECONDS:
            if time.monotonic() > asked_at + _PATIENCE_SECONDS:
                raise ChangedError(name)
            time.sleep(_LOOK_SECONDS)
        offered, make = self.offered.get(key, (None, None))
        if make is None or offered != name:
            raise ChangedError(name)
        return make()
