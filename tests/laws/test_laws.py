"""Laws that hold for any boundaries, whatever computes them."""

import datetime as dt
import itertools

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

import geofront as gf
from geofront.geodesy import area_km2
from geofront.topology import dissolve

LAW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
"""The same examples each time: a failure in one run is one in all.

To find the smallest example, which may take minutes, delete ``phases``.
"""

SUM_KM2 = 1e-6
BEGIN = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)
STATES = ("held", "grey_zone", "occupied")
COVERAGE = shapely.box(38, 48, 39, 49)

# A few positions, so that edges and vertices often coincide as those of real
# maps do, and many, so that edges cross anywhere.
corners = st.integers(0, 80).map(
    lambda place: (38 + place % 9 / 8, 48 + place // 9 / 8)
)
anywhere = st.integers(0, 10**12).map(
    lambda place: (38 + place % 10**6 / 10**6, 48 + place // 10**6 / 10**6)
)
positions = corners | anywhere
triangles = st.tuples(positions, positions, positions).map(shapely.Polygon)
boxes = st.tuples(positions, positions).map(
    lambda ends: shapely.MultiPoint(ends).envelope
)
polygons = (boxes | triangles).filter(
    lambda polygon: polygon.geom_type == "Polygon" and polygon.area > 1e-4
)
frames = polygons.map(
    lambda polygon: polygon - affinity.scale(polygon, 0.5, 0.5)
)
several = st.lists(polygons | frames, max_size=3)
moments = st.integers(0, 10 * 24 * 60).map(
    lambda minutes: BEGIN + dt.timedelta(minutes=minutes)
)


@st.composite
def snapshots(draw, *, grey=True, coverage=COVERAGE):
    """Snapshots of one source; with a grey zone, always or never."""
    if isinstance(coverage, st.SearchStrategy):
        coverage = draw(coverage)
    grey_zone = draw(several) if grey else None
    return gf.Snapshot(
        "law", draw(moments), draw(several), grey_zone, coverage=coverage
    )


any_snapshots = (
    snapshots()
    | snapshots(grey=False)
    | snapshots(coverage=None)
    | snapshots(coverage=polygons)
)
days = st.integers(0, 10).map(
    lambda count: dt.date(2025, 2, 1) + dt.timedelta(days=count)
)


def history_of(times):
    return gf.History(
        gf.Snapshot("law", time, shapely.box(38, 48, 38.1 + place / 10, 49))
        for place, time in enumerate(times)
    )


histories = st.lists(moments, min_size=1, max_size=6, unique=True).map(
    history_of
)


@st.composite
def spelled_anew(draw, drawn):
    """The same polygons in another order, begun and turned otherwise."""
    return [
        respelled(item, draw(st.integers(0, 3)), draw(st.booleans()))
        for item in draw(st.permutations(drawn))
    ]


def respelled(polygon, start, reverse):
    rings = [
        np.roll(ring.coords[:-1], start, axis=0)
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    again = shapely.Polygon(rings[0], rings[1:])
    return again.reverse() if reverse else again


def approximately(value):
    return pytest.approx(value, rel=0, abs=SUM_KM2)


# Area


@LAW
@given(polygons, polygons)
def test_area_is_additive(whole, cutter):
    pieces = np.array([whole & cutter, whole - cutter])
    assert area_km2(pieces).sum() == pytest.approx(
        area_km2(whole), rel=0, abs=1e-8
    )


@LAW
@given(polygons, polygons)
def test_area_of_a_union_is_the_sum_less_the_overlap(one, other):
    both = area_km2(one) + area_km2(other) - area_km2(one & other)
    assert area_km2(one | other) == pytest.approx(both, rel=0, abs=1e-8)


@LAW
@given(polygons, st.integers(0, 3), st.booleans())
def test_area_does_not_depend_on_spelling(polygon, start, reverse):
    assert area_km2(respelled(polygon, start, reverse)) == pytest.approx(
        area_km2(polygon), rel=0, abs=1e-9
    )


# Dissolving


@LAW
@given(several)
def test_dissolve_is_idempotent(drawn):
    once = dissolve(np.array(drawn, dtype=object))
    again = dissolve(shapely.get_parts(once))
    assert shapely.to_wkb(again) == shapely.to_wkb(once)


@LAW
@given(st.data(), several)
def test_dissolve_does_not_depend_on_spelling(data, drawn):
    anew = data.draw(spelled_anew(drawn))
    assert shapely.to_wkb(
        dissolve(np.array(anew, dtype=object))
    ) == shapely.to_wkb(dissolve(np.array(drawn, dtype=object)))


@LAW
@given(several)
def test_dissolve_covers_what_it_was_given(drawn):
    dissolved = dissolve(np.array(drawn, dtype=object))
    beyond = [item - dissolved for item in drawn]
    assert dissolved.is_valid
    assert sum(area_km2(item) for item in beyond) < SUM_KM2


# Snapshots


@LAW
@given(snapshots(coverage=polygons))
def test_states_of_a_covered_snapshot_sum_to_the_denominator(snapshot):
    states = (snapshot.occupied, snapshot.grey_zone, snapshot.held())
    assert sum(area_km2(state) for state in states) == approximately(
        snapshot.areas()["denominator_km2"]
    )


@LAW
@given(snapshots(coverage=polygons))
def test_states_of_a_snapshot_do_not_overlap(snapshot):
    occupied, grey, held = (
        snapshot.occupied,
        snapshot.grey_zone,
        snapshot.held(),
    )
    overlaps = (occupied & grey, grey & held, held & occupied)
    assert sum(area_km2(overlap) for overlap in overlaps) < SUM_KM2


@LAW
@given(snapshots(coverage=polygons))
def test_states_of_a_snapshot_are_valid(snapshot):
    assert snapshot.occupied.is_valid
    assert snapshot.grey_zone.is_valid
    assert snapshot.held().is_valid


@LAW
@given(st.data(), several, several, polygons)
def test_digest_does_not_depend_on_spelling(data, occupied, grey, coverage):
    first = gf.Snapshot("law", BEGIN, occupied, grey, coverage=coverage)
    second = gf.Snapshot(
        "law",
        BEGIN,
        data.draw(spelled_anew(occupied)),
        data.draw(spelled_anew(grey)),
        coverage=data.draw(spelled_anew([coverage])),
    )
    assert second.digest == first.digest


@LAW
@given(any_snapshots)
def test_snapshot_survives_a_frame(snapshot):
    again = gf.Snapshot.from_geodataframe(snapshot.to_geodataframe())
    assert again.digest == snapshot.digest
    assert again.notes == snapshot.notes


# Histories


@LAW
@given(histories)
def test_history_survives_a_frame(history):
    frame = history.to_geodataframe()
    assert gf.History.from_geodataframe(frame) == history


@LAW
@given(histories, days, days)
def test_slice_holds_all_of_its_days(history, one, other):
    first, last = sorted([one, other])
    inside = [item for item in history if first <= item.date <= last]
    assume(inside)
    assert [item for item in history[first:last] if item.date >= first] == (
        inside
    )


@LAW
@given(histories, days)
def test_slice_keeps_one_snapshot_in_force_at_its_start(history, day):
    first = min(day, history.span[1])
    earlier = [item for item in history if item.date < first]
    kept = [item for item in history[first:] if item.date < first]
    assert kept == earlier[-1:]


@LAW
@given(histories, st.integers(0, 5), days)
def test_slice_answers_as_the_whole_does(history, place, day):
    last = history.dates[place % len(history.dates)]
    first = min(max(day, history.span[0]), last)
    cut = history[first:last]
    assert [cut.at(day) for day in (first, last)] == [
        history.at(day) for day in (first, last)
    ]


@LAW
@given(histories)
def test_daily_has_one_snapshot_a_date(history):
    daily = history.daily()
    assert [item.date for item in daily] == list(history.dates)
    assert [history.at(day) for day in history.dates] == list(daily)


# Deltas


@LAW
@given(any_snapshots)
def test_nothing_changes_from_a_snapshot_to_itself(snapshot):
    change = gf.delta(snapshot, snapshot)
    assert {value for value in change.transitions.values() if value} == set()
    assert (change.gained_km2, change.lost_km2) == (0, 0)


@LAW
@given(snapshots(), snapshots())
def test_delta_reversed_is_the_transitions_reversed(since, until):
    change = gf.delta(since, until)
    back = (~change).transitions
    for origin, target in itertools.permutations(STATES, 2):
        assert back[f"{target}_to_{origin}_km2"] == approximately(
            change.transitions[f"{origin}_to_{target}_km2"]
        )


@LAW
@given(snapshots(), snapshots())
def test_delta_reversed_twice_is_the_delta(since, until):
    change = gf.delta(since, until)
    assert dict((~~change).transitions) == dict(change.transitions)


@LAW
@given(st.data(), st.booleans())
def test_net_is_the_difference_of_areas(data, grey):
    since = data.draw(snapshots(grey=grey))
    until = data.draw(snapshots(grey=grey))
    assert gf.delta(since, until).net_km2 == approximately(
        until.areas()["occupied_km2"] - since.areas()["occupied_km2"]
    )


@LAW
@given(snapshots(), snapshots())
def test_grey_zone_net_is_the_difference_of_areas(since, until):
    assert gf.delta(since, until).grey_zone_net_km2 == approximately(
        until.areas()["grey_zone_km2"] - since.areas()["grey_zone_km2"]
    )


@LAW
@given(snapshots(), snapshots())
@pytest.mark.parametrize("state", STATES)
def test_transitions_sum_to_the_difference_of_totals(state, since, until):
    transitions = gf.delta(since, until).transitions
    others = set(STATES) - {state}
    entered = sum(transitions[f"{other}_to_{state}_km2"] for other in others)
    left = sum(transitions[f"{state}_to_{other}_km2"] for other in others)
    assert entered - left == approximately(
        until.areas()[f"{state}_km2"] - since.areas()[f"{state}_km2"]
    )


@LAW
@given(snapshots(), snapshots())
def test_gained_and_lost_are_sums_of_transitions(since, until):
    change = gf.delta(since, until)
    moved = change.transitions
    assert change.gained_km2 == approximately(
        moved["held_to_occupied_km2"] + moved["grey_zone_to_occupied_km2"]
    )
    assert change.lost_km2 == approximately(
        moved["occupied_to_held_km2"] + moved["occupied_to_grey_zone_km2"]
    )


@LAW
@given(snapshots(), snapshots())
def test_transitions_are_the_overlaps_of_states(since, until):
    change = gf.delta(since, until).transitions
    before, after = (
        (item.held(), item.grey_zone, item.occupied) for item in (since, until)
    )
    for old, new in itertools.permutations(range(3), 2):
        assert change[f"{STATES[old]}_to_{STATES[new]}_km2"] == approximately(
            area_km2(before[old] & after[new])
        )


@LAW
@given(snapshots(), snapshots())
def test_polygons_of_a_delta_sum_to_its_transitions(since, until):
    change = gf.delta(since, until)
    found = dict.fromkeys(change.transitions, 0.0)
    for row in change.to_geodataframe().itertuples():
        found[f"{row.from_state}_to_{row.to_state}_km2"] += row.area_km2
    assert found == approximately(dict(change.transitions))


@LAW
@given(snapshots(grey=False), snapshots())
def test_what_one_does_not_draw_is_not_compared(since, until):
    transitions = gf.delta(since, until).transitions
    known = {name for name, value in transitions.items() if value is not None}
    assert known == {"held_to_occupied_km2", "occupied_to_held_km2"}


@LAW
@given(st.lists(snapshots(), min_size=3, max_size=4))
def test_nets_of_a_chain_sum(chain):
    pairs = itertools.pairwise(chain)
    nets = [gf.delta(since, until).net_km2 for since, until in pairs]
    assert sum(nets) == approximately(gf.delta(chain[0], chain[-1]).net_km2)


@LAW
@given(st.data(), snapshots(), several, several)
def test_delta_does_not_depend_on_spelling(data, since, occupied, grey):
    until, anew = (
        gf.Snapshot("law", BEGIN, *states, coverage=COVERAGE)
        for states in (
            (occupied, grey),
            (
                data.draw(spelled_anew(occupied)),
                data.draw(spelled_anew(grey)),
            ),
        )
    )
    expected = gf.delta(since, until).transitions
    for name, value in gf.delta(since, anew).transitions.items():
        assert value == approximately(expected[name])


@LAW
@given(snapshots(coverage=polygons), snapshots(coverage=polygons))
def test_only_what_both_cover_is_compared(since, until):
    change = gf.delta(since, until)
    common = since.coverage & until.coverage
    gained = (until.occupied - since.occupied) & common
    assert change.gained_km2 == approximately(area_km2(gained))
