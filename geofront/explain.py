"""A change of area in a sentence that can be quoted, with its evidence."""

import datetime as dt
from typing import Any

import geopandas as gpd
import pandas as pd

from geofront._expected import need_history
from geofront._inputs import inputs_of, shown_input
from geofront._record_tables import table
from geofront._split import common_coverage
from geofront._words import counted
from geofront.change import deltas
from geofront.days import KYIV, Day, as_date
from geofront.geodesy import area_km2
from geofront.history import History
from geofront.model import Snapshot
from geofront.records import DEFINITIONS, DELTAS, EXPLAINED, REGION, TERRITORY
from geofront.sources import described_source, remarks_of

__all__ = ["explain"]

_LEAST_KM2 = 0.005
"""Less is no change at two decimals."""

_SHOWN = 16
"""Digits of a digest in the sentence; the records hold all 64."""


def explain(
    history: History,
    *,
    since: Day,
    until: Day,
    by: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Change of the occupied area between two days, ready to be quoted.

    Parameters
    ----------
    history : History
    since, until : str or datetime.date
        The state at the end of the one against that at the end of the
        other.
    by : geopandas.GeoDataFrame, optional
        Regions, as for :func:`areas`: a row and a sentence for each.

    Returns
    -------
    pandas.DataFrame
        One row: ``sentence, since_digest, until_digest, title, terms,
        attribution, address, territory, remarks``, then the fields of
        :func:`deltas`.  ``sentence`` tells the figure, both snapshots by
        their ids, Kyiv times and digests, the definition, the territory,
        the source and its terms; then what else is to be known:
        ``remarks``, which is missing where that is nothing.

    Raises
    ------
    MissingDateError
        If the history does not speak for a day.
    InvalidBoundaryError
        If the regions cannot be used.
    ValueError
        If ``since`` is not before ``until``.

    Examples
    --------
    >>> import geofront as gf
    >>> told = gf.explain(gf.example_history(), since="2025-02-22",
    ...                   until="2025-02-24")
    >>> told.loc[0, "sentence"][:63]
    'According to example, the occupied area of Ukraine within its i'
    """
    need_history(history)
    if as_date(since) == as_date(until):
        raise ValueError(
            f"since and until are the same day, {since}: expected two, "
            "between which something may have changed"
        )
    found = deltas(history, since=since, until=until, every="all", by=by)
    ends = history.at(since), history.at(until)
    shared = {
        **_source(history),
        "territory": TERRITORY,
        "since_digest": ends[0].digest,
        "until_digest": ends[1].digest,
    }
    borders = [] if by is None else [_borders(by)]
    rows = [
        shared | _told(dict(record), shared, ends, borders)
        for record in found.to_dict("records")
    ]
    fields = EXPLAINED | DELTAS | ({} if by is None else REGION)
    return table(rows, fields, ends, inputs_of(by))


def _told(
    record: dict[Any, Any],
    shared: dict[str, str | None],
    ends: tuple[Snapshot, Snapshot],
    borders: list[str],
) -> dict[Any, Any]:
    """A record of `deltas`, and what it says in words."""
    remarks = borders + _remarks(record, ends)
    sentence = _sentence(record, shared, ends)
    return record | {
        "sentence": " ".join([sentence, *remarks]),
        "remarks": " ".join(remarks) or None,
    }


def _borders(by: gpd.GeoDataFrame) -> str:
    """Whose borders the regions have, in a sentence."""
    told = "; ".join(map(shown_input, inputs_of(by)))
    return f"Borders of the regions: {told or 'as given'}."


def _source(history: History) -> dict[str, str | None]:
    """Whose maps they are; of a user's own, by their name alone."""
    known = described_source(history.source)
    title = known["title"] or known["name"]
    return known | {"title": title}


def _sentence(
    record: dict[Any, Any],
    shared: dict[str, str | None],
    ends: tuple[Snapshot, Snapshot],
) -> str:
    since, until = (f"{record[name]:%Y-%m-%d}" for name in ("since", "until"))
    credit = shared["attribution"] or shared["title"]
    terms = shared["terms"] or "not known to geofront"
    before, after = map(_cited, ends)
    return (
        f"According to {shared['title']}, the occupied area of "
        f"{_where(record, ends)} {_change(record)} from the end of "
        f"{since} to the end of {until}, Kyiv time (map {before} against map "
        f"{after}; area: {DEFINITIONS['area']}; source: {credit}; terms: "
        f"{terms})."
    )


def _where(record: dict[Any, Any], ends: tuple[Snapshot, Snapshot]) -> str:
    """What the area is of, and how much of that both maps cover."""
    of_all = "region" not in record
    where = TERRITORY if of_all else f"{_region(record)}, in {TERRITORY},"
    covered = common_coverage(*(end.coverage for end in ends))
    if covered is None:
        return where
    return (
        f"{where}{',' if of_all else ''} within the "
        f"{area_km2(covered):,.0f} km² that both maps cover,"
    )


def _region(record: dict[Any, Any]) -> str:
    if pd.isna(record["region_id"]):
        return "what lies in none of the regions"
    return str(record["region"])


def _change(record: dict[Any, Any]) -> str:
    net = record["occupied_net_km2"]
    gained, lost = record["occupied_gained_km2"], record["occupied_lost_km2"]
    # Each of them is rounded, which may not add up.
    adds_up = abs(round(gained, 2) - round(lost, 2) - round(net, 2)) < 1e-6
    gross = (
        f"({gained:,.2f} km² gained, {lost:,.2f} km² lost"
        f"{'' if adds_up else ', each rounded'})"
    )
    if abs(net) < _LEAST_KM2:
        return f"did not change on balance {gross}"
    return f"{'grew' if net > 0 else 'shrank'} by {abs(net):,.2f} km² {gross}"


def _cited(snapshot: Snapshot) -> str:
    """A snapshot by id, time in Kyiv and digest."""
    moment = snapshot.published_at.astimezone(KYIV)
    return (
        f"{snapshot.id} of {moment:%Y-%m-%d %H:%M} in Kyiv, SHA-256 "
        f"{snapshot.digest[:_SHOWN]}…"
    )


def _remarks(
    record: dict[Any, Any], ends: tuple[Snapshot, Snapshot]
) -> list[str]:
    """What a reader of the figure has to know besides, a sentence each."""
    days = record["since"].date(), record["until"].date()
    told = [
        _carried(day, snapshot)
        for day, snapshot in zip(days, ends, strict=True)
        if snapshot.date != day
    ]
    if not record["complete"]:
        told.append(
            "Incomplete: the maps end before one of the days, or the one "
            "that stands for it is more than 72 hours older."
        )
    if record["method_break"]:
        km2 = record["break_km2"]
        doubt = "" if pd.isna(km2) else f", which puts {km2:,.2f} km² in doubt"
        told.append(
            "Method break: the source seems to have drawn otherwise on the "
            f"way{doubt}."
        )
    if pd.isna(record["grey_zone_net_km2"]):
        told.append(
            "The source draws no grey zone: what is not occupied may be held "
            "or grey zone."
        )
    return told + [_as_sentence(item) for item in remarks_of(ends)]


def _carried(day: dt.date, snapshot: Snapshot) -> str:
    days = counted((day - snapshot.date).days, "day")
    return (
        f"{day} has no snapshot of its own and shows that of {snapshot.date}, "
        f"{days} older."
    )


def _as_sentence(remark: str) -> str:
    """A remark of a map's notes, between other sentences."""
    return f"{remark[:1].upper()}{remark[1:].rstrip('.')}."
