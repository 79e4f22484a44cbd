"""The tables of a report: what is asked of which function."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geofront._record_tables import typed
from geofront._report_ground import changed_ground
from geofront._rows import Flags
from geofront.agreement import agreement
from geofront.cadence import Look
from geofront.change import areas, deltas
from geofront.claims import assess_claims
from geofront.days import Cadence, as_date
from geofront.errors import InvalidBoundaryError, MissingDateError
from geofront.explain import explain
from geofront.geography import oblasts
from geofront.history import History
from geofront.place import Place
from geofront.places import registered
from geofront.proximity import proximity
from geofront.quality import quality
from geofront.records import (
    AGREEMENT,
    AREAS,
    BEFORE,
    CLAIMS,
    CLOSING,
    DELTAS,
    EXPLAINED,
    GROUND,
    ORIGINS,
    PERIOD,
    PROXIMITY,
    QUALITY,
    RECENT,
    REGION,
    SETTLEMENTS,
    SNAPSHOTS,
    STATUS,
    Field,
)
from geofront.settlement_changes import settlements_changed
from geofront.sources import SOURCES
from geofront.status import place_events, place_status
from geofront.within import within

__all__ = ["SPEED_DAYS", "WEEK", "Question", "tables"]

WEEK = dt.timedelta(days=7)
"""What a report looks back on."""

SPEED_DAYS = 28
"""Window of the closing speed."""

_DAY = dt.timedelta(days=1)
_SHARES = ["occupied_share", "grey_zone_share", "held_share"]
_BEFORE = [f"{name}_before" for name in _SHARES]

# Less of an extent is no news; and what rounding leaves over is nothing.
_NEWS, _NOTHING = 0.005, 1e-6


class Question(NamedTuple):
    """What a report is about."""

    at: dt.date
    histories: tuple[History, ...]
    """The first is the one that the headline figures are of."""
    targets: tuple[Place, ...]
    claims: pd.DataFrame | None
    claimed: tuple[Place, ...]
    among: tuple[Place, ...]

    @property
    def main(self) -> History:
        """History that the headline figures are of."""
        return self.histories[0]

    @property
    def before(self) -> dt.date | None:
        """Day that the report compares with; None on a history's first."""
        day = max(self.at - WEEK, self.main.span[0])
        return day if day < self.at else None

    @property
    def starts(self) -> dict[str, dt.date]:
        """Day at whose end each period begins."""
        return {
            "day": self.at - _DAY,
            "week": self.at - WEEK,
            "month": self.at.replace(day=1) - _DAY,
        }

    @property
    def speaking(self) -> tuple[History, ...]:
        """Histories that have a map for the day."""
        return tuple(item for item in self.histories if speaks(item, self.at))


def speaks(history: History, day: dt.date | None) -> bool:
    """Whether a history has a map for a day."""
    if day is None:
        return False
    try:
        history.at(day)
    except MissingDateError:
        return False
    return True


def tables(asked: Question) -> dict[str, pd.DataFrame]:
    """Every table of a report, by name."""
    main, at, before = asked.main, asked.at, asked.before
    found = {
        "areas": _gathered(
            AREAS, (areas(item, **_on(at)) for item in asked.speaking)
        ),
        "deltas": _gathered(
            PERIOD | DELTAS,
            (row for item in asked.speaking for row in _periods(item, asked)),
        ),
        "region_areas": areas(main, by=oblasts(), **_on(at)),
        "regions": typed([], DELTAS | REGION),
        "ground": typed([], GROUND),
        "settlements": typed([], SETTLEMENTS),
        "explain": typed([], EXPLAINED | DELTAS),
    }
    if before is not None:
        found["regions"] = deltas(
            main, since=before, until=at, every="all", by=oblasts()
        )
        # What is in doubt is known of the whole alone, which `deltas` has.
        found["regions"]["break_km2"] = np.nan
        found["ground"] = changed_ground(main, before, at)
        found["settlements"] = settlements_changed(
            main, since=before, until=at
        )
        found["explain"] = explain(main, since=before, until=at)
    return {
        **found,
        "places": _places(asked, _listed(asked)),
        "claims": _claims(asked),
        "proximity": _gathered(
            PROXIMITY | CLOSING | BEFORE,
            (_distances(item, asked) for item in asked.speaking),
        ),
        "within": within(main, at=at, compare=before),
        "agreement": _gathered(AGREEMENT, _agreement(asked)),
        "notes": _notes(asked),
        "snapshots": _snapshots(asked),
        "sources": typed(
            [_origin(asked, item) for item in asked.histories], ORIGINS
        ),
    }


def _on(day: dt.date) -> dict[str, Any]:
    return {"since": day, "until": day}


def _gathered(
    fields: Mapping[str, Field], frames: Iterable[pd.DataFrame]
) -> pd.DataFrame:
    """The rows of several tables in one."""
    rows = [
        {str(name): value for name, value in row.items()}
        for frame in frames
        for row in frame.to_dict("records")
    ]
    return typed(rows, fields)


# ---- figures


def _periods(history: History, asked: Question) -> Iterator[pd.DataFrame]:
    """Change over the day, the week and the month to date.

    A period that began before the history does is cut, and not complete.
    """
    for name, wanted in asked.starts.items():
        since = max(wanted, history.span[0])
        if since < asked.at:
            rows = deltas(
                history, since=since, until=asked.at, every=_EVERY[name]
            )
            rows["complete"] &= since == wanted
            rows.insert(0, "period", name)
            yield rows


_EVERY: dict[str, Cadence] = {"day": "day", "week": "all", "month": "month"}


def _distances(history: History, asked: Question) -> pd.DataFrame:
    """Distances of the day, their trend, and what they were before."""
    targets = asked.targets
    now = proximity(history, targets, speed_days=SPEED_DAYS, **_on(asked.at))
    now["compared_with"] = pd.NaT
    now["occupied_km_before"] = now["front_km_before"] = np.nan
    if asked.before is not None and speaks(history, asked.before):
        then = proximity(history, targets, **_on(asked.before))
        now["compared_with"] = then["date"]
        for name in ("occupied_km", "front_km"):
            now[f"{name}_before"] = then[name]
    first = asked.at - dt.timedelta(days=SPEED_DAYS)
    now["closing_since"] = pd.NaT
    now["occupied_km_closing_since"] = np.nan
    if speaks(history, first):
        then = proximity(history, targets, **_on(first))
        now["closing_since"] = then["date"]
        now["occupied_km_closing_since"] = then["occupied_km"]
    return now


# ---- places


def _listed(asked: Question) -> list[Place]:
    """Places with claims, then those of which the week changed a share."""
    listed = {place.id: place for place in asked.claimed}
    if asked.before is not None:
        everywhere = registered()
        then, now = (
            place_status(asked.main, everywhere, **_on(day))[_SHARES]
            for day in (asked.before, asked.at)
        )
        moved = (now - then).abs().max(axis=1)
        people = [-(place.population or 0) for place in everywhere]
        ranks = -moved.round(2).fillna(0.0).to_numpy()
        order = np.lexsort((np.array(people), ranks))
        for row in order[moved.to_numpy()[order] > _NEWS]:
            listed.setdefault(everywhere[row].id, everywhere[row])
    return list(listed.values())


def _places(asked: Question, listed: Sequence[Place]) -> pd.DataFrame:
    """What each source maps of places, now and before."""
    if not listed:
        return typed([], STATUS | RECENT)
    return _gathered(
        STATUS | RECENT,
        (_status(item, listed, asked) for item in asked.speaking),
    )


def _status(
    history: History, places: Sequence[Place], asked: Question
) -> pd.DataFrame:
    now = place_status(history, places, **_on(asked.at))
    began = _state_since(history, places, asked.at)
    now["state_since"] = now["place_id"].map(began)
    now["compared_with"] = now["changed_on"] = pd.NaT
    now[_BEFORE] = np.nan
    if asked.before is not None and speaks(history, asked.before):
        days = place_status(
            history, places, since=asked.before, until=asked.at
        )
        now["compared_with"] = pd.Timestamp(asked.before)
        now[_BEFORE] = days[_SHARES].head(len(places)).to_numpy()
        now["changed_on"] = _last_changes(days, len(places))
    return now


def _last_changes(days: pd.DataFrame, places: int) -> list[Any]:
    """Last day on which a share of each place changed; NaT for none."""
    shares = days[_SHARES].to_numpy().reshape(-1, places, len(_SHARES))
    # Where a share is not known, it is not known to have changed.
    moved = np.abs(np.diff(shares, axis=0)) > _NOTHING
    changed: Flags = np.logical_or.reduce(moved, axis=2)
    dates = days["date"].to_numpy().reshape(-1, places)[1:]
    return [
        dates[:, number][flags].max() if flags.any() else pd.NaT
        for number, flags in enumerate(changed.T)
    ]


def _state_since(
    history: History, places: Sequence[Place], at: dt.date
) -> dict[str, Any]:
    """Day from which each centre has been in its state, by id."""
    events = place_events(history, places, **_on(at))
    begun = events[events["since"] <= pd.Timestamp(at)]
    return dict(zip(begun["place_id"], begun["since"], strict=True))


def _claims(asked: Question) -> pd.DataFrame:
    if asked.claims is None:
        return typed([], CLAIMS)
    return assess_claims(asked.claims, asked.histories, among=asked.among)


# ---- what it rests on


def _agreement(asked: Question) -> Iterator[pd.DataFrame]:
    """How far each two sources agree that cover common ground."""
    for one, other in itertools.combinations(asked.speaking, 2):
        try:
            yield agreement(one, other, at=asked.at)
        except InvalidBoundaryError:
            # They have none; the page tells of the pairs that are missing.
            continue


def _notes(asked: Question) -> pd.DataFrame:
    """What is to be known of the maps of the days that are told of."""
    return _gathered(
        QUALITY,
        (
            found
            for history in asked.speaking
            for since in [max(min(_days(asked)), history.span[0])]
            for found in (
                quality(history, since=since, until=asked.at),
                _said_of(history, since, asked.at),
            )
        ),
    )


def _said_of(history: History, since: dt.date, until: dt.date) -> pd.DataFrame:
    """Remarks of the authors, and how moments are to be taken."""
    rows = [
        {
            **note._asdict(),
            "date": pd.Timestamp(item.date),
            "source": history.source,
            "snapshot": item.id,
        }
        for item in history
        if since <= item.date <= until
        for note in item.notes
        if note.kind in ("date", "remark")
    ]
    return typed(rows, QUALITY)


def _days(asked: Question) -> list[dt.date]:
    """Days whose ends are compared, the last one first."""
    earlier = {*asked.starts.values(), asked.before or asked.at}
    return sorted({asked.at, *earlier}, reverse=True)


def _looks(asked: Question, history: History) -> list[Look]:
    claimed = () if asked.claims is None else asked.claims["date"]
    others = {*map(as_date, claimed)}.difference(_days(asked))
    wanted = [*_days(asked), *sorted(others, reverse=True)]
    days = [day for day in wanted if speaks(history, day)]
    return [Look(day, history.at(day)) for day in days]


def _snapshots(asked: Question) -> pd.DataFrame:
    rows = [
        look.fields()
        | {"snapshot": look.snapshot.id, "digest": look.snapshot.digest}
        for history in asked.speaking
        for look in _looks(asked, history)
    ]
    return typed(
        [{name: row[name] for name in SNAPSHOTS} for row in rows], SNAPSHOTS
    )


def _origin(asked: Question, history: History) -> dict[str, Any]:
    known = SOURCES.get(history.source)
    info = known.info if known else None
    first, last = history.span
    return {
        "source": history.source,
        "title": info.title if info else history.source,
        **{name: getattr(info, name, None) for name in _OF_INFO},
        "first_day": pd.Timestamp(first),
        "last_day": pd.Timestamp(last),
        "snapshots": len(history),
        "speaks": speaks(history, asked.at),
        "made_from": getattr(info, "made_from", "") or None,
    }


_OF_INFO = ("draws", "dates", "terms", "attribution", "address")
