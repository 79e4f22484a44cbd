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
from geofront._report_claims import VERDICTS, claims_sections
from geofront._report_figures import figure_sections
from geofront._report_maps import drawings
from geofront._report_sources import sources_sections
from geofront._report_tables import Question
from geofront._report_words import PERIODS, Brief, Row, Speaker, records
from geofront.geography import OFFICIAL_AREA_KM2
from geofront.maps.sketch import patterns

__all__ = ["document"]

# Of a list that is told in a sentence.
_FEW = 4


def document(
    asked: Question, tables: Mapping[str, pd.DataFrame], lang: str
) -> Document:
    """Report as a document in a language."""
    say = Speaker(lang, [*asked.targets, *asked.claimed, *asked.among])
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
    told: list[Cell] = [
        say(
            "{title}: the last map published before the end of the day, "
            "{moment}.",
            title=brief.title(asked.main.source),
            moment=say.moment(brief.tables["areas"]["published_at"].iloc[0]),
        )
    ]
    shown = asked.main.at(asked.at).date
    if shown != asked.at:
        told.append(
            say(
                "No map was published on {day}: the state is that of "
                "{shown}, carried forward.",
                day=say.day(asked.at),
                shown=say.day(shown),
            )
        )
    return told


def _in_brief(brief: Brief) -> Iterator[Block]:
    periods = records(brief.main("deltas"))
    if periods:
        yield Figures([_headline(row, brief.say) for row in periods])
    told = [
        _area(brief),
        *_regions(brief),
        *_places(brief),
        *_claims(brief),
        *_sources(brief),
        *_targets(brief),
    ]
    yield Items([[item] for item in told])


def _headline(row: Row, say: Speaker) -> tuple[str, str, str]:
    return (
        say(PERIODS[row["period"]]),
        say.km2_change(row["occupied_net_km2"]),
        say("occupied, net, since {day}", day=say.day(row["since"])),
    )


def _area(brief: Brief) -> str:
    say, row = brief.say, brief.tables["areas"].iloc[0]
    told = say(
        "Occupied: {area}, {share} of {whole}.",
        area=say.km2(row["occupied_km2"], 0),
        share=say.share(row["occupied_share"], 1),
        whole=_whole(row["denominator_km2"], say),
    )
    if pd.isna(row["grey_zone_km2"]):
        return f"{told} {say('The map draws no grey zone.')}"
    grey = say("Grey zone: {area}.", area=say.km2(row["grey_zone_km2"], 0))
    return f"{told} {grey}"


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
        for row in records(moved.loc[largest])
    ]
    yield say(
        "Occupied area by oblast since {day}, net, km²: {parts}.",
        day=say.day(rows["since"].iloc[0]),
        parts="; ".join(parts),
    )


def _places(brief: Brief) -> Iterator[str]:
    """Places of which the map changed since the earlier day."""
    say, rows = brief.say, brief.main("places")
    for row in records(rows[rows["changed_on"].notna()].head(_FEW)):
        yield say(
            "{place}: {share} of it occupied on the map, {before} on {day}; "
            "last changed on {changed}.",
            place=say.located(row["place_id"], row["place"], row["oblast"]),
            share=say.share(row["occupied_share"]),
            before=say.share(row["occupied_share_before"]),
            day=say.day(row["compared_with"]),
            changed=say.day(row["changed_on"]),
        )


def _claims(brief: Brief) -> Iterator[str]:
    say, rows = brief.say, brief.main("claims")
    if rows.empty:
        return
    counts = rows["verdict"].value_counts()
    parts = [
        f"{say(words)} {say.number(counts.get(verdict, 0))}"
        for verdict, words in VERDICTS.items()
    ]
    yield say(
        "Claims set against this map: {count} ({parts}).",
        count=say.number(len(rows)),
        parts=", ".join(parts),
    )


def _sources(brief: Brief) -> Iterator[str]:
    say, areas = brief.say, brief.tables["areas"]["occupied_km2"]
    if len(areas) > 1:
        yield say(
            "The sources’ occupied areas range from {least} to {most}.",
            least=say.km2(areas.min(), 0),
            most=say.km2(areas.max(), 0),
        )


def _targets(brief: Brief) -> Iterator[str]:
    say, rows = brief.say, brief.main("proximity")
    for row in records(rows[rows["occupied_km"] > 0].head(2)):
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
