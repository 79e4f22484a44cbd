"""How the command line presents itself: sections, order, what columns mean."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import cast

import click

from geofront import _output
from geofront.records import RECORDS

__all__ = ["SECTIONS", "complete", "list_sections"]

SECTIONS = {
    "What a store holds": ("info", "log", "verify"),
    "What changed": ("areas", "deltas", "changes", "explain"),
    "Where the front is": (
        *("proximity", "within", "status", "settlements", "claims"),
    ),
    "How far to trust it": ("quality", "agreement"),
    "Maps and briefs": ("map", "report", "export"),
    "Bringing maps in": ("ingest", "fetch", "sources"),
}
"""Commands in the order in which `geofront --help` lists them."""

_SHOWN: Mapping[str, tuple[str, ...]] = {
    "areas": (*_output.AREAS_SHOWN, *_output.REGIONS_SHOWN),
    "deltas": (*_output.DELTAS_SHOWN, "region"),
    "changes": (*_output.CHANGES_SHOWN,),
    "proximity": (*_output.PROXIMITY_SHOWN, *_output.CLOSING_SHOWN),
    "within": (*_output.WITHIN_SHOWN,),
    "near": (*_output.NEAR_SHOWN,),
    "status": (*_output.STATUS_SHOWN,),
    "events": (*_output.EVENTS_SHOWN,),
    "settlements": (*_output.SETTLEMENTS_SHOWN,),
    "claims": (*_output.CLAIMS_SHOWN,),
    "quality": (*_output.QUALITY_SHOWN,),
    "agreement": (*_output.AGREEMENT_SHOWN, "region"),
    "settlements_disputed": (*_output.DISPUTED_SETTLEMENTS_SHOWN,),
    "log": (*_output.LOG_SHOWN,),
}
"""Columns of the tables that are printed, by the name of the record."""

_TABLES = {
    **{name: {"": name} for name in _SHOWN},
    "within": {"": "within", " with --list": "near"},
    "status": {"": "status", " with --events": "events"},
    "agreement": {
        "": "agreement",
        " with --settlements": "settlements_disputed",
    },
}
"""Tables of a command, by the option that asks for them."""

_STORE = (
    "What STORE may be, how days are written and what the exit status says: "
    "`geofront --help`."
)

# What most commands share comes in this order, whatever else they take.
_FIRST = ("store", "source", "known_at", "max_age")
_DAYS = ("since", "until", "at", "compare", "every")
_LAST = (
    *("by", "level", "names", "places_file"),
    *("form", "output", "scheduler"),
)


def list_sections(
    commands: Mapping[str, click.Command], formatter: click.HelpFormatter
) -> None:
    """Write every command with its first sentence, by what it is for."""
    for title, names in SECTIONS.items():
        rows = [
            (name, commands[name].get_short_help_str(limit=66))
            for name in names
        ]
        with formatter.section(title):
            formatter.write_dl(rows, col_max=11)


def complete(command: click.Command) -> None:
    """Put options into their order; say what the columns mean."""
    command.params.sort(key=_rank)
    paragraphs = [
        _columns(f"Columns of the table{asked_for}", record)
        for asked_for, record in _TABLES.get(str(command.name), {}).items()
    ]
    if any(_is_store(param) for param in command.params):
        paragraphs.append(_STORE)
    asked = {param.name: param for param in command.params}
    if "sources" in asked:
        # It takes two to agree: one source alone is refused.
        cast(click.Option, asked["source"]).hidden = True
    command.epilog = "\n\n".join(paragraphs) or None


def _is_store(param: click.Parameter) -> bool:
    return isinstance(param, click.Argument) and param.name == "store"


def _rank(param: click.Parameter) -> tuple[int, int]:
    """Arguments, then which maps, days, the command's own, the rest."""
    name = str(param.name)
    if isinstance(param, click.Argument):
        return 0, 0
    if param.required and name not in _DAYS:
        return 1, 0
    for place, names in ((2, _FIRST), (3, _DAYS), (5, _LAST)):
        if name in names:
            return place, names.index(name)
    return 4, 0


def _columns(title: str, record: str) -> str:
    """A line a column, which click is not to wrap."""
    names = list(dict.fromkeys(_SHOWN[record]))
    widest = max(map(len, names))
    lines = _wrapped(
        (name, RECORDS[record][name].meaning, widest) for name in names
    )
    return "\n".join(["\b", f"{title} (– stands for null):", *lines])


def _wrapped(rows: Iterable[tuple[str, str, int]]) -> Iterable[str]:
    for name, meaning, widest in rows:
        yield textwrap.fill(
            meaning,
            width=78,
            initial_indent=f"  {name:{widest}}  ",
            subsequent_indent=" " * (widest + 4),
        )
