"""How snapshots and histories present themselves, in text and in Jupyter."""

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geofront.history import History
    from geofront.model import Snapshot


def _number(value: float | None) -> str:
    return "not drawn" if value is None else f"{value:,.1f}"


def _km2(value: float | None) -> str:
    return "not drawn" if value is None else f"{value:,.1f} km²"


def snapshot_text(snapshot: "Snapshot") -> str:
    """One line: id and areas."""
    areas = snapshot.areas()
    named = [f"occupied {_number(areas['occupied_km2'])}"]
    if snapshot.draws_grey_zone:
        named.append(f"grey zone {_number(areas['grey_zone_km2'])}")
        named.append(f"held {_number(areas['held_km2'])}")
    return f"<Snapshot {snapshot.id}: {', '.join(named)} km²>"


def snapshot_html(snapshot: "Snapshot") -> str:
    """Table of areas, and what reading found."""
    areas = snapshot.areas()
    share = areas["occupied_share"]
    rows = [
        ("published", f"{snapshot.published_at:%Y-%m-%d %H:%M} UTC"),
        ("occupied", f"{_km2(areas['occupied_km2'])} ({share:.2%})"),
        ("grey zone", _km2(areas["grey_zone_km2"])),
        ("held", _km2(areas["held_km2"])),
        ("of", _km2(areas["denominator_km2"])),
        ("notes", _notes(snapshot)),
    ]
    return _table(f"{snapshot.source}, {snapshot.date}", rows)


def history_text(history: "History") -> str:
    """One line: source, span, counts and how the occupied area moved."""
    first, last = history.span
    begun, ended = (
        history[index].areas()["occupied_km2"] for index in (0, -1)
    )
    return (
        f"<History {history.source}: {len(history)} snapshots on "
        f"{len(history.dates)} days, {first} to {last}; occupied "
        f"{_number(begun)} → {_number(ended)} km²>"
    )


def history_html(history: "History") -> str:
    """Table of the span and of the areas at its ends."""
    rows = [
        ("snapshots", f"{len(history)} on {len(history.dates)} days"),
        ("first", snapshot_text(history[0])),
        ("last", snapshot_text(history[-1])),
    ]
    first, last = history.span
    return _table(f"{history.source}, {first} to {last}", rows)


def _notes(snapshot: "Snapshot") -> str:
    remarks = [note.detail for note in snapshot.notes if note.kind == "remark"]
    others = len(snapshot.notes) - len(remarks)
    told = [f"{others} from reading"] if others else []
    return "; ".join([*remarks, *told]) or "none"


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    body = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
        f"<td style='text-align:left'>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    return (
        f"<table><caption>{html.escape(title)}</caption>"
        f"<tbody>{body}</tbody></table>"
    )
