"""A document before it is written: headings, words, tables, drawings.

All text is plain, and whoever writes the document makes it harmless; only
drawings are markup, made by geofront itself.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from geofront._words import printable

__all__ = ["Document", "Drawing", "Figures", "Foreign", "Insets", "Items"]
__all__ += [
    "Block",
    "Cell",
    "Key",
    "Keys",
    "Link",
    "Section",
    "Table",
    "Words",
]


def plain(text: object) -> str:
    """Text in one line, without control characters.

    Spaces at which no line may break stay, but for those at an end.
    """
    return _NO_BREAK.join(map(printable, str(text).split(_NO_BREAK)))


_NO_BREAK = "\u00a0"


class Link(NamedTuple):
    """Text that leads to an address, if that is one of the web."""

    text: str
    address: str


class Foreign(NamedTuple):
    """Somebody's own words, in another language than the document."""

    text: str
    lang: str


Cell: TypeAlias = str | Link | Foreign


class Words(NamedTuple):
    """A paragraph; ``is_small`` what explains rather than tells."""

    parts: Sequence[Cell]
    is_small: bool = False


class Items(NamedTuple):
    """A list; each item is made of parts."""

    items: Sequence[Sequence[Cell]]


class Figures(NamedTuple):
    """A few figures that matter most: label, value, what it is."""

    figures: Sequence[tuple[str, str, str]]


class Table(NamedTuple):
    """Rows under a head, the first cell of each naming it."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers: frozenset[int] = frozenset()
    """Columns that are set flush right."""
    has_total: bool = False
    """Whether the last row is the sum of the others."""


class Drawing(NamedTuple):
    """A map, with its caption and what it shows in words."""

    svg: str
    caption: str
    told: str


class Insets(NamedTuple):
    """Several small drawings side by side."""

    drawings: Sequence[Drawing]


class Key(NamedTuple):
    """What a sample in a legend stands for."""

    svg: str
    text: str


class Keys(NamedTuple):
    """A legend."""

    keys: Sequence[Key]


Block: TypeAlias = Words | Items | Figures | Table | Drawing | Insets | Keys


class Section(NamedTuple):
    """Blocks under a heading; parts have headings of their own."""

    id: str
    heading: str
    blocks: Sequence[Block]
    parts: Sequence["Section"] = ()


class Document(NamedTuple):
    """What is to be written."""

    lang: str
    title: str
    subtitle: Sequence[Cell]
    sections: Sequence[Section]
    markup: str = ""
    """What the drawings share."""
