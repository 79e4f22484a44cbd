"""Pages of a history in a real browser: what they draw, say and obey."""

import csv
import datetime as dt
import io
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import pytest
import shapely
from browser.conftest import DESKTOP, MAP
from browser.test_render import (
    PAYLOADS,
    PHONE,
    as_shown,
    assert_harmless,
    assert_room,
    inner_point,
)

import geofront as gf
from geofront.geodesy import area_km2
from geofront.maps import palette

pytestmark = pytest.mark.browser

PAGE = f"({MAP}).geofront"
Open = Callable[..., Any]


def ready(opened: Any) -> Any:
    opened.page.wait_for_function(f"{PAGE} !== undefined")
    return opened


def ask(opened: Any, script: str) -> Any:
    """Value of a script in which `page` is the page of the history."""
    return opened.page.evaluate(f"() => {{ const page = {PAGE}; {script} }}")


def quiet(opened: Any) -> None:
    assert (opened.requests, opened.messages) == ([], [])


def leave(opened: Any) -> None:
    quiet(opened)
    opened.page.close()


@pytest.fixture(scope="module")
def front(example: gf.History) -> gf.FrontMap:
    return gf.FrontMap(example, compare="2025-02-17")


@pytest.fixture(scope="module")
def kept(open_map: Open, front: gf.FrontMap) -> Any:
    return ready(open_map(front.map))


@pytest.fixture
def opened(kept: Any) -> Any:
    """The example's page, as it was when it opened."""
    kept.page.mouse.move(600, 3)
    ask(
        kept,
        """page.time.stop(); Object.assign(page.scene, {swipe: null});
        if (page.swipe.box) page.swipe.box.checked = false;
        for (const name of page.about.keys) page.toggle(name, true);
        page.compare("fixed"); page.show(page.model.last); page.fit();
        document.activeElement.blur();""",
    )
    yield kept
    quiet(kept)


def day_shown(opened: Any) -> str:
    return opened.text(".geofront-day")


# ---- what is drawn


def rings(opened: Any, state: str, version: int) -> list[Any]:
    return ask(
        opened,
        f"""return page.model.rings("{state}", {version})
        .map(ring => page.model.arcs.degrees(ring))""",
    )


def drawn_km2(opened: Any, state: str, version: int) -> float:
    """Area of all rings by the even-odd rule."""
    total = shapely.MultiPolygon()
    for ring in rings(opened, state, version):
        polygon = shapely.make_valid(shapely.Polygon(ring))
        total = shapely.symmetric_difference(total, polygon)
    return area_km2(total)


def test_ten_dates_are_drawn_with_the_areas_that_are_computed(
    opened: Any, example: gf.History
) -> None:
    assert len(example) == 10
    for version, snapshot in enumerate(example):
        for state in ("occupied", "grey_zone", "coverage"):
            expected = area_km2(getattr(snapshot, state))
            assert drawn_km2(opened, state, version) == pytest.approx(
                expected, abs=0.1, rel=0
            )


def test_distances_are_those_of_proximity(
    opened: Any, example: gf.History
) -> None:
    near = gf.proximity(example, every="snapshot")
    found = ask(
        opened,
        """return page.about.places.map(place => page.about.days.map(
        (_, version) => page.model.approach(place, version)))""",
    )
    names = ask(opened, "return page.about.places.map(p => p.id)")
    for place, lines in zip(names, found, strict=True):
        rows = near[near.place_id == place].reset_index(drop=True)
        for row, line in zip(rows.itertuples(), lines, strict=True):
            if line is None:
                assert not row.occupied_km > 0
            else:
                assert line["km"] == pytest.approx(row.occupied_km, rel=2e-3)
                assert line["bearing"] == pytest.approx(
                    row.bearing_deg, abs=1.0
                )
    assert sum(line is not None for lines in found for line in lines) == 20


def colour_at(
    opened: Any, latitude: float, longitude: float, right: int = 0
) -> list[int]:
    return ask(
        opened,
        f"""const {{layer, painter}} = page; const pen = layer.statesPen;
        const [x, y] = painter.point(pen, {longitude}, {latitude});
        const dot = document.createElement("canvas").getContext("2d");
        dot.drawImage(pen.canvas, (x + {right}) * pen.ratio,
            y * pen.ratio, 1, 1, 0, 0, 1, 1);
        return [...dot.getImageData(0, 0, 1, 1).data]""",
    )


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def test_each_change_is_painted_in_its_colour(
    opened: Any, example: gf.History
) -> None:
    delta = gf.delta(example.at("2025-02-17"), example[-1])
    ask(opened, 'page.toggle("places", false)')
    seen = set()
    for row in delta.to_geodataframe().itertuples():
        if row.area_km2 < 0.1:
            continue
        latitude, longitude = inner_point(row.geometry)
        opened.view(latitude, longitude, 14)
        # One of them at least lies between two stripes, which are white.
        *found, alpha = min(
            (
                colour_at(opened, latitude, longitude, right)
                for right in (0, 4)
            ),
            key=sum,
        )
        away = {
            transition: sum(
                abs(a - b) for a, b in zip(found, rgb(fill), strict=True)
            )
            for transition, (fill, _) in palette.CHANGE.items()
        }
        assert min(away, key=away.get) == (row.from_state, row.to_state)
        assert alpha > 150
        seen.add((row.from_state, row.to_state))
    assert len(seen) >= 4


def test_what_did_not_change_is_not_painted_as_change(
    opened: Any, example: gf.History
) -> None:
    longitude, latitude = 38.35, 48.7
    assert shapely.covers(example[0].occupied, shapely.Point(38.35, 48.7))
    opened.view(latitude, longitude, 12)
    with_change = colour_at(opened, latitude, longitude)
    ask(opened, 'page.compare("none")')
    assert colour_at(opened, latitude, longitude) == with_change


def test_newly_mapped_is_not_newly_occupied(open_map: Open) -> None:
    field = shapely.box(37.0, 48.0, 38.0, 49.0)
    history = gf.History(
        gf.Snapshot(
            "test",
            dt.datetime(2025, 2, number, 20, tzinfo=dt.UTC),
            field,
            [],
            coverage=shapely.box(west, 47.9, 38.1, 49.1),
        )
        for number, west in enumerate((37.5, 36.9), 1)
    )
    opened = ready(
        open_map(gf.FrontMap(history, compare="2025-02-01", places=[]).map)
    )
    opened.view(48.5, 37.3, 9)
    newly_mapped = colour_at(opened, 48.5, 37.3)
    known_before = colour_at(opened, 48.5, 37.7)
    assert newly_mapped == known_before
    assert ask(opened, "return page.chart ?? page.time.chart.daily") == []
    leave(opened)


def test_states_can_be_switched_off(opened: Any) -> None:
    opened.view(48.7, 38.35, 11)
    assert colour_at(opened, 48.7, 38.35)[3] > 0
    opened.page.get_by_label("occupied", exact=False).first.uncheck()
    assert colour_at(opened, 48.7, 38.35)[3] == 0


def test_the_hatch_is_seen_without_colour(
    opened: Any, example: gf.History
) -> None:
    ask(opened, 'page.toggle("places", false); page.compare("none")')
    grey = max(example[-1].grey_zone.geoms, key=lambda part: part.area)
    opened.view(*inner_point(grey), 14)
    assert opened.contrast(585, 385, 30) > 80
    opened.view(*inner_point(example[-1].occupied), 14)
    assert opened.contrast(585, 385, 30) < 10


FAR = shapely.box(36.0, 48.0, 36.1, 48.1)
# So much that what changes elsewhere is no large part of the map.
LARGE = shapely.box(33.0, 46.6, 36.0, 47.8)


def test_lost_ground_is_striped_and_won_ground_is_not(open_map: Open) -> None:
    history = gf.History(
        gf.Snapshot(
            "test",
            dt.datetime(2025, 2, number, 20, tzinfo=dt.UTC),
            occupied,
            grey,
        )
        for number, (occupied, grey) in enumerate(
            (
                ([shapely.box(38.0, 48.0, 38.4, 48.4), LARGE], [FAR]),
                (
                    [
                        LARGE,
                        shapely.box(38.2, 48.0, 38.4, 48.2),
                        shapely.box(38.4, 48.0, 38.6, 48.4),
                    ],
                    [shapely.box(38.0, 48.2, 38.4, 48.4)],
                ),
            ),
            1,
        )
    )
    front = gf.FrontMap(history, compare="2025-02-01", places=[])
    opened = ready(open_map(front.map))
    ask(opened, 'page.toggle("grey_zone", false); page.fit()')
    for latitude, longitude, striped in (
        (48.1, 38.1, True),
        (48.3, 38.2, True),
        (48.2, 38.5, False),
        (48.1, 38.3, False),
    ):
        opened.view(latitude, longitude, 12)
        assert (opened.contrast(585, 385, 30) > 40) is striped
    keys = opened.page.locator(".geofront-change .geofront-key")
    assert keys.evaluate_all(
        """keys => keys.filter(key => getComputedStyle(key).backgroundImage
        !== "none").map(key => key.className.split("geofront-key-")[1])"""
    ) == ["occupied_grey_zone", "grey_zone_held", "occupied_held"]
    _, drawing = saved(opened, "svg")
    assert drawing.count(b'fill="url(#counter)"') == 4
    leave(opened)


# ---- what it says


def test_the_legend_tells_day_areas_and_source(
    opened: Any, example: gf.History
) -> None:
    row = gf.areas(example).iloc[-1]
    legend = opened.text(".geofront-legend")
    for text in (
        "28 February 2025",
        f"{row.occupied_km2:,.1f} km²",
        f"{row.grey_zone_km2:,.1f} km²",
        "17 February 2025 → 28 February 2025: occupied area, net +9.64 km²",
        "Source: example, published 28 Feb 2025, 21:59 UTC.",
        "Schematic",
        "Outside it the source says nothing",
    ):
        assert text in legend
    assert "OpenStreetMap" in opened.text(".geofront-credit")
    assert "km" in opened.text(".leaflet-control-scale")
    assert opened.page.title() == "example, 17 → 28 February 2025"


def test_net_change_is_told_over_spans(
    opened: Any, example: gf.History
) -> None:
    rows = opened.page.locator(".geofront-change tr")
    told = dict(
        rows.evaluate_all(
            "rows => rows.map(row => [...row.cells].map(c => c.textContent))"
        )
    )
    assert list(told) == ["1 day", "7 days"]
    delta = gf.delta(example.at("2025-02-21"), example.at("2025-02-28"))
    assert told["7 days"] == f"{delta.net_km2:+.2f} km²"
    assert told["1 day"] == "0.00 km²"


def test_another_span_may_be_compared_with(
    opened: Any, example: gf.History
) -> None:
    opened.page.get_by_label("Compare with").select_option("7")
    delta = gf.delta(example.at("2025-02-21"), example.at("2025-02-28"))
    assert f"net {delta.net_km2:+.2f} km²" in opened.text(".geofront-net")
    ask(opened, "page.show(1)")
    assert "has nothing for that day" in opened.text(".geofront-net")


def test_hovering_tells_state_area_place_and_what_was(
    opened: Any, example: gf.History
) -> None:
    opened.view(48.86, 38.09, 11)
    opened.hover(48.863, 38.10)
    hint = opened.text(".geofront-hint")
    assert "held" in hint
    assert "from Siversk" in hint
    changed = gf.delta(example[0], example[-1]).to_geodataframe().iloc[0]
    latitude, longitude = inner_point(changed.geometry)
    opened.view(latitude, longitude, 13)
    opened.hover(latitude, longitude)
    hint = opened.text(".geofront-hint")
    size = example[-1].areas()[f"{changed.to_state}_km2"]
    state = changed.to_state.replace("_", " ")
    assert f"{state}: {size:,.1f} km² in all" in hint
    assert (
        f"{changed.from_state.replace('_', ' ')} on 17 February 2025" in hint
    )
    assert re.search(r"\d km from \w", hint)
    opened.view(48.0, 36.0, 9)
    opened.hover(48.0, 36.0)
    opened.page.wait_for_selector(".geofront-hint", state="detached")


def test_without_a_grey_zone_the_hint_says_not_occupied(
    open_map: Open,
) -> None:
    history = gf.History(
        gf.Snapshot(
            "test",
            dt.datetime(2025, 2, number, 20, tzinfo=dt.UTC),
            shapely.box(west, 48.0, 38.5, 49.0),
        )
        for number, west in enumerate((38.0, 37.5), 1)
    )
    opened = ready(
        open_map(gf.FrontMap(history, compare="2025-02-01", places=[]).map)
    )
    opened.view(48.5, 37.7, 9)
    opened.hover(48.5, 37.75)
    assert "not occupied on 1 February 2025" in opened.text(".geofront-hint")
    opened.hover(48.5, 37.3)
    opened.page.wait_for_function(
        "document.querySelector('.geofront-hint').textContent"
        ".startsWith('not occupied')"
    )
    assert "held" not in opened.text(".geofront-legend")
    leave(opened)


def test_the_page_in_ukrainian(open_map: Open, example: gf.History) -> None:
    opened = ready(
        open_map(gf.FrontMap(example, compare="2025-02-17", lang="uk").map)
    )
    legend = opened.text(".geofront-legend").replace("\u00a0", " ")
    for text in ("28 лютого 2025", "окуповано", "3 010,8 км²", "+9,64 км²"):
        assert text in legend
    assert opened.page.locator("html").get_attribute("lang") == "uk"
    value = opened.page.get_by_label("Дата").get_attribute("aria-valuetext")
    assert "км²" in value
    for words in ("Наблизити", "Віддалити"):
        button = opened.page.get_by_label(words, exact=True)
        assert button.get_attribute("title") == words
    leave(opened)


# ---- time


def test_the_slider_is_linear_in_time(opened: Any) -> None:
    slider = opened.page.locator(".geofront-slider")
    box = slider.bounding_box()
    # The thumb's own width is not part of the scale.
    middle = box["x"] + 8 + 0.52 * (box["width"] - 16)
    opened.page.mouse.click(middle, box["y"] + box["height"] / 2)
    # Halfway from 17 to 28 February, not the fifth of ten snapshots.
    assert day_shown(opened) == "22 February 2025"
    ask(opened, "page.show(0)")
    assert slider.input_value() == "0"


def test_the_keyboard_goes_through_time(opened: Any) -> None:
    page = opened.page
    page.locator(".geofront-slider").focus()
    for key, day in (
        ("Home", "17 February 2025"),
        ("ArrowRight", "18 February 2025"),
        ("ArrowRight", "19 February 2025"),
        ("ArrowRight", "21 February 2025"),
        ("ArrowLeft", "19 February 2025"),
        ("End", "28 February 2025"),
        ("ArrowRight", "28 February 2025"),
        ("PageDown", "17 February 2025"),
        ("PageUp", "28 February 2025"),
    ):
        page.keyboard.press(key)
        assert day_shown(opened) == day, key


def test_a_month_crosses_a_longer_gap(open_map: Open) -> None:
    opened = ready(open_map(two_days_apart(140).map))
    for key, version in (("PageDown", 0), ("PageUp", 1), ("PageUp", 1)):
        opened.page.keyboard.press(key)
        assert ask(opened, "return page.scene.version") == version, key
    leave(opened)


def two_days_apart(days: int, **options: Any) -> gf.FrontMap:
    start = dt.datetime(2025, 1, 1, 20, tzinfo=dt.UTC)
    history = gf.History(
        gf.Snapshot(
            "test",
            start + dt.timedelta(days=after),
            shapely.box(37.9, 48.0, 38.5, 49.0),
        )
        for after in (0, days)
    )
    return gf.FrontMap(history, places=[], **options)


def test_with_shift_the_arrows_move_the_map(opened: Any) -> None:
    opened.page.locator(".leaflet-container").focus()
    centre = ask(opened, "return page.map.getCenter().lng")
    opened.page.keyboard.press("Shift+ArrowRight")
    opened.page.wait_for_function(f"{PAGE}.map.getCenter().lng > {centre}")
    assert day_shown(opened) == "28 February 2025"


def test_keys_work_from_the_page_and_from_the_map(opened: Any) -> None:
    opened.page.keyboard.press("Home")
    assert day_shown(opened) == "17 February 2025"
    opened.page.locator(".leaflet-container").focus()
    centre = ask(opened, "return page.map.getCenter().lng")
    opened.page.keyboard.press("ArrowRight")
    assert day_shown(opened) == "18 February 2025"
    assert ask(opened, "return page.map.getCenter().lng") == centre
    opened.page.get_by_label("Compare with").focus()
    opened.page.keyboard.press("End")
    assert day_shown(opened) == "18 February 2025"


def test_space_plays_and_pauses(opened: Any) -> None:
    page = opened.page
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    assert page.get_by_label("Pause").is_visible()
    page.wait_for_function(f"{PAGE}.scene.version >= 2")
    page.keyboard.press(" ")
    assert page.get_by_label("Play").is_visible()
    stopped = ask(opened, "return page.scene.version")
    page.wait_for_timeout(300)
    assert ask(opened, "return page.scene.version") == stopped < 9


def test_play_ends_at_the_last_day(opened: Any) -> None:
    ask(opened, "page.show(7)")
    opened.page.get_by_label("Play").click()
    opened.page.wait_for_function(f"{PAGE}.scene.version === 9")
    opened.page.get_by_label("Play").wait_for()
    assert day_shown(opened) == "28 February 2025"


def test_nothing_plays_by_itself_and_calm_readers_get_calm_steps(
    browser: Any, front: gf.FrontMap, tmp_path: Path
) -> None:
    front.save(tmp_path / "calm.html")
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto((tmp_path / "calm.html").as_uri())
    page.wait_for_function(f"{PAGE} !== undefined")
    assert page.evaluate(f"{PAGE}.time.timer") is None
    assert page.evaluate(f"({MAP}).options.zoomAnimation") is False
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    page.wait_for_timeout(500)
    assert page.evaluate(f"{PAGE}.scene.version") == 0
    context.close()


def test_screen_readers_hear_date_and_area(
    opened: Any, example: gf.History
) -> None:
    slider = opened.page.locator(".geofront-slider")
    ask(opened, "page.show(0)")
    area = example[0].areas()["occupied_km2"]
    assert slider.get_attribute("aria-valuetext") == (
        f"17 February 2025, occupied {area:,.1f} km²"
    )
    assert slider.get_attribute("aria-label") == "Date"
    chart = opened.page.locator(".geofront-chart canvas")
    assert "between 3,001.2 km² and 3,010.8 km²" in chart.get_attribute(
        "aria-label"
    )
    whole = opened.page.get_by_role("region", name="Map: example")
    assert whole.get_attribute("tabindex") == "0"
    controls = opened.page.locator("button, select, input, summary, a")
    names = controls.evaluate_all(
        """all => all.filter(e => e.offsetParent).map(e =>
        e.ariaLabel || e.labels?.[0]?.textContent || e.textContent
        || e.title)"""
    )
    assert all(name.strip() for name in names)


def test_the_chart_is_clicked_to_go_to_a_day(opened: Any) -> None:
    box = opened.page.locator(".geofront-chart canvas").bounding_box()
    opened.page.mouse.click(box["x"] + box["width"] - 8, box["y"] + 30)
    assert day_shown(opened) == "28 February 2025"
    opened.page.mouse.click(box["x"] + 60, box["y"] + 30)
    assert day_shown(opened) == "17 February 2025"


def test_a_chart_of_nothing_is_not_shown(open_map: Open) -> None:
    for days, charts in ((140, 0), (4, 0), (3, 1)):
        opened = ready(open_map(two_days_apart(days).map))
        assert len(opened.boxes(".geofront-chart")) == charts
        leave(opened)


def test_daily_bars_are_net_changes_between_neighbouring_days(
    opened: Any, example: gf.History
) -> None:
    bars = ask(opened, "return page.time.chart.daily.map(bar => bar.net)")
    expected = [gf.delta(a, b).net_km2 for a, b in itertools.pairwise(example)]
    assert bars == pytest.approx(expected, abs=1e-3)


# ---- comparison


def test_a_divider_swipes_between_two_days(
    opened: Any, example: gf.History
) -> None:
    changed = gf.delta(example[0], example[-1]).to_geodataframe().iloc[0]
    latitude, longitude = inner_point(changed.geometry)
    ask(opened, 'page.toggle("places", false)')
    opened.view(latitude, longitude, 13)
    opened.page.get_by_label("Swipe between").first.check()
    divider = opened.page.locator(".geofront-swipe")
    divider.focus()
    opened.page.keyboard.press("End")
    before = colour_at(opened, latitude, longitude)
    opened.page.keyboard.press("Home")
    after = colour_at(opened, latitude, longitude)
    assert before != after
    assert "17 Feb 2025" in opened.text(".geofront-left")
    assert "28 Feb 2025" in opened.text(".geofront-right")
    assert divider.get_attribute("aria-valuetext") == (
        "17 Feb 2025: 0 %, 28 Feb 2025: 100 %"
    )
    assert day_shown(opened) == "28 February 2025"
    ask(opened, "page.scene.swipe = null; page.compare('none')")
    assert colour_at(opened, latitude, longitude) == after


# ---- links, files, paper


def test_a_link_brings_back_day_view_and_change(
    open_map: Open, example: gf.History, front: gf.FrontMap
) -> None:
    opened = ready(open_map(front.map))
    opened.view(48.86, 38.09, 11)
    opened.page.keyboard.press("Home")
    opened.page.keyboard.press("ArrowRight")
    opened.page.get_by_label("Compare with").select_option("1")
    opened.page.wait_for_function("location.hash.includes('change=1')")
    address = opened.page.url
    assert "at=2025-02-18T21:59:59Z" in address
    other = opened.page.context.new_page()
    other.goto(address)
    other.wait_for_function(f"{PAGE} !== undefined")
    state = f"""() => {{ const {{scene, map}} = {PAGE};
        return [scene.version, scene.change, map.getZoom(),
            map.getCenter().lat.toFixed(3)]; }}"""
    assert other.evaluate(state) == [1, "1", 11, "48.860"]
    # Long enough for the address to be written again.
    other.wait_for_timeout(500)
    assert other.url == address
    link = other.locator(".geofront-link")
    assert address.endswith(link.get_attribute("href"))
    other.close()
    leave(opened)


@pytest.mark.parametrize(
    "asked",
    [
        "#at=never&view=1,2&change=9",
        *("#view=NaN,0,5", "#%", "#at=1066-10-14"),
        *("#view=48.7,38,99", "#view=48.7,38,-9"),
    ],
)
def test_a_senseless_link_is_harmless(
    browser: Any, front: gf.FrontMap, tmp_path: Path, asked: str
) -> None:
    front.save(tmp_path / "page.html")
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri() + asked)
    page.wait_for_function(f"{PAGE} !== undefined")
    assert page.locator(".geofront-day").text_content().endswith("2025")
    assert 0 <= page.evaluate(f"({MAP}).getZoom()") <= 16
    assert faults == []
    page.close()


def saved(opened: Any, tool: str) -> tuple[str, bytes]:
    """Name and bytes of the file that a tool gives."""
    ask(opened, "page.tools.box.open = true")
    with opened.page.expect_download() as download:
        opened.page.locator(f".geofront-{tool}").click()
    ask(opened, "page.tools.box.open = false")
    path = download.value.path()
    return download.value.suggested_filename, Path(path).read_bytes()


def test_the_picture_shows_what_the_map_shows(opened: Any) -> None:
    name, data = saved(opened, "png")
    assert name == "example-2025-02-28.png"
    assert data.startswith(b"\x89PNG")
    width, height = (
        int.from_bytes(data[at : at + 4], "big") for at in (16, 20)
    )
    assert (width, height) == (2400, 1600)
    assert len(data) > 50_000


def test_the_drawing_is_svg_in_named_groups(opened: Any) -> None:
    name, data = saved(opened, "svg")
    assert name == "example-2025-02-28.svg"
    root = ET.fromstring(data)
    groups = [
        group.get("id")
        for group in root.iter("{http://www.w3.org/2000/svg}g")
        if group.get("id")
    ]
    for group in (
        *("land", "oblasts", "rivers", "occupied", "grey_zone", "coverage"),
        *("change", "front", "distances", "names", "furniture"),
    ):
        assert group in groups
    text = " ".join(root.itertext())
    for words in (
        *("28 February 2025", "Siversk", "Schematic", "OpenStreetMap"),
        *("3,010.8 km²", "grey zone → occupied", "10 km"),
    ):
        assert words in text


def test_the_table_is_the_series(opened: Any, example: gf.History) -> None:
    name, data = saved(opened, "csv")
    assert name == "example-2025-02-28.csv"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    areas = gf.areas(example, every="snapshot")
    assert [row["date"] for row in rows] == [
        str(day.date()) for day in areas.date
    ]
    assert rows[0]["published_at"] == "2025-02-17T21:59:59Z"
    assert [float(row["occupied_km2"]) for row in rows] == pytest.approx(
        areas.occupied_km2.to_list(), abs=1e-4
    )


def test_the_map_fills_the_screen_and_leaves_it(opened: Any) -> None:
    ask(opened, "page.tools.box.open = true")
    button = opened.page.locator(".geofront-full")
    button.click()
    opened.page.wait_for_function("document.fullscreenElement !== null")
    button.click()
    opened.page.wait_for_function("document.fullscreenElement === null")
    ask(opened, "page.tools.box.open = false")


def test_on_paper_there_are_no_controls(opened: Any) -> None:
    opened.page.emulate_media(media="print")
    controls = ".geofront-time, .geofront-tools, input, select"
    assert opened.boxes(controls) == []
    credit = opened.page.locator(".leaflet-bottom.leaflet-right")
    bottom = credit.evaluate("box => getComputedStyle(box).bottom")
    assert bottom == "0px"
    assert opened.boxes(".geofront-legend")
    opened.page.emulate_media(media="screen")


# ---- where it is shown


def test_the_page_asks_for_nothing_and_complains_of_nothing(
    open_map: Open, front: gf.FrontMap, opened: Any
) -> None:
    phone = ready(open_map(front.map, PHONE))
    for shown in (phone, opened):
        ask(
            shown,
            """for (let v = page.model.last; v >= 0; v--) page.show(v);
            page.map.setZoom(12); page.map.setZoom(5);""",
        )
        shown.page.wait_for_timeout(100)
        quiet(shown)
    phone.page.close()


FURNITURE = (
    ".geofront-legend, .geofront-time, .geofront-tools, .geofront-credit, "
    ".leaflet-control-scale, .leaflet-control-zoom, "
    ".leaflet-control-attribution"
)


def test_what_lies_around_the_map_leaves_each_other_room(
    open_map: Open, front: gf.FrontMap, opened: Any
) -> None:
    phone = ready(open_map(front.map, PHONE))
    for shown, size in ((opened, DESKTOP), (phone, PHONE)):
        boxes = shown.boxes(FURNITURE)
        assert len(boxes) >= 6
        assert_room(boxes, size)
    leave(phone)


def test_the_map_is_fitted_beside_the_legend_and_above_the_time(
    opened: Any, example: gf.History
) -> None:
    west, south, east, north = example[-1].coverage.bounds
    corners = ask(
        opened,
        f"""return [[{north}, {west}], [{south}, {east}]].map(corner => {{
            const {{x, y}} = page.map.latLngToContainerPoint(corner);
            return [x, y];
        }})""",
    )
    (left, top), (right, bottom) = corners
    (legend,) = opened.boxes(".geofront-legend")
    (time,) = opened.boxes(".geofront-time")
    assert left >= legend["right"]
    assert top >= 0
    assert right <= 1200
    assert bottom <= time["top"]
    assert bottom - top > 350


def test_a_phone_starts_with_the_map_and_unfolds_the_rest(
    open_map: Open, front: gf.FrontMap
) -> None:
    phone = ready(open_map(front.map, PHONE))
    covered = sum(
        box["width"] * box["height"] for box in phone.boxes(FURNITURE)
    )
    assert covered < 0.25 * PHONE[0] * PHONE[1]
    assert not phone.page.get_by_text("front line").is_visible()
    phone.page.locator(".geofront-legend summary").click()
    assert phone.page.get_by_text("front line").is_visible()
    phone.page.locator(".geofront-legend summary").click()
    phone.page.locator(".geofront-chart summary").click()
    assert phone.page.locator(".geofront-chart canvas").is_visible()
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]
    leave(phone)


@pytest.mark.parametrize("size", [PHONE, (700, 490), (740, 360)])
def test_where_there_is_little_room_the_map_has_most_of_it(
    open_map: Open, front: gf.FrontMap, example: gf.History, size: Any
) -> None:
    small = ready(open_map(front.map, size))
    assert not small.page.get_by_text("front line").is_visible()
    west, south, east, north = example[-1].coverage.bounds
    wide, high, zoom, most = ask(
        small,
        f"""const corners = [[{north}, {west}], [{south}, {east}]];
        const [a, b] = corners.map(at => page.map.latLngToContainerPoint(at));
        return [b.x - a.x, b.y - a.y, page.map.getZoom(),
            page.map.getBoundsZoom(corners)];""",
    )
    assert wide > 0.8 * size[0] or high > 0.5 * size[1]
    assert most - zoom <= 1.25
    small.page.locator(".geofront-legend summary").click()
    (legend,) = small.boxes(".geofront-legend")
    for credit in small.boxes(".geofront-credit") if size != PHONE else []:
        assert credit["left"] >= legend["right"]
    leave(small)


def test_one_day_has_no_time(open_map: Open, example: gf.History) -> None:
    opened = ready(open_map(gf.FrontMap(example[-1:]).map))
    assert opened.boxes(".geofront-time") == []
    assert day_shown(opened) == "28 February 2025"
    assert opened.page.get_by_label("Compare with").count() == 0
    leave(opened)


def test_layers_of_folium_lie_above_the_history(
    open_map: Open, example: gf.History
) -> None:
    front = gf.FrontMap(example)
    gf.map_places(gf.places.SIVERSK).add_to(front.map)
    folium.Marker((48.7, 38.0), popup="Said <b>aloud</b>.").add_to(front.map)
    opened = ready(open_map(front.map))
    assert "Siversk" in opened.text(".geofront-label")
    opened.page.locator(".leaflet-marker-icon").click()
    assert opened.text(".leaflet-popup-content b") == "aloud"
    leave(opened)


def test_inside_another_page_the_wheel_scrolls_past(
    browser: Any, example: gf.History, tmp_path: Path
) -> None:
    gf.FrontMap(example, embed=True).save(tmp_path / "inner.html")
    (tmp_path / "outer.html").write_text(
        """<script>addEventListener("message", e => window.told = e.data)
        </script><iframe src="inner.html" width="700" height="500"></iframe>
        <div style="height: 3000px"></div>"""
    )
    page = browser.new_page()
    page.goto((tmp_path / "outer.html").as_uri())
    page.wait_for_function("window.told !== undefined")
    assert page.evaluate("window.told") == {
        "geofront": "height",
        "height": 490,
    }
    inner = page.frames[1]
    zoom = f"({MAP}).getZoom()"
    inner.wait_for_function(f"{PAGE} !== undefined")
    before = inner.evaluate(zoom)
    page.mouse.move(450, 200)
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 0")
    page.wait_for_timeout(300)
    assert inner.evaluate(zoom) == before
    page.evaluate("scrollTo(0, 0)")
    page.mouse.click(450, 200)
    page.mouse.wheel(0, 300)
    inner.wait_for_function(f"{zoom} !== {before}")
    page.close()


@pytest.mark.parametrize("trusted", [True, False])
def test_a_notebook_shows_the_page_or_else_a_picture(
    browser: Any, example: gf.History, tmp_path: Path, trusted: bool
) -> None:
    path = tmp_path / "cell.html"
    path.write_text(gf.FrontMap(example)._repr_html_(), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    if trusted:
        page.goto(path.as_uri())
        inner = page.frames[1]
        inner.wait_for_function(f"{PAGE} !== undefined")
        assert inner.locator(".geofront-day").text_content()
        assert inner.locator(".geofront-link").count() == 0
    else:
        # As notebook viewers do that are not to run anything.
        plain = re.sub(
            r"<iframe.*?</iframe>", "", path.read_text(), flags=re.S
        )
        path.write_text(plain)
        page.goto(path.as_uri())
        assert page.evaluate("document.images[0].naturalWidth") == 900
        assert "example" in page.locator("img").get_attribute("alt")
    assert faults == []
    context.close()


def test_an_old_browser_is_told_so(
    browser: Any, front: gf.FrontMap, tmp_path: Path
) -> None:
    front.save(tmp_path / "page.html")
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto((tmp_path / "page.html").as_uri())
    assert "newer browser" in page.locator(".geofront-failed").text_content()
    page.close()


# ---- hostile text


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_is_shown_and_does_nothing(
    open_map: Open, payload: str
) -> None:
    moment = dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC)
    snapshot = gf.Snapshot(
        "test",
        moment,
        shapely.box(38.2, 48.0, 39.0, 49.0),
        [],
        notes=[gf.Note("remark", payload)],
    )
    place = gf.Place(payload, payload, 38.0, 48.5, population=2000)
    opened = ready(
        open_map(gf.FrontMap(gf.History([snapshot]), places=place).map)
    )
    shown = as_shown(payload)
    assert as_shown(opened.text(".geofront-remark")) == shown
    opened.view(48.5, 38.0, 11)
    opened.hover(48.505, 38.01)
    assert shown in as_shown(opened.text(".geofront-hint"))
    _, drawing = saved(opened, "svg")
    texts = " ".join(ET.fromstring(drawing).itertext())
    assert shown.split()[0] in texts
    assert_harmless(opened)
    opened.page.close()


def test_a_drawing_holds_no_character_that_xml_forbids(
    open_map: Open, example: gf.History
) -> None:
    place = gf.Place("a\ufffeb\uffffc\ud83dd 🛰", "x", 38.0, 48.5)
    opened = ready(open_map(gf.FrontMap(example[-1:], places=place).map))
    opened.view(48.5, 38.0, 11)
    _, drawing = saved(opened, "svg")
    assert "a b c d 🛰" in " ".join(ET.fromstring(drawing).itertext())
    leave(opened)


@pytest.mark.archive
def test_every_real_file_with_template_marks_is_drawn(
    open_map: Open, archive: Path, deepstate: dict[str, gf.History]
) -> None:
    marked = {
        int(path.stem)
        for path in archive.glob("deepstate-*/*.geojson")
        if b"{{" in path.read_bytes()
    }
    days = [
        snapshot
        for history in deepstate.values()
        for snapshot in history
        if int(snapshot.published_at.timestamp()) in marked
    ]
    assert len(days) == len(marked) > 100
    opened = ready(open_map(gf.FrontMap(gf.History(days), places=[]).map))
    ask(opened, "for (let v = 0; v <= page.model.last; v++) page.show(v)")
    assert_harmless(opened)
    opened.page.close()
