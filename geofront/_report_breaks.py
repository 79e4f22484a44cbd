"""Marks of figures across which a source seems to have redrawn."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from geofront._report_marks import REDRAWN
from geofront._report_words import Brief
from geofront.days import kyiv_date

__all__ = ["break_days", "breaks_told", "mark", "marked_day", "redrawn_told"]


def mark(row: Mapping[Hashable, Any] | Mapping[str, Any]) -> str:
    """What follows a figure of a step, if that is across a break."""
    return REDRAWN if row["method_break"] is True else ""


def breaks_told(rows: Iterable[Mapping[Any, Any]], brief: Brief) -> list[str]:
    """What the mark means, for each of the steps that has it."""
    told = [_told(row, brief) for row in rows if row["method_break"] is True]
    return list(dict.fromkeys(told))


def _told(row: Mapping[Any, Any], brief: Brief) -> str:
    say = brief.say
    return say(
        "‡\u00a0Since {day}: {source} seems to have redrawn within the "
        "period, on {days}, which puts {area} in doubt. Part of the change "
        "may be the map’s own.",
        day=say.day(row["since"]),
        source=brief.title(row["source"]),
        days="; ".join(map(say.date, _within(row, brief))),
        area=say.km2(row["break_km2"]),
    )


def _within(row: Mapping[Any, Any], brief: Brief) -> list[pd.Timestamp]:
    """Days of the breaks between the two maps of a step."""
    days = break_days(row["source"], brief)
    # A carried map is older than the day for which it stands.
    first = pd.Timestamp(kyiv_date(row["since_published_at"]))
    return sorted(day for day in days if first < day <= row["until"])


def break_days(source: str, brief: Brief) -> set[pd.Timestamp]:
    """Days on which a source seems to have redrawn."""
    notes = brief.tables["notes"]
    own = (notes["source"] == source) & (notes["kind"] == "method_break")
    return set(notes.loc[own, "date"])


def marked_day(day: pd.Timestamp, brief: Brief) -> str:
    """Day for tables, marked if the main source seems to have redrawn."""
    redrawn = day in break_days(brief.asked.main.source, brief)
    return brief.say.date(day) + (REDRAWN if redrawn else "")


def redrawn_told(days: Iterable[pd.Timestamp], brief: Brief) -> list[str]:
    """What the mark of a day means, if one of the days has it."""
    source = brief.asked.main.source
    if not break_days(source, brief).intersection(days):
        return []
    told = brief.say(
        "‡\u00a0A day on which {source} seems to have redrawn: the change may "
        "be the map’s own.",
        source=brief.title(source),
    )
    return [told]
