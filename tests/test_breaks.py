"""Days on which a source draws otherwise: seeded, and found as such."""

import datetime as dt
import weakref

import drawing
import numpy as np
import pytest
import shapely
from shapely import Polygon

import geofront as gf
from geofront._breaks import breaks
from geofront.geodesy import area_km2

DAYS = 40
BAD = 25


@pytest.fixture(scope="module")
def fronts():
    return drawing.fronts(DAYS)


@pytest.fixture(scope="module")
def clean(fronts):
    return [drawing.occupied(front) for front in fronts]


def found(history):
    return [item.position for item in breaks(history)]


def redrawn(maps, change, days=range(BAD, DAYS)):
    """Maps with some days drawn otherwise."""
    return [
        change(polygons) if day in days else polygons
        for day, polygons in enumerate(maps)
    ]


def each_vertex(move):
    """Change of maps that moves the vertices of each polygon alike."""

    def change(polygons):
        return [shapely.transform(item, move) for item in polygons]

    return change


@pytest.mark.parametrize("seed", range(6))
def test_ordinary_days_are_none(seed):
    assert found(drawing.history(drawing.maps(DAYS, seed))) == []


def test_part_that_is_missing_for_two_days(clean):
    history = drawing.history(redrawn(clean, lambda m: m[:1], (BAD, BAD + 1)))
    first, second = breaks(history)
    assert (first.position, second.position) == (BAD, BAD + 2)
    peninsula_km2 = area_km2(drawing.PENINSULA)
    assert first.km2 == pytest.approx(peninsula_km2, abs=100)
    assert "shrinks by 16% at once" in first.reason
    assert "undone within 3 days" in first.reason
    assert "grows" in second.reason
    assert (first.since, first.until) == (history[BAD - 1], history[BAD])


def test_empty_day(clean):
    first, second = breaks(
        drawing.history(redrawn(clean, lambda m: [], (BAD,)))
    )
    assert "nothing occupied is drawn" in first.reason
    assert "nothing occupied was drawn" in second.reason
    assert first.km2 == pytest.approx(area_km2(np.array(clean[24])).sum())


def test_whole_front_drawn_anew(clean):
    random = np.random.default_rng(7)
    noise = random.normal(0.0, 0.001, (604, 2))

    def hand(polygons):
        front, peninsula = polygons
        vertices = shapely.get_coordinates(front) + noise[: front_size(front)]
        vertices[-1] = vertices[0]
        return [Polygon(vertices), peninsula]

    (redraw,) = breaks(drawing.history(redrawn(clean, hand)))
    assert redraw.position == BAD
    assert "lines are drawn anew" in redraw.reason
    assert redraw.moves_line


def front_size(front):
    return len(front.exterior.coords)


@pytest.mark.parametrize("decimals", [4, 5, 6])
def test_coordinates_of_another_precision(clean, decimals):
    rounded = each_vertex(lambda xy: np.round(xy, decimals))
    both = breaks(drawing.history(redrawn(clean, rounded, (BAD,))))
    assert [item.position for item in both] == [BAD, BAD + 1]
    for item in both:
        assert "another precision" in item.reason
        assert "drawn anew" not in item.reason
        # Half a digit, over 600 km.
        assert item.km2 < 0.5 * 10**-decimals * 111 * 600
        assert item.moves_line == (decimals == 4)


def test_polygon_that_changes_sides_at_the_border(clean):
    def notes(day):
        cut = gf.Note("clipped", "feature 3 (occupied): cut at the border", 90)
        return [cut] if day >= BAD else []

    (switched,) = breaks(drawing.history(clean, notes))
    assert switched.position == BAD
    assert switched.reason == (
        "90.0 km² more than before are cut off beyond the border"
    )
    assert switched.km2 < 90


def test_note_of_a_missing_part_begins_and_ends(clean):
    def notes(day):
        told = gf.Note("method_break", "layers are merged")
        return [told] if day == BAD else []

    begun, ended = breaks(drawing.history(clean, notes))
    assert begun.reason == "layers are merged"
    assert ended.reason == "no longer: layers are merged"


def test_ground_that_is_drawn_for_one_day(fronts):
    wider = drawing.pushed(fronts[BAD], 300, 0.12, 40)
    drawn = [drawing.occupied(front) for front in fronts]
    drawn[BAD] = drawing.occupied(wider)
    both = breaks(drawing.history(drawn))
    assert [item.position for item in both] == [BAD, BAD + 1]
    assert all("within 3 days" in item.reason for item in both)


def advanced(fronts, days, depth_deg):
    """The front moved forward in one place on each of some days."""
    drawn = []
    moved = np.zeros_like(fronts[0])
    for day, front in enumerate(fronts):
        if day in days:
            moved = moved + drawing.pushed(front, 300, depth_deg, 60) - front
        drawn.append(drawing.occupied(front + moved))
    return drawing.history(drawn)


def test_large_advance_that_goes_on_for_days_is_none(fronts):
    history = advanced(fronts, range(BAD, BAD + 4), 0.1)
    nets = gf.deltas(history).occupied_net_km2
    assert (nets[BAD - 1 : BAD + 3] > 300).all()
    assert found(history) == []


def test_large_retreat_that_goes_on_for_days_is_none(fronts):
    history = advanced(fronts, range(BAD, BAD + 4), -0.1)
    assert gf.deltas(history).occupied_lost_km2.sum() > 1200
    assert found(history) == []


def test_large_advance_in_a_single_step_is_taken_for_one(fronts):
    (jump,) = breaks(advanced(fronts, [BAD], 0.3))
    assert jump.position == BAD
    assert "times the median of the steps around" in jump.reason


def test_step_over_a_gap_is_not_judged_by_its_size(fronts):
    whole = advanced(fronts, [BAD], 0.3)
    gap = gf.History([*whole[: BAD - 4], *whole[BAD:]])
    assert found(gap) == []


@pytest.mark.parametrize("known", [0, 1, 2])
def test_jump_right_after_a_gap_or_the_beginning_is_none(fronts, known):
    """What went on before is not known: it may be an advance that goes on."""
    whole = advanced(fronts, [BAD], 0.3)
    later = whole[BAD - 1 - known :]
    assert found(later) == []
    assert found(gf.History([*whole[: BAD - 6 - known], *later])) == []


def test_jump_three_days_after_the_beginning_is_found(fronts):
    later = advanced(fronts, [BAD], 0.3)[BAD - 4 :]
    assert found(later) == [4]


def test_few_steps_judge_no_jump(fronts):
    assert found(advanced(fronts, [BAD], 0.3)[BAD - 3 : BAD + 3]) == []


def test_grey_zone_that_begins_to_be_drawn(clean):
    history = drawing.history(clean)
    grey = shapely.box(33, 48.5, 34, 49)
    later = [
        gf.Snapshot("drawn", item.published_at, item.occupied, grey)
        for item in history[BAD:]
    ]
    (begun,) = breaks(gf.History([*history[:BAD], *later]))
    assert begun.position == BAD
    assert begun.reason == "the grey zone begins to be drawn"
    assert begun.km2 == pytest.approx(area_km2(grey))


def test_another_coverage(clean):
    frames = [shapely.box(32, 44, 40, 51), shapely.box(32, 44, 40, 50)]
    history = gf.History(
        gf.Snapshot(
            "drawn",
            item.published_at,
            item.occupied,
            coverage=frames[day >= BAD],
        )
        for day, item in enumerate(drawing.history(clean))
    )
    (other,) = breaks(history)
    assert other.position == BAD
    assert other.reason == "another coverage is drawn"
    assert other.km2 == pytest.approx(area_km2(shapely.box(32, 50, 40, 51)))


# Laws


@pytest.fixture(scope="module")
def broken(clean):
    drawn = redrawn(clean, lambda m: m[:1], (BAD, BAD + 1))
    rounded = each_vertex(lambda xy: np.round(xy, 5))
    return drawing.history(redrawn(drawn, rounded, (10,)))


def test_part_of_the_steps_is_judged_as_all_of_them(broken):
    whole = breaks(broken)
    assert [item.position for item in whole] == [10, 11, BAD, BAD + 2]
    fresh = gf.History(broken)
    part = breaks(fresh, between=(fresh[8], fresh[BAD + 1]))
    assert part == whole[:3]
    assert breaks(fresh, between=(fresh[12], fresh[20])) == ()
    assert breaks(fresh, between=(fresh[9], fresh[10])) == whole[:1]
    assert breaks(fresh, between=(fresh[10], fresh[10])) == ()


def test_order_and_start_of_rings_do_not_matter(broken):
    def other(polygon):
        ring = list(polygon.exterior.coords)[:-1]
        return Polygon([*ring[5:], *ring[:5]][::-1])

    turned = drawing.history(
        [
            [other(part) for part in reversed(item.drawn("occupied"))]
            for item in broken
        ]
    )
    assert [tuple(item[3:]) for item in breaks(turned)] == [
        (item.reason, pytest.approx(item.km2)) for item in breaks(broken)
    ]


def test_steps_backwards_break_at_the_same_places(broken):
    drawn = [list(item.drawn("occupied")) for item in broken]
    back = drawing.history(drawn[::-1])
    assert [len(broken) - i for i in found(back)][::-1] == found(broken)


def test_a_history_takes_what_was_found_along():
    from geofront import _comparing

    before = len(_comparing._kept)
    history = drawing.history(drawing.maps(4))
    gone = weakref.ref(history)
    breaks(history)
    assert len(_comparing._kept) == before + 1
    del history
    assert gone() is None
    assert len(_comparing._kept) == before


def test_one_snapshot_has_no_steps(clean):
    assert breaks(drawing.history(clean[:1])) == ()


# What rests on breaks


@pytest.mark.parametrize("every", ["snapshot", "day", "week", "month", "all"])
def test_rows_are_marked_where_a_break_lies_within(broken, every):
    rows = gf.deltas(broken, every=every)
    assert rows.method_break.dtype == bool
    for row in rows.itertuples():
        within = [
            item.km2
            for item in breaks(broken)
            if row.since_published_at
            < item.until.published_at
            <= row.until_published_at
        ]
        assert row.method_break == bool(within)
        assert (row.break_km2 > 0) == bool(within)
        if within:
            assert row.break_km2 == pytest.approx(sum(within))


def test_marks_do_not_depend_on_the_days_asked_for(broken):
    day = str(broken[BAD].date)
    before = str(broken[BAD - 1].date)
    asked = gf.deltas(gf.History(broken), since=before, until=day)
    rows = gf.deltas(broken)
    (row,) = rows[rows.until == day].itertuples()
    assert list(asked.method_break) == [True]
    assert list(asked.break_km2) == [row.break_km2]


def test_marks_are_the_same_from_other_workers(broken):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as executor:
        rows = gf.deltas(gf.History(broken), executor=executor)
    assert rows.equals(gf.deltas(broken))


def test_speed_leaves_out_what_a_redraw_moves(fronts):
    """A front that stands is redrawn 5 km nearer, amid the window."""
    place = gf.Place("P", "p", 34.0, 48.9, published_area_km2=3.0)
    far, near = (
        drawing.occupied(fronts[0] + moved)
        for moved in ([0, 0], [-0.04, 0.04])
    )
    history = drawing.history([far] * 20 + [near] * 20)
    assert found(history) == [20]

    def speed(**options):
        last = history[27].date
        return gf.proximity(
            history,
            place,
            since=last,
            until=last,
            speed_days=14,
            **options,
        ).iloc[0]

    assert abs(speed().closing_km_per_week) < 0.01
    assert speed(across_breaks=True).closing_km_per_week > 1.0
    assert speed().closing_samples == 15
    assert abs(speed().closed_km) < 0.1
    assert 4.5 < speed(across_breaks=True).closed_km < 6.5


def test_day_that_can_be_compared_with_no_other_does_not_count(clean):
    history = drawing.history(redrawn(clean, lambda m: m[:1], (BAD,)))
    place = gf.Place("P", "p", 34.0, 48.9, published_area_km2=3.0)
    last = history[30].date
    options = {"since": last, "until": last, "speed_days": 7}
    rows = gf.proximity(history, place, **options)
    assert list(rows.closing_samples) == [7]
    rows = gf.proximity(history, place, across_breaks=True, **options)
    assert list(rows.closing_samples) == [8]
    assert last - history[23].date == dt.timedelta(days=7)


def test_no_more_than_all_of_the_map_is_drawn_anew(clean):
    """Lines of the day before lie in cells that the next day leaves."""
    away = each_vertex(lambda at: at * [1.0, 1.01] + [0.013, -0.61])
    history = drawing.history(redrawn(clean, lambda m: away(m[:1])))
    (item,) = breaks(history, between=(history[BAD - 1], history[BAD]))
    assert "drawn anew over 100% of the map" in item.reason


@pytest.mark.parametrize(("size_deg", "is_told"), [(0.15, False), (0.3, True)])
def test_ground_that_goes_back_amid_much_that_moves(fronts, size_deg, is_told):
    """Told if it is half of what one of the steps moves, or twice the usual.

    Every day some 40 km² move, and twice as much on these two days.
    """
    step = np.where(np.isin(np.arange(DAYS), [BAD, BAD + 1]), 0.02, 0.01)
    bulge = drawing.pushed(fronts[0], 200, 1.0, 40) - fronts[0]
    drawn = [
        drawing.occupied(fronts[0] + depth * bulge) for depth in step.cumsum()
    ]
    usual_km2 = gf.deltas(drawing.history(drawn)).occupied_gained_km2.median()
    block = shapely.box(36.0, 49.6, 36.0 + size_deg, 49.65)
    drawn[BAD] = [*drawn[BAD], block]
    assert usual_km2 < area_km2(block)
    assert bool(area_km2(block) > 2 * usual_km2) is is_told
    told = found(drawing.history(drawn))
    assert told == ([BAD, BAD + 1] if is_told else [])


@pytest.mark.parametrize("size_deg", [0.03, 0.2])
@pytest.mark.parametrize("day", [8, 17, BAD, 33])
def test_block_for_one_day_is_found_beside_a_real_change(
    fronts, day, size_deg
):
    """Elsewhere, the day goes forward by more than the block."""
    big = [
        drawing.pushed(line, 300, 0.05, 40) if at >= day else line
        for at, line in enumerate(fronts)
    ]
    drawn = [drawing.occupied(line) for line in big]
    drawn[day] = [*drawn[day], shapely.box(33.0, 49.0, 33.0 + size_deg, 49.05)]
    size_km2 = area_km2(drawn[day][-1])
    told = {item.position: item for item in breaks(drawing.history(drawn))}
    if size_km2 < 20:
        assert not any("of it" in item.reason for item in told.values())
        return
    assert told[day + 1].km2 == pytest.approx(size_km2, rel=0.01)
    assert f"{size_km2:,.0f} km² of it undo" in told[day + 1].reason
    assert f"{size_km2:,.0f} km² of it are undone" in told[day].reason
