"""What a page of a history holds: exactly what the history draws."""

import datetime as dt
import html
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import folium
import numpy as np
import pytest
import shapely
import xyzservices
from front_page import FrontPage, text_of, unpack

import geofront as gf
from geofront.geodesy import area_km2, length_km
from geofront.maps import palette
from geofront.maps.arcs import chain
from geofront.maps.contents import encode, words
from geofront.maps.facing import front_runs
from geofront.maps.ground import GROUND_GRID_DEG, ground, towns
from geofront.maps.packing import pack, streams
from geofront.maps.pieces import pieces
from geofront.maps.runs import boundary_runs
from geofront.maps.text import escape

DRAWN = ("occupied", "grey_zone", "regained", "coverage")


def read(history: gf.History, **options: object) -> FrontPage:
    page = gf.FrontMap(history, **options).map.get_root().render()
    return unpack(page)


def encoded(history: gf.History) -> FrontPage:
    """The drawings alone."""
    return unpack(pack({"grid": 1e-5}, streams(encode(history))))


def assert_same_areas(
    page: FrontPage, history: gf.History, versions: range
) -> None:
    for version in versions:
        for state in DRAWN:
            area = getattr(history[version], state)
            drawn = page.area_km2(state, version)
            expected = 0.0 if area is None else area_km2(area)
            assert drawn == pytest.approx(expected, abs=0.1, rel=0), state


def day(number: int) -> dt.datetime:
    return dt.datetime(2025, 2, number, 20, tzinfo=dt.UTC)


# ---- drawings


@pytest.fixture(scope="module")
def page(example: gf.History) -> FrontPage:
    return read(example)


def test_each_version_is_drawn_with_the_area_of_its_snapshot(
    page: FrontPage, example: gf.History
) -> None:
    assert_same_areas(page, example, range(len(example)))


def test_a_store_is_drawn_like_the_files(
    example: gf.History, tmp_path: Path
) -> None:
    store = gf.Store(tmp_path / "store")
    store.append(example)
    history = store.open()
    assert_same_areas(encoded(history), history, range(len(history)))


def test_coverages_that_differ_are_told_apart() -> None:
    """Parts of a coverage do not live as long as a history."""
    history = gf.History(
        gf.Snapshot(
            "test",
            day(number),
            FIELD,
            [],
            coverage=shapely.box(37.0, 48.0, 37.1 + number / 100, 48.2),
        )
        for number in range(1, 20)
    )
    assert_same_areas(encoded(history), history, range(19))


def test_the_front_is_as_long_as_the_front_line(
    page: FrontPage, example: gf.History
) -> None:
    for version, snapshot in enumerate(example):
        lines = page.lines("front", version)
        drawn = length_km(shapely.MultiLineString(lines))
        expected = length_km(gf.front_line(snapshot))
        assert drawn == pytest.approx(expected, rel=0.02)


def snapshots(*drawings: tuple[list, list]) -> gf.History:
    return gf.History(
        gf.Snapshot("test", day(number), *states)
        for number, states in enumerate(drawings, 1)
    )


FIELD = shapely.box(37.0, 48.0, 37.2, 48.2)
BESIDE = shapely.box(37.2, 48.0, 37.3, 48.2)
ACROSS = shapely.box(37.1, 48.1, 37.35, 48.15)


def test_what_stays_is_written_once() -> None:
    once = encoded(snapshots(([FIELD], [BESIDE])))
    often = encoded(snapshots(*[([FIELD], [BESIDE])] * 20))
    assert len(often.arcs) == len(once.arcs)
    assert {frozenset(arc.points) for arc in often.arcs} == {
        frozenset(arc.points) for arc in once.arcs
    }


def test_edges_between_neighbours_of_a_state_vanish() -> None:
    page = encoded(snapshots(([FIELD, BESIDE], [])))
    points = {point for arc in page.arcs for point in arc.points}
    lines = shapely.MultiLineString(page.lines("occupied", 0))
    assert points
    assert not lines.intersects(shapely.Point(37.2, 48.1))
    assert page.area_km2("occupied", 0) == pytest.approx(
        area_km2(shapely.union(FIELD, BESIDE)), abs=1e-4
    )


@pytest.mark.parametrize(
    "drawing",
    [
        ([FIELD, ACROSS], [BESIDE]),
        ([FIELD], [ACROSS, BESIDE]),
        ([ACROSS], [FIELD, BESIDE]),
        ([FIELD, FIELD, ACROSS, BESIDE], []),
    ],
)
def test_overlaps_count_once_and_occupied_wins(
    drawing: tuple[list, list],
) -> None:
    history = snapshots(([FIELD], []), drawing, ([BESIDE], [FIELD]))
    assert_same_areas(encoded(history), history, range(3))


def test_an_overlap_ends_with_the_polygon_that_made_it() -> None:
    history = snapshots(
        ([FIELD, ACROSS], []), ([ACROSS], []), ([FIELD, ACROSS], [])
    )
    assert_same_areas(encoded(history), history, range(3))


def test_ground_behind_a_gap_of_metres_is_not_held() -> None:
    near = shapely.box(37.2001, 48.0, 37.3, 48.2)
    far = shapely.box(37.21, 48.0, 37.3, 48.2)
    length = {
        name: length_km(
            shapely.MultiLineString(
                encoded(snapshots(([FIELD], [grey]))).lines("front", 0)
            )
        )
        for name, grey in {"near": near, "far": far}.items()
    }
    # Both sides of the wide gap are front; the rest is shorter by its width.
    side_km, gap_km = 22.24, 0.74
    assert length["far"] - length["near"] == pytest.approx(
        2 * (side_km - gap_km), rel=0.01
    )


def test_the_edge_of_the_coverage_is_not_front() -> None:
    coverage = shapely.box(36.9, 48.0, 37.2, 48.2)
    history = gf.History(
        [gf.Snapshot("test", day(1), FIELD, [], coverage=coverage)]
    )
    lines = encoded(history).lines("front", 0)
    assert length_km(shapely.MultiLineString(lines)) == pytest.approx(
        length_km(shapely.LineString([(37.0, 48.0), (37.0, 48.2)])), rel=1e-3
    )


def test_coast_and_border_are_not_front() -> None:
    crimea = gf.oblasts().set_index("region").geometry["Crimea"]
    history = gf.History([gf.Snapshot("test", day(1), crimea, [])])
    page = encoded(history)
    front = length_km(shapely.MultiLineString(page.lines("front", 0)))
    assert front < 0.2 * length_km(crimea)


def test_nothing_drawn_is_a_page_too() -> None:
    page = read(snapshots(([], [])))
    assert page.arcs == []
    assert page.about["occupied"] == [0.0]


def test_the_same_history_gives_the_same_page(example: gf.History) -> None:
    texts = {
        text_of(gf.FrontMap(example).map.get_root().render()) for _ in "ab"
    }
    assert len(texts) == 1


def test_arcs_are_as_long_as_their_runs_allow(example: gf.History) -> None:
    drawn = pieces(example)
    edges, runs = boundary_runs(drawn)
    arcs = chain(edges, front_runs(edges, runs, drawn))
    assert len(arcs.vertices) - len(arcs.signature) == len(edges.start) - len(
        set(range(len(edges.start))) - set(runs.edge.tolist())
    )
    assert len(arcs.signature) < 0.4 * len(arcs.vertices)


# ---- real files


@pytest.mark.archive
@pytest.mark.parametrize("folder", [0, 1])
def test_real_days_are_drawn_with_their_areas(
    deepstate: dict[str, gf.History], folder: int
) -> None:
    whole = list(deepstate.values())[folder]
    history = whole[60:100]
    page = encoded(history)
    assert_same_areas(page, history, range(0, 40, 4))
    for version in range(0, 40, 4):
        occupied = area_km2(history[version].occupied)
        assert page.area_km2("occupied", version) == pytest.approx(
            occupied, rel=1e-6
        )
    assert page.size / len(history) < 3000


@pytest.mark.archive
@pytest.mark.slow
def test_every_real_day_is_drawn_with_its_area(
    deepstate: dict[str, gf.History],
) -> None:
    for history in deepstate.values():
        page = encoded(history)
        assert_same_areas(page, history, range(len(history)))


@pytest.mark.archive
def test_figures_in_the_page_are_those_of_the_tables(
    deepstate: dict[str, gf.History],
) -> None:
    history = list(deepstate.values())[1][-40:]
    about = read(history, places=[]).about
    areas = gf.areas(history, every="snapshot")
    assert about["occupied"] == pytest.approx(
        areas.occupied_km2.to_list(), abs=2e-4
    )
    assert about["grey"] == pytest.approx(
        areas.grey_zone_km2.to_list(), abs=2e-4
    )


# ---- what else the page is told


def test_dates_and_areas_are_those_of_the_history(
    page: FrontPage, example: gf.History
) -> None:
    about = page.about
    epoch = dt.date(1970, 1, 1)
    areas = gf.areas(example, every="snapshot")
    assert [epoch + dt.timedelta(days=n) for n in about["days"]] == [
        snapshot.date for snapshot in example
    ]
    assert about["moments"] == [
        int(snapshot.published_at.timestamp()) for snapshot in example
    ]
    assert about["occupied"] == pytest.approx(
        areas.occupied_km2.to_list(), abs=1e-4
    )
    assert about["grey"] == pytest.approx(
        areas.grey_zone_km2.to_list(), abs=1e-4
    )


def test_where_the_coverage_changes_areas_are_measured_anew() -> None:
    history = gf.History(
        gf.Snapshot(
            "test", day(number), FIELD, [BESIDE], coverage=shapely.box(*box)
        )
        for number, box in enumerate(
            [(37.0, 48.0, 37.1, 48.2), (37.0, 48.0, 37.3, 48.2)], 1
        )
    )
    about = read(history).about
    areas = gf.areas(history, every="snapshot")
    assert about["fresh"] == [0, 1]
    assert about["occupied"] == pytest.approx(
        areas.occupied_km2.to_list(), abs=1e-4
    )


def test_without_a_grey_zone_nothing_is_said_to_be_held() -> None:
    history = gf.History([gf.Snapshot("test", day(1), FIELD)])
    about = read(history).about
    assert about["grey"] == [None]
    assert about["keys"] == ["occupied", "front", "places", "towns"]
    assert about["words"]["layers"]["held"] == "not occupied"
    assert "held" not in " ".join(about["words"]["changes"].values())


def test_terms_remarks_and_credits_travel_with_the_map(
    page: FrontPage, example: gf.History
) -> None:
    about = page.about
    assert any("Schematic" in line for line in about["remarks"])
    assert "Outside it the source says nothing" in about["remarks"][-1]
    assert about["terms"] == []
    assert "OpenStreetMap" in about["credits"]
    assert "GeoNames" in about["credits"]


def test_a_page_says_under_which_terms_it_republishes() -> None:
    history = gf.History([gf.Snapshot("deepstate", day(1), FIELD)])
    about = read(history).about
    assert "republishes the source's polygons" in about["terms"][0]
    assert "ask before republishing" in about["terms"][1]
    assert "© DeepStateMap" in about["credits"]


def test_both_languages_have_the_same_words() -> None:
    def keys(said: object) -> object:
        if isinstance(said, dict):
            return {key: keys(value) for key, value in said.items()}
        return len(said) if isinstance(said, list) else type(said)

    assert keys(words("en")) == keys(words("uk"))


def test_the_day_to_compare_with_is_the_one_in_force(
    example: gf.History,
) -> None:
    assert read(example, compare="2025-02-20").about["compare"] == 2
    assert read(example).about["compare"] is None
    with pytest.raises(gf.MissingDateError, match="nothing for 2024-01-01"):
        gf.FrontMap(example, compare="2024-01-01")


def test_spans_reach_back_no_farther_than_the_history(
    page: FrontPage,
) -> None:
    assert page.about["spans"] == ["1", "7"]


def test_places_are_discs_members_and_outlines(example: gf.History) -> None:
    outlined = gf.Place("Field", "field", 37.1, 48.1, outline=FIELD)
    about = read(
        example, places=[gf.places.SLOVIANSK_KRAMATORSK, outlined]
    ).about
    joined, field = about["places"]
    assert len(joined["discs"]) == len(gf.places.SLOVIANSK_KRAMATORSK.members)
    assert all(disc[2] > 0 for disc in joined["discs"])
    assert field["discs"] == joined["outlines"] == []
    (ring,) = field["outlines"]
    assert ring[0] == ring[-1]
    assert len(ring) > 100
    for x, y in ring:
        assert FIELD.boundary.distance(shapely.Point(x, y)) < 1e-5


def test_a_point_without_extent_may_be_shown(example: gf.History) -> None:
    point = gf.Place("Point", "point", 37.1, 48.1)
    assert read(example, places=point).about["places"][0]["discs"] == [
        [37.1, 48.1, 0]
    ]


# ---- the object


def test_it_is_a_folium_map_inside(example: gf.History, tmp_path) -> None:
    front = gf.FrontMap(example)
    assert isinstance(front.map, folium.Map)
    folium.Marker((48.7, 38.0)).add_to(front.map)
    gf.map_places(gf.places.SIVERSK).add_to(front.map)
    front.save(tmp_path / "front.html")
    assert "L.marker(" in (tmp_path / "front.html").read_text()


def test_nothing_leaks_into_other_maps(example: gf.History) -> None:
    scripts = list(folium.Map.default_js)
    gf.FrontMap(example).map.get_root().render()
    assert folium.Map.default_js == scripts
    other = folium.Map(tiles=None).get_root().render()
    assert "geofront" not in other


def test_a_page_rendered_again_repeats_nothing(example: gf.History) -> None:
    front = gf.FrontMap(example)
    for _ in range(2):
        source = front.map.get_root().render()
        assert source.count("class GeofrontArcs") == 1
        assert len(re.findall(r"geofrontHistory\(map_", source)) == 1


def test_tiles_come_only_on_request(example: gf.History) -> None:
    provider = xyzservices.providers.OpenStreetMap.Mapnik
    with pytest.raises(ValueError, match="offline=False"):
        gf.FrontMap(example, basemap=provider)
    front = gf.FrontMap(example, basemap=provider, offline=False)
    source = front.map.get_root().render()
    assert provider.url in source
    assert '"crossOrigin": true' in source
    assert escape(provider.attribution) in html.unescape(
        source.replace("\\u0026", "&")
    ) or escape(provider.attribution) in source.replace("\\u0026", "&")
    assert unpack(source).about["towns"] == []


def test_tiles_that_need_a_key_are_refused_without_one(
    example: gf.History,
) -> None:
    provider = xyzservices.providers.Thunderforest.OpenCycleMap
    with pytest.raises(gf.GeofrontError, match="need a key of your own"):
        gf.FrontMap(example, basemap=provider, offline=False)
    keyed = provider(apikey="mine")
    source = gf.FrontMap(example, basemap=keyed, offline=False).map
    assert "apikey=mine" in source.get_root().render()


def test_a_comparison_with_a_day_long_without_maps_is_told() -> None:
    history = gf.History(
        gf.Snapshot("test", day(number), FIELD) for number in (1, 20)
    )
    gf.FrontMap(history, compare=history[0].date + dt.timedelta(days=2))
    late = history[0].date + dt.timedelta(days=9)
    with pytest.warns(gf.GeofrontWarning, match=f"nothing for {late}.*with"):
        front = gf.FrontMap(history, compare=late)
    assert unpack(front.map.get_root().render()).about["compare"] == 0


def test_redraws_are_told_to_the_page() -> None:
    mark = gf.Note("method_break", "the rear is missing", 100.0)
    whole, west = (shapely.box(38.0, 48.0, x, 48.1) for x in (38.4, 38.3))
    history = gf.History(
        gf.Snapshot("test", day(number), drawn, notes=notes)
        for number, (drawn, notes) in enumerate(
            ((whole, []), (west, [mark]), (west, [mark]), (whole, [])), 1
        )
    )
    for lang, reason in (("en", "the rear is missing"), ("uk", "")):
        about = read(history, lang=lang).about
        assert [item["at"] for item in about["breaks"]] == [1, 3]
        assert all(item["masked"] for item in about["breaks"])
        assert all(reason in item["reason"] for item in about["breaks"])


def test_reasons_of_redraws_are_told_in_the_page_s_language() -> None:
    whole, less = (shapely.box(36.0, 48.0, x, 49.0) for x in (38.0, 37.5))
    history = gf.History(
        gf.Snapshot("test", day(number), drawn)
        for number, drawn in enumerate((whole, less), 1)
    )
    for lang, told in (
        ("en", "the occupied area shrinks by 25% at once"),
        ("uk", "окупована площа одразу зменшується на 25\u00a0%"),
    ):
        (found,) = read(history, lang=lang).about["breaks"]
        assert told in found["reason"]


def test_a_page_between_two_days_knows_the_redraws_of_the_whole() -> None:
    mark = gf.Note("method_break", "the rear is missing", 100.0)
    whole, west = (shapely.box(38.0, 48.0, x, 48.1) for x in (38.4, 38.3))
    history = gf.History(
        gf.Snapshot("test", day(number), drawn, notes=notes)
        for number, (drawn, notes) in enumerate(
            (
                (whole, []),
                (whole, []),
                (west, [mark]),
                (west, [mark]),
                (whole, []),
            ),
            1,
        )
    )
    since, until = history[1], history[3]
    front = gf.FrontMap(history, compare=since.date, at=until.date)
    about = unpack(front.map.get_root().render()).about
    assert [item.published_at for item in front.history] == [
        item.published_at for item in history[1:4]
    ]
    assert about["compare"] == 0
    assert [item["at"] for item in about["breaks"]] == [1]
    assert 'id="dots"' in front.to_svg()
    assert front.to_svg().count("url(#dots)") == 2
    # What undoes it lies after the day that is shown.
    whole_page = read(history, compare=since.date).about
    assert [item["at"] for item in whole_page["breaks"]] == [2, 4]
    alone = read(history, at=until.date).about
    assert (len(alone["days"]), alone["breaks"]) == (1, [])


def test_jumps_between_two_days_are_judged_by_the_days_around() -> None:
    """Which takes more steps than the page holds."""
    places = [*(0.001 * day for day in range(12)), 0.06]
    places += [0.06 + 0.001 * day for day in range(12)]
    history = gf.History(
        gf.Snapshot("test", day(number), shapely.box(34 - x, 48, 38 + x, 48.6))
        for number, x in enumerate(places, 1)
    )
    before, after = history[11], history[12]
    whole = read(history).about["breaks"]
    between = read(history, compare=before.date, at=after.date).about
    assert [item["at"] for item in whole] == [12]
    assert [item["at"] for item in between["breaks"]] == [1]
    assert read(gf.History([before, after])).about["breaks"] == []


def test_a_day_to_compare_with_comes_before_the_day_that_is_shown(
    example: gf.History,
) -> None:
    for at in ("2025-02-17", "2025-02-19"):
        with pytest.raises(ValueError, match="is not before that of"):
            gf.FrontMap(example, compare="2025-02-19", at=at)


def test_a_map_opens_where_little_ground_changed() -> None:
    rear = shapely.box(33.0, 46.6, 36.0, 47.8)
    small, wide = (
        gf.History(
            gf.Snapshot("test", day(number), [rear, *more])
            for number, more in enumerate(([], changed), 1)
        )
        for changed in (
            [shapely.box(36.0, 47.0, 36.1, 47.2)],
            [shapely.box(36.0, 46.6, 36.1, 47.8)],
        )
    )
    first = str(small[0].date)
    west, south, east, north = read(small, compare=first).about["bounds"]
    assert (west, east) == pytest.approx((35.95, 36.15))
    assert (south, north) == pytest.approx((46.98, 47.22))
    assert read(small).about["bounds"] == [33.0, 46.6, 36.1, 47.8]
    assert read(wide, compare=first).about["bounds"] == [33, 46.6, 36.1, 47.8]


def test_a_map_ends_where_nothing_more_is_to_be_seen(
    example: gf.History,
) -> None:
    assert '"maxZoom": 16' in gf.FrontMap(example).map.get_root().render()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"basemap": "satellite"}, "expected 'vector'"),
        ({"lang": "fr"}, "expected one of en, uk"),
    ],
)
def test_what_is_not_offered_is_refused(
    example: gf.History, options: dict[str, str], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        gf.FrontMap(example, **options)


def test_the_title_speaks_the_language_of_the_page(
    example: gf.History,
) -> None:
    front = gf.FrontMap(example, lang="uk")
    assert front.title == "example, 17 → 28 лютого 2025"
    assert 'alt="example, 17 → 28 лютого 2025"' in front._repr_html_()


HALF = "\ud83d"


def test_half_a_surrogate_pair_is_a_space(tmp_path: Path) -> None:
    snapshot = gf.Snapshot(
        "test", day(1), FIELD, notes=[gf.Note("remark", f"a{HALF}b")]
    )
    centre = FIELD.centroid
    place = gf.Place(f"c{HALF}d\ufffe", "x", centre.x, centre.y)
    front = gf.FrontMap(gf.History([snapshot]), places=place)
    front.save(tmp_path / "page.html")
    about = unpack((tmp_path / "page.html").read_text("utf-8")).about
    assert about["remarks"] == ["a b"]
    assert about["places"][0]["names"][0][0] == "c d\ufffe"
    drawing = front.to_svg()
    assert ET.fromstring(drawing.encode()) is not None
    assert ">c d </text>" in drawing
    assert "base64" in front._repr_html_()


def test_without_a_background_there_are_no_towns(example: gf.History) -> None:
    page = read(example, basemap=None)
    assert page.about["towns"] == []
    assert len(page.about["streams"]) == 6


def test_the_page_is_small(example: gf.History) -> None:
    source = gf.FrontMap(example).map.get_root().render()
    assert len(source.encode()) < 450_000


def test_no_text_of_a_source_stands_in_the_page_itself(
    example: gf.History,
) -> None:
    snapshot = gf.Snapshot(
        "test",
        day(1),
        FIELD,
        notes=[gf.Note("remark", "{{7*7}} </script> {% raw %}")],
    )
    place = gf.Place("{{8*8}}</script>", "x", 37.9, 48.8)
    front = gf.FrontMap(gf.History([snapshot]), places=place)
    source = front.map.get_root().render()
    for text in ("{{7*7}}", "49", "{% raw", "{{8*8}}"):
        assert text not in re.sub(r'"[A-Za-z0-9+/=]{400,}"', "", source) or (
            text == "49"
        )
    about = unpack(source).about
    assert about["remarks"] == ["{{7*7}} </script> {% raw %}"]
    assert about["places"][0]["names"][0][0] == "{{8*8}}</script>"


# ---- the background


def test_the_ground_is_ukraine_in_closed_rings() -> None:
    drawn = ground()
    lines = np.split(drawn.vertices * GROUND_GRID_DEG, drawn.first[1:-1])
    kinds = drawn.signature.tolist()
    rings = [
        line for line, kind in zip(lines, kinds, strict=True) if kind == 0
    ]
    assert all((ring[0] == ring[-1]).all() for ring in rings)
    land = shapely.MultiPolygon()
    for ring in rings:
        shape = shapely.make_valid(shapely.Polygon(ring))
        land = shapely.symmetric_difference(land, shape)
    assert area_km2(land) == pytest.approx(area_km2(gf.territory()), rel=2e-3)
    assert kinds.count(1) > 50
    assert kinds.count(2) > 40


@pytest.mark.parametrize(("lang", "first"), [("en", "Kyiv"), ("uk", "Київ")])
def test_towns_come_the_largest_first(lang: str, first: str) -> None:
    known = towns(lang)
    people = [row[3] for row in known]
    assert known[0][0] == first
    assert people == sorted(people, reverse=True)
    assert len(known) > 500


# ---- SVG and notebooks


def test_a_drawing_has_named_groups_and_says_what_it_shows(
    example: gf.History,
) -> None:
    drawing = gf.FrontMap(example).to_svg("2025-02-24")
    names = re.findall(r'<g id="(\w+)">', drawing)
    assert names == [
        *("land", "rivers", "oblasts", "regained", "occupied", "grey_zone"),
        *("coverage", "change", "front", "distances", "places", "furniture"),
    ]
    for text in ("24 February 2025", "3,007.5 km²", "Schematic", "Siversk"):
        assert text in drawing
    assert len(drawing) < 200_000


def group(drawing: str, name: str) -> str:
    """What one group of a drawing holds."""
    return re.findall(rf'<g id="{name}">(.*?)</g>', drawing)[0]


def test_a_drawing_shows_what_changed_since_the_earlier_day(
    example: gf.History,
) -> None:
    front = gf.FrontMap(example, compare="2025-02-19")
    drawing = front.to_svg("2025-02-24")
    change = gf.delta(example.at("2025-02-19"), example.at("2025-02-24"))
    kinds = change.to_geodataframe()[["from_state", "to_state"]]
    drawn = group(drawing, "change")
    for states, (fill, _) in palette.CHANGE.items():
        assert (fill in drawn) == (list(states) in kinds.values.tolist())
    assert f"net {change.net_km2:+.1f} km²" in drawing
    # On that day itself nothing has changed yet.
    assert group(front.to_svg("2025-02-19"), "change") == ""
    assert group(gf.FrontMap(example).to_svg(), "change") == ""


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("size", [(480, 320), (960, 640), (300, 900)])
def test_the_words_at_the_foot_stay_on_the_paper(
    example: gf.History, size: tuple[int, int], lang: str
) -> None:
    drawing = gf.FrontMap(example, lang=lang).to_svg(size=size)
    lines = re.findall(
        r'<text x="(\S+)" y="(\S+)" [^>]*font-size="10"[^>]*>([^<]*)<',
        group(drawing, "furniture"),
    )
    for x, y, text in lines:
        assert float(x) + 5.4 * len(text) <= size[0] - 11
        assert 0 < float(y) < size[1]
    said = " ".join(text for *_, text in lines)
    assert "OpenStreetMap" in said
    assert "GSHHG" in said
    # The map ends above them.
    paper = re.findall(r'<path d="M([^"]*)"', group(drawing, "coverage"))
    lowest = max(
        float(point.split()[1].rstrip("Z"))
        for path in paper
        for point in re.split("[ML]", path)
        if point
    )
    assert lowest < min(float(y) for _, y, _ in lines) - 10


def test_a_drawing_has_distances_rivers_and_towns(
    example: gf.History,
) -> None:
    drawing = gf.FrontMap(example, places=gf.places.SIVERSK).to_svg()
    row = gf.proximity(example, [gf.places.SIVERSK]).iloc[-1]
    assert f">{row.occupied_km:.1f} km {row.sector}<" in drawing
    # The rim, the line with its halo.
    assert group(drawing, "distances").count("<path") == 3
    assert group(drawing, "rivers").count("M") > 2
    assert ">Bakhmut<" in group(drawing, "places")


def test_a_drawing_masks_what_was_redrawn() -> None:
    mark = gf.Note("method_break", "the rear is missing", 100.0)
    west, whole = (shapely.box(38.0, 48.0, x, 48.4) for x in (38.3, 38.6))
    history = gf.History(
        gf.Snapshot("test", day(number), [drawn], [], notes=notes)
        for number, (drawn, notes) in enumerate(
            ((whole, []), (west, [mark]), (west, [mark])), 1
        )
    )
    front = gf.FrontMap(history, compare=history[0].date, places=[])
    assert 'fill="url(#dots)"' in group(front.to_svg(), "change")
    assert "probably redrawn" in front.to_svg()
    later = gf.FrontMap(history, compare=history[1].date, places=[])
    assert "redrawn" not in later.to_svg()


def test_a_drawing_in_ukrainian(example: gf.History) -> None:
    drawing = gf.FrontMap(example, lang="uk").to_svg("2025-02-24")
    for text in ("24 лютого 2025", "3 007,5 км²", "Сіверськ"):
        assert text in drawing.replace("\u00a0", " ")


def test_a_drawing_escapes_what_it_writes(example: gf.History) -> None:
    place = gf.Place("<b>&\x07", "x", 37.9, 48.8)
    drawing = gf.FrontMap(example, places=place).to_svg()
    assert "&lt;b&gt;&amp; </text>" in drawing


def test_a_drawing_of_a_day_that_is_missing(example: gf.History) -> None:
    with pytest.raises(gf.MissingDateError):
        gf.FrontMap(example).to_svg("2024-01-01")


def test_a_notebook_gets_a_frame_and_a_picture_behind_it(
    example: gf.History,
) -> None:
    shown = gf.FrontMap(example)._repr_html_()
    assert shown.index("<img") < shown.index("<iframe")
    assert "data:image/svg+xml;base64," in shown
    assert len(shown) < 2_000_000
