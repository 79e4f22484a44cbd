"""The claims of a report, set against what each source maps."""

from collections.abc import Iterator

import pandas as pd

from geofront._document import (
    Block,
    Cell,
    Foreign,
    Items,
    Link,
    Section,
    Table,
    Words,
)
from geofront._report_marks import STATE, VERDICT
from geofront._report_words import NOTHING, Brief, Row, records
from geofront.place import Place
from geofront.status import settlements_of

__all__ = ["VERDICTS", "claims_sections", "ground_near", "ground_told"]
__all__ += ["mapped", "state_told", "verdict_told"]

VERDICTS = {
    "supported": "supported",
    "partly": "partly",
    "contradicted": "contradicted",
    "not mapped": "not told",
}
"""What verdicts are called."""

_LEAST_KM2 = 0.01


def claims_sections(brief: Brief) -> Iterator[Section]:
    """The claims, place by place, if there are any."""
    if brief.tables["claims"].empty:
        return
    say = brief.say
    parts = [
        Section(
            f"claims-{number}",
            say.located(place.id, place.name, place.oblast),
            list(_of_place(place, brief)),
        )
        for number, place in enumerate(brief.asked.claimed, 1)
    ]
    told = say(
        "Supported: 90 % or more of the place’s extent is in the claimed "
        "state on the map, at the end of the claim’s day. Contradicted: 10 % "
        "or less. Partly: between. Not told: the source does not draw that "
        "state, or nothing there. The percentage is the share of the extent "
        "in the claimed state. A verdict compares two statements; neither is "
        "what is true."
    )
    yield Section(
        "claims",
        say("Claims against the maps"),
        [Words([told, *brief.copies_told()], is_small=True)],
        parts,
    )


def _of_place(place: Place, brief: Brief) -> Iterator[Block]:
    say, states = brief.say, brief.tables["places"]
    own_states = states[states["place_id"] == place.id]
    yield mapped(
        own_states,
        say("What each source maps there at the end of the day"),
        brief,
        by_source=True,
    )
    extent = [*_extent_told(place, brief), *state_told(own_states, brief)]
    if extent:
        yield Words(extent, is_small=True)
    own = ground_near(place, brief)
    if len(own):
        told = say("Ground that changed hands, nearest to it:")
        yield Words([told])
        yield Items([[ground_told(row, brief)] for row in records(own)])
    claims = brief.tables["claims"]
    claimed = claims[claims["place_id"] == place.id]
    yield _said(claimed, brief)
    verdicts = verdict_told(claimed, brief)
    if verdicts:
        yield Words(verdicts, is_small=True)


def _extent_told(place: Place, brief: Brief) -> list[str]:
    """Which extent the shares are of, if that is an estimate."""
    say = brief.say
    if not place.has_extent or not place.extent_is_estimated:
        return []
    area = say.km2(place.area_km2, 2)
    return [say("The extent is estimated: a disc of {area}.", area=area)]


def state_told(rows: pd.DataFrame, brief: Brief) -> list[str]:
    """What the mark of a state means, if one of the places has it."""
    if not rows["uncertain"].any():
        return []
    told = brief.say(
        "§\u00a0At 0.7 or 1.3 of the radius of the estimated extent a claim "
        "on its state would get another verdict."
    )
    return [told]


def verdict_told(claims: pd.DataFrame, brief: Brief) -> list[str]:
    """What the mark of a verdict means, if one of the claims has it."""
    if not claims["uncertain"].any():
        return []
    told = brief.say(
        "†\u00a0At 0.7 or 1.3 of the radius of the estimated extent the "
        "verdict on the claim would be another."
    )
    return [told]


def ground_near(place: Place, brief: Brief) -> pd.DataFrame:
    """Polygons that changed hands and lie nearest to a place."""
    members = [item.id for item in settlements_of([place])]
    ground = brief.tables["ground"]
    near = ground["place_id"].isin(members)
    return ground[near & (ground["area_km2"] >= _LEAST_KM2)]


def ground_told(row: Row, brief: Brief) -> str:
    """A polygon that changed hands, in words."""
    say = brief.say
    return say(
        "{day}: {area}, {change}",
        day=say.day(row["until"]),
        area=say.km2(row["area_km2"], 2),
        change=say.transition(row["from_state"], row["to_state"]),
    )


def mapped(
    rows: pd.DataFrame, caption: str, brief: Brief, *, by_source: bool
) -> Table:
    """Shares of places on the maps, now and before."""
    say = brief.say
    first = say("Source") if by_source else say("Settlement")
    head = [
        first,
        say("Centre"),
        say("since"),
        *(say(name) for name in ("occupied", "grey zone", "held")),
        say("last changed"),
    ]
    return Table(
        caption,
        head,
        [_mapped_row(row, brief, by_source) for row in records(rows)],
        numbers=frozenset({3, 4, 5}),
    )


def _mapped_row(row: Row, brief: Brief, by_source: bool) -> list[Cell]:
    say = brief.say
    name = (
        brief.title(row["source"])
        if by_source
        else say.located(row["place_id"], row["place"], row["oblast"])
    )
    shares = [
        _share(row[f"{state}_share"], row[f"{state}_share_before"], brief)
        for state in ("occupied", "grey_zone", "held")
    ]
    uncertain = STATE if row["uncertain"] else ""
    return [
        name + uncertain,
        say.short_state(row["state"]),
        brief.since(row, say.date),
        *shares,
        say.date(row["changed_on"]),
    ]


def _share(now: float, before: float, brief: Brief) -> str:
    """Share, after what it was if that was another."""
    say = brief.say
    if pd.isna(now) or pd.isna(before) or abs(now - before) < 5e-4:
        return say.share(now)
    return f"{say.share(before)} → {say.share(now)}"


def _said(rows: pd.DataFrame, brief: Brief) -> Table:
    """Who said what when, and what each source's map says of it."""
    say = brief.say
    sources = list(dict.fromkeys(rows["source"]))
    columns = ["date", "place", "state", "claimant", "url", "words"]
    # Claims keep their order; a row each, a column each source.
    claims = rows[rows["source"] == sources[0]]
    worded = claims["words"].notna().any()
    verdicts = {
        source: records(rows[rows["source"] == source]) for source in sources
    }
    return Table(
        say("What was said, and what the map of that day says"),
        [
            say("Who"),
            say("Day"),
            say("Claimed"),
            *map(brief.column, sources),
            *([say("In words")] if worded else []),
        ],
        [
            [
                _claimant(claim),
                _day(claim, brief),
                say.short_state(claim["state"]),
                *(_verdict(verdicts[item][number], brief) for item in sources),
                *([_in_words(claim)] if worded else []),
            ]
            for number, claim in enumerate(records(claims[columns]))
        ],
    )


def _day(claim: Row, brief: Brief) -> str:
    """Day of a claim, and whether that is later than the brief's own."""
    told = brief.say.date(claim["date"])
    if claim["date"].date() <= brief.asked.at:
        return told
    return brief.say("{day}, after the day of this page", day=told)


def _in_words(claim: Row) -> Cell:
    """What was said, in whatever language that is."""
    words = claim["words"]
    return NOTHING if pd.isna(words) else Foreign(str(words), "und")


def _claimant(claim: Row) -> Cell:
    who, address = str(claim["claimant"]), claim["url"]
    return who if pd.isna(address) else Link(who, str(address))


def _verdict(row: Row, brief: Brief) -> str:
    say = brief.say
    told = say(VERDICTS[row["verdict"]])
    share = row[f"{row['state']}_share"]
    if row["verdict"] == "not mapped" or pd.isna(share):
        return told
    uncertain = VERDICT if row["uncertain"] else ""
    return f"{told}, {say.share(share)}{uncertain}"
