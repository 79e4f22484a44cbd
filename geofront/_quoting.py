"""A change of area in a sentence that can be quoted, in a language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geofront._comparing import Ends
from geofront._languages import (
    number_text,
    phrase,
    sentence_day,
    short_day_text,
    translated,
)
from geofront._split import common_coverage
from geofront.days import KYIV
from geofront.geodesy import area_km2
from geofront.model import Snapshot
from geofront.records import DEFINITIONS, TERRITORY

__all__ = ["as_sentence", "cautions", "sentence"]

_LEAST_KM2 = 0.005
"""Less is no change at two decimals."""

_SHOWN = 16
"""Digits of a digest in the sentence; the records hold all 64."""


def sentence(record: Mapping[Any, Any], ends: Ends, lang: str = "en") -> str:
    """What a change of the occupied area is, and what it rests on.

    Parameters
    ----------
    record : mapping
        A row of `deltas`, with the source's ``title, attribution, terms``.
    ends : (Snapshot, Snapshot)
        The maps compared.
    lang : {'en', 'uk'}

    Returns
    -------
    str
        With both maps by id, moment and digest, the definition, the
        territory, the source and its terms.
    """
    terms = _known(record["terms"])
    title = str(record["title"])
    credit = _known(record["attribution"]) or title
    before, after = (_cited(end, lang) for end in ends)
    return phrase(
        "According to {title}, the occupied area of {where} {change} from "
        "the end of {since} to the end of {until}, Kyiv time (map {before} "
        "against map {after}; {area}; source: {credit}; terms: {terms}).",
        lang,
        title=translated(title, lang),
        where=_where(record, ends, lang),
        change=_change(record, lang),
        since=_day(record["since"], lang),
        until=_day(record["until"], lang),
        before=before,
        after=after,
        area=phrase(f"area: {DEFINITIONS['area']}", lang),
        credit=translated(credit, lang),
        terms=translated(terms, lang)
        if terms
        else phrase("not known to geofront", lang),
    )


def cautions(
    record: Mapping[Any, Any], ends: Ends, lang: str = "en"
) -> list[str]:
    """What a reader of the figure has to know besides, a sentence each."""
    days = record["since"].date(), record["until"].date()
    told = [
        _carried(day, snapshot, lang)
        for day, snapshot in zip(days, ends, strict=True)
        if snapshot.date != day
    ]
    if not record["complete"]:
        told.append(
            phrase(
                "Incomplete: the maps end before one of the days, or the one "
                "that stands for it is more than 72 hours older.",
                lang,
            )
        )
    if record["method_break"]:
        told.append(_doubted(record["break_km2"], lang))
    if pd.isna(record["grey_zone_net_km2"]):
        told.append(
            phrase(
                "The source draws no grey zone: what is not occupied may be "
                "held or grey zone.",
                lang,
            )
        )
    return told


def as_sentence(remark: str) -> str:
    """A remark of a map's notes, between other sentences."""
    return f"{remark[:1].upper()}{remark[1:].rstrip('.')}."


def _known(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _day(date: dt.date, lang: str) -> str:
    return f"{date:%Y-%m-%d}" if lang == "en" else sentence_day(date, lang)


def _number(km2: float, lang: str) -> str:
    return number_text(abs(km2), 2, lang)


def _where(record: Mapping[Any, Any], ends: Ends, lang: str) -> str:
    """What the area is of, and how much of that both maps cover."""
    territory = phrase(TERRITORY, lang)
    covered = common_coverage(*(end.coverage for end in ends))
    if "region" not in record:
        if covered is None:
            return territory
        return phrase(
            "{territory}, within the {area} km² that both maps cover,",
            lang,
            territory=territory,
            area=number_text(float(area_km2(covered)), 0, lang),
        )
    region = _region(record, lang)
    if covered is None:
        return phrase(
            "{region}, in {territory},",
            lang,
            region=region,
            territory=territory,
        )
    return phrase(
        "{region}, in {territory}, within the {area} km² that both maps "
        "cover,",
        lang,
        region=region,
        territory=territory,
        area=number_text(float(area_km2(covered)), 0, lang),
    )


def _region(record: Mapping[Any, Any], lang: str) -> str:
    if pd.isna(record["region_id"]):
        return phrase("what lies in none of the regions", lang)
    return str(record["region"])


def _change(record: Mapping[Any, Any], lang: str) -> str:
    net, gross = record["occupied_net_km2"], _gross(record, lang)
    if abs(net) < _LEAST_KM2:
        return phrase("did not change on balance {gross}", lang, gross=gross)
    return phrase(
        "grew by {net} km² {gross}"
        if net > 0
        else "shrank by {net} km² {gross}",
        lang,
        net=_number(net, lang),
        gross=gross,
    )


def _gross(record: Mapping[Any, Any], lang: str) -> str:
    net, gained, lost = (
        record[f"occupied_{name}_km2"] for name in ("net", "gained", "lost")
    )
    # Each of them is rounded, which may not add up.
    adds_up = abs(round(gained, 2) - round(lost, 2) - round(net, 2)) < 1e-6
    return phrase(
        "({gained} km² gained, {lost} km² lost)"
        if adds_up
        else "({gained} km² gained, {lost} km² lost, each rounded)",
        lang,
        gained=_number(gained, lang),
        lost=_number(lost, lang),
    )


def _cited(snapshot: Snapshot, lang: str) -> str:
    """A snapshot by id, time in Kyiv and digest."""
    moment = snapshot.published_at.astimezone(KYIV)
    day = f"{moment:%Y-%m-%d}"
    if lang != "en":
        day = short_day_text(moment.date(), lang)
    return phrase(
        "{id} of {day} {time} in Kyiv, SHA-256 {digest}…",
        lang,
        id=snapshot.id,
        day=day,
        time=f"{moment:%H:%M}",
        digest=snapshot.digest[:_SHOWN],
    )


def _carried(day: dt.date, snapshot: Snapshot, lang: str) -> str:
    older = (day - snapshot.date).days
    return phrase(
        "{day} has no snapshot of its own and shows that of {shown}, 1 day "
        "older."
        if older == 1
        else "{day} has no snapshot of its own and shows that of {shown}, "
        "{days} days older.",
        lang,
        day=_day(day, lang),
        shown=_day(snapshot.date, lang),
        days=older,
    )


def _doubted(km2: float, lang: str) -> str:
    if pd.isna(km2):
        return phrase(
            "Method break: the source seems to have drawn otherwise on the "
            "way.",
            lang,
        )
    return phrase(
        "Method break: the source seems to have drawn otherwise on the way, "
        "which puts {area} km² in doubt.",
        lang,
        area=_number(km2, lang),
    )
