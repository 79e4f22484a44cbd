"""What a report rests on: sources, oddities of the data, definitions."""

from collections.abc import Iterator
from importlib.metadata import version
from itertools import combinations

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
from geofront._quoting import as_sentence, cautions, sentence
from geofront._report_breaks import breaks_told, mark
from geofront._report_words import (
    NOTHING,
    Brief,
    Row,
    Speaker,
    own_words,
    records,
)
from geofront.geography import (
    GEONAMES_ATTRIBUTION,
    OSM_ATTRIBUTION,
    RIVERS_ATTRIBUTION,
)
from geofront.records import DEFINITIONS, TERRITORY
from geofront.sources import remarks_of

__all__ = ["sources_sections"]

_STATES = (
    "occupied: by Russian forces, as the source maps it",
    "grey zone: no man’s land, which neither side controls",
    "held: by Ukraine; what is neither of the two within the area spoken of. "
    "A source that draws no grey zone does not tell what is held",
    "extent of a place: its outline where that is known, else a disc of its "
    "published area, or of one estimated from its population; the state of "
    "a place is that of its centre",
    "front line: where occupied ground or grey zone meets ground that is "
    "held; where no grey zone is drawn, the edge of what is occupied. Neither "
    "coast nor state border belongs to it",
    "shares: each is rounded by itself, so that they need not sum to 100 %. "
    "<1 % is more than nothing, >99 % less than all",
)

_DEFINED = ("area", "distance", "day")
_GROSS = (
    "gross: gained, lost and transitions compare the two ends of a period, so "
    "that they depend on its length; net does not"
)

_NOTES = {
    "gap": "gaps of 48 hours or more",
    "carried": "days that carry an earlier map forward",
    "duplicate": "maps that repeat the one before",
    "method_break": "steps in which the source seems to have drawn otherwise",
    "repair": "maps with invalid polygons, mended",
    "dropped": "maps of which something was left out or cut off, most of it "
    "beyond the borders of Ukraine",
    "date": "moments that are only bounds",
    "remark": "remarks of the authors",
}

_NO_BREAK = (
    "No step was found in which a source seems to have drawn otherwise."
)

# Notes of these kinds are told one by one, in words.
_TOLD = ("gap", "method_break", "date", "remark")


def sources_sections(brief: Brief) -> Iterator[Section]:
    """What each source maps, oddities, definitions, terms, snapshots."""
    say = brief.say
    yield Section("maps", say("What each source maps"), list(_maps(brief)))
    yield Section("notes", say("Data notes"), list(_notes(brief)))
    yield Section("definitions", say("Definitions"), [_definitions(brief)])
    yield Section("sources", say("Sources and terms"), list(_terms(brief)))
    yield Section("check", say("To check these figures"), _check(brief))


# ---- each source


def _maps(brief: Brief) -> Iterator[Block]:
    say = brief.say
    yield Table(
        say(
            "Areas at the end of the day; net change of what is occupied, km²"
        ),
        [
            say("Source"),
            say("Last map"),
            say("occupied"),
            say("grey zone"),
            say("day"),
            say("seven days"),
            say("month to date"),
        ],
        [_map_row(row, brief) for row in brief.rows("areas")],
        numbers=frozenset(range(2, 7)),
    )
    redrawn = breaks_told(brief.rows("deltas"), brief)
    small = [*redrawn, *brief.bounds_told(_sources(brief))]
    if small:
        yield Words(small, is_small=True)
    if len(brief.asked.speaking) > 1:
        yield from _agreement(brief)
    for row in brief.rows("sources"):
        if not row["speaks"]:
            told = say(
                "{source} has nothing for this day: its maps run from "
                "{first} to {last}.",
                source=brief.title(row["source"]),
                first=say.day(row["first_day"]),
                last=say.day(row["last_day"]),
            )
            yield Words([told])


def _agreement(brief: Brief) -> Iterator[Block]:
    say, rows = brief.say, brief.rows("agreement")
    if rows:
        yield Table(
            say("Where two sources agree, on land"),
            [
                say("Sources"),
                say("agreed, of what either maps as occupied"),
                say("on both, km²"),
                say("on the first only, km²"),
                say("on the second only, km²"),
            ],
            [_agreed_row(row, brief) for row in rows],
            numbers=frozenset(range(1, 5)),
        )
        told = say(
            "Compared is the occupied area of what both cover; coasts are "
            "drawn each in its own way and are left out."
        )
        yield Words([told, *brief.copies_told()], is_small=True)
    compared = {(row["a"], row["b"]) for row in rows}
    for pair in combinations(_sources(brief), 2):
        if pair not in compared:
            told = say(
                "{a} and {b} cover no common ground.",
                a=brief.title(pair[0]),
                b=brief.title(pair[1]),
            )
            yield Words([told])


def _sources(brief: Brief) -> list[str]:
    return [history.source for history in brief.asked.speaking]


def _agreed_row(row: Row, brief: Brief) -> list[Cell]:
    say = brief.say
    return [
        f"{brief.title(row['a'])}, {brief.title(row['b'])}",
        say.share(row["jaccard_occupied_land"], 1),
        say.number(row["both_occupied_land_km2"]),
        say.number(row["a_occupied_b_not_land_km2"], 1),
        say.number(row["b_occupied_a_not_land_km2"], 1),
    ]


def _map_row(row: Row, brief: Brief) -> list[Cell]:
    say, changes = brief.say, brief.tables["deltas"]
    own = changes[changes["source"] == row["source"]]
    net = {row["period"]: _net(row, brief) + mark(row) for row in records(own)}
    return [
        brief.title(row["source"]),
        brief.short(row["source"], row["published_at"]),
        say.number(row["occupied_km2"]),
        say.number(row["grey_zone_km2"]),
        *(net.get(name, NOTHING) for name in ("day", "week", "month")),
    ]


def _net(row: Row, brief: Brief) -> str:
    """Net change of a period; of one that is cut, since when."""
    told = brief.say.change(row["occupied_net_km2"])
    if row["since"].date() == brief.asked.starts[row["period"]]:
        return told
    since = brief.say.date(row["since"])
    return brief.say("{change} since {day}", change=told, day=since)


# ---- oddities


def _notes(brief: Brief) -> Iterator[Block]:
    say, notes = brief.say, brief.tables["notes"]
    if notes.empty:
        yield Words([say("Nothing odd was found in the maps told of here.")])
        return
    yield Table(
        say(
            "Found in the maps from {day} on",
            day=say.day(notes["date"].min()),
        ),
        [
            say("Source"),
            say("What"),
            say("how often"),
            say("days"),
            say("most in one map, km²"),
        ],
        [
            _note_row(str(source), str(kind), rows, brief)
            for (source, kind), rows in notes.groupby(
                ["source", "kind"], sort=False
            )
        ],
        numbers=frozenset({2, 3, 4}),
    )
    if not (notes["kind"] == "method_break").any():
        yield Words([say(_NO_BREAK)])
    told = notes[notes["kind"].isin(_TOLD)]
    lines = told.drop_duplicates(["source", "detail"])
    if len(lines):
        yield Items([_note_told(row, brief) for row in records(lines)])
    days = notes[notes["kind"] == "carried"]
    if len(days):
        yield Items(
            [
                _carried(rows, brief)
                for _, rows in days.groupby("source", sort=False)
            ]
        )


def _note_row(
    source: str, kind: str, rows: pd.DataFrame, brief: Brief
) -> list[Cell]:
    say = brief.say
    # What stands on every map of a day is there once.
    most = rows["km2"].abs().max()
    return [
        brief.title(source),
        say(_NOTES[kind]),
        say.number(len(rows)),
        say.number(rows["date"].nunique()),
        say.number(most, 2) if most > 0 else NOTHING,
    ]


def _note_told(row: Row, brief: Brief) -> list[Cell]:
    """A note in its own words, which may be another language's."""
    said = own_words(str(row["detail"]), brief.say)
    return [f"{brief.title(row['source'])}, {_dates_of(row, brief)}:", said]


def _dates_of(row: Row, brief: Brief) -> str:
    """Day of a note, or the first of the days on which it was found."""
    say, notes = brief.say, brief.tables["notes"]
    same = (notes["source"] == row["source"]) & (
        notes["detail"] == row["detail"]
    )
    if notes.loc[same, "date"].nunique() == 1:
        return say.date(row["date"])
    return say("from {day} on", day=say.date(row["date"]))


def _carried(rows: pd.DataFrame, brief: Brief) -> list[Cell]:
    say = brief.say
    days = ", ".join(say.date(day) for day in rows["date"])
    source = brief.title(str(rows["source"].iloc[0]))
    return [
        say("{source}: no map of its own on {days}.", source=source, days=days)
    ]


# ---- definitions and terms


def _definitions(brief: Brief) -> Items:
    said = [
        *_STATES,
        *(
            f"{name}: {told}"
            for name, told in DEFINITIONS.items()
            if name in _DEFINED
        ),
        _GROSS,
    ]
    return Items(
        [
            *([brief.say(text)] for text in said),
            [brief.say("territory: {told}", told=brief.say(TERRITORY))],
        ]
    )


def _terms(brief: Brief) -> Iterator[Block]:
    say = brief.say
    told = say(
        "This page republishes the sources’ polygons, on the sources’ terms."
    )
    yield Words([told])
    yield Items([_terms_of(row, brief) for row in brief.rows("sources")])
    yield Words([" · ".join(map(say, _GROUND))], is_small=True)


_GROUND = (
    OSM_ATTRIBUTION,
    GEONAMES_ATTRIBUTION,
    RIVERS_ATTRIBUTION,
    "Oblasts: Natural Earth (public domain)",
)


def _terms_of(row: Row, brief: Brief) -> list[Cell]:
    say = brief.say
    parts: list[Cell] = [f"{brief.title(row['source'])} ({row['source']})."]
    parts += brief.copies_told([row["source"]])
    for label, name in (
        ("Draws: {text}.", "draws"),
        ("Dates: {text}.", "dates"),
        ("Terms: {text}.", "terms"),
        ("Credit: {text}.", "attribution"),
    ):
        if row[name] and not pd.isna(row[name]):
            text = say.theirs(str(row[name])).rstrip(".")
            parts.append(say(label, text=text))
    if row["address"] and not pd.isna(row["address"]):
        address = str(row["address"])
        parts.append(Link(say.theirs(address), address))
    return parts


# ---- to check


def _check(brief: Brief) -> list[Block]:
    say = brief.say
    shown = Table(
        say("Maps compared, and the SHA-256 of what each shows"),
        [say("Map"), say("stands for the end of"), say("SHA-256")],
        [
            [str(row["snapshot"]), say.date(row["date"]), str(row["digest"])]
            for row in brief.rows("snapshots")
        ],
    )
    told = say(
        "Made with geofront {version}. The same report as JSON holds every "
        "figure unrounded, and the whole list of changed ground.",
        version=version("geofront"),
    )
    quoted = [_quoted(row, brief) for row in brief.rows("explain")]
    return [*quoted, shown, Words([told])]


def _quoted(row: Row, brief: Brief) -> Words:
    say = brief.say
    maps = brief.asked.main
    ends = maps.at(row["since"].date()), maps.at(row["until"].date())
    return Words(
        [
            say("To quote the change since {day}:", day=say.day(row["since"])),
            sentence(row, ends, say.lang),
            *cautions(row, ends, say.lang),
            *(_remark(text, say) for text in remarks_of(ends)),
        ]
    )


def _remark(text: str, say: Speaker) -> Cell:
    """A remark of a map's notes as a sentence, in whose words it is."""
    told = own_words(text, say)
    if isinstance(told, Foreign):
        return told._replace(text=as_sentence(text))
    return as_sentence(str(told))
