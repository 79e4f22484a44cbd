"""What the brief's marks, names and close maps mean, in both languages."""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from brief_page import Page, other, redrawn
from click.testing import CliRunner

import geofront as gf
from geofront import _reasons, _report_maps
from geofront._languages import number_text
from geofront._quoting import as_sentence, cautions, sentence
from geofront._reasons import REASONS, told_reason
from geofront.cli import main
from geofront.geodesy import area_km2
from geofront.records import TERRITORY

ROOT = Path(__file__).parents[1]
CLAIMS = ROOT / "data" / "claims" / "2025-02-24_bilohorivka.csv"
CATALOGUE: dict[str, str] = json.loads(
    (Path(gf.__file__).parent / "languages" / "uk.json").read_text("utf-8")
)
DAY = dt.date(2025, 2, 24)
LANGUAGES = ("en", "uk")
MARKS = "*†‡§"
COPY = "Daily copy of DeepStateMap"
NOT_ONE = f"{COPY} is no independent source"


def section(html: str, name: str) -> str:
    """Words of a section."""
    _, after = html.split(f'<section aria-labelledby="{name}">')
    return Page(after.split("</section>")[0].split("<section")[0]).words


@pytest.fixture(scope="module")
def marked(example: gf.History) -> gf.Report:
    """Brief that has every mark."""
    history = redrawn(example, "marked", gf.Note("date", "an upper bound"))
    maps = [history, other(example, "plain", no_grey=True)]
    return gf.report(maps, DAY, claims=gf.read_claims(CLAIMS))


@pytest.fixture(scope="module")
def copied(example: gf.History) -> gf.Report:
    """Brief of a source, its daily copy and another."""
    names = ("deepstate", "occupied_daily", "owlmaps")
    maps = [other(example, name, no_grey=name != names[0]) for name in names]
    return gf.report(maps, DAY, claims=gf.read_claims(CLAIMS))


# ---- marks


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_mark_is_explained_where_it_stands(
    marked: gf.Report, lang: str
) -> None:
    html = marked.to_html(lang=lang)
    names = re.findall(r'<section aria-labelledby="([\w-]+)">', html)
    seen = set()
    for name in names:
        words = section(html, name)
        for mark in MARKS:
            if f"\u00a0{mark}" in words:
                seen.add(mark)
                assert f"{mark}\u00a0" in words, (name, mark)
    assert seen == set(MARKS)


def test_each_mark_has_one_meaning() -> None:
    meanings = {
        mark: [text for text in CATALOGUE if text.startswith(mark)]
        for mark in MARKS
    }
    (verdict,), (state,) = meanings["†"], meanings["§"]
    assert "verdict" in verdict
    assert "a claim on its state" in state
    assert len(meanings["*"]) == 1
    assert all("seems to have redrawn" in text for text in meanings["‡"])
    for text in CATALOGUE:
        # Nothing else brings one along.
        assert not set(text[1:]) & set("†‡§*")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["to_html", "to_markdown"])
def test_no_line_breaks_before_or_after_a_mark(
    marked: gf.Report, form: str, lang: str
) -> None:
    text = getattr(marked, form)(lang=lang)
    text = text.split("</style>")[-1] if form == "to_html" else text
    for found in re.finditer("[†‡§]", text):
        before, after = text[found.start() - 1], text[found.end()]
        # A text that explains it begins with it; others end with it.
        assert "\u00a0" in (before, after)


def test_a_mark_of_a_place_is_not_that_of_a_verdict(
    marked: gf.Report,
) -> None:
    page = Page(marked.to_html())
    states = page.tables["What each source maps there at the end of the day"]
    claims = page.tables["What was said, and what the map of that day says"]
    for rows, own, not_own in ((states, "§", "†"), (claims, "†", "§")):
        assert own in str(rows[1:])
        assert not_own not in str(rows[1:])


# ---- definitions


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("front line: where occupied", "need not sum to 100\u00a0%")),
        (
            "uk",
            ("лінія фронту: де окупована", "може не дорівнювати 100\u00a0%"),
        ),
    ],
)
def test_front_line_and_rounding_are_defined(
    marked: gf.Report, lang: str, words: tuple[str, str]
) -> None:
    told = section(marked.to_html(lang=lang), "definitions")
    for each in words:
        assert each.replace("\u00a0", " ") in told.replace("\u00a0", " ")


# ---- copies


@pytest.mark.parametrize(
    "name", ["brief", "claims", "distances", "maps", "sources"]
)
def test_a_copy_is_called_one_where_sources_are_counted(
    copied: gf.Report, name: str
) -> None:
    assert NOT_ONE in section(copied.to_html(), name)


def test_a_copy_is_called_one_at_the_head_of_columns(
    copied: gf.Report,
) -> None:
    page = Page(copied.to_html())
    claims = page.tables["What was said, and what the map of that day says"]
    assert claims[0][3:6] == ["DeepStateMap", COPY, "owlmaps"]
    near = page.tables["To occupied ground, by source, km"]
    assert near[0][1:] == ["DeepStateMap", COPY, "owlmaps"]


def test_a_copy_s_agreement_is_no_news(copied: gf.Report) -> None:
    told = section(copied.to_html(), "brief")
    assert f"DeepStateMap and {COPY} disagree" not in told
    assert (
        "DeepStateMap and Project Owl's Ukraine control map disagree" in told
    )
    # The JSON tells of all pairs, and whose copy it is.
    assert len(copied.tables["agreement"]) == 3
    rows = copied.to_dict()["sources"]
    assert [row["made_from"] for row in rows] == [None, "deepstate", None]


def test_without_a_copy_nothing_is_said_of_one(marked: gf.Report) -> None:
    assert "independent source" not in marked.to_html()


# ---- close maps

CLOSE = _report_maps._around(38.2, 48.9)


def grown(times: float, east: float = 0.0, north: float = 0.0) -> Any:
    """Bounds of a close map, larger or elsewhere, in its own widths."""
    west, south, right, top = CLOSE
    wide, high = right - west, top - south
    return _report_maps._around(38.2 + east * wide, 48.9 + north * high, times)


@pytest.mark.parametrize(
    ("bounds", "count"),
    [
        (grown(1.0), 1),
        (grown(1.0, east=0.5), 1),
        (grown(1.3, north=0.4), 1),
        (grown(1.0, east=0.8), 2),
        (grown(1.0, east=0.6, north=0.6), 2),
        # A detail of what another one shows as a whole.
        (grown(4.0), 2),
    ],
)
def test_close_maps_that_look_alike_are_one(bounds: Any, count: int) -> None:
    first, second = _report_maps._Close(CLOSE), _report_maps._Close(bounds)
    views = _report_maps._with([first], second)
    assert len(views) == count
    whole = shapely.union_all([shapely.box(*view.bounds) for view in views])
    for view in (first, second):
        assert whole.buffer(1e-6).covers(shapely.box(*view.bounds))


def test_close_maps_are_joined_until_none_look_alike() -> None:
    views: list[Any] = []
    for east in (0.0, 0.9, 0.45):
        views = _report_maps._with(
            views, _report_maps._Close(grown(1.0, east=east))
        )
    assert len(views) == 1


def test_a_place_with_claims_and_the_change_beside_it_are_one_map(
    box_snapshot: Callable[..., gf.Snapshot],
) -> None:
    place = gf.places.BILOHORIVKA
    x, y = place.longitude, place.latitude
    # As wide as the frame, 11 km to the north: just outside of it.
    change = (x - 0.19, y + 0.095, x + 0.19, y + 0.105)
    before = box_snapshot(
        (x - 0.19, y + 0.105, x + 0.19, y + 0.3), day=dt.date(2025, 2, 20)
    )
    after = box_snapshot((x - 0.19, y + 0.095, x + 0.19, y + 0.3))
    claims = gf.read_claims(CLAIMS).head(1)
    history = gf.History([before, after])
    words = Page(gf.report(history, claims=claims).to_html()).words
    assert "1. Around Bilohorivka, within this frame: " in words
    assert "2. Around" not in words
    moved = area_km2(shapely.box(*change))
    assert f"occupied {moved:,.2f} km²." in words


def test_a_close_map_is_called_by_the_places_with_claims(
    example: gf.History,
) -> None:
    claim = gf.read_claims(CLAIMS).head(1)
    beside = claim.assign(place="UA44120050100087194")
    claims = pd.concat([claim, beside], ignore_index=True)
    page = Page(gf.report(example, DAY, claims=claims).to_html())
    assert "1. Around Bilohorivka, Zolotarivka, within" in page.words


# ---- Ukrainian

ENDS = {"since": "2025-02-17", "until": DAY}


def test_the_sentence_is_ukrainian_with_the_same_figures(
    marked: gf.Report,
) -> None:
    (row,) = marked.to_dict()["explain"]
    told = section(marked.to_html(lang="uk"), "check")
    assert "According to" not in told
    assert "За даними джерела «marked», окупована площа (Україна" in told
    figures = re.findall(r"(\d+\.\d\d) km²", row["sentence"])
    # Net, gained, lost, and what is in doubt.
    assert len(figures) == 4
    for figure in figures:
        assert f"{figure.replace('.', ',')} км²" in told
    assert "від кінця 17 лютого 2025\u00a0року до кінця 24 лютого" in told
    for name in ("since_snapshot", "until_snapshot"):
        assert row[name] in told
    assert row["since_digest"][:16] in told
    assert "km²" not in told
    assert "Злам методу" in told
    # JSON has no language.
    assert row["sentence"].startswith("According to marked,")


def test_the_english_sentence_is_that_of_the_function(
    marked: gf.Report,
) -> None:
    (row,) = marked.to_dict()["explain"]
    assert row["sentence"] in section(marked.to_html(), "check")


@pytest.mark.parametrize("days", [1, 2])
def test_what_else_is_to_be_known_is_ukrainian(
    example: gf.History, days: int
) -> None:
    ends = example.at("2025-02-19"), example.at("2025-02-24")
    record = gf.explain(example, **ENDS).to_dict("records")[0] | {
        "since": pd.Timestamp(2025, 2, 19 + days),
        "complete": False,
        "method_break": True,
        "grey_zone_net_km2": float("nan"),
    }
    for doubt in (1234.5, float("nan")):
        told = cautions(record | {"break_km2": doubt}, ends, "uk")
        assert len(told) == 4
        assert not re.search("[A-Za-z]", " ".join(told))
        assert ("1\u00a0234,50 км²" in told[2]) == (doubt == 1234.5)
        assert str(days) in told[0].replace("2025", "")
    assert len(cautions(record | {"break_km2": 1.0}, ends)) == 4


@pytest.mark.parametrize(
    ("net", "english", "ukrainian"),
    [
        (1.5, "grew by 1.50 km²", "збільшилася на 1,50 км²"),
        (-1.5, "shrank by 1.50 km²", "зменшилася на 1,50 км²"),
        (0.001, "did not change on balance", "у підсумку не змінилася"),
    ],
)
def test_growth_and_loss_are_told_in_both_languages(
    example: gf.History, net: float, english: str, ukrainian: str
) -> None:
    ends = example.at("2025-02-17"), example.at(DAY)
    record = gf.explain(example, **ENDS).to_dict("records")[0]
    record["occupied_net_km2"] = net
    assert english in sentence(record, ends)
    assert ukrainian in sentence(record, ends, "uk")
    by_region = record | {"region": "Area", "region_id": "A"}
    assert "(Area, Україна" in sentence(by_region, ends, "uk")
    assert as_sentence("one, two.") == "One, two."


def test_days_within_sentences_have_their_year(marked: gf.Report) -> None:
    words = Page(marked.to_html(lang="uk")).words
    months = "січня|лютого|березня"
    days = re.findall(rf"\d (?:{months}) 2025", words)
    assert len(days) > 20
    assert len(days) == len(
        re.findall(rf"\d (?:{months}) 2025\u00a0року", words)
    )
    assert "Фронт станом на 24 лютого 2025\u00a0року" in words
    # In tables they are short.
    assert "17.02.2025" in words


FILLED = {
    "area": "1,234.5",
    "days": "3",
    "part": "16%",
    "times": "7",
    "count": "1,250",
    "hours": "48.0",
    "city": "Kerch",
    "what": "3 features",
    "note": _reasons.REDRAWN.format(part="40%"),
    "how": _reasons.NO_ADVANCE,
}


@pytest.mark.parametrize("reason", REASONS)
def test_reasons_are_told_in_ukrainian(reason: str) -> None:
    written = reason.format(**FILLED)
    told = told_reason(written, "uk")
    assert told is not None
    assert not re.search("[A-Za-z]", re.sub("isw(_claimed)?", "", told))
    fields = re.findall(r"{(\w+)}", reason)
    numbers = {"area": "1\u00a0234,5", "part": "16\u00a0%", "hours": "48,0"}
    for name in set(fields) & set(numbers):
        assert numbers[name] in told
    assert told_reason(written, "en") == written


def test_several_reasons_are_told_one_by_one() -> None:
    one, other_one = "the grey zone begins to be drawn", FILLED["note"]
    told = told_reason(f"{one}; {other_one}", "uk")
    assert told == f"{CATALOGUE[one]}; {told_reason(other_one, 'uk')}"
    assert told_reason(f"{one}; somebody's own words", "uk") is None
    assert told_reason("no longer: somebody's own words", "uk") is None


def test_reasons_are_ukrainian_on_the_page(
    box_snapshot: Callable[..., gf.Snapshot],
) -> None:
    whole = box_snapshot((36.0, 48.0, 38.0, 49.0), day=dt.date(2025, 2, 23))
    less = box_snapshot((36.5, 48.0, 38.0, 49.0))
    html = gf.report(gf.History([whole, less])).to_html(lang="uk")
    (notes,) = [
        rows
        for caption, rows in Page(html).tables.items()
        if caption.startswith("Виявлено")
    ]
    assert any("накреслило інакше" in cell for row in notes for cell in row)
    assert "окупована площа одразу зменшується на 25\u00a0%" in html
    assert "shrinks" not in html


def test_somebody_s_own_words_stay_and_are_marked(marked: gf.Report) -> None:
    html = marked.to_html(lang="uk")
    assert '<span lang="en">a part is missing</span>' in html


def test_the_territory_is_named_in_the_language(example: gf.History) -> None:
    plain = gf.History(
        gf.Snapshot("plain", item.published_at, item.occupied)
        for item in example
    )
    told = section(gf.report(plain, DAY).to_html(lang="uk"), "check")
    assert f"окупована площа ({CATALOGUE[TERRITORY]}) з" in told
    covered = section(gf.report(example, DAY).to_html(lang="uk"), "check")
    km2 = number_text(example.at(DAY).areas()["denominator_km2"], 0, "uk")
    assert f"у межах {km2} км², які охоплюють обидві карти)" in covered


# ---- ages


def aged(source: str, hours: float) -> gf.Snapshot:
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)
    return gf.Snapshot(
        source,
        moment.replace(microsecond=0),
        shapely.box(38.0, 48.0, 38.4, 48.4),
    )


@pytest.mark.parametrize(
    ("beside", "told"), [((1,), None), ((30,), "30 h"), ((1, 50), "50 h")]
)
def test_older_sources_set_beside_are_told(
    beside: tuple[float, ...], told: str | None, tmp_path: Path
) -> None:
    store = gf.Store(tmp_path / "store")
    store.append([aged("main", 2)])
    for number, hours in enumerate(beside):
        store.append([aged(f"other{number}", hours)])
    output = tmp_path / "brief.json"
    call = ["report", str(store.path), "--source", "main", "-o", str(output)]
    result = CliRunner().invoke(main, [*call, "--max-age", "24h"])
    assert result.exit_code == 0, result.output
    assert output.exists()
    assert ("--max-age" in result.stderr) == (told is not None)
    if told is not None:
        assert f"other{len(beside) - 1}@" in result.stderr
        assert f"is {told} old" in result.stderr
        assert "main@" not in result.stderr
        assert "set beside all the same" in result.stderr
    without = CliRunner().invoke(main, call)
    assert "--max-age" not in without.stderr


def test_an_old_main_source_is_refused(tmp_path: Path) -> None:
    store = gf.Store(tmp_path / "store")
    for source, hours in (("main", 30), ("other", 1)):
        store.append([aged(source, hours)])
    output = tmp_path / "brief.json"
    call = ["report", str(store.path), "--source", "main", "-o", str(output)]
    result = CliRunner().invoke(main, [*call, "--max-age", "24h"])
    assert result.exit_code == 1
    assert "main@" in result.stderr
    assert not output.exists()


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_it_is_said_when_no_map_seems_redrawn(
    marked: gf.Report, copied: gf.Report, lang: str
) -> None:
    english = (
        "No step was found in which a source seems to have drawn otherwise."
    )
    told = english if lang == "en" else CATALOGUE[english]
    assert told in section(copied.to_html(lang=lang), "notes")
    assert told not in section(marked.to_html(lang=lang), "notes")
