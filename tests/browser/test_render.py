"""Maps drawn in a real browser: quiet, legible, and deaf to hostile names."""

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import pytest
import shapely
from browser.conftest import DESKTOP
from folium.utilities import JsCode

import geofront as gf
from geofront._words import printable
from geofront.maps import palette
from geofront.maps.base import draw
from geofront.maps.panel import Entry, Panel
from geofront.maps.text import escape

pytestmark = pytest.mark.browser

PHONE = (390, 844)

PAYLOADS = {
    "expression": "{{7*7}} {{1234*1001}}",
    "attributes": "{{ ''.__class__.__mro__ }}",
    "statement": "{% for x in (1, 2) %}",
    "raw": "{% raw %}",
    "comment": "{# never closed",
    "image": '<img src=x onerror="window.__pwned=1">',
    "literal": "${window.__pwned=1}",
    "backtick": "`+(window.__pwned=1)+`",
    "script": "</script><script>window.__pwned=1</script>",
    "address": "javascript:window.__pwned=1//",
    "handler": '" onmouseover="window.__pwned=1" \'',
    "backslashes": r"\x3cimg src=x onerror=window.__pwned=1\x3e \u0060 \\",
    "separators": "line\u2028paragraph\u2029feed\nbell\x07nul\x00end",
    "scripts": "emoji 🛰, \u202eright to left, Сіверськ, ünïcödé",
}


def as_shown(text: str) -> str:
    """How a text should read, white space collapsed."""
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", text).split())


def assert_harmless(opened: Any) -> None:
    assert opened.page.evaluate("typeof window.__pwned") == "undefined"
    assert opened.page.locator("a[href^=javascript]").count() == 0
    assert opened.page.locator("[onerror], [onmouseover]").count() == 0
    assert (opened.dialogs, opened.messages, opened.requests) == ([], [], [])
    source = opened.page.content()
    assert "1235234" not in source
    assert "&lt;class" not in source


def layered(
    day: gf.Snapshot, compare: gf.Snapshot, places: Any = gf.places.BUILT_IN
) -> folium.Map:
    """Every layer on one map."""
    shown = day.coverage or day.occupied
    page = gf.base_map(shown.bounds, title="layers")
    for layer in (
        gf.map_snapshot(day),
        gf.map_delta(gf.delta(compare, day)),
        gf.map_places(places, snapshot=day),
        folium.LayerControl(collapsed=JsCode("innerWidth <= 600")),
    ):
        layer.add_to(page)
    return page


# Hostile text


def sinks(payload: str) -> folium.Map:
    """Every way that folium offers to show a text, each with the payload."""
    text = escape(payload)
    page = gf.base_map((37.0, 48.0, 39.0, 49.0), title=payload)
    field = shapely.box(37.0, 48.0, 38.0, 49.0)
    draw(field, "occupied", name=payload, tooltip=payload).add_to(page)
    group = folium.FeatureGroup(name=f"group {text}").add_to(page)
    group.add_child(Panel(payload, [Entry("", payload)], [payload]))
    folium.FeatureGroup(name=text, overlay=False).add_to(page)
    folium.Marker(
        (48.5, 38.5),
        icon=folium.DivIcon(html=f"<b id='icon'>{text}</b>"),
        title=text,
        popup=folium.Popup(text, show=True),
        tooltip=folium.Tooltip(text, permanent=True),
    ).add_to(page)
    folium.GeoJson(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {text: text},
                    "geometry": shapely.geometry.mapping(field),
                }
            ],
        },
        name=f"second {text}",
        tooltip=folium.GeoJsonTooltip(
            [text], aliases=[text], permanent=True, class_name="table"
        ),
        popup=folium.GeoJsonPopup([text], aliases=[text]),
        attribution=text,
    ).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    return page


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_is_shown_and_does_nothing_in_any_sink(
    open_map: Callable[..., Any], payload: str
) -> None:
    opened = open_map(sinks(payload))
    assert opened.page.locator("path.leaflet-interactive").count() == 2
    shown = as_shown(payload)
    assert as_shown(opened.page.title()) == shown
    for selector, times in {
        ".geofront-panel": 3,
        ".leaflet-control-layers": 4,
        ".leaflet-control-attribution": 1,
        ".leaflet-popup-content": 1,
        ".leaflet-tooltip:not(.table)": 1,
        ".leaflet-tooltip.table": 2,
        "#icon": 1,
    }.items():
        assert opened.text(selector).count(shown) == times, selector
    opened.hover(48.2, 37.2)
    opened.page.mouse.click(5, 300)
    assert_harmless(opened)
    opened.page.close()


HOSTILE = "\n".join(PAYLOADS.values()).replace("\x00", "")


def write_profile(folder: Path) -> None:
    """Two days in geofront's own profile, hostile wherever text may be."""
    for number in (23, 24):
        features = [
            {
                "type": "Feature",
                "id": HOSTILE,
                "properties": {
                    "state": state,
                    "source": "example",
                    "remark": HOSTILE,
                    "name": HOSTILE,
                    HOSTILE: HOSTILE,
                },
                "geometry": shapely.geometry.mapping(area),
            }
            for state, area in {
                "occupied": shapely.box(38.3 - number / 100, 48.6, 38.5, 49.0),
                "grey_zone": shapely.box(37.9, 48.6, 38.0, 49),
                "coverage": shapely.box(37.3, 48.5, 38.6, 49.1),
            }.items()
        ]
        (folder / f"2025-02-{number}.geojson").write_text(
            json.dumps(
                {
                    "type": "FeatureCollection",
                    "name": HOSTILE,
                    "notes": [["dropped", HOSTILE, 0.0]],
                    "features": features,
                }
            )
        )


def write_deepstate(folder: Path) -> None:
    """Two days as DeepStateMap publishes them, with hostile names."""
    for number, moment in enumerate((1740343483, 1740434128)):
        features = [
            {
                "type": "Feature",
                "properties": {
                    "name": f"{HOSTILE} /// {HOSTILE}",
                    "description": HOSTILE,
                    "fill": fill,
                    "stroke": HOSTILE,
                    HOSTILE: HOSTILE,
                },
                "geometry": shapely.geometry.mapping(area),
            }
            for fill, area in {
                "#a52714": shapely.box(38.1 - number / 50, 48.6, 38.5, 49.0),
                "#bcaaa4": shapely.box(37.9, 48.6, 38.0, 49.0),
                "#0f9d58": shapely.box(37.6, 48.6, 37.7, 49.0),
            }.items()
        ]
        (folder / f"{moment}.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": features})
        )


@pytest.mark.parametrize(
    ("source", "write"),
    [(None, write_profile), ("deepstate", write_deepstate)],
)
def test_a_hostile_folder_makes_a_harmless_map(
    open_map: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str | None,
    write: Callable[[Path], None],
) -> None:
    # The map of a village, not one that lost the cities of the rear.
    monkeypatch.setattr("geofront.sources.missing._REAR", ())
    write(tmp_path)
    history = gf.open_history(tmp_path, source=source)
    places = [
        gf.Place(
            text, str(number), 37.5, 48.6 + number / 50, text, population=20
        )
        for number, text in enumerate(PAYLOADS.values())
    ]
    opened = open_map(layered(history[1], history[0], places))
    opened.view(48.8, 37.9, 10)
    labels = opened.page.locator(".geofront-label").all_text_contents()
    shown = [" ".join(label.split()) for label in labels]
    assert shown[: len(PAYLOADS)] == [
        as_shown(text) for text in PAYLOADS.values()
    ]
    if source is None:
        assert as_shown(printable(HOSTILE)) in opened.text(".geofront-panel")
    else:
        assert as_shown("\u202eright to left") not in opened.text(
            ".geofront-panel"
        )
    # States, a change or more, places: all that was to be drawn is there.
    assert len(paths(opened)) >= 2 * len(places) + 6
    opened.hover(48.8, 38.3)
    assert opened.hovered().startswith("occupied: ")
    assert_harmless(opened)
    opened.page.close()


# The page of the example


@pytest.fixture(scope="module")
def day(example: gf.History) -> gf.Snapshot:
    return example.at("2025-02-24")


@pytest.fixture(scope="module")
def change(example: gf.History, day: gf.Snapshot) -> gf.Delta:
    return gf.delta(example.at("2025-02-19"), day)


@pytest.fixture(scope="module")
def drawn(day: gf.Snapshot, change: gf.Delta) -> folium.Map:
    return layered(day, change.since)


@pytest.fixture(scope="module")
def shown(open_map: Callable[..., Any], drawn: folium.Map) -> Any:
    """Only looked at: tests that touch a page open their own."""
    return open_map(drawn)


@pytest.fixture(scope="module")
def second(open_map: Callable[..., Any], drawn: folium.Map) -> Any:
    return open_map(drawn)


@pytest.fixture
def touched(second: Any) -> Any:
    """For tests that switch layers and move: all on again, all in view."""
    second.page.mouse.move(600, 2)
    for box in second.page.locator("input[type=checkbox]").all():
        box.check()
    second.view(48.7, 37.9, 9)
    yield second
    assert second.messages == []
    assert second.requests == []


@pytest.fixture(scope="module")
def phone(open_map: Callable[..., Any], drawn: folium.Map) -> Any:
    return open_map(drawn, PHONE)


def test_the_page_asks_for_nothing_and_complains_of_nothing(
    shown: Any, phone: Any
) -> None:
    for opened in (shown, phone):
        assert opened.requests == []
        assert opened.messages == []


def test_the_page_has_a_title_and_a_language(shown: Any) -> None:
    assert shown.page.title() == "layers"
    assert shown.page.locator("html").get_attribute("lang") == "en"


def test_the_legend_tells_the_numbers_that_are_computed(
    shown: Any, example: gf.History, day: gf.Snapshot, change: gf.Delta
) -> None:
    legend = shown.text(".geofront-panel")
    row = gf.areas(example, since=day.date, until=day.date).iloc[0]
    assert f"occupied {row.occupied_km2:,.1f} km²" in legend
    assert f"grey zone {row.grey_zone_km2:,.1f} km²" in legend
    for name, size in change.transitions.items():
        label = name.removesuffix("_km2").replace("_to_", " → ")
        if size:
            assert f"{label.replace('_', ' ')} {size:,.2f} km²" in legend
    assert f"net: {change.net_km2:+,.2f} km²" in legend


def test_the_legend_tells_day_source_and_that_it_is_schematic(
    shown: Any,
) -> None:
    legend = shown.text(".geofront-panel")
    for text in (
        "24 February 2025",
        "19 → 24 February 2025",
        "Source: example, published 2025-02-24 21:59 UTC",
        "Schematic",
        "Outside it the source says nothing",
    ):
        assert text in legend
    assert "OpenStreetMap" in shown.text(".leaflet-control-attribution")
    assert "km" in shown.text(".leaflet-control-scale")


def test_no_flag_flies_on_the_map(shown: Any) -> None:
    assert shown.boxes(".leaflet-attribution-flag") == []


def paths(opened: Any) -> list[dict[str, str]]:
    return opened.page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-pane path")]
        .map(path => Object.fromEntries(
            [...path.attributes].map(a => [a.name, a.value])))"""
    )


def test_everything_is_drawn(shown: Any, change: gf.Delta) -> None:
    places = [place for place in gf.places.BUILT_IN if not place.members]
    fills = [path.get("fill") for path in paths(shown)]
    changed = [
        f"url(#{palette.pattern_id(*states)})"
        if palette.pattern(*states)
        else fill
        for states, (fill, _) in palette.CHANGE.items()
    ]
    assert sum(fills.count(fill) for fill in set(changed)) == 1 + len(
        change.to_geodataframe()
    )  # One of them is the colour of what is occupied.
    for colour in (palette.LAND, palette.OCCUPIED):
        assert colour in fills
    names = shown.text(".geofront-label")
    assert all(place.name in names for place in places)
    assert all(path.get("d", "M0 0") for path in paths(shown))


def test_the_grey_zone_is_filled_with_a_pattern_that_exists(
    shown: Any,
) -> None:
    fills = [path.get("fill") for path in paths(shown)]
    assert "url(#geofront-hatch)" in fills
    assert shown.page.locator("pattern#geofront-hatch rect").count() == 2


def test_the_hatch_is_seen_without_colour(
    touched: Any, day: gf.Snapshot
) -> None:
    touched.page.get_by_label("places").uncheck()
    touched.page.get_by_label("change").uncheck()
    grey = max(day.grey_zone.geoms, key=lambda part: part.area)
    touched.view(*inner_point(grey), 14)
    assert touched.contrast(585, 385, 30) > 80
    touched.view(*inner_point(day.occupied), 14)
    assert touched.contrast(585, 385, 30) == 0


def test_the_front_is_the_heaviest_line_on_a_white_casing(
    shown: Any,
) -> None:
    lines = [path for path in paths(shown) if path.get("stroke") != "none"]
    (casing,) = (line for line in lines if line["stroke"] == "#FFFFFF")
    (front,) = (
        line
        for line in lines
        if line["stroke"] == palette.FRONT
        and line["stroke-width"] == "2.2"
        and line["d"] == casing["d"]
    )
    assert lines.index(front) == lines.index(casing) + 1
    assert float(casing["stroke-width"]) > 2.2
    others = [
        float(line["stroke-width"])
        for line in lines
        if line not in (casing, front)
    ]
    assert max(others) < 2.2


def test_the_coverage_is_outlined_by_dashes(shown: Any) -> None:
    (box,) = shown.boxes('path[stroke-dasharray="6 4"]')
    assert box["bottom"] - box["top"] > 500


FURNITURE = (
    ".geofront-panel, .leaflet-control-scale, .leaflet-control-zoom, "
    ".leaflet-control-layers, .leaflet-control-attribution"
)


def meet(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] < other["bottom"]
        and other["top"] < one["bottom"]
    )


def overlaps(boxes: list[dict[str, float]]) -> list[Any]:
    pairs = itertools.combinations(boxes, 2)
    return [(one, other) for one, other in pairs if meet(one, other)]


def assert_room(boxes: list[Any], size: tuple[int, int]) -> None:
    """Nothing covers anything else, or leaves the window."""
    assert overlaps(boxes) == []
    assert min(min(box["left"], box["top"]) for box in boxes) >= 0
    assert max(box["right"] for box in boxes) <= size[0]
    assert max(box["bottom"] for box in boxes) <= size[1]


def test_panels_and_controls_leave_each_other_room(
    shown: Any, phone: Any
) -> None:
    for opened, size in ((shown, DESKTOP), (phone, PHONE)):
        boxes = opened.boxes(FURNITURE)
        assert len(boxes) == 6
        assert_room(boxes, size)


def test_furniture_covers_little_of_a_phone(phone: Any) -> None:
    covered = sum(
        box["width"] * box["height"] for box in phone.boxes(FURNITURE)
    )
    assert covered < 0.15 * PHONE[0] * PHONE[1]


def test_a_phone_unfolds_the_legend_and_the_layers(
    open_map: Callable[..., Any], drawn: folium.Map
) -> None:
    phone = open_map(drawn, PHONE)
    assert not phone.page.get_by_text("front line").is_visible()
    for summary in phone.page.locator("summary").all():
        summary.click()
    assert phone.page.get_by_text("front line").is_visible()
    assert phone.page.get_by_text("grey zone → occupied").is_visible()
    assert overlaps(phone.boxes(FURNITURE)) == []
    toggle = phone.page.locator(".leaflet-control-layers-toggle")
    toggle.dispatch_event("click")
    assert phone.page.get_by_label("places").is_visible()
    phone.page.close()


@pytest.mark.parametrize("zoom", [8, 9.5, 11, 12.5])
def test_labels_never_cover_each_other(touched: Any, zoom: float) -> None:
    touched.view(48.75, 37.9, zoom)
    boxes = touched.boxes(".geofront-label")
    assert len(boxes) >= 4
    assert overlaps(boxes) == []


def test_zoomed_in_every_name_and_distance_is_there(touched: Any) -> None:
    touched.view(48.9, 38.15, 12)
    hidden = touched.page.locator(".geofront-label.geofront-hidden")
    assert hidden.count() == 0
    assert "8.8 km E" in touched.text(".geofront-label")
    assert "Siversk" in touched.text(".geofront-label")


def test_layers_and_their_legends_come_and_go(touched: Any) -> None:
    before = len(paths(touched))
    for name, inside in (
        ("example, 24", "24 February 2025"),
        ("change 19", "Change, 19 →"),
        ("places", ""),
    ):
        box = touched.page.get_by_label(name)
        box.uncheck()
        assert len(paths(touched)) < before
        if inside:
            titles = touched.page.locator("summary").all_text_contents()
            assert inside not in titles
            assert len(titles) == 1
        else:
            touched.page.wait_for_selector(".geofront-label", state="detached")
        box.check()
        assert len(paths(touched)) == before
        assert touched.page.locator(".geofront-panel").count() == 2


def test_the_front_stays_on_top_when_layers_are_switched(
    touched: Any,
) -> None:
    for name in ("example, 24", "change 19"):
        touched.page.get_by_label(name).uncheck()
        touched.page.get_by_label(name).check()
    levels = touched.page.evaluate(
        """() => Object.fromEntries(["overlay", "geofront-change",
        "geofront-front", "geofront-places", "tooltip"].map(name =>
        [name, +getComputedStyle(document.querySelector(
            `.leaflet-${name}-pane`)).zIndex]))"""
    )
    assert list(levels.values()) == sorted(levels.values())
    where = touched.page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-pane path")]
        .map(path => [path.getAttribute("stroke-width"),
                      path.closest(".leaflet-pane").className])"""
    )
    front = [pane for weight, pane in where if weight == "4.6"]
    assert len(front) == 1
    assert "leaflet-geofront-front-pane" in front[0]


def inner_point(area: Any) -> tuple[float, float]:
    point = shapely.maximum_inscribed_circle(area).coords[0]
    return point[1], point[0]


def test_hovering_tells_state_and_area(
    touched: Any, day: gf.Snapshot, change: gf.Delta
) -> None:
    touched.hover(48.7, 38.35)
    size = day.areas()["occupied_km2"]
    assert touched.hovered() == f"occupied: {size:,.1f} km²"
    assert day.grey_zone is not None
    grey = max(
        shapely.difference(
            day.grey_zone, change.to_geodataframe().union_all()
        ).geoms,
        key=lambda part: part.area,
    )
    touched.hover(*inner_point(grey))
    size = day.areas()["grey_zone_km2"]
    assert touched.hovered() == f"grey zone: {size:,.1f} km²"


def test_hovering_over_a_change_tells_what_it_was_and_is(
    touched: Any, change: gf.Delta
) -> None:
    touched.page.get_by_label("places").uncheck()
    for row in change.to_geodataframe().itertuples():
        latitude, longitude = inner_point(row.geometry)
        touched.view(latitude, longitude, 13)
        touched.hover(latitude, longitude)
        label = f"{row.from_state} → {row.to_state}".replace("_", " ")
        assert touched.hovered() == f"{label}: {row.area_km2:,.2f} km²"


def test_two_days_on_one_map_keep_their_own_legends(
    open_map: Callable[..., Any], example: gf.History, day: gf.Snapshot
) -> None:
    page = gf.base_map(day.coverage.bounds)
    for snapshot in (example[0], day):
        gf.map_snapshot(snapshot).add_to(page)
    opened = open_map(page)
    assert opened.page.locator("summary").all_text_contents() == [
        "24 February 2025",
        "17 February 2025",
    ]
    # Hatching, and patterns of what changed and what is disputed, each once.
    assert opened.page.locator("pattern").count() == 6
    assert overlaps(opened.boxes(FURNITURE)) == []
    assert opened.messages == []
    opened.page.close()


def test_markers_and_popups_of_folium_work_without_the_network(
    open_map: Callable[..., Any],
) -> None:
    page = gf.base_map()
    folium.Marker((48.0, 31.0), popup="Said <b>aloud</b>.").add_to(page)
    opened = open_map(page)
    opened.page.locator(".leaflet-marker-icon").click()
    assert opened.text(".leaflet-popup-content b") == "aloud"
    (icon,) = opened.boxes(".leaflet-marker-icon")
    assert icon["width"] > 10
    assert opened.requests == []
    assert opened.messages == []
    opened.page.close()
