"""The figures of a report: change, oblasts, ground, places, distances."""

from collections.abc import Iterator, Sequence

import pandas as pd

from geofront._document import Block, Cell, Section, Table, Words
from geofront._report_breaks import (
    breaks_told,
    mark,
    marked_day,
    redrawn_told,
)
from geofront._report_claims import mapped, state_told
from geofront._report_tables import SPEED_DAYS
from geofront._report_words import NOTHING, Brief, Row, records
from geofront.geography import settlements
from geofront.places import registered

__all__ = ["figure_sections"]

# Of long lists the page tells so many; the JSON has all of them.
_MOST = 15
_LEAST_KM2 = 0.1
_LEAST_SHOWN = 0.05

_TRANSITIONS = (
    ("grey_zone", "occupied"),
    ("held", "occupied"),
    ("held", "grey_zone"),
    ("occupied", "grey_zone"),
    ("grey_zone", "held"),
    ("occupied", "held"),
)


def figure_sections(brief: Brief) -> Iterator[Section]:
    """Change, oblasts, ground, settlements, distances, who lives near."""
    say = brief.say
    yield Section("change", say("Change"), list(_change(brief)))
    if brief.asked.before is not None:
        yield Section("oblasts", say("By oblast"), list(_regions(brief)))
        heading = say("Where ground changed hands")
        yield Section("ground", heading, list(_ground(brief)))
        yield Section("settlements", say("Settlements"), _settlements(brief))
    yield Section("distances", say("Distances"), list(_distances(brief)))
    yield Section("near", say("Who lives near the front"), _near(brief))


# ---- change


_CHANGE_HEAD = ("gained", "lost", "net", "grey zone, net")


def _change(brief: Brief) -> Iterator[Block]:
    say, rows = brief.say, brief.periods()
    if not rows:
        told = say("The history begins on this day: nothing to compare with.")
        yield Words([told])
        return
    yield Table(
        say("Occupied area and grey zone, km²"),
        [
            say("Period"),
            say("from the map of"),
            say("to the map of"),
            *(say(name) for name in _CHANGE_HEAD),
        ],
        [_change_row(row, brief) for row in rows],
        numbers=frozenset({3, 4, 5, 6}),
    )
    known = [
        change for change in _TRANSITIONS if _sum(rows, *change) is not None
    ]
    yield Table(
        say("From state to state, km²"),
        [say("Period"), *(say.transition(*change) for change in known)],
        [
            [
                brief.period(row) + mark(row),
                *(say.number(row[_field(*change)], 2) for change in known),
            ]
            for row in rows
        ],
        numbers=frozenset(range(1, 7)),
    )
    yield Words([_cadence(rows, brief)], is_small=True)


def _field(before: str, after: str) -> str:
    return f"{before}_to_{after}_km2"


def _sum(rows: Sequence[Row], before: str, after: str) -> float | None:
    values = [row[_field(before, after)] for row in rows]
    return None if any(map(pd.isna, values)) else sum(values)


def _change_row(row: Row, brief: Brief) -> list[Cell]:
    say = brief.say
    moments = [
        brief.short(row["source"], row[f"{end}_published_at"]) for end in _ENDS
    ]
    return [
        brief.period(row) + mark(row),
        *moments,
        say.number(row["occupied_gained_km2"], 2),
        say.number(row["occupied_lost_km2"], 2),
        say.change(row["occupied_net_km2"], 2),
        say.change(row["grey_zone_net_km2"], 2),
    ]


_ENDS = ("since", "until")


def _cadence(rows: Sequence[Row], brief: Brief) -> str:
    say = brief.say
    told = say(
        "Gained, lost and transitions compare the two maps at the ends of a "
        "period: ground that changed hands twice within it does not count. "
        "Net figures do not depend on that. Moments are by the clock in Kyiv."
    )
    bounds = brief.bounds_told([brief.asked.main.source])
    return " ".join([told, *bounds, *breaks_told(rows, brief)])


# ---- oblasts


def _regions(brief: Brief) -> Iterator[Block]:
    say, changes = brief.say, brief.tables["regions"]
    areas = {row["region"]: row for row in brief.rows("region_areas")}
    rows = [
        row
        for row in records(changes)
        if areas[row["region"]]["occupied_km2"] >= _LEAST_SHOWN
        or row["occupied_gained_km2"] + row["occupied_lost_km2"]
        >= _LEAST_SHOWN
        or areas[row["region"]]["grey_zone_km2"] >= _LEAST_SHOWN
    ]
    total = brief.main("areas").iloc[0]
    sums = changes.filter(like="_km2").sum(min_count=1)
    yield Table(
        say("Since {day}, km²", day=say.day(brief.asked.before)),
        [
            say("Oblast"),
            *(say(name) for name in _REGION_HEAD),
        ],
        [
            *(_region_row(row, areas[row["region"]], brief) for row in rows),
            [
                say("All") + mark(records(changes.head(1))[0]),
                say.number(total["occupied_km2"]),
                NOTHING,
                *_changes(sums, brief),
            ],
        ],
        numbers=frozenset(range(1, 7)),
        has_total=True,
    )
    told = say(
        "Borders between oblasts are 0.6 to 0.9 km off in the east, up to "
        "4 km elsewhere. The share is that of the oblast’s land; the occupied "
        "area counts sea where it is drawn."
    )
    left_out = say("Oblasts of which neither is drawn are left out.")
    week = [row for row in brief.periods() if row["period"] == "week"]
    redrawn = breaks_told(week or brief.periods()[:1], brief)
    yield Words([told, left_out, *redrawn], is_small=True)


_REGION_HEAD = ("occupied", "share of land", *_CHANGE_HEAD)


def _region_row(row: Row, area: Row, brief: Brief) -> list[Cell]:
    say = brief.say
    return [
        say.region(str(row["region"])) + mark(row),
        say.number(area["occupied_km2"]),
        say.share(area["occupied_land_share"], 1),
        *_changes(row, brief),
    ]


def _changes(row: "Row | pd.Series[float]", brief: Brief) -> list[str]:
    say = brief.say
    return [
        say.number(row["occupied_gained_km2"], 2),
        say.number(row["occupied_lost_km2"], 2),
        say.change(row["occupied_net_km2"], 2),
        say.change(row["grey_zone_net_km2"], 2),
    ]


# ---- ground and settlements


def _ground(brief: Brief) -> Iterator[Block]:
    say, rows = brief.say, brief.tables["ground"]
    listed = rows[rows["area_km2"] >= _LEAST_KM2]
    shown = listed.loc[listed["area_km2"].nlargest(_MOST).index.sort_values()]
    if shown.empty:
        yield Words([say("None of {area} or more.", area=say.km2(_LEAST_KM2))])
        return
    yield Table(
        say(
            "From each day to the next, since {day}",
            day=say.day(brief.asked.before),
        ),
        [say("Near"), say("km away"), say("Day"), say("Change"), say("km²")],
        [
            [
                say.located(row["place_id"], row["place"], row["oblast"]),
                say.number(row["place_km"], 1),
                marked_day(row["until"], brief),
                say.transition(row["from_state"], row["to_state"]),
                say.number(row["area_km2"], 2),
            ]
            for row in records(shown)
        ],
        numbers=frozenset({1, 4}),
    )
    few = len(shown) < len(rows)
    count = say.number(len(rows))
    largest = say(
        "The largest {shown} of {count} polygons.",
        shown=say.number(len(shown)),
        count=count,
    )
    told = say(
        "Near: the nearest settlement whose position is known, as one in "
        "seven is in the oblasts of the front, and how far from its extent "
        "the polygon lies."
    )
    redrawn = redrawn_told(shown["until"], brief)
    parts = [*([largest] if few else []), told, *redrawn]
    yield Words(parts, is_small=True)


def _settlements(brief: Brief) -> list[Block]:
    say, day = brief.say, brief.say.day(brief.asked.before)
    moved = brief.tables["settlements"]
    if moved.empty:
        told = say(
            "No settlement’s centre is in another state than on {day}.",
            day=day,
        )
        blocks: list[Block] = [Words([told])]
    else:
        blocks = [_moved(moved, brief)]
    places = brief.main("places")
    changed = places[places["changed_on"].notna()]
    if len(changed):
        caption = say(
            "Of their extents, {day} → {now}",
            day=day,
            now=say.day(brief.asked.at),
        )
        shown = changed.head(_MOST)
        blocks.append(mapped(shown, caption, brief, by_source=False))
        if len(changed) > len(shown):
            count = say.number(len(changed))
            told = say(
                "The {shown} that changed the most, of {count}.",
                shown=say.number(len(shown)),
                count=count,
            )
            blocks.append(Words([told], is_small=True))
    told = say(
        "Only settlements whose position is known can be told of: {known} of "
        "{count} in the register. Extents are estimated discs where no "
        "outline is known.",
        count=say.number(len(settlements())),
        known=say.number(len(registered())),
    )
    marks = [
        *redrawn_told(moved["date"], brief),
        *state_told(changed.head(_MOST), brief),
    ]
    return [*blocks, Words([told, *marks], is_small=True)]


def _moved(moved: pd.DataFrame, brief: Brief) -> Table:
    say = brief.say
    return Table(
        say("Centres in another state"),
        [say("Settlement"), say("Change"), say("since")],
        [
            [
                say.located(row["place_id"], row["place"], row["oblast"]),
                say.transition(row["from_state"], row["to_state"]),
                marked_day(row["date"], brief),
            ]
            for row in records(moved)
        ],
    )


# ---- distances


def _distances(brief: Brief) -> Iterator[Block]:
    say, rows = brief.say, records(brief.main("proximity"))
    yield Table(
        say("From the places’ extents, km"),
        [
            say("Place"),
            say("Centre"),
            say("to occupied ground"),
            say("a week before"),
            say("{days} days before", days=SPEED_DAYS),
            say("direction"),
            say("to the front line"),
            say("nearing, km a week"),
        ],
        [_distance_row(row, brief) for row in rows],
        numbers=frozenset({2, 3, 4, 6, 7}),
    )
    told = say(
        "Nearing: the trend of the distance to occupied ground over {days} "
        "days, by repeated medians; positive when it shrinks. It says what "
        "was, and is no forecast; a move of a day or two hardly shows in it. "
        "0 km: some of the extent is occupied, and nothing is left to near.",
        days=say.number(SPEED_DAYS),
    )
    yield Words([told], is_small=True)
    if len(brief.asked.speaking) > 1:
        yield _by_source(brief)
        copies = brief.copies_told()
        if copies:
            yield Words(copies, is_small=True)


def _distance_row(row: Row, brief: Brief) -> list[Cell]:
    say = brief.say
    return [
        say.place(row["place_id"], row["place"]),
        say.short_state(row["state"]),
        say.number(row["occupied_km"], 1),
        say.number(row["occupied_km_before"], 1),
        say.number(row["occupied_km_closing_since"], 1),
        say.sector(row["sector"]),
        say.number(row["front_km"], 1),
        say.change(row["closing_km_per_week"], 2)
        if row["occupied_km"] > 0
        else NOTHING,
    ]


def _by_source(brief: Brief) -> Table:
    say = brief.say
    wide = brief.tables["proximity"].pivot_table(
        "occupied_km", "place_id", "source", sort=False
    )
    names = brief.main("proximity").set_index("place_id")["place"]
    sources = [item.source for item in brief.asked.speaking]
    return Table(
        say("To occupied ground, by source, km"),
        [say("Place"), *map(brief.column, sources)],
        [
            [
                say.place(str(code), str(name)),
                *(
                    say.number(wide[source].get(code), 1)
                    if source in wide
                    else NOTHING
                    for source in sources
                ),
            ]
            for code, name in names.items()
        ],
        numbers=frozenset(range(1, len(sources) + 1)),
    )


# ---- who lives near


def _near(brief: Brief) -> list[Block]:
    say, rows = brief.say, brief.rows("within")
    caption = say("Settlements on the held side")
    if brief.asked.before is not None:
        caption = say(
            "Settlements on the held side; entered and left since {day}",
            day=say.day(brief.asked.before),
        )
    shown = Table(
        caption,
        [
            say("Nearer to the front line than"),
            say("settlements"),
            say("register’s population"),
            say("entered"),
            say("left"),
        ],
        [
            [
                say.km(row["band_km"], 0),
                say.number(row["settlements"]),
                say.number(row["population_reference"]),
                say.number(row["entered"]),
                say.number(row["left"]),
            ]
            for row in rows
        ],
        numbers=frozenset(range(1, 5)),
    )
    told = say(
        "Populations are the register’s, from before the war: not people "
        "present. Only settlements whose position is known are counted: "
        "{known} of {count}.",
        known=say.number(len(registered())),
        count=say.number(len(settlements())),
    )
    return [shown, Words([told], is_small=True)]
