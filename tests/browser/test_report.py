"""The brief in a real browser: quiet, legible, and deaf to hostile text."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely
from brief_page import redrawn
from browser.conftest import DESKTOP, Opened
from browser.test_render import PAYLOADS, PHONE, assert_harmless

import geofront as gf
from geofront._words import printable
from geofront.sources import SOURCES, SourceInfo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

CLAIMS = Path(__file__).parents[2] / "data/claims/2025-02-24_bilohorivka.csv"
DAY = dt.date(2025, 2, 24)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@pytest.fixture(scope="module")
def open_page(
    browser: "Browser", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Opened]]:
    """Function that opens the text of a page."""
    context = browser.new_context()
    folder = tmp_path_factory.mktemp("briefs")

    def open_(html: str, size: tuple[int, int] = DESKTOP) -> Opened:
        path = folder / f"{abs(hash(html))}.html"
        path.write_text(html, encoding="utf-8")
        opened = Opened(context.new_page())
        width, height = size
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.goto(path.as_uri())
        return opened

    yield open_
    context.close()


@pytest.fixture(scope="module")
def brief(example: gf.History) -> gf.Report:
    return gf.report(example, DAY, claims=gf.read_claims(CLAIMS))


# ---- hostile text


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    """Page on which every text that anybody can write is a payload."""
    all_of_them = " ".join(PAYLOADS.values())
    info = SourceInfo(*(["hostile"] + [all_of_them] * 7))
    notes = [
        gf.Note(kind, payload, 1.0)
        for kind in ("remark", "method_break", "date", "dropped")
        for payload in PAYLOADS.values()
    ]
    history = gf.History(
        gf.Snapshot(
            "hostile",
            dt.datetime(2025, 2, day, 20, tzinfo=dt.UTC),
            [shapely.box(38.0 - 0.01 * day, 48.5, 38.5, 49.2)],
            [shapely.box(37.5, 48.5, 38.0 - 0.01 * day, 49.2)],
            notes=notes,
        )
        for day in (17, 23, 24)
    )
    places = [
        gf.Place(
            payload,
            f"own-{name}",
            37.78,
            48.55 + 0.04 * number,
            oblast=payload,
            raion=payload,
            name_uk=payload,
            population=1000,
        )
        for number, (name, payload) in enumerate(PAYLOADS.items())
    ]
    claims = pd.DataFrame(
        [
            (pd.Timestamp(DAY), f"own-{name}", "held", payload, url)
            for name, payload in PAYLOADS.items()
            for url in (payload, f"https://example.org/{payload}")
        ],
        columns=["date", "place", "state", "claimant", "url"],
    )
    with pytest.MonkeyPatch.context() as patch:
        kind = type("Hostile", (), {"info": info})
        patch.setattr(SOURCES, "_kinds", {**SOURCES._kinds, "hostile": kind})
        brief = gf.report(
            history, DAY, claims=claims, places=places, among=places
        )
        yield brief.to_html(lang="uk")


@pytest.mark.parametrize("guarded", [True, False])
def test_hostile_text_is_shown_and_does_nothing(
    open_page: Callable[..., Opened], hostile: str, guarded: bool
) -> None:
    bare, count = POLICY.subn("", hostile)
    assert count == 1
    # Without the policy too: escaping does not rely on it.
    opened = open_page(hostile if guarded else bare)
    assert_harmless(opened)
    assert opened.page.locator("script, img, iframe").count() == 0
    shown = opened.page.locator("body").text_content() or ""
    read = " ".join(shown.split())
    for payload in PAYLOADS.values():
        # Title, terms, notes, place, region, who says so.
        assert read.count(printable(payload)) >= 12
    links = opened.page.locator("a").evaluate_all(
        "all => all.map(each => each.protocol)"
    )
    assert set(links) == {"https:"}


# ---- what readers see


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_page_is_quiet_and_as_wide_as_the_screen(
    open_page: Callable[..., Opened],
    brief: gf.Report,
    size: tuple[int, int],
    lang: str,
) -> None:
    opened = open_page(brief.to_html(lang=lang), size)
    assert (opened.requests, opened.messages) == ([], [])
    width = opened.page.evaluate("document.documentElement.scrollWidth")
    assert width == size[0]
    maps = opened.boxes("svg[role=img]")
    assert len(maps) >= 2
    assert all(box["width"] > 300 for box in maps)


# Marks that stand on another line than the text that they follow.
ALONE = """() => {
    const walker = document.createTreeWalker(
        document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const top = (node, at) => {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().top;
    };
    const found = {marks: 0, alone: []};
    while (walker.nextNode()) {
        const node = walker.currentNode;
        for (const {index} of node.data.matchAll(/(?<=\\S\\s)[*†‡§]/g)) {
            if (node.data[index + 1] === "\\u00a0") continue;
            found.marks += 1;
            if (Math.abs(top(node, index) - top(node, index - 2)) > 3)
                found.alone.push(node.data);
        }
    }
    return found;
}"""


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_no_mark_stands_alone_on_a_phone(
    open_page: Callable[..., Opened], example: gf.History, lang: str
) -> None:
    history = redrawn(example, "example")
    brief = gf.report(history, DAY, claims=gf.read_claims(CLAIMS))
    opened = open_page(brief.to_html(lang=lang), PHONE)
    for width in range(320, 440, 4):
        opened.page.set_viewport_size({"width": width, "height": 800})
        found = opened.page.evaluate(ALONE)
        assert found["marks"] > 20
        assert found["alone"] == []


def test_nothing_is_cut_off_in_print(
    open_page: Callable[..., Opened], brief: gf.Report
) -> None:
    # As wide as a sheet of A4 less its margins.
    for lang in ("en", "uk"):
        opened = open_page(brief.to_html(lang=lang), (688, 900))
        opened.page.emulate_media(media="print")
        assert max(box["right"] for box in opened.boxes("table")) <= 689


def test_a_map_can_be_told_without_colour(
    open_page: Callable[..., Opened], brief: gf.Report
) -> None:
    # Without its policy, so that the picture of it can be looked at.
    opened = open_page(POLICY.sub("", brief.to_html()))
    opened.page.add_style_tag(content="html { filter: grayscale(1) }")
    (key, *_) = opened.boxes(".keys li:nth-child(2) svg")
    x, y = int(key["x"]), int(key["y"])
    opened.page.evaluate(f"scrollTo(0, {y - 300})")
    (key, *_) = opened.boxes(".keys li:nth-child(2) svg")
    x, y = int(key["x"]) + 5, int(key["y"]) + 3
    # Hatching: light and dark within a few pixels.
    assert opened.contrast(x, y, 10) > 90


def test_every_map_has_a_name(
    open_page: Callable[..., Opened], brief: gf.Report
) -> None:
    opened = open_page(brief.to_html())
    for number in range(opened.page.locator("svg[role=img]").count()):
        drawing = opened.page.locator("svg[role=img]").nth(number)
        assert drawing.locator("title").text_content()
