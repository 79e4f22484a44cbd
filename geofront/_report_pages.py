"""A report as a document: what stands where, and the day in brief."""

from collections.abc import Iterator, Mapping

import pandas as pd

from geofront._document import (
    Block,
    Cell,
    Document,
    Figures,
    Items,
    Section,
)
from geofront._report_breaks import break_days, breaks_told, mark
from geofront._report_claims import (
    VERDICTS,
    claims_sections,
    ground_near,
    ground_told,
    verdict_told,
)
from geofront._report_figures import figure_sections
from geofront._report_maps import drawings
from geofront._report_marks import REDRAWN, VERDICT
from geofront._report_sources import sources_sections
from geofront._report_tables import Question
from geofront._report_words import (
    SHORT,
    Brief,
    Row,
    Speaker,
    own_words,
    records,
)
from geofront.days import kyiv_date
from geofront.geography import OFFICIAL_AREA_KM2
from geofront.maps.sketch import patterns
from geofront.place import Place

__all__ = ["document"]

# Of a list that is told in a sentence.
_FEW, _MANY = 4, 8

# Less of an occupied share is left to the table.
_NEWS = 0.005

# Less ground is left to the table.
_NEWS_KM2 = 0.1

# From so much on whole numbers will do.
_MUCH_KM2 = 100.0


def document(
    asked: Question, tables: Mapping[str, pd.DataFrame], lang: str
) -> Document:
    """Report as a document in a language."""
    say = Speaker(
        lang,
        [*asked.targets, *asked.claimed, *asked.among],
        draws_grey_zone=asked.main.at(asked.at).draws_grey_zone,
    )
    brief = Brief(asked, tables, say)
    return Document(
        lang,
        say("The front on {day}", day=say.day(asked.at)),
        _subtitle(brief),
        [
            Section("brief", say("In brief"), list(_in_brief(brief))),
            Section("map", say("Map"), drawings(brief)),
            *claims_sections(brief),
            *figure_sections(brief),
            *sources_sections(brief),
        ],
        patterns(),
    )


def _subtitle(brief: Brief) -> list[Cell]:
    asked, say = brief.asked, brief.say
    source, shown = asked.main.source, asked.main.at(asked.at)
    told: list[Cell] = [
        say(
            "{title}: the last map published before the end of the day, "
            "{moment}.",
            title=brief.title(source),
            moment=say.moment(brief.tables["areas"]["published_at"].iloc[0]),
        )
    ]
    bound = brief.bound(source)
    if bound is not None:
        told = [
            say(
                "{title}: the map that stands for the end of the day. Its "
                "moment, {moment}, is only a bound: {told}.",
                title=brief.title(source),
                moment=say.moment(shown.published_at),
                told=say.theirs(bound),
            )
        ]
    if shown.date != asked.at:
        told.append(
            say(
                "No map was published on {day}: the state is that of "
                "{shown}, carried forward.",
                day=say.day(asked.at),
                shown=say.day(shown.date),
            )
        )
    return told + [
        own_words(note.detail, say)
        for note in shown.notes
        if note.kind == "remark"
    ]


def _in_brief(brief: Brief) -> Iterator[Block]:
    periods = brief.periods()
    if periods:
        yield Figures([_headline(row, brief) for row in periods])
    told = [
        *brief.bounds_told([brief.asked.main.source] if periods else []),
        *breaks_told(periods, brief),
        *_centres(brief),
        _area(brief),
        *_regions(brief),
        *_ground(brief),
        *_places(brief),
        *_claims(brief),
        *_sources(brief),
        *_targets(brief),
    ]
    yield Items([[item] for item in told])


def _headline(row: Row, brief: Brief) -> tuple[str, str, str]:
    say = brief.say
    return (
        brief.period(row),
        say.km2_change(row["occupied_net_km2"]) + mark(row),
        _since(row, brief),
    )


def _since(row: Row, brief: Brief) -> str:
    """Since when a change is told, and by which map if that is older."""
    say = brief.say
    told = say("occupied, net, since {day}", day=say.day(row["since"]))
    shown = kyiv_date(row["since_published_at"])
    if shown == row["since"].date():
        return told + brief.bound_mark(row["source"])
    return told + say(" (map of {day})", day=say.day(shown))


def _centres(brief: Brief) -> Iterator[str]:
    """Settlements whose centres changed state, the most populous first."""
    say, rows = brief.say, brief.tables["settlements"]
    days = break_days(brief.asked.main.source, brief)
    order = rows.sort_values("population_reference", ascending=False)
    changes = order.groupby(["from_state", "to_state"], sort=False)
    for (before, after), own in changes:
        names = [
            say.place(row["place_id"], row["place"])
            + (REDRAWN if row["date"] in days else "")
            for row in records(own.head(_MANY))
        ]
        yield say(
            "Centres that went {change} since {day}, of settlements whose "
            "position is known: {count}: {names}.",
            change=say.transition(str(before), str(after)),
            day=say.day(brief.asked.before),
            count=say.number(len(own)),
            names=", ".join(names) + (", …" if len(own) > _MANY else ""),
        )


def _ground(brief: Brief) -> Iterator[str]:
    """Near which settlements the most ground changed hands."""
    say, rows = brief.say, brief.tables["ground"]
    near = rows.groupby("place_id", sort=False).agg(
        {"place": "first", "area_km2": "sum"}
    )
    most = near[near["area_km2"] >= _NEWS_KM2].nlargest(_FEW, "area_km2")
    if most.empty:
        return
    days = break_days(brief.asked.main.source, brief)
    redrawn = set(rows.loc[rows["until"].isin(days), "place_id"])
    parts = [
        f"{say.place(row['place_id'], row['place'])} "
        + say.km2(row["area_km2"])
        + (REDRAWN if row["place_id"] in redrawn else "")
        for row in records(most.reset_index())
    ]
    yield say(
        "The most ground changed hands, day by day since {day}, nearest to: "
        "{parts}.",
        day=say.day(brief.asked.before),
        parts="; ".join(parts),
    )


def _area(brief: Brief) -> str:
    say, row = brief.say, brief.tables["areas"].iloc[0]
    told = [
        say(
            "Occupied: {area}, {share} of {whole}{land}.",
            area=say.km2(row["occupied_km2"], 0),
            share=say.share(row["occupied_share"], 1),
            whole=_whole(row["denominator_km2"], say),
            land=_on_land(row, brief),
        )
    ]
    if pd.isna(row["grey_zone_km2"]):
        told.append(say("The map draws no grey zone."))
    else:
        area = say.km2(row["grey_zone_km2"], 0)
        told.append(say("Grey zone: {area}.", area=area))
    return " ".join(told)


def _on_land(row: "pd.Series[float]", brief: Brief) -> str:
    """How much of the occupied area is land, if some of it is sea."""
    say, regions = brief.say, brief.tables["region_areas"]
    land = (regions["occupied_land_share"] * regions["land_km2"]).sum()
    if row["occupied_km2"] - land < 1.0:
        return ""
    told = say(", sea included; on land {area}", area=say.km2(land, 0))
    if row["denominator_km2"] == OFFICIAL_AREA_KM2:
        told += f", {say.share(land / OFFICIAL_AREA_KM2, 1)}"
    return told


def _whole(km2: float, say: Speaker) -> str:
    """What a share is of."""
    area = say.km2(km2, 0)
    if km2 == OFFICIAL_AREA_KM2:
        return say("Ukraine’s {area}", area=area)
    return say("the {area} that the map covers", area=area)


def _regions(brief: Brief) -> Iterator[str]:
    say, rows = brief.say, brief.tables["regions"]
    moved = rows[rows["occupied_net_km2"].abs().round(1) > 0]
    if moved.empty:
        return
    largest = moved["occupied_net_km2"].abs().nlargest(_FEW).index
    parts = [
        f"{say.region(row['region'])} {say.change(row['occupied_net_km2'])}"
        + mark(row)
        for row in records(moved.loc[largest])
    ]
    yield say(
        "Occupied area by oblast since {day}, net, km²: {parts}.",
        day=say.day(rows["since"].iloc[0]),
        parts="; ".join(parts),
    )


def _places(brief: Brief) -> Iterator[str]:
    """Places that were asked for, then others of which the map changed."""
    asked, rows = brief.asked, brief.main("places")
    wanted = {item.id: item for item in (*asked.targets, *asked.claimed)}
    known = rows["place_id"].isin(wanted)
    for row in records(rows[known]):
        yield _place(row, wanted[row["place_id"]], brief)
    moved = rows["occupied_share"] - rows["occupied_share_before"]
    others = rows[~known & (moved.abs() >= _NEWS)]
    if len(others):
        parts = [_share(row, brief) for row in records(others.head(_FEW))]
        yield brief.say(
            "Occupied share of other settlements that changed since {day}: "
            "{parts}.",
            day=brief.say.day(asked.before),
            parts="; ".join(parts),
        )


def _place(row: Row, place: Place, brief: Brief) -> str:
    """What the map shows of a place, and what changed there."""
    say = brief.say
    shares = [
        f"{say.share(row[f'{state}_share'])} {say(name)}"
        for state, name in SHORT.items()
        if not pd.isna(row[f"{state}_share"])
    ]
    told = say.located(row["place_id"], row["place"], row["oblast"])
    told += f": {', '.join(shares)}." if shares else "."
    if not pd.isna(row["state"]):
        told += " " + say(
            "Its centre: {state}, since {day}.",
            state=say.state(row["state"]),
            day=brief.since(row, say.day),
        )
    changes = [
        ground_told(item, brief) for item in records(ground_near(place, brief))
    ]
    if changes:
        parts = "; ".join(changes[:_FEW])
        told += " " + say("Changed hands near it: {parts}.", parts=parts)
    return told


def _share(row: Row, brief: Brief) -> str:
    say = brief.say
    name = say.located(row["place_id"], row["place"], row["oblast"])
    before = say.share(row["occupied_share_before"])
    return f"{name} {before} → {say.share(row['occupied_share'])}"


def _claims(brief: Brief) -> Iterator[str]:
    """Who said what of each place, and how much of it is so on the map."""
    rows = brief.main("claims")
    for place in brief.asked.claimed:
        own = rows[rows["place_id"] == place.id]
        if len(own):
            told = verdict_told(own, brief)
            yield " ".join([_claims_on(place, own, brief), *told])


def _claims_on(place: Place, rows: pd.DataFrame, brief: Brief) -> str:
    """Claims on a place, those that most of its extent agrees with first."""
    say = brief.say
    shares = [row[f"{row['state']}_share"] for row in records(rows)]
    ranked = rows.assign(share=shares).sort_values(
        "share", ascending=False, kind="stable", na_position="last"
    )
    alike = ranked.groupby(
        ["state", "share", "map_state", "date"], sort=False, dropna=False
    )
    parts = [_alike(records(own), brief) for _, own in alike]
    return say(
        "Claims on {place}, and how much of it the map shows so: {parts}.",
        place=say.place(place.id, place.name),
        parts="; ".join(parts),
    )


def _alike(rows: list[Row], brief: Brief) -> str:
    """Claims of one state on one day, and its share on that day's map."""
    say, row = brief.say, rows[0]
    who = ", ".join(str(each["claimant"]) for each in rows[:_MANY])
    who += ", …" if len(rows) > _MANY else ""
    told = say.short_state(row["state"])
    if row["date"].date() != brief.asked.at:
        told += f", {say.day(row['date'])}"
    if row["verdict"] == "not mapped" or pd.isna(row["share"]):
        return f"{who} ({told}): {say(VERDICTS[row['verdict']])}"
    parts = [say.share(row["share"]) + (VERDICT if row["uncertain"] else "")]
    if row["share"] == max(row[f"{state}_share"] for state in SHORT):
        parts.append(say("the largest share"))
    if row["state"] == row["map_state"]:
        parts.append(say("the state of its centre"))
    return f"{who} ({told}): {', '.join(parts)}"


def _sources(brief: Brief) -> Iterator[str]:
    say, areas = brief.say, brief.tables["areas"]["occupied_km2"]
    if len(areas) < 2:
        return
    told = say(
        "The sources’ occupied areas range from {least} to {most}, sea "
        "included, whose coasts each draws in its own way.",
        least=say.km2(areas.min(), 0),
        most=say.km2(areas.max(), 0),
    )
    main = brief.asked.main.source
    pairs = [
        _disputed(row, brief)
        for row in brief.rows("agreement")
        if main in (row["a"], row["b"])
        and not brief.are_one(row["a"], row["b"])
    ]
    yield " ".join([told, *brief.copies_told(), *pairs])


def _disputed(row: Row, brief: Brief) -> str:
    """How much land is occupied on one of two maps only."""
    say = brief.say
    one, other = (
        row[f"{pair}_land_km2"]
        for pair in ("a_occupied_b_not", "b_occupied_a_not")
    )
    decimals = 0 if one + other >= _MUCH_KM2 else 1
    return say(
        "{a} and {b} disagree on {area} of land: {one} occupied on the first "
        "only, {other} on the second only.",
        a=brief.title(row["a"]),
        b=brief.title(row["b"]),
        area=say.km2(one + other, decimals),
        one=say.km2(one, decimals),
        other=say.km2(other, decimals),
    )


def _targets(brief: Brief) -> Iterator[str]:
    """The two places whose distance changed most, else the nearest."""
    say, rows = brief.say, brief.main("proximity")
    moved = (rows["occupied_km"] - rows["occupied_km_before"]).abs().round(1)
    ranked = rows.assign(moved=-moved.fillna(0.0)).sort_values(
        ["moved", "occupied_km"], kind="stable"
    )
    for row in records(ranked[ranked["occupied_km"] > 0].head(2)):
        told = say(
            "{place}: {length} from occupied ground",
            place=say.place(row["place_id"], row["place"]),
            length=say.km(row["occupied_km"]),
        )
        if not pd.isna(row["occupied_km_before"]):
            told += say(
                ", {before} on {day}",
                before=say.km(row["occupied_km_before"]),
                day=say.day(row["compared_with"]),
            )
        yield f"{told}."
