"""A document in Markdown, as GitHub and most others read it."""

import re
from collections.abc import Sequence
from functools import singledispatch

from geofront._document import (
    Block,
    Cell,
    Document,
    Drawing,
    Figures,
    Foreign,
    Insets,
    Items,
    Keys,
    Link,
    Section,
    Table,
    Words,
    plain,
)
from geofront._report_html import web_address

__all__ = ["text"]

# HTML by entities, since not all readers honour a backslash before it; the
# at sign and the hash would call people and threads.
_MARKS = str.maketrans(
    {
        **{mark: f"&#{ord(mark)};" for mark in "<>&@"},
        **{mark: f"\\{mark}" for mark in "\\`*_{}[]#|~$!"},
    }
)
# At its beginning a text can be a list, a heading or a rule.
_OPENING = re.compile(r"^(\d+)([.)])(?!\d)|^([-=:]|\+(?!\d))")
# Addresses are made links only where they are meant as such.
_BARE = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_IN_ADDRESS = str.maketrans(
    {mark: f"%{ord(mark):02X}" for mark in "()[]|{}^~*_"}
)


def text(document: Document) -> str:
    """Document as Markdown."""
    parts = [
        f"# {_text(document.title)}",
        _cells(document.subtitle),
        *(_section(each, 2) for each in document.sections),
    ]
    return "\n\n".join(parts) + "\n"


def _text(text: object) -> str:
    """Text that reads as it was written, and does nothing."""
    marked = plain(text).translate(_MARKS)
    marked = _BARE.sub(lambda found: f"&#{ord(found[0])};", marked)
    return _OPENING.sub(_escaped, marked)


def _escaped(found: re.Match[str]) -> str:
    number, mark, sign = found.groups()
    return f"\\{sign}" if number is None else f"{number}\\{mark}"


def _cells(cells: Sequence[Cell]) -> str:
    return " ".join(map(_cell, cells))


def _cell(cell: Cell) -> str:
    if isinstance(cell, Link):
        address = web_address(cell.address)
        if address is not None:
            return f"[{_text(cell.text)}]({address.translate(_IN_ADDRESS)})"
        return _text(cell.text)
    return _text(cell.text if isinstance(cell, Foreign) else cell)


def _section(section: Section, level: int) -> str:
    parts = [
        f"{'#' * level} {_text(section.heading)}",
        *filter(None, map(_block, section.blocks)),
        *(_section(part, level + 1) for part in section.parts),
    ]
    return "\n\n".join(parts)


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"expected a block, found {block!r}")


@_block.register
def _(block: Words) -> str:
    return _cells(block.parts)


@_block.register
def _(block: Items) -> str:
    return "\n".join(f"- {_cells(item)}" for item in block.items)


@_block.register
def _(block: Figures) -> str:
    return "\n".join(
        f"- {_text(label)}: **{_text(value)}**, {_text(told)}"
        for label, value, told in block.figures
    )


@_block.register
def _(block: Table) -> str:
    rules = [
        "--:" if number in block.numbers else ":--"
        for number in range(len(block.head))
    ]
    rows = [
        [*map(_text, block.head)],
        rules,
        *([*map(_cell, row)] for row in block.rows),
    ]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"**{_text(block.caption)}**\n\n{lines}"


@_block.register
def _(block: Drawing) -> str:
    return _text(block.told)


@_block.register
def _(block: Insets) -> str:
    return "\n".join(f"- {_text(item.told)}" for item in block.drawings)


@_block.register
def _(block: Keys) -> str:
    return ""
