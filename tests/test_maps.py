"""Maps as objects and as text; tests/browser looks at them drawn."""

import datetime as dt
import html
import json
import re
from collections.abc import Callable, Iterator

import folium
import pytest
import shapely
from branca.element import Element

import geofront as gf
from geofront.maps import palette
from geofront.maps.base import draw
from geofront.maps.naming import source_title
from geofront.maps.text import escape

HOSTILE = [
    "{{7*7}}",
    "{{ ''.__class__.__mro__ }}",
    "{% raw %}",
    "{% for x in y %}",
    "{# comment",
    "${alert(1)}",
    "`+alert(1)+`",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- ",
    "javascript:alert(1)",
    "\"double\" and 'single'",
    "back\\slash \\u003cb\\u003e \\x3c",
    "&lt;b&gt; &amp;",
    "emoji 🛰 and \u202eright to left",
]

Elements = Iterator[Element]


def walk(element: Element) -> Elements:
    yield element
    for child in element._children.values():
        yield from walk(child)


def layers(element: Element) -> list[folium.GeoJson]:
    return [e for e in walk(element) if isinstance(e, folium.GeoJson)]


def styles(element: Element) -> list[dict]:
    """Path options of everything drawn."""
    return [
        layer.style_function(feature)
        for layer in layers(element)
        for feature in layer.data["features"]
    ]


def page_html(element: Element) -> str:
    page = element
    if not isinstance(page, folium.Map):
        page = folium.Map(tiles=None)
        element.add_to(page)
    return page.get_root().render()


def layered(day: gf.Snapshot, compare: gf.Snapshot) -> folium.Map:
    """Every layer on one map."""
    page = gf.base_map(title=source_title(day))
    for layer in (
        gf.map_snapshot(day),
        gf.map_delta(gf.delta(compare, day)),
        gf.map_places(snapshot=day),
        folium.LayerControl(),
    ):
        layer.add_to(page)
    return page


@pytest.fixture(scope="module")
def day(example: gf.History) -> gf.Snapshot:
    return example.at("2025-02-24")


@pytest.fixture(scope="module")
def change(example: gf.History, day: gf.Snapshot) -> gf.Delta:
    return gf.delta(example.at("2025-02-19"), day)


# Text


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    assert html.unescape(escape(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_holds_no_active_character(text: str) -> None:
    assert not set(escape(text)) & set("<>\"'`{}$\\\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_templates_give_escaped_text_back_unchanged(text: str) -> None:
    once = Element(escape(text)).render()
    assert once == escape(text)
    assert Element(once).render() == escape(text)


@pytest.mark.parametrize("code", [0x00, 0x09, 0x0A, 0x1B, 0x7F, 0x85, 0x2028])
def test_control_characters_become_spaces(code: int) -> None:
    assert escape(f"a{chr(code)}b") == "a b"
    assert escape("a\u2029b") == "a b"


@pytest.mark.parametrize(
    ("value", "text"), [(7, "7"), (None, "None"), (dt.date(2025, 2, 24), None)]
)
def test_what_is_not_text_is_written_as_text(value, text) -> None:
    assert escape(value) == (text or str(value))


def test_an_object_cannot_pass_unescaped_by_its_markup_method() -> None:
    class Sly(str):
        def __html__(self) -> str:
            return "<b>"

        def __str__(self) -> str:
            return "<i>"

    assert escape(Sly("<u>")) == "&lt;i&gt;"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_nowhere_in_a_page_unescaped(
    day: gf.Snapshot, text: str
) -> None:
    place = gf.Place(text, "x", 37.9, 48.8, oblast=text, population=100)
    snapshot = gf.Snapshot(
        "test",
        day.published_at,
        day.occupied,
        notes=[gf.Note("remark", f"remark {text}")],
    )
    page = gf.base_map(title=text)
    for layer in (
        gf.map_snapshot(snapshot),
        gf.map_places(place, snapshot=snapshot),
        draw(shapely.box(37, 48, 38, 49), "land", name=text, tooltip=text),
        folium.LayerControl(),
    ):
        layer.add_to(page)
    source = page_html(page)
    for mark in ("<", "{{", "{%", "{#", "`", "${", '"', "\\"):
        if mark in text:
            assert text not in source
    # Title, tooltip, label; in the legend once more, as JSON in a script.
    assert source.count(escape(text)) >= 3
    written = json.dumps(escape(f"remark {text}"))[1:-1]
    assert re.sub("&", r"\\u0026", written) in source


def test_a_source_with_a_hostile_name_is_refused(day: gf.Snapshot) -> None:
    with pytest.raises(gf.InvalidBoundaryError, match="cannot name a source"):
        gf.Snapshot("{{7*7}}", day.published_at, day.occupied)


def test_properties_carry_no_text_of_the_source(
    day: gf.Snapshot, change: gf.Delta
) -> None:
    page = layered(day, change.since)
    held = [
        feature["properties"]
        for layer in layers(page)
        for feature in layer.data["features"]
    ]
    assert held
    assert all(set(item) <= {"part", "style"} for item in held)
    assert all(isinstance(item["part"], int) for item in held)


# Functions


def another_source(item: gf.Snapshot, day: gf.Snapshot) -> gf.History:
    """An earlier map as that of another source on the day."""
    return gf.History(
        [
            gf.Snapshot(
                "another",
                day.published_at,
                item.occupied,
                item.grey_zone,
                coverage=item.coverage,
            )
        ]
    )


def makers() -> dict[str, Callable[[gf.Snapshot, gf.Delta], Element]]:
    return {
        "base_map": lambda day, change: gf.base_map(),
        "map_snapshot": lambda day, change: gf.map_snapshot(day),
        "map_delta": lambda day, change: gf.map_delta(change),
        "map_places": lambda day, change: gf.map_places(snapshot=day),
        "map_agreement": lambda day, change: gf.map_agreement(
            gf.History([day]), another_source(change.since, day), day.date
        ),
        "map_within": lambda day, change: gf.map_within(
            gf.settlements_within(gf.History([day]))
        ),
    }


def test_every_public_map_function_is_tested_here() -> None:
    public = [name for name in gf.__all__ if "map" in name]
    assert sorted(makers()) == sorted(public)


@pytest.mark.parametrize("name", makers())
def test_a_folium_object_comes_back_and_nothing_else_happens(
    name: str,
    day: gf.Snapshot,
    change: gf.Delta,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("saved or shown")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Element, "save", refuse)
    monkeypatch.setattr(folium.Map, "show_in_browser", refuse)
    made = makers()[name](day, change)
    kind = folium.Map if name == "base_map" else None
    assert isinstance(made, kind or folium.FeatureGroup)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["map_snapshot", "map_delta", "map_places"])
def test_a_layer_goes_on_any_map_twice(
    name: str, day: gf.Snapshot, change: gf.Delta
) -> None:
    page = folium.Map(tiles=None)
    for _ in range(2):
        makers()[name](day, change).add_to(page)
    source = page_html(page)
    assert source.count('<pattern id="geofront-hatch"') == 1
    assert source.count("function geofrontPrepare(") == 1
    assert source.count("L.featureGroup(") == 2


def test_a_page_rendered_again_repeats_nothing_of_ours(
    day: gf.Snapshot,
) -> None:
    page = gf.map_snapshot(day).add_to(gf.base_map())
    for _ in range(2):
        source = page.get_root().render()
        assert source.count('<pattern id="geofront-hatch"') == 1
        assert len(re.findall(r"geofrontPanel\(\s+map", source)) == 1


def test_a_layer_without_a_map_says_so(day: gf.Snapshot) -> None:
    layer = gf.map_snapshot(day)
    layer.add_to(folium.Figure())
    with pytest.raises(AssertionError, match="drawn on a map"):
        layer.get_root().render()


def test_nothing_leaks_into_other_maps(
    day: gf.Snapshot, change: gf.Delta
) -> None:
    scripts = list(folium.Map.default_js)
    sheets = list(folium.Map.default_css)
    page_html(layered(day, change.since))
    assert folium.Map.default_js == scripts
    assert folium.Map.default_css == sheets
    other = folium.Map(tiles=None)
    assert other.default_js == scripts
    assert other.default_css == sheets
    assert "geofront" not in page_html(other)


def test_a_page_names_no_address_to_load_from(
    day: gf.Snapshot, change: gf.Delta
) -> None:
    source = page_html(layered(day, change.since))
    loaded = re.findall(
        r"<(?:script|link|img)[^>]+(?:src|href)=.(.{5})", source
    )
    assert set(loaded) == {"data:"}
    assert "@import" not in source


def test_the_page_is_small(day: gf.Snapshot, change: gf.Delta) -> None:
    page = layered(day, change.since)
    assert len(page_html(page).encode()) < 600_000


# Contents


def test_a_title_is_escaped() -> None:
    assert gf.base_map(title="<&>").get_root().title == "&lt;&amp;&gt;"


def panels(element: Element) -> list[str]:
    found = [getattr(e, "html", None) for e in walk(element)]
    return [
        html.unescape(re.sub("<[^>]*>", "\n", text))
        for text in found
        if isinstance(text, str)
    ]


def test_a_legend_tells_day_areas_source_and_remark(
    example: gf.History, day: gf.Snapshot
) -> None:
    (legend,) = panels(gf.map_snapshot(day))
    row = gf.areas(example, since=day.date, until=day.date).iloc[0]
    assert f"occupied {row.occupied_km2:,.1f} km²" in legend
    assert f"grey zone {row.grey_zone_km2:,.1f} km²" in legend
    assert "24 February 2025" in legend
    assert "Source: example, published 2025-02-24 21:59 UTC." in legend
    assert "Schematic" in legend
    assert "Outside it the source says nothing" in legend


def test_a_legend_of_changes_tells_each_transition(
    example: gf.History, change: gf.Delta
) -> None:
    (legend,) = panels(gf.map_delta(change))
    row = gf.deltas(
        example, since="2025-02-19", until="2025-02-24", every="all"
    ).iloc[0]
    assert "Change, 19 → 24 February 2025" in legend
    assert f"net: {row.occupied_net_km2:+,.2f} km²" in legend
    for before, after in palette.CHANGE:
        size = row[f"{before}_to_{after}_km2"]
        label = f"{before} → {after} {size:,.2f} km²".replace("_", " ")
        assert (label in legend) == (size > 0)


def test_ground_no_longer_occupied_or_grey_has_a_pattern(
    change: gf.Delta,
) -> None:
    layer = gf.map_delta(change)
    kinds = change.to_geodataframe()[["from_state", "to_state"]]
    drawn = {
        (before, after): f"url(#geofront-{before}-{after})".replace("_", "-")
        for before, after in kinds.drop_duplicates().values.tolist()
    }
    source = page_html(layer)
    for states, pattern in drawn.items():
        has_pattern = states[0] == "occupied" or states[1] == "held"
        assert (pattern in source) is has_pattern
        assert (f'id="{pattern[5:-1]}"' in source) is has_pattern
    lost = sum(before == "occupied" for before, _ in drawn)
    assert 0 < lost < len(drawn)
    # In the legend, whose text is inside a script.
    assert source.count("repeating-linear-gradient(45deg") == lost
    freed = ("grey_zone", "held") in drawn
    assert source.count("radial-gradient(#FFFFFF") == freed == 1


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        ((2025, 2, 23), (2025, 2, 24), "Change, 23 → 24 February 2025"),
        ((2025, 1, 31), (2025, 2, 28), "31 January → 28 February 2025"),
        ((2024, 12, 31), (2025, 1, 1), "31 December 2024 → 1 January 2025"),
    ],
)
def test_days_are_written_once(box_snapshot, since, until, text) -> None:
    occupied = (38.0, 48.0, 38.2, 48.2)
    first, last = (
        box_snapshot(occupied, day=dt.date(*day)) for day in (since, until)
    )
    (legend,) = panels(gf.map_delta(gf.delta(first, last)))
    assert text in legend
    assert "net: +0.00 km²" in legend


def test_without_a_grey_zone_held_is_not_spoken_of(day: gf.Snapshot) -> None:
    first, last = (
        gf.Snapshot(
            "test",
            dt.datetime(2025, 2, number, 20, tzinfo=dt.UTC),
            shapely.box(38, 48, 38.2 + number / 100, 48.2),
        )
        for number in (22, 23)
    )
    (legend,) = panels(gf.map_delta(gf.delta(first, last)))
    assert "not occupied → occupied" in legend
    assert "held" not in legend
    (legend,) = panels(gf.map_snapshot(last))
    assert "grey zone" not in legend


def test_nothing_occupied_is_a_map_all_the_same(box_snapshot) -> None:
    layer = gf.map_snapshot(box_snapshot(None))
    assert "occupied 0.0 km²" in panels(layer)[0]
    assert page_html(layer)


def test_the_front_is_the_heaviest_line_but_for_its_casing(
    day: gf.Snapshot, change: gf.Delta
) -> None:
    drawn = styles(layered(day, change.since))
    weights = [
        style["weight"]
        for style in drawn
        if style.get("stroke", True)
        and style not in (palette.STYLES["front"], palette.STYLES["casing"])
    ]
    assert palette.STYLES["front"]["weight"] == 2.2 > max(weights)
    casing = drawn.index(palette.STYLES["casing"])
    assert drawn[casing + 1] == palette.STYLES["front"]
    assert palette.STYLES["casing"]["color"] == "#FFFFFF"


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("transition", palette.CHANGE)
def test_a_change_is_filled_at_70_percent_with_a_darker_rim(
    transition: tuple[str, str],
) -> None:
    style = palette.change_style(*transition)
    assert style["fillOpacity"] == 0.7
    assert luminance(style["color"]) < 0.6 * luminance(style["fillColor"])


def test_occupied_is_vermillion_regained_blue_and_grey_is_hatched() -> None:
    assert palette.STYLES["occupied"]["fillColor"] == "#D55E00"
    assert palette.STYLES["regained"]["fillColor"] == "#0072B2"
    assert palette.STYLES["grey_zone"]["fillColor"] == "url(#geofront-hatch)"


def test_gaps_of_metres_are_filled_as_drawn_but_not_outlined() -> None:
    field = shapely.box(38.0, 48.0, 38.1, 48.1)
    gap = shapely.box(38.02, 48.05, 38.08, 48.05005)
    hole = shapely.box(38.02, 48.02, 38.04, 48.04)
    torn = field - gap - hole
    layer = draw(torn, "grey_zone", name="torn")
    fill, rim = layer.data["features"]
    assert shapely.geometry.shape(fill["geometry"]).equals(torn)
    assert len(rim["geometry"]["coordinates"]) == 2
    assert [style.get("stroke") for style in styles(layer)] == [False, None]
    assert [style.get("fill") for style in styles(layer)] == [None, False]
    whole = draw(field - hole, "grey_zone", name="whole")
    assert len(whole.data["features"]) == 1


def test_a_sliver_of_change_has_no_rim(box_snapshot) -> None:
    first = box_snapshot((38.0, 48.0, 38.1, 48.1), day=dt.date(2025, 2, 22))
    last = box_snapshot((38.0, 48.0, 38.10005, 48.1))
    layer = gf.map_delta(gf.delta(first, last))
    fill, _ = styles(layer)
    assert fill["stroke"] is False
    (legend,) = panels(layer)
    assert "occupied 0.04 km²" in legend


def test_what_rounds_to_nothing_is_not_written_as_nothing(
    box_snapshot,
) -> None:
    first = box_snapshot((38.0, 48.0, 38.1, 48.1), day=dt.date(2025, 2, 22))
    last = box_snapshot((38.0, 48.0, 38.1, 48.1000001))
    (legend,) = panels(gf.map_delta(gf.delta(first, last)))
    assert "occupied under 0.01 km²" in legend


def test_members_stand_for_their_agglomeration_when_both_are_asked() -> None:
    whole = gf.places.SLOVIANSK_KRAMATORSK
    names = [layer.layer_name for layer in layers(gf.map_places())]
    assert "Sloviansk" in names
    assert escape(whole.name) not in names
    alone = [layer.layer_name for layer in layers(gf.map_places(whole))]
    assert alone == [escape(whole.name)]


def test_a_place_says_how_far_the_occupied_area_is(
    example: gf.History, day: gf.Snapshot
) -> None:
    near = gf.proximity(
        example, gf.places.SIVERSK, since=day.date, until=day.date
    ).iloc[0]
    layer = gf.map_places(gf.places.SIVERSK, snapshot=day)
    texts = [
        element.text
        for element in walk(layer)
        if isinstance(element, folium.Tooltip)
    ]
    assert texts == ["Siversk", f"{near.occupied_km:,.1f} km {near.sector}"]
