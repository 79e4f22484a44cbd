"""The daily brief: what it tells is what the functions say, in two languages.

Pages are read with the standard library's parser, not with geofront's code.
"""

import ast
import datetime as dt
import itertools
import json
import re
import string
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from brief_page import Page, other
from click.testing import CliRunner, Result

import geofront as gf
from geofront import (
    _reasons,
    _report_claims,
    _report_sources,
    _report_words,
    records,
)
from geofront._languages import number_text, phrase
from geofront._report_html import web_address
from geofront._report_maps import _around
from geofront._words import printable
from geofront.cli import main
from geofront.geodesy import GEOD, area_km2
from geofront.maps.sketch import _MARK_OF, _MARKS
from geofront.sources import SOURCES, missing

PACKAGE = Path(gf.__file__).parent
CLAIMS = PACKAGE.parent / "data" / "claims" / "2025-02-24_bilohorivka.csv"
DAY = "2025-02-24"
BILOHORIVKA = gf.places.BILOHORIVKA.id

TABLES = records.REPORT


def number(text: str) -> float:
    """A number as the English pages write it."""
    return float(text.replace(",", "").replace("−", "-"))


@pytest.fixture(scope="module")
def brief(example: gf.History) -> gf.Report:
    several = [
        example,
        other(example, "plain", no_grey=True),
        other(example, "late", since=dt.date(2025, 2, 27)),
    ]
    return gf.report(several, DAY, claims=gf.read_claims(CLAIMS))


@pytest.fixture(scope="module")
def page(brief: gf.Report) -> Page:
    return Page(brief.to_html())


# ---- what is told is what the functions say


def test_change_is_that_of_the_functions(
    example: gf.History, page: Page
) -> None:
    caption = "Occupied area and grey zone, km²"
    for name, since in (("Day", "2025-02-23"), ("Seven days", "2025-02-17")):
        change = gf.delta(example.at(since), example.at(DAY))
        shown = [number(cell) for cell in page.row(caption, name)[3:]]
        assert change.grey_zone_net_km2 is not None
        assert shown == [
            round(change.gained_km2, 2),
            round(change.lost_km2, 2),
            round(change.net_km2, 2),
            round(change.grey_zone_net_km2, 2),
        ]


def test_headlines_are_the_net_figures(
    example: gf.History, page: Page
) -> None:
    change = gf.delta(example.at("2025-02-17"), example.at(DAY))
    assert f"{change.net_km2:+.1f} km²" in page.words
    areas = example.at(DAY).areas()
    assert f"Occupied: {areas['occupied_km2']:,.0f} km²" in page.words


def test_oblasts_sum_to_the_total(page: Page) -> None:
    (caption,) = [name for name in page.tables if name.startswith("Since 17")]
    rows = page.tables[caption][1:]
    for column in (3, 4, 5, 6):
        parts = [number(row[column]) for row in rows[:-1]]
        assert sum(parts) == pytest.approx(
            number(rows[-1][column]), abs=0.005 * len(rows)
        )


def test_distances_are_those_of_the_functions(
    example: gf.History, page: Page
) -> None:
    rows = gf.proximity(example, since=DAY, until=DAY, speed_days=28)
    table = page.tables["From the places’ extents, km"][1:]
    assert [row[0] for row in table] == rows["place"].to_list()
    for row, found in zip(table, rows.to_dict("records"), strict=True):
        for cell, name in ((row[2], "occupied_km"), (row[6], "front_km")):
            if np.isnan(found[name]):
                assert cell == "–"
            else:
                assert number(cell) == round(found[name], 1)


def test_bands_are_those_of_the_functions(
    example: gf.History, page: Page
) -> None:
    rows = gf.within(example, at=DAY, compare="2025-02-17")
    (caption,) = [name for name in page.tables if "entered and left" in name]
    shown = [
        [number(cell) for cell in row[1:]] for row in page.tables[caption][1:]
    ]
    columns = ["settlements", "population_reference", "entered", "left"]
    assert shown == rows[columns].astype(float).to_numpy().tolist()


def test_claims_are_told_with_what_each_source_maps(
    example: gf.History, page: Page
) -> None:
    claims = gf.assess_claims(gf.read_claims(CLAIMS), example)
    table = page.tables["What was said, and what the map of that day says"]
    assert table[0][3:] == ["example", "plain", "late", "In words"]
    assert [row[-1] for row in table[2:]] == [
        "captured",
        "–",
        "attacks repelled",
    ]
    for row, found in zip(table[1:], claims.to_dict("records"), strict=True):
        assert row[0] == found["claimant"]
        share = found[f"{found['state']}_share"]
        told = f"{found['verdict']}, {share:.0%}".replace("%", "\u00a0%")
        assert row[3].rstrip("\u00a0†") == told
        # It draws no grey zone, and has no maps before the 27th.
        told = row[3] if found["state"] == "occupied" else "not told"
        assert row[4:6] == [told, "not told"]
    assert "neither is what is true" in page.words


def test_the_brief_tells_which_claim_the_map_shows_most_of(
    example: gf.History, page: Page
) -> None:
    shares = gf.place_status(
        example, gf.places.BILOHORIVKA, since=DAY, until=DAY
    ).iloc[0]
    grey, occupied = shares["grey_zone_share"], shares["occupied_share"]
    assert grey > occupied > shares["held_share"]
    told = (
        f"shows so: DeepState (grey zone): {100 * grey:.0f}\u00a0%\u00a0†, "
        "the largest share, the state of its centre; Russian channels "
        f"(occupied): {100 * occupied:.0f}\u00a0%\u00a0†; Artem Lysohor, "
        "oblast head (held, 25 February 2025): "
    )
    assert told in page.words
    days = [
        row[1]
        for row in page.tables[
            "Maps compared, and the SHA-256 of what each shows"
        ]
    ]
    assert "25\u00a0Feb\u00a02025" in days


def test_a_remark_stands_under_the_title(
    example: gf.History, page: Page
) -> None:
    (remark,) = (
        note.detail for note in example.at(DAY).notes if note.kind == "remark"
    )
    assert page.words.index(remark) < page.words.index("In brief")
    covered = example.at(DAY).areas()["denominator_km2"]
    assert f"within the {covered:,.0f} km² that both maps cover" in page.words


def test_a_source_without_grey_zone_tells_of_what_is_not_occupied(
    example: gf.History,
) -> None:
    plain = other(example, "plain", no_grey=True)
    words = Page(gf.report(plain, DAY).to_html()).words
    assert "not occupied → occupied" in words
    assert "held → occupied" not in words


def test_a_moment_that_is_only_a_bound_is_called_one(
    example: gf.History,
) -> None:
    bound = gf.Note("date", "an upper bound")
    late = other(example, "late", notes=[bound])
    words = Page(gf.report(late, DAY).to_html()).words
    assert "is only a bound: an upper bound." in words
    assert "the last map published" not in words
    assert "*\u00a0late: only a bound; an upper bound." in words


def test_places_that_changed_are_there_without_being_asked_for(
    example: gf.History,
) -> None:
    alone = gf.report(example, DAY, places=gf.places.SIVERSK)
    rows = alone.tables["places"].set_index("place_id")
    shown = rows.loc[BILOHORIVKA]
    before, now = (
        gf.place_status(
            example, gf.places.BILOHORIVKA, since=day, until=day
        ).iloc[0]
        for day in ("2025-02-17", DAY)
    )
    assert shown["occupied_share"] == now["occupied_share"]
    assert shown["occupied_share_before"] == before["occupied_share"]
    assert shown["changed_on"] == pd.Timestamp("2025-02-24")
    assert shown["state"] == "grey_zone"
    text = Page(alone.to_html())
    assert "Bilohorivka (Luhansk)" in text.words
    assert "Claims" not in text.words


def test_day_of_the_last_change_is_that_of_brute_force(
    brief: gf.Report, example: gf.History
) -> None:
    rows = brief.tables["places"]
    rows = rows[rows["source"] == "example"]
    assert len(rows) == 3
    for row in rows.to_dict("records"):
        extent = gf.places.find(row["place_id"]).extent
        last = None
        for day in pd.date_range("2025-02-18", DAY).date:
            was, now = example.at(day - dt.timedelta(days=1)), example.at(day)
            for state in ("occupied", "grey_zone"):
                moved = shapely.symmetric_difference(
                    getattr(was, state), getattr(now, state)
                )
                if shapely.intersection(moved, extent).area > 1e-9:
                    last = day
        assert (last and pd.Timestamp(last)) == (
            None if pd.isna(row["changed_on"]) else row["changed_on"]
        )


def test_ground_is_that_of_the_daily_deltas(
    brief: gf.Report, example: gf.History
) -> None:
    ground = brief.tables["ground"]
    steps = gf.deltas(example, since="2025-02-17", until=DAY, every="day")
    names = [name for name in steps if re.fullmatch(r"\w+_to_\w+_km2", name)]
    for step in steps.to_dict("records"):
        rows = ground[ground["until"] == step["until"]]
        sums = rows.groupby(["from_state", "to_state"])["area_km2"].sum()
        for name in names:
            key = tuple(name.removesuffix("_km2").split("_to_"))
            assert sums.get(key, 0.0) == pytest.approx(step[name], abs=1e-6)


def test_ground_lies_near_the_settlement_that_is_named(
    brief: gf.Report,
) -> None:
    register = {item.id: item for item in gf.places.registered()}
    for row in brief.tables["ground"].head(12).to_dict("records"):
        place = register[row["place_id"]]
        _, _, metres = GEOD.inv(
            [row["longitude"]] * len(register),
            [row["latitude"]] * len(register),
            [item.longitude for item in register.values()],
            [item.latitude for item in register.values()],
        )
        own = metres[list(register).index(place.id)]
        # A polygon is a few km wide, an extent a few more.
        assert own <= min(metres) + 6_000.0
        assert row["place_km"] * 1000.0 <= own


def test_every_source_has_its_figures(brief: gf.Report, page: Page) -> None:
    (caption,) = [name for name in page.tables if name.startswith("Areas")]
    shown = {row[0]: row for row in page.tables[caption][1:]}
    assert list(shown) == ["example", "plain"]
    assert shown["plain"][3] == "–"
    assert shown["plain"][4:6] == shown["example"][4:6]
    assert "late has nothing for this day" in page.words
    assert "its maps run from 27 February 2025 to 28 February" in page.words
    near = page.tables["To occupied ground, by source, km"]
    assert near[0] == ["Place", "example", "plain"]
    assert all(row[1] == row[2] for row in near[1:])


def test_sources_agree_as_the_function_says(
    example: gf.History, page: Page
) -> None:
    (row,) = page.tables["Where two sources agree, on land"][1:]
    plain = other(example, "plain", no_grey=True)
    found = gf.agreement(example, plain, at=DAY).iloc[0]
    assert row[0] == "example, plain"
    assert row[1] == "100.0\u00a0%"
    assert number(row[2]) == round(found["both_occupied_land_km2"])
    assert row[3:] == ["0.0", "0.0"]


def test_sources_without_common_ground_are_told(box_snapshot: Any) -> None:
    coverages = ((36.0, 48.0, 37.0, 49.0), (38.0, 48.0, 39.0, 49.0))
    one, two = (
        gf.History(
            [box_snapshot((x0, y0, x0 + 0.5, y1), coverage=(x0, y0, x1, y1))]
        )
        for x0, y0, x1, y1 in coverages
    )
    brief = gf.report([one, other(two, "far")])
    assert brief.tables["agreement"].empty
    assert "test and far cover no common ground." in brief.to_markdown()


def test_the_sentence_to_quote_is_that_of_the_function(
    example: gf.History, page: Page
) -> None:
    told = gf.explain(example, since="2025-02-17", until=DAY)
    assert printable(told["sentence"].iloc[0]) in page.words


def test_snapshots_are_named_with_their_digests(
    example: gf.History, page: Page
) -> None:
    table = page.tables["Maps compared, and the SHA-256 of what each shows"]
    assert table[1][0] == example.at(DAY).id
    assert table[1][2] == example.at(DAY).digest


# ---- days


def test_a_carried_day_is_told_in_words(example: gf.History) -> None:
    told = Page(gf.report(example, "2025-02-20").to_html()).words
    assert (
        "No map was published on 20 February 2025: the state is that of 19 "
        "February 2025, carried forward." in told
    )
    assert "example: no map of its own on 20\u00a0Feb\u00a02025." in told


def test_a_period_that_begins_on_a_carried_day_names_the_map(
    example: gf.History,
) -> None:
    told = Page(gf.report(example, "2025-02-27").to_html()).words
    assert "since 20 February 2025 (map of 19 February 2025)" in told
    assert "since 26 February 2025 (map of 25 February 2025)" in told


def test_a_period_that_is_cut_is_called_by_its_first_day(
    example: gf.History,
) -> None:
    brief = gf.report(example, "2025-02-19")
    assert brief.compared_with == dt.date(2025, 2, 17)
    rows = brief.tables["deltas"].set_index("period")
    assert rows["complete"].to_dict() == {
        "day": True,
        "week": False,
        "month": False,
    }
    table = Page(brief.to_html()).tables["Occupied area and grey zone, km²"]
    assert [row[0] for row in table[1:]] == [
        "Day",
        "Since 17\u00a0Feb\u00a02025",
    ]


def test_the_first_day_has_nothing_to_compare_with(
    example: gf.History,
) -> None:
    brief = gf.report(example, "2025-02-17")
    assert brief.compared_with is None
    assert brief.tables["deltas"].empty
    page = Page(brief.to_html(lang="uk"))
    assert (
        phrase(
            "The history begins on this day: nothing to compare with.", "uk"
        )
        in page.words
    )
    assert brief.to_dict()["compared_with"] is None


def test_the_last_day_is_taken_without_one(example: gf.History) -> None:
    assert gf.report(example).date == example.span[1]


@pytest.mark.parametrize(
    ("day", "told"),
    [("2025-02-16", "begin on 2025-02-17"), ("2025-03-09", "72 hours")],
)
def test_days_beyond_the_history_are_refused(
    example: gf.History, day: str, told: str
) -> None:
    with pytest.raises(gf.MissingDateError, match=told):
        gf.report(example, day)


def test_two_histories_of_one_source_are_refused(example: gf.History) -> None:
    with pytest.raises(ValueError, match="a history for each source, found"):
        gf.report([example, example], DAY)
    with pytest.raises(ValueError, match="found none"):
        gf.report([], DAY)


def test_a_method_break_is_marked(box_snapshot: Any) -> None:
    whole = box_snapshot((37.0, 48.0, 38.0, 49.0), day=dt.date(2025, 2, 23))
    missing = box_snapshot((37.5, 48.0, 38.0, 49.0))
    marked = gf.Snapshot(
        "test",
        missing.published_at,
        missing.occupied,
        missing.grey_zone,
        notes=[gf.Note("method_break", "a part is missing", 10.0)],
    )
    page = Page(gf.report(gf.History([whole, marked])).to_html())
    table = page.tables["Occupied area and grey zone, km²"]
    assert table[1][0] == "Day\u00a0‡"
    assert page.tables["From state to state, km²"][1][0] == "Day\u00a0‡"
    net = gf.delta(whole, marked).net_km2
    shown = f"{net:+,.1f}".replace("-", "−")
    assert f"{shown} km²\u00a0‡" in page.words
    assert re.search(r"Donetsk −[\d,.]+\u00a0‡", page.words)
    (caption,) = [name for name in page.tables if name.startswith("Since")]
    assert all(row[0].endswith("\u00a0‡") for row in page.tables[caption][1:])
    (caption,) = [name for name in page.tables if name.startswith("Areas")]
    assert page.tables[caption][1][4] == f"{shown}\u00a0‡"
    told = "seems to have redrawn within the period, on 24\u00a0Feb"
    # Before all else, and beside each table that has the mark.
    assert page.words.count(told) == 4
    assert page.words.index(told) < page.words.index("Occupied: ")
    doubted = gf.deltas(gf.History([whole, marked]), every="all")["break_km2"]
    assert f"which puts {doubted[0]:,.1f} km² in doubt" in page.words
    assert "a part is missing" in page.words


# ---- JSON


def test_json_holds_every_field_unrounded(brief: gf.Report) -> None:
    told = json.loads(json.dumps(brief.to_dict(), allow_nan=False))
    assert list(told) == [
        "date",
        "compared_with",
        "source",
        "geofront",
        "definitions",
        "territory",
        *brief.tables,
    ]
    assert (told["date"], told["compared_with"]) == (DAY, "2025-02-17")
    for name, fields in TABLES.items():
        rows = told[name]
        assert len(rows) == len(brief.tables[name])
        assert all(list(row) == list(fields) for row in rows), name
    area = brief.tables["areas"]["occupied_km2"].iloc[0]
    assert told["areas"][0]["occupied_km2"] == float(area)


@pytest.mark.parametrize("name", TABLES)
def test_every_field_says_what_it_means(brief: gf.Report, name: str) -> None:
    table = brief.tables[name]
    assert list(table) == list(TABLES[name])
    for column, field in TABLES[name].items():
        assert field.meaning
        assert field.null or table[column].notna().all(), column


# ---- languages


def literals(tree: ast.AST) -> Iterator[str]:
    """Every text in a module but its documentation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def said(tree: ast.AST) -> Iterator[str]:
    """Phrases that are said as they stand."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        either = first if isinstance(first, ast.IfExp) else None
        for text in (either.body, either.orelse) if either else (first,):
            if name in ("say", "self", "phrase") and isinstance(
                text, ast.Constant
            ):
                yield text.value


MODULES = {
    str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
DEFINED = [
    f"{name}: {records.DEFINITIONS[name]}" for name in _report_sources._DEFINED
]
SAID = sorted(
    {
        text
        for name, tree in MODULES.items()
        if name.startswith(("_report_", "_quoting"))
        for text in said(tree)
    }
    | set(_report_claims.VERDICTS.values())
    | set(_report_sources._NOTES.values())
    | set(_report_sources._STATES)
    | set(_report_words._PERIODS.values())
    | set(_report_words._STATES.values())
    | set(_report_words._SECTORS.values())
    | set(_report_words.SHORT.values())
    | {_report_sources._GROSS}
    | set(DEFINED)
    | set(_reasons.REASONS)
    | {city.name for city in missing._REAR}
)
CATALOGUE: dict[str, str] = json.loads(
    (PACKAGE / "languages" / "uk.json").read_text(encoding="utf-8")
)


def parts(text: str) -> list[str]:
    return sorted(
        name for _, name, _, _ in string.Formatter().parse(text) if name
    )


@pytest.mark.parametrize("text", SAID)
def test_every_phrase_has_its_translation(text: str) -> None:
    assert text in CATALOGUE
    assert parts(CATALOGUE[text]) == parts(text)


def test_no_translation_is_left_over() -> None:
    used = {text for tree in MODULES.values() for text in literals(tree)}
    used |= set(DEFINED)
    assert set(CATALOGUE) <= used


@pytest.mark.parametrize("source", SOURCES)
def test_terms_and_credits_of_every_source_are_translated(
    source: str,
) -> None:
    info = SOURCES[source].info
    for text in (info.title, info.draws, info.dates, info.terms):
        assert text in CATALOGUE
    assert not info.attribution or info.attribution in CATALOGUE


def test_ukrainian_page_is_ukrainian(brief: gf.Report) -> None:
    html = brief.to_html(lang="uk")
    # Somebody's own words stay as they are, and are marked.
    page = Page(re.sub('<span lang="(en|und)">.*?</span>', "", html))
    assert ("html", {"lang": "uk"}) in page.tags
    assert "км²" in page.words
    assert "km²" not in page.words
    assert "Білогорівка (Луганська область)" in page.words
    assert not re.search(r"\d\.\d+\s*(км|%)", page.words)
    assert not re.search(r"[Tt]he |occupied |settlement", page.words)


def test_both_languages_tell_the_same_numbers(brief: gf.Report) -> None:
    english, ukrainian = (
        list(Page(brief.to_html(lang=lang)).tables.values())
        for lang in ("en", "uk")
    )
    assert len(english) == len(ukrainian) > 8
    for one, two in zip(english, ukrainian, strict=True):
        turned = [
            [c.replace(",", "\u00a0").replace(".", ",") for c in row]
            for row in one
        ]
        numbers = re.compile(r"[+−]?\d[\d\u00a0]*,\d+(?!\d)")
        for row, same in zip(turned, two, strict=True):
            assert numbers.findall(" ".join(row)) == numbers.findall(
                " ".join(same)
            )


def test_other_languages_are_refused(brief: gf.Report) -> None:
    with pytest.raises(ValueError, match="expected one of en, uk"):
        brief.to_html(lang="de")
    with pytest.raises(KeyError):
        phrase("no such phrase", "uk")


@pytest.mark.parametrize(
    ("value", "decimals", "lang", "signed", "told"),
    [
        (1234.56, 1, "en", False, "1,234.6"),
        (-1234.56, 1, "uk", False, "−1\u00a0234,6"),
        (0.04, 1, "en", True, "0.0"),
        (-0.04, 1, "en", True, "0.0"),
        (0.05001, 1, "uk", True, "+0,1"),
        (1e6, 0, "uk", False, "1\u00a0000\u00a0000"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    value: float, decimals: int, lang: str, signed: bool, told: str
) -> None:
    assert number_text(value, decimals, lang, signed=signed) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "0 %"),
        (1e-9, "0 %"),
        (0.003, "<1 %"),
        (0.2629, "26 %"),
        (0.997, ">99 %"),
        (1.0, "100 %"),
        (1.0 - 1e-9, "100 %"),
        (np.nan, "–"),
    ],
)
def test_small_shares_are_not_nothing(share: float, told: str) -> None:
    say = _report_words.Speaker("en")
    assert say.share(share) == told.replace(" ", "\u00a0")


# ---- the page


def test_page_is_well_formed_and_needs_nothing(page: Page) -> None:
    names = [name for name, _ in page.tags]
    assert "script" not in names
    assert not {"img", "link", "iframe", "object", "form"} & set(names)
    for _, marks in page.tags:
        assert not [name for name in marks if name.startswith("on")]
        assert "src" not in marks
        address = marks.get("href")
        assert address is None or address.startswith("https://")


def test_page_can_be_read_aloud(page: Page) -> None:
    levels = [int(n[1]) for n, _ in page.tags if re.fullmatch("h[1-6]", n)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    names = [name for name, _ in page.tags]
    assert names.count("caption") == names.count("table")
    assert all(m.get("scope") for name, m in page.tags if name == "th")
    maps = [m for name, m in page.tags if m.get("role") == "img"]
    assert len(maps) >= 2
    assert names.count("title") == len(maps) + 1
    ids = [marks["id"] for _, marks in page.tags if "id" in marks]
    assert len(ids) == len(set(ids))


def test_kinds_of_change_differ_without_colour() -> None:
    looks = {
        change: (_MARKS[mark], change[1] == "occupied")
        for change, mark in _MARK_OF.items()
    }
    gained, lost = (
        {look for change, look in looks.items() if change[end] == "occupied"}
        for end in (1, 0)
    )
    grey = {looks["held", "grey_zone"], looks["grey_zone", "held"]}
    assert len(gained) == len(lost) == 1
    assert len(gained | lost | grey) == 4


def test_close_maps_are_as_wide_as_they_say() -> None:
    west, south, east, north = _around(38.0, 48.9)
    _, _, wide = GEOD.inv(west, 48.9, east, 48.9)
    _, _, high = GEOD.inv(38.0, south, 38.0, north)
    assert wide == pytest.approx(30_000.0, rel=1e-3)
    assert high == pytest.approx(30_000.0 * 320 / 460, rel=1e-3)


def test_captions_tell_what_the_close_maps_show(
    brief: gf.Report, example: gf.History, page: Page
) -> None:
    bilohorivka = gf.places.BILOHORIVKA
    box = shapely.box(*_around(bilohorivka.longitude, bilohorivka.latitude))
    was, now = example.at("2025-02-17"), example.at(DAY)
    gained = shapely.intersection(was.grey_zone, now.occupied)
    area = area_km2(shapely.intersection(gained, box))
    assert area > 1
    assert (
        "1. Around Bilohorivka, within this frame: "
        f"grey zone → occupied {area:,.2f} km²" in page.words
    )


def test_page_is_small(brief: gf.Report) -> None:
    assert len(brief.to_html().encode()) < 150_000


def test_the_same_report_is_the_same_file(example: gf.History) -> None:
    one, two = (gf.report(example, DAY).to_html() for _ in range(2))
    assert one == two


def test_notebooks_show_the_page(brief: gf.Report) -> None:
    assert brief._repr_html_().startswith("<iframe srcdoc=")
    assert repr(brief) == "<Report 2025-02-24, example>"


# ---- hostile text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://e.org/ onclick=x",
        'https://e.org/"><script>',
        "https://e.org/\n",
        " https://e.org/",
        "ftp://e.org/",
    ],
)
def test_only_addresses_of_the_web_are_links(address: str) -> None:
    assert web_address(address) is None


def test_addresses_of_claims_become_links(example: gf.History) -> None:
    claims = gf.read_claims(CLAIMS).head(2).copy()
    claims["url"] = ["https://e.org/a?b=1&c=(2)|", "javascript:alert(1)"]
    brief = gf.report(example, DAY, claims=claims)
    page = Page(brief.to_html())
    links = [m["href"] for name, m in page.tags if name == "a"]
    assert "https://e.org/a?b=1&c=(2)|" in links
    assert not [link for link in links if "javascript" in str(link)]
    text = brief.to_markdown()
    assert "[DeepState](https://e.org/a?b=1&c=%282%29%7C)" in text
    assert "javascript" not in text


HOSTILE = (
    "a | b",
    "[x](javascript:alert(1))",
    "![x](https://e.org/p.png)",
    "<img src=x onerror=alert(1)>",
    "`code` *bold* _it_ ~~no~~",
    "# heading",
    "1. item",
    "- item",
    "> quote",
    "https://e.org www.e.org a@e.org @team #12",
    "&lt;b&gt; &#60;",
    "line\nbreak\r\n\n| cell |",
    "$x^2$ \\[y\\] \\",
    "| --- |",
    "<!-- no -->",
    "\u202eabc\u2028def",
)


@pytest.fixture(scope="module")
def hostile(example: gf.History) -> gf.Report:
    """Report of claims that anybody may have made."""
    claims = gf.read_claims(CLAIMS).head(1)
    claims = claims.loc[[0] * len(HOSTILE)].reset_index(drop=True)
    claims["claimant"] = HOSTILE
    return gf.report(example, DAY, claims=claims, places="Siversk")


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_markdown_of_hostile_text_is_plain(
    hostile: gf.Report, number: int
) -> None:
    lines = hostile.to_markdown().splitlines()
    rows = [line for line in lines if re.search(r"\| partly, \d", line)]
    assert len(rows) == len(HOSTILE)
    # Cells are parted by pipes that no backslash precedes.
    row = rows[number].replace("\\\\", "&#92;")
    cells = re.split(r"(?<!\\)\|", row)
    assert len(cells) == 7
    cell = cells[1].strip()
    assert not re.match(r"[-+>#=]|\d+[.)]", cell)
    bare = re.sub(r"\\[!-/:-@[-`{-~]|&#\d+;", "", cell)
    assert not set(bare) & set("<>[]`*_~|#@$\\&")
    assert "://" not in bare
    assert "www." not in bare
    assert bare.isprintable()


def test_page_of_hostile_text_reads_as_written(hostile: gf.Report) -> None:
    page = Page(hostile.to_html())
    table = page.tables["What was said, and what the map of that day says"]
    assert [row[0] for row in table[1:]] == [
        printable(text) for text in HOSTILE
    ]


# ---- files and the command


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(item) for item in arguments])
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("suffix", [".html", ".md", ".json"])
def test_command_writes_what_the_function_gives(
    boundaries: Path, example: gf.History, tmp_path: Path, suffix: str
) -> None:
    output = tmp_path / f"brief{suffix}"
    result = run(
        *("report", boundaries, "--at", DAY, "-o", output),
        *("--claims", CLAIMS, "--place", "Siversk"),
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"wrote {output}\n"
    brief = gf.report(
        example, DAY, claims=gf.read_claims(CLAIMS), places="Siversk"
    )
    brief.save(tmp_path / f"own{suffix}")
    assert output.read_bytes() == (tmp_path / f"own{suffix}").read_bytes()


def test_command_sets_the_sources_of_a_store_beside(
    example: gf.History, tmp_path: Path
) -> None:
    store = gf.Store(tmp_path / "store")
    store.append(example)
    store.append(other(example, "plain", no_grey=True))
    output = tmp_path / "brief.json"
    unnamed = run("report", store.path, "-o", output)
    assert unnamed.exit_code == 2
    assert "name one with --source" in unnamed.stderr
    done = run("report", store.path, "--source", "plain", "-o", output)
    assert done.exit_code == 0, done.output
    told = json.loads(output.read_text(encoding="utf-8"))
    assert [row["source"] for row in told["areas"]] == ["plain", "example"]


def test_command_leaves_out_what_was_not_yet_recorded(
    example: gf.History, tmp_path: Path
) -> None:
    store = gf.Store(tmp_path / "store")
    store.append(example)
    time.sleep(1.1)
    moment = dt.datetime.now(dt.UTC)
    time.sleep(1.1)
    store.append(other(example, "plain", no_grey=True))
    output = tmp_path / "brief.json"
    done = run(
        *("report", store.path, "--source", "example", "-o", output),
        *("--known-at", f"{moment:%Y-%m-%dT%H:%M:%SZ}"),
    )
    assert done.exit_code == 0, done.output
    assert "plain: left out: nothing of it had been" in done.stderr
    told = json.loads(output.read_text(encoding="utf-8"))
    assert [row["source"] for row in told["areas"]] == ["example"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("-o", "brief.pdf"), 2, "expected a suffix of .html, .md, .json"),
        (("-o", "b.json", "--lang", "uk"), 2, "JSON has no language"),
        (("-o", "b.html", "--lang", "de"), 2, "'de' is not one of"),
        (("-o", "b.html", "--place", "Nowhere"), 2, "unknown place 'Nowhere'"),
        (("-o", "b.html", "--at", "2025-01-01"), 1, "begin on 2025-02-17"),
        (("-o", "b.html", "--at", "24.02.2025"), 2, "YYYY-MM-DD"),
        (("-o", "b.html", "--claims", "none.csv"), 2, "does not exist"),
    ],
)
def test_command_tells_faults(
    boundaries: Path,
    arguments: tuple[str, ...],
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("report", boundaries, *arguments)
    assert result.exit_code == status
    assert told in result.stderr
    assert not list(tmp_path.iterdir())


def test_command_tells_faults_of_claims(
    boundaries: Path, tmp_path: Path
) -> None:
    table = tmp_path / "claims.csv"
    table.write_text("date,place,state,claimant,url\n2025-02-24,X,held,me,\n")
    result = run(
        "report", boundaries, "-o", tmp_path / "b.html", "--claims", table
    )
    assert result.exit_code == 1
    assert "line 2" in result.stderr


# ---- the founding report


def test_the_founding_report_can_be_read(
    archive: Path, deepstate: dict[str, gf.History]
) -> None:
    maps = [
        deepstate["deepstate-2024-07_2025-03"],
        *(
            gf.open_history(archive / folder, source=name)
            for name, folder in (
                ("occupied_daily", "occupied-daily-2024-07_2025-03"),
                ("owlmaps", "owlmaps-2024-07_2025-03"),
            )
        ),
    ]
    brief = gf.report(maps, DAY, claims=gf.read_claims(CLAIMS))
    page = Page(brief.to_html())
    ground = brief.tables["ground"]
    (change,) = ground[
        (ground["place_id"] == BILOHORIVKA) & (ground["area_km2"] > 1)
    ].to_dict("records")
    assert change["until"] == pd.Timestamp("2025-02-23")
    assert change["area_km2"] == pytest.approx(2.79, abs=0.01)
    assert "23 February 2025: 2.78 km², grey zone → occupied" in page.words
    row = page.row(
        "What each source maps there at the end of the day",
        "DeepStateMap\u00a0§",
    )
    assert row[1:] == [
        "grey zone",
        "11\u00a0Feb\u00a02025",
        *(
            f"{before}\u00a0% → {now}\u00a0%"
            for before, now in (("<1", 26), (78, 52))
        ),
        "21\u00a0%",
        "23\u00a0Feb\u00a02025",
    ]
    table = page.tables["What was said, and what the map of that day says"]
    assert [row[0] for row in table[1:]] == [
        "DeepState",
        "Russian channels",
        "Artem Lysohor, oblast head",
        "General Staff of Ukraine",
    ]
    assert [row[3].split(",")[0] for row in table[1:]] == ["partly"] * 4
    assert len(brief.to_html()) < 300_000
