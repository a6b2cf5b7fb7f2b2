"""The gazetteer at a terminal: progress on standard error, and the index of the world built on first use."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import click

from gazetteer import installed
from gazetteer.index import Gazetteer


def day(text: str) -> date:
    """Read a day, as an option has it.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none, with one that is.

    Examples
    --------
    >>> day("2021-11-19")
    datetime.date(2021, 11, 19)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no day such as 2021-11-19"
        raise argparse.ArgumentTypeError(msg) from None


def opened() -> Gazetteer:
    """Open the gazetteer; build the index of the world before, if this machine has none."""
    built()
    return Gazetteer.open()


def built() -> bool:
    """Build the index of the world if it is not there, and show how far that is."""
    if installed.index_path().is_file():
        return False
    with progress_bar("Building the index of the world, once", 100) as step:
        return installed.build(progress=share_of(step))


@contextmanager
def progress_bar(what: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, where somebody looks at it."""
    with click.progressbar(length=length, label=what, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update


def share_of(step: Callable[[int], None]) -> Callable[[float], None]:
    """Tell a bar of a hundred steps about shares of 1."""
    done = 0

    def told(share: float) -> None:
        nonlocal done
        step(round(share * 100) - done)
        done = round(share * 100)

    return told
