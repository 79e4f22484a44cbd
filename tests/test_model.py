"""Control states, snapshots and histories."""

import datetime as dt
import json
import pickle

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, box

import geofront as gf
from geofront.geodesy import area_km2
from geofront.geography import OFFICIAL_AREA_KM2

MOMENT = dt.datetime(2025, 2, 24, 20, tzinfo=dt.UTC)
WEST, MIDDLE, EAST = (box(38 + n, 48, 39 + n, 49) for n in range(3))
ALL = box(38, 48, 41, 49)
DEGREE_KM2 = area_km2(WEST)
BOW_TIE = shapely.Polygon([(38, 48), (39, 49), (39, 48), (38, 49)])
REMARK = gf.Note("remark", "Drawn by hand <script>alert(1)</script>", 2.5)


def snapshot(occupied=(), grey_zone=None, **options):
    options = {"published_at": MOMENT, "source": "test"} | options
    return gf.Snapshot(occupied=occupied, grey_zone=grey_zone, **options)


def at(*moment, occupied=(), source="test"):
    published_at = dt.datetime(*moment, tzinfo=dt.UTC)
    return gf.Snapshot(source, published_at, occupied)


def february(*days):
    """History of one snapshot at 20:00 UTC on each day, all different."""
    return gf.History(
        at(2025, 2, day, 20, occupied=box(38, 48, 38 + day / 100, 49))
        for day in days
    )


@pytest.fixture
def covered():
    return snapshot(WEST, MIDDLE, coverage=ALL)


# ControlState


def test_control_states_are_three():
    assert [str(state) for state in gf.ControlState] == [
        "occupied",
        "grey_zone",
        "held",
    ]


# Snapshot: what it is given


@pytest.mark.parametrize(
    "occupied",
    [WEST, MultiPolygon([WEST]), [WEST], iter([WEST]), np.array([WEST])],
)
def test_occupied_may_be_one_or_several(occupied):
    assert snapshot(occupied) == snapshot(WEST)


def test_occupied_may_be_a_geoseries():
    assert snapshot(gpd.GeoSeries([WEST])) == snapshot(WEST)


def test_published_at_is_brought_to_utc():
    kyiv = dt.timezone(dt.timedelta(hours=2))
    given = snapshot(published_at=dt.datetime(2025, 2, 24, 22, tzinfo=kyiv))
    assert given.published_at == MOMENT
    assert given.published_at.tzinfo is dt.UTC


def test_published_at_is_kept_to_the_second():
    given = snapshot(published_at=MOMENT.replace(microsecond=999_999))
    assert given.published_at == MOMENT


def test_published_at_needs_a_time_zone():
    with pytest.raises(ValueError, match="2025-02-24T20:00:00 has no time"):
        snapshot(published_at=MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize("name", ["", "DeepState", "deep state", "a-b", "ї"])
def test_source_has_a_plain_name(name):
    with pytest.raises(
        gf.InvalidBoundaryError, match=f"'{name}' cannot name a source"
    ):
        snapshot(source=name)


@pytest.mark.parametrize(
    "state", ["occupied", "grey_zone", "regained", "coverage"]
)
def test_only_areas_make_a_state(state):
    with pytest.raises(
        gf.InvalidBoundaryError,
        match=f"{state}: expected polygons, found a Point",
    ):
        snapshot(**{state: shapely.Point(38, 48)})


def test_metres_are_refused():
    with pytest.raises(
        gf.InvalidBoundaryError, match=r"occupied: found the position \("
    ):
        snapshot(shapely.transform(WEST, lambda degrees: degrees * 1e5))


def test_arguments_are_not_changed():
    before = shapely.to_wkb([BOW_TIE, MIDDLE])
    given = np.array([BOW_TIE, MIDDLE])
    with pytest.warns(gf.RepairedBoundaryWarning):
        snapshot(given, MIDDLE, coverage=given)
    assert (shapely.to_wkb(given) == before).all()


# Snapshot: what it says


def test_id_is_source_and_moment():
    assert snapshot().id == "test@2025-02-24T20:00:00Z"


@pytest.mark.parametrize(
    ("hour", "day"), [(21, dt.date(2025, 2, 24)), (22, dt.date(2025, 2, 25))]
)
def test_date_is_the_day_in_kyiv(hour, day):
    assert snapshot(published_at=MOMENT.replace(hour=hour)).date == day


def test_occupied_is_dissolved():
    given = snapshot([box(38, 48, 39, 49), box(38.5, 48, 40, 49)])
    assert given.occupied.equals(box(38, 48, 40, 49))


def test_occupied_wins_over_the_grey_zone():
    given = snapshot(WEST, box(38.5, 48, 40, 49))
    assert given.grey_zone.equals(MIDDLE)


def test_drawn_polygons_stay_as_drawn():
    given = snapshot(WEST, [box(38.5, 48, 40, 49), MIDDLE])
    assert len(given.drawn("grey_zone")) == 2


def test_grey_zone_that_is_not_drawn_is_none():
    given = snapshot(WEST)
    assert given.grey_zone is None
    assert given.drawn("grey_zone") is None
    assert not given.draws_grey_zone


def test_grey_zone_of_none_that_day_is_empty():
    given = snapshot(WEST, [])
    assert given.grey_zone == MultiPolygon()
    assert given.draws_grey_zone


def test_none_and_empty_grey_zone_differ():
    assert snapshot(WEST) != snapshot(WEST, [])


def test_regained_that_is_not_drawn_is_none():
    assert snapshot(WEST).regained is None


def test_regained_is_kept():
    assert snapshot(WEST, regained=[MIDDLE, EAST]).regained.equals(
        box(39, 48, 41, 49)
    )


def test_coverage_that_is_not_stated_is_none():
    assert snapshot(WEST).coverage is None


def test_coverage_is_dissolved():
    given = snapshot(coverage=[WEST, MIDDLE, EAST])
    assert given.coverage.equals(ALL)
    assert len(given.coverage.geoms) == 1


# Snapshot: held and areas


def test_held_is_the_rest_of_the_coverage(covered):
    assert covered.held().equals(EAST)


def test_held_is_none_where_no_grey_zone_is_drawn():
    assert snapshot(WEST, coverage=ALL).held() is None


def test_held_of_all_occupied_is_empty():
    assert snapshot(ALL, [], coverage=ALL).held().is_empty


def test_held_without_coverage_is_the_rest_of_the_territory():
    held = snapshot(WEST, []).held()
    rest = shapely.difference(gf.territory(), WEST)
    assert area_km2(held) == pytest.approx(area_km2(rest), abs=1e-6)


def test_areas_of_a_covered_snapshot(covered):
    assert covered.areas() == {
        "occupied_km2": pytest.approx(DEGREE_KM2),
        "grey_zone_km2": pytest.approx(DEGREE_KM2),
        "held_km2": pytest.approx(DEGREE_KM2),
        "denominator_km2": pytest.approx(3 * DEGREE_KM2),
        "occupied_share": pytest.approx(1 / 3),
    }


def test_areas_without_grey_zone_do_not_guess():
    areas = snapshot(WEST, coverage=ALL).areas()
    assert areas["grey_zone_km2"] is None
    assert areas["held_km2"] is None
    assert areas["occupied_share"] == pytest.approx(1 / 3)


def test_areas_without_coverage_refer_to_the_official_figure():
    areas = snapshot(WEST, MIDDLE).areas()
    assert areas["denominator_km2"] == OFFICIAL_AREA_KM2
    assert areas["held_km2"] == pytest.approx(
        OFFICIAL_AREA_KM2 - 2 * DEGREE_KM2
    )


def test_held_area_is_that_of_held(covered):
    assert covered.areas()["held_km2"] == pytest.approx(
        area_km2(covered.held())
    )


def test_areas_given_out_can_be_changed_without_harm(covered):
    covered.areas().clear()
    assert covered.areas()["occupied_km2"] == pytest.approx(DEGREE_KM2)


def test_what_is_drawn_outside_the_coverage_is_cut_off():
    given = snapshot(box(38, 48, 40, 49), [], coverage=WEST)
    assert given.occupied.equals(WEST)


def test_what_is_cut_off_is_noted():
    given = snapshot(box(38, 48, 40, 49), [], coverage=WEST)
    (note,) = given.notes
    assert note[:2] == ("clipped", "occupied: cut off outside the coverage")
    assert note.km2 == pytest.approx(DEGREE_KM2)


def test_what_is_inside_the_coverage_is_not_noted(covered):
    assert covered.notes == ()


# Snapshot: repairs


def test_repair_is_warned_of():
    with pytest.warns(
        gf.RepairedBoundaryWarning,
        match=r"test@2025-02-24T20:00:00Z: 1 invalid polygon repaired",
    ):
        snapshot(BOW_TIE)


def test_warning_names_both_ways_to_silence_it():
    with pytest.warns(
        gf.RepairedBoundaryWarning,
        match="geofront.topology.mend, or filter geofront.Repaired",
    ):
        snapshot(BOW_TIE)


def test_warning_points_at_the_caller():
    with pytest.warns(gf.RepairedBoundaryWarning) as caught:
        gf.Snapshot("test", MOMENT, BOW_TIE)
    assert caught[0].filename == __file__


@pytest.mark.filterwarnings("ignore::geofront.RepairedBoundaryWarning")
@pytest.mark.parametrize(
    "state", ["occupied", "grey_zone", "regained", "coverage"]
)
def test_repair_is_noted(state):
    (note,) = snapshot(**{state: [WEST, BOW_TIE]}).notes
    assert note[:2] == ("repair", f"{state}: polygon 2 was invalid")


@pytest.mark.filterwarnings("ignore::geofront.RepairedBoundaryWarning")
def test_repair_notes_its_area():
    (note,) = snapshot(BOW_TIE).notes
    assert note.km2 == pytest.approx(
        area_km2(shapely.make_valid(BOW_TIE)) - area_km2(BOW_TIE)
    )


@pytest.mark.filterwarnings("ignore::geofront.RepairedBoundaryWarning")
def test_notes_given_come_before_repairs():
    given = snapshot(BOW_TIE, notes=[REMARK])
    assert [note.kind for note in given.notes] == ["remark", "repair"]


@pytest.mark.filterwarnings("ignore::geofront.RepairedBoundaryWarning")
def test_repaired_snapshot_is_valid():
    assert snapshot(BOW_TIE).occupied.is_valid


# Snapshot: frozen, equal, kept


@pytest.mark.parametrize(
    "name", ["source", "published_at", "occupied", "_notes", "new"]
)
def test_snapshot_is_frozen(covered, name):
    with pytest.raises(AttributeError, match=f"frozen: {name} cannot be set"):
        setattr(covered, name, None)


@pytest.mark.parametrize("name", ["source", "published_at", "digest"])
def test_nothing_can_be_deleted_from_a_snapshot(covered, name):
    with pytest.raises(AttributeError):
        delattr(covered, name)


def test_polygons_drawn_cannot_be_replaced(covered):
    with pytest.raises(ValueError, match="read-only"):
        covered.drawn("occupied")[0] = EAST


def test_equality_is_by_content():
    assert snapshot(WEST, MIDDLE) == snapshot(WEST, MIDDLE)


def test_equality_does_not_see_how_it_was_drawn():
    within = box(38.2, 48.2, 38.8, 48.8)
    assert snapshot([WEST, WEST.reverse(), within]) == snapshot(WEST)


def test_equality_does_not_see_notes():
    assert snapshot(WEST, notes=[REMARK]) == snapshot(WEST)


@pytest.mark.parametrize(
    "other",
    [
        snapshot(EAST, MIDDLE, coverage=ALL),
        snapshot(WEST, [], coverage=ALL),
        snapshot(WEST, MIDDLE),
        snapshot(WEST, MIDDLE, coverage=ALL, regained=EAST),
        snapshot(WEST, MIDDLE, coverage=ALL, source="other"),
        snapshot(
            WEST,
            MIDDLE,
            coverage=ALL,
            published_at=MOMENT + dt.timedelta(seconds=1),
        ),
    ],
)
def test_any_difference_changes_the_digest(covered, other):
    assert covered != other
    assert covered.digest != other.digest


def test_states_exchanged_change_the_digest():
    assert snapshot(WEST, MIDDLE).digest != snapshot(MIDDLE, WEST).digest


def test_digest_is_a_sha256(covered):
    assert len(covered.digest) == 64
    assert int(covered.digest, 16)


def test_equal_snapshots_have_equal_hashes():
    assert len({snapshot(WEST), snapshot([WEST]), snapshot(EAST)}) == 2


def test_snapshot_is_unlike_anything_else(covered):
    assert covered != covered.id


def test_from_valid_makes_an_equal_snapshot(covered):
    made = gf.Snapshot.from_valid(
        "test",
        MOMENT,
        {"occupied": np.array([WEST]), "grey_zone": np.array([MIDDLE])},
        coverage=MultiPolygon([ALL]),
    )
    assert made == covered


def test_pickled_snapshot_is_equal(covered):
    again = pickle.loads(pickle.dumps(covered))
    assert again == covered
    assert again.areas() == covered.areas()


def test_pickled_snapshot_keeps_its_notes():
    given = snapshot(WEST, notes=[REMARK])
    assert pickle.loads(pickle.dumps(given)).notes == (REMARK,)


# Snapshot: as people see it


def test_repr_names_areas(covered):
    assert repr(covered) == (
        "<Snapshot test@2025-02-24T20:00:00Z: occupied 8,217.7, "
        "grey zone 8,217.7, held 8,217.7 km²>"
    )


def test_repr_is_silent_about_what_is_not_drawn():
    assert repr(snapshot(WEST)) == (
        "<Snapshot test@2025-02-24T20:00:00Z: occupied 8,217.7 km²>"
    )


def test_html_is_a_table_of_areas(covered):
    page = covered._repr_html_()
    assert page.startswith("<table>")
    assert "8,217.7 km² (33.33%)" in page


def test_html_says_what_is_not_drawn():
    assert "not drawn" in snapshot(WEST)._repr_html_()


def test_html_gives_no_unit_to_what_is_not_drawn():
    assert "not drawn km²" not in snapshot(WEST)._repr_html_()


def test_html_shows_remarks_escaped():
    page = snapshot(WEST, notes=[REMARK])._repr_html_()
    assert "Drawn by hand &lt;script&gt;" in page
    assert "<script" not in page
    assert "from reading" not in page


def test_html_counts_what_reading_found_and_says_if_nothing():
    repair = gf.Note("repair", "polygon 2 was invalid")
    assert ">1 from reading<" in snapshot(WEST, notes=[repair])._repr_html_()
    assert ">none<" in snapshot(WEST)._repr_html_()


# Snapshot: to a GeoDataFrame and back


def test_frame_has_a_row_a_state(covered):
    frame = covered.to_geodataframe()
    assert frame["state"].tolist() == ["occupied", "grey_zone", "coverage"]
    assert list(frame.columns) == [
        "source",
        "published_at",
        "state",
        "area_km2",
        "notes",
        "geometry",
    ]


def test_frame_is_in_longitude_and_latitude(covered):
    assert covered.to_geodataframe().crs == "OGC:CRS84"


def test_frame_tells_areas(covered):
    assert covered.to_geodataframe()["area_km2"].tolist() == pytest.approx(
        [DEGREE_KM2, DEGREE_KM2, 3 * DEGREE_KM2]
    )


def test_frame_holds_the_moment_in_utc(covered):
    moments = covered.to_geodataframe()["published_at"]
    assert (moments == MOMENT).all()


def test_frame_notes_are_json():
    frame = snapshot(WEST, notes=[REMARK]).to_geodataframe()
    assert json.loads(frame["notes"][0]) == [list(REMARK)]


@pytest.mark.parametrize(
    "given",
    [
        snapshot(),
        snapshot(WEST),
        snapshot(WEST, []),
        snapshot([], MIDDLE),
        snapshot(WEST, [MIDDLE, EAST], regained=EAST, coverage=ALL),
        snapshot(ALL, ALL, coverage=[WEST, EAST], notes=[REMARK]),
    ],
)
def test_frame_is_read_back_as_it_was(given):
    again = gf.Snapshot.from_geodataframe(given.to_geodataframe())
    assert again.digest == given.digest
    assert again.notes == given.notes


def test_notes_read_back_are_notes():
    frame = snapshot(WEST, notes=[REMARK]).to_geodataframe()
    assert gf.Snapshot.from_geodataframe(frame).notes[0].kind == "remark"


def test_frame_in_epsg_4326_is_read(covered):
    frame = covered.to_geodataframe().set_crs("EPSG:4326", allow_override=True)
    assert gf.Snapshot.from_geodataframe(frame) == covered


def test_frame_without_notes_is_read(covered):
    frame = covered.to_geodataframe().drop(columns=["notes", "area_km2"])
    assert gf.Snapshot.from_geodataframe(frame) == covered


def test_rows_of_one_state_are_taken_together(covered):
    frame = covered.to_geodataframe().explode(ignore_index=True)
    assert gf.Snapshot.from_geodataframe(frame) == covered


def test_frame_in_another_crs_is_refused(covered):
    frame = covered.to_geodataframe().to_crs("EPSG:3857")
    with pytest.raises(
        gf.InvalidBoundaryError, match="is in EPSG:3857: expected OGC:CRS84"
    ):
        gf.Snapshot.from_geodataframe(frame)


def test_frame_without_crs_is_refused(covered):
    frame = covered.to_geodataframe().set_crs(None, allow_override=True)
    with pytest.raises(
        gf.InvalidBoundaryError, match="is in None: expected OGC:CRS84"
    ):
        gf.Snapshot.from_geodataframe(frame)


@pytest.mark.parametrize("column", ["source", "published_at", "state"])
def test_frame_without_a_column_is_refused(covered, column):
    frame = covered.to_geodataframe().drop(columns=column)
    with pytest.raises(
        gf.InvalidBoundaryError, match=f"the frame has no column {column}"
    ):
        gf.Snapshot.from_geodataframe(frame)


def test_all_columns_missing_are_named_together(covered):
    frame = covered.to_geodataframe()[["state", "geometry"]]
    with pytest.raises(
        gf.InvalidBoundaryError, match="no column source, published_at"
    ):
        gf.Snapshot.from_geodataframe(frame)


def test_frame_without_geometry_is_refused(covered):
    frame = covered.to_geodataframe().drop(columns="geometry")
    with pytest.raises(gf.InvalidBoundaryError, match="geometry"):
        gf.Snapshot.from_geodataframe(frame)


def test_unknown_states_are_named(covered):
    frame = covered.to_geodataframe()
    frame["state"] = ["occupied", "liberated", "contested"]
    with pytest.raises(
        gf.InvalidBoundaryError,
        match="unknown states 'contested', 'liberated': expected occupied",
    ):
        gf.Snapshot.from_geodataframe(frame)


@pytest.mark.parametrize("column", ["source", "published_at", "state"])
def test_row_without_a_value_is_not_lost_silently(covered, column):
    frame = covered.to_geodataframe()
    frame.loc[1, column] = None
    with pytest.raises(gf.InvalidBoundaryError, match=column):
        gf.Snapshot.from_geodataframe(frame)


def test_snapshot_is_not_read_from_rows_of_several():
    frame = february(24, 25).to_geodataframe()
    with pytest.raises(
        gf.InvalidBoundaryError, match="rows of one snapshot, found 2"
    ):
        gf.Snapshot.from_geodataframe(frame)


def test_snapshot_is_not_read_from_no_rows(covered):
    with pytest.raises(
        gf.InvalidBoundaryError, match="rows of one snapshot, found 0"
    ):
        gf.Snapshot.from_geodataframe(covered.to_geodataframe()[:0])


# History: what it is given


def test_history_is_in_time_order():
    shuffled = gf.History(reversed(february(24, 25, 26)))
    assert [item.date.day for item in shuffled] == [24, 25, 26]


def test_history_does_not_depend_on_the_order_given():
    history = february(24, 25, 26)
    assert gf.History(reversed(history)) == history


def test_history_keeps_one_of_equal_snapshots():
    history = february(24, 25)
    assert gf.History([*history, *history]) == history


def test_history_keeps_equal_maps_of_different_moments():
    same = [at(2025, 2, 24, hour, occupied=WEST) for hour in (6, 18)]
    assert len(gf.History(same)) == 2


def test_history_refuses_two_maps_of_one_moment():
    both = [snapshot(WEST), snapshot(EAST)]
    with pytest.raises(
        gf.InvalidBoundaryError,
        match="both test@2025-02-24T20:00:00Z but differ",
    ):
        gf.History(both)


def test_history_refuses_several_sources():
    both = [snapshot(source="isw"), snapshot(source="deepstate")]
    with pytest.raises(
        gf.InvalidBoundaryError, match="one source, found deepstate, isw"
    ):
        gf.History(both)


def test_history_refuses_to_be_empty():
    with pytest.raises(
        gf.InvalidBoundaryError, match="at least one snapshot, found none"
    ):
        gf.History([])


# History: what it says


def test_history_source_is_that_of_its_snapshots():
    assert february(24, 25).source == "test"


def test_dates_are_kyiv_days_once_each():
    history = gf.History(
        at(2025, 2, *moment) for moment in [(24, 6), (24, 21), (24, 22)]
    )
    assert history.dates == (dt.date(2025, 2, 24), dt.date(2025, 2, 25))


def test_span_is_the_first_and_last_day():
    assert february(17, 20, 24).span == (
        dt.date(2025, 2, 17),
        dt.date(2025, 2, 24),
    )


@pytest.mark.parametrize("day", ["2025-02-24", dt.date(2025, 2, 24)])
def test_at_is_the_last_snapshot_of_the_day(day):
    history = gf.History(at(2025, 2, 24, hour) for hour in (6, 12, 21))
    assert history.at(day) == history[2]


def test_at_leaves_out_what_comes_after_midnight_in_kyiv():
    history = gf.History(at(2025, 2, 24, hour) for hour in (21, 22))
    assert history.at("2025-02-24") == history[0]
    assert history.at("2025-02-25") == history[1]


def test_at_follows_summer_time():
    history = gf.History(at(2025, 7, 24, hour) for hour in (20, 21))
    assert history.at("2025-07-24") == history[0]


def test_at_carries_the_last_one_forward():
    history = february(17, 24)
    assert history.at("2025-02-23") is history[0]


def test_at_before_the_first_is_missing():
    with pytest.raises(
        gf.MissingDateError,
        match="test has nothing for 2025-02-16: its snapshots begin on "
        "2025-02-17",
    ):
        february(17).at("2025-02-16")


def test_at_exactly_72_hours_after_the_last_is_carried():
    history = gf.History([at(2025, 2, 24, 22)])
    assert history.at("2025-02-27") is history[0]


def test_at_more_than_72_hours_after_the_last_is_missing():
    history = gf.History([at(2025, 2, 24, 21, 59, 59)])
    with pytest.raises(
        gf.MissingDateError,
        match="test has nothing for 2025-02-27: its last snapshot is of "
        "2025-02-24 and is carried forward for 72 hours at most",
    ):
        history.at("2025-02-27")


def test_72_hours_are_hours_across_summer_time():
    # Sunday 30 March 2025 has 23 hours in Kyiv.
    history = gf.History([at(2025, 3, 28, 21)])
    assert history.at("2025-03-31") is history[0]


def test_at_refuses_what_is_no_day():
    with pytest.raises(ValueError, match="YYYY-MM-DD, found '24 Feb'"):
        february(24).at("24 Feb")


def test_daily_keeps_the_last_of_each_day():
    history = gf.History(
        at(2025, 2, *moment) for moment in [(24, 6), (24, 18), (26, 12)]
    )
    assert list(history.daily()) == [history[1], history[2]]


def test_daily_twice_is_daily_once():
    history = gf.History(at(2025, 2, 24, hour) for hour in (6, 18))
    assert history.daily().daily() == history.daily()


def test_daily_answers_as_the_whole_does():
    history = gf.History(at(2025, 2, 24, hour) for hour in (6, 18))
    assert history.daily().at("2025-02-24") == history.at("2025-02-24")


# History: a sequence


def test_history_is_indexed_by_position():
    history = february(17, 18, 19)
    assert history[0].date == dt.date(2025, 2, 17)
    assert history[-1].date == dt.date(2025, 2, 19)


def test_slice_of_positions_is_a_history():
    assert february(17, 18, 19)[1:] == february(18, 19)


def test_slice_of_no_positions_is_refused():
    with pytest.raises(gf.InvalidBoundaryError, match="found none"):
        february(17, 18)[2:]


def test_position_beyond_the_end_is_an_index_error():
    with pytest.raises(IndexError):
        february(17)[1]


def test_history_iterates_and_contains():
    history = february(17, 18)
    assert list(history) == [history[0], history[1]]
    assert february(18)[0] in history
    assert february(19)[0] not in history
    assert history.index(history[1]) == 1


def test_slice_of_dates_includes_both_and_the_one_in_force():
    cut = february(17, 18, 19, 20, 21)["2025-02-19":"2025-02-20"]
    assert cut == february(18, 19, 20)


def test_slice_from_a_carried_day_keeps_the_one_in_force():
    assert february(17, 18, 24)["2025-02-20":] == february(18, 24)


def test_slice_keeps_one_in_force_however_old():
    assert february(1, 24)["2025-02-24":] == february(1, 24)


def test_slice_up_to_a_day_includes_it():
    assert february(17, 18, 19)[:"2025-02-18"] == february(17, 18)


def test_slice_takes_dates():
    history = february(17, 18, 19)
    cut = history[dt.date(2025, 2, 18) : dt.date(2025, 2, 18)]
    assert cut == february(17, 18)


def test_slice_from_before_the_first_begins_with_it():
    assert february(17, 18)["2024-01-01":] == february(17, 18)


def test_slice_within_a_gap_is_the_one_in_force():
    assert february(17, 24)["2025-02-19":"2025-02-20"] == february(17)


def test_slice_ends_at_midnight_in_kyiv():
    history = gf.History(at(2025, 2, 24, hour) for hour in (21, 22))
    assert list(history[:"2025-02-24"]) == [history[0]]


def test_slice_before_the_first_is_missing():
    with pytest.raises(
        gf.MissingDateError,
        match="nothing from None to 2025-02-16: it spans 2025-02-17 to",
    ):
        february(17, 18)[:"2025-02-16"]


def test_slice_long_after_the_last_is_missing():
    # Nothing is in force at its start: 72 hours have passed.
    with pytest.raises(gf.MissingDateError, match="nothing"):
        february(17, 18)["2025-06-01":"2025-06-30"]


def test_slice_of_dates_in_the_wrong_order_is_refused():
    with pytest.raises((ValueError, gf.MissingDateError), match="2025-02-19"):
        february(17, 18, 19)["2025-02-19":"2025-02-18"]


def test_slice_of_dates_takes_no_step():
    with pytest.raises(ValueError, match="takes no step: use daily"):
        february(17, 18)["2025-02-17":"2025-02-18":2]


def test_slice_refuses_a_moment():
    with pytest.raises(ValueError, match="expected a day, found the moment"):
        february(17, 18)[MOMENT:]


def test_slice_refuses_dates_mixed_with_positions():
    with pytest.raises(ValueError, match="YYYY-MM-DD, found 1"):
        february(17, 18)["2025-02-17":1]


def test_slice_answers_as_the_whole_does_within_its_days():
    history = february(17, 18, 24)
    cut = history["2025-02-18":"2025-02-20"]
    assert cut.at("2025-02-20") == history.at("2025-02-20")


# History: equal, kept, shown


def test_equal_histories_have_equal_hashes():
    assert hash(february(17, 18)) == hash(february(18, 17))


def test_histories_of_other_snapshots_differ():
    assert february(17, 18) != february(17)


def test_history_is_unlike_a_list():
    assert february(17) != list(february(17))


def test_pickled_history_is_equal():
    history = february(17, 18)
    assert pickle.loads(pickle.dumps(history)) == history


def test_history_names_its_span_in_its_repr():
    assert repr(february(17, 20)) == (
        "<History test: 2 snapshots on 2 days, 2025-02-17 to 2025-02-20; "
        "occupied 1,397.0 → 1,643.5 km²>"
    )


def test_history_html_is_a_table_escaped():
    page = february(17, 20)._repr_html_()
    assert page.startswith("<table>")
    assert "&lt;Snapshot test@2025-02-17T20:00:00Z" in page


def test_history_frame_is_read_back_as_it_was():
    history = gf.History(
        [
            at(2025, 2, 23, 20),
            snapshot(WEST, MIDDLE, coverage=ALL, notes=[REMARK]),
            at(2025, 2, 25, 20, occupied=[WEST, EAST]),
        ]
    )
    again = gf.History.from_geodataframe(history.to_geodataframe())
    assert [item.digest for item in again] == [item.digest for item in history]
    assert [item.notes for item in again] == [item.notes for item in history]


def test_history_frame_may_be_shuffled():
    history = february(17, 18, 19)
    frame = history.to_geodataframe().iloc[::-1]
    assert gf.History.from_geodataframe(frame) == history


def test_history_frame_of_several_sources_is_refused():
    rows = [snapshot(source=name).to_geodataframe() for name in ("isw", "b")]
    frame = gpd.pd.concat(rows, ignore_index=True)
    with pytest.raises(
        gf.InvalidBoundaryError, match="one source, found b, isw"
    ):
        gf.History.from_geodataframe(frame)


def test_example_is_read_back_as_it_was(example):
    again = gf.History.from_geodataframe(example.to_geodataframe())
    assert again == example
    assert [item.notes for item in again] == [item.notes for item in example]
