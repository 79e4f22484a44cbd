"""What a page of a brief says, read with the standard library's parser."""

import datetime as dt
from html.parser import HTMLParser
from typing import Any

import geofront as gf

VOID = ("meta", "path", "rect", "circle")
"""Elements that hold nothing."""


class Page(HTMLParser):
    """Tables by caption, text, headings, and what the marks must not hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._stack: list[str] = []
        self._rows: list[list[str]] = []
        self._caption = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self._stack.append(tag)
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._stack.pop() == tag
        if tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        if "style" in self._stack:
            return
        # Numbers cling to their units.
        data = data.replace("\u00a0k", " k")
        self.words += data
        if "caption" in self._stack:
            self._caption += data
        elif "td" in self._stack or "th" in self._stack:
            self._rows[-1][-1] += data

    def row(self, caption: str, first: str) -> list[str]:
        """Row of a table by its first cell."""
        (found,) = [r for r in self.tables[caption] if r[0] == first]
        return found


def redrawn(history: gf.History, source: str, *notes: gf.Note) -> gf.History:
    """The same maps, drawn otherwise on 22 and 23 February."""
    lost = gf.Note("method_break", "a part is missing", 10.0)
    return gf.History(
        gf.Snapshot(
            source,
            item.published_at,
            item.occupied,
            item.grey_zone,
            coverage=item.coverage,
            notes=[*notes, lost] if item.date.day in (22, 23) else notes,
        )
        for item in history
    )


def other(history: gf.History, source: str, **changes: Any) -> gf.History:
    """The same maps under another source's name."""
    return gf.History(
        gf.Snapshot(
            source,
            item.published_at,
            item.occupied,
            None if changes.get("no_grey") else item.grey_zone,
            coverage=item.coverage,
            notes=changes.get("notes", ()),
        )
        for item in history
        if item.date >= changes.get("since", dt.date.min)
    )
