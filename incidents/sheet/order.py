"""The order: everything that is asked of a sheet beside its incidents, so that the same one can be drawn again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Literal, Self, get_args

from incidents.errors import ExportError
from incidents.frames import FRAMES, Frame
from incidents.sheet.imprint import Imprint, Status
from incidents.sheet.paper import PAGES
from incidents.spillover import BORDERLAND, Preset, Rule, preset_of
from incidents.timeline import Period

Drawn = Literal["crossings", "links"]

#: Of a desk's overlays those that a sheet draws.
ON_A_SHEET: Final[tuple[Drawn, ...]] = get_args(Drawn)

#: More maps than these on one page are stamps.
MOST_MAPS: Final = 6

_FILE_NAME: Final = re.compile(r"[\w-][\w.-]{0,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of a sheet; two equal orders of the same data give the same bytes.

    Attributes
    ----------
    title : str
        Area and subject; "(as of DATE)" is put after it.
    as_of : datetime.date
        The day whose knowledge the sheet shows.
    produced_on : datetime.date or datetime.datetime
        The day, or the moment with its time zone, at which it is made.
    frames : tuple of Frame
        One map each; without any, one map of all that is drawn.
    page : str
        A key of `paper.PAGES`.
    by : Period or None
        Small multiples: one map of the same extent for each period.
    overlays : tuple of str
        `crossings` and `links`: what is drawn beside the incidents.
    preset : Preset
        How near two incidents must be to be linked.
    rule : str
        Which links are inferred, a `spillover.Rule`.
    strip : bool
        Whether a timeline stands under the map.
    imprint : Imprint
        Who made it, which one it is, and how it may be handled.
    name : str or None
        What its files are called, without an ending.

    Raises
    ------
    ExportError
        If there is no such page, overlay, preset or rule, or if more maps are asked for than a page holds.
    """

    title: str
    as_of: date
    produced_on: date
    frames: tuple[Frame, ...] = ()
    page: str = "a4-landscape"
    by: Period | None = None
    overlays: tuple[Drawn, ...] = ("crossings",)
    preset: Preset = BORDERLAND
    rule: str = str(Rule.PROBABLE)
    strip: bool = True
    imprint: Imprint = field(default_factory=Imprint)
    name: str | None = None

    def __post_init__(self) -> None:
        for name, value, offered in (
            ("page", self.page, tuple(PAGES)),
            ("rule", self.rule, tuple(map(str, Rule))),
            *(("overlay", overlay, ON_A_SHEET) for overlay in self.overlays),
        ):
            if value not in offered:
                msg = f"There is no {name} {value!r}; choose one of {', '.join(offered)}."
                raise ExportError(msg)
        if self.name is not None and not _FILE_NAME.fullmatch(self.name):
            msg = f"A sheet is called by one name of a file, without a folder, not {self.name[:60]!r}."
            raise ExportError(msg)
        if len(self.frames) > MOST_MAPS:
            msg = f"A sheet has room for {MOST_MAPS} maps, not {len(self.frames)}."
            raise ExportError(msg)
        if self.by and len(self.frames) > 1:
            msg = "Maps by period show one extent: choose one frame for them."
            raise ExportError(msg)

    def to_dict(self) -> dict[str, Any]:
        """Write the order as plain values, ready for JSON."""
        told = asdict(replace(self, frames=()))
        told["frames"] = [
            {"key": f.key, "title": f.title, "west": f.west, "south": f.south, "east": f.east, "north": f.north}
            for f in self.frames
        ]
        told["as_of"], told["produced_on"] = self.as_of.isoformat(), self.produced_on.isoformat()
        told["overlays"], told["by"] = list(self.overlays), self.by and str(self.by)
        told["imprint"]["status"] = str(self.imprint.status)
        corrected_on = self.imprint.corrected_on
        told["imprint"]["corrected_on"] = corrected_on and corrected_on.isoformat()
        return told

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read an order that `to_dict` wrote.

        Raises
        ------
        ExportError
            If it is none.
        """
        try:
            imprint = dict(told["imprint"])
            title = str.strip(told["title"])  # which only a text has
            _expect_text({"name": told["name"], **imprint, "version": ""})
            _expect_whole({"version": imprint["version"]})
            imprint["status"] = Status(imprint["status"])
            imprint["corrected_on"] = imprint["corrected_on"] and date.fromisoformat(imprint["corrected_on"])
            produced = str(told["produced_on"])
            return cls(
                **{
                    **told,
                    "title": title,
                    "as_of": date.fromisoformat(told["as_of"]),
                    "produced_on": (datetime if "T" in produced else date).fromisoformat(produced),
                    "frames": tuple(Frame(**frame) for frame in told["frames"]),
                    "by": told["by"] and Period(told["by"]),
                    "overlays": tuple(told["overlays"]),
                    "preset": _preset(told["preset"]),
                    "imprint": Imprint(**imprint),
                }
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            msg = f"This is not what was asked of a sheet: {error}."
            raise ExportError(msg) from error


def _preset(told: Mapping[str, Any]) -> Preset:
    """Read a preset: one that is shipped by its name, the reader's own by its figures."""
    return preset_of(told["name"], distance_km=float(told["distance_km"]), days=int(told["days"]))


def _expect_whole(values: Mapping[str, Any]) -> None:
    strange = [name for name, value in values.items() if type(value) is not int]
    if strange:
        msg = f"{', '.join(strange)} should be a whole number"
        raise TypeError(msg)


def _expect_text(values: Mapping[str, Any]) -> None:
    strange = [name for name, value in values.items() if not isinstance(value, str | None)]
    if strange:
        msg = f"{', '.join(strange)} should be text"
        raise TypeError(msg)


def named(order: Order, name: str) -> Order:
    """Give the order with what its files are called."""
    return replace(order, name=name)


def frames_of(key: str) -> tuple[Frame, ...]:
    """Give the frames of a name: one theatre, `theatres` for one map of each, `all` for one map of all that is drawn.

    Examples
    --------
    >>> [frame.key for frame in frames_of("theatres")], frames_of("all")
    (['sahel', 'afghanistan', 'iraq'], ())
    """
    if key == "theatres":
        return tuple(FRAMES.values())
    return (FRAMES[key],) if key in FRAMES else ()
