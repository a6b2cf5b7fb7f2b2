"""The letters of a page of a PDF and where they stand, read as a reader of PDF reads them."""

import re
from itertools import pairwise
from typing import NamedTuple

from pypdf.generic import ContentStream

MM_PER_POINT = 25.4 / 72
UNSEEN = "\u200c\u200d\u200e\u200f"


class Letter(NamedTuple):
    """What it stands for, and where it begins and ends, in points from the lower left corner."""

    said: str
    left: float
    up: float
    right: float


def lines_of(page, reader):
    """The letters of each line in the order in which they are written, which is that of the page from the left."""
    fonts = {name: _font(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    lines, words, widths, size = [], {}, {}, 0.0
    across = up = start = 0.0
    origin = [(0.0, 0.0)]
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        match operator:
            case b"q":
                origin.append(origin[-1])
            case b"Q":
                origin.pop()
            case b"cm":
                origin[-1] = tuple(one + float(by) for one, by in zip(origin[-1], operands[4:], strict=True))
            case b"BT":
                start, up = origin[-1]
                lines.append([])
            case b"Tf":
                (words, widths), size = fonts[operands[0]], float(operands[1])
            case b"Td":
                across = start = start + float(operands[0])
                up += float(operands[1])
            case b"TJ":
                for part in operands[0]:
                    if isinstance(part, int | float):
                        across -= float(part) * size / 1000
                        continue
                    raw = bytes_of(part)
                    for code in (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)):
                        end = across + widths[code] * size / 1000
                        lines[-1].append(Letter(words.get(code, "?"), across, up, end))
                        across = end
    return lines


def bytes_of(part):
    return getattr(part, "original_bytes", part)


def seen(line):
    """The letters of a line without the marks that take no room."""
    return [letter for letter in line if letter.said not in UNSEEN]


def words_from_left(line):
    """The words of a line as they stand, each with the letters that are its own, from the left of the page."""
    words = [[]]
    for letter in seen(line):
        if letter.said == " ":
            words.append([])
        else:
            words[-1].append(letter)
    return words


def gaps(line):
    """How far each word of a line is from the next, in points."""
    words = [word for word in words_from_left(line) if word]
    return [min(two.left for two in after) - max(one.right for one in before) for before, after in pairwise(words)]


def _font(font):
    """What the letters of a font stand for, and how wide they are, by their codes."""
    (descendant,) = font["/DescendantFonts"]
    found = descendant.get_object()["/W"]
    firsts = zip(found[::2], found[1::2], strict=True)
    widths = {first + step: float(width) for first, them in firsts for step, width in enumerate(them)}
    return _words(font["/ToUnicode"].get_object().get_data().decode("ascii")), widths


def _words(table):
    words = {}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, said in re.findall(r"<(\w+)>\s*<(\w+)>\s*(\[.*?\]|<\w+>)", block, re.DOTALL):
            meant = [bytes.fromhex(code).decode("utf-16-be") for code in re.findall(r"<(\w+)>", said)]
            for step in range(int(last, 16) - int(first, 16) + 1):
                sign = meant[step] if said.startswith("[") else meant[0][:-1] + chr(ord(meant[0][-1]) + step)
                words[int(first, 16) + step] = sign
    return words
