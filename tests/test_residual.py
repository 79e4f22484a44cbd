"""Laws of the change engine, degenerate pairs, and the real archive."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import shapely
from degenerate import (
    BINARY_DEG,
    DECIMAL_DEG,
    Pair,
    as_array,
    grid_pair,
    lattice_pair,
    redraw,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import geofront as gf
from geofront import _edges, _overlay, _residual, _slabs, _windows
from geofront._comparing import comparable
from geofront._overlay import dissolve, overlay
from geofront._residual import change, changes
from geofront._rows import pick
from geofront._transitions import GREY, HELD, OCCUPIED, Change
from geofront.errors import GeofrontError
from geofront.geodesy import area_km2

JITTERS = (0.0, 1e-15, 7e-15, 1e-14, 1e-12, 1e-9)
NOTHING = as_array([])
SQUARE = shapely.box(37, 48, 38, 49)
EAST_HALF = shapely.box(37.5, 48, 38, 49)

seeds = st.integers(0, 2**32 - 1)
jitters = st.sampled_from(JITTERS)
kinds = st.sampled_from([grid_pair, lattice_pair])
cells = pytest.mark.parametrize(
    "cell",
    [
        pytest.param(BINARY_DEG, id="binary"),
        pytest.param(DECIMAL_DEG, id="decimal"),
    ],
)


def drawn(*polygons):
    return as_array(list(polygons))


def areas(before, after):
    return change(before, after).areas_km2


# --- By hand -------------------------------------------------------------


def test_equal_snapshots_have_no_change():
    states = drawn(SQUARE), drawn(EAST_HALF)
    found = change(states, states)
    assert found.way == "equal"
    assert not found.areas_km2.any()


def test_two_empty_snapshots_have_no_change():
    nothing = NOTHING, NOTHING
    assert change(nothing, nothing).way == "equal"


def test_first_polygon_comes_out_of_held():
    found = areas((NOTHING, NOTHING), (drawn(SQUARE), NOTHING))
    assert found[HELD, OCCUPIED] == pytest.approx(area_km2(SQUARE))
    assert found.sum() == found[HELD, OCCUPIED]


def test_occupied_wins_over_the_grey_zone():
    before = NOTHING, drawn(SQUARE)
    found = areas(before, (drawn(EAST_HALF), drawn(SQUARE)))
    assert found[GREY, OCCUPIED] == pytest.approx(area_km2(EAST_HALF))
    assert found.sum() == found[GREY, OCCUPIED]


def test_change_hidden_beneath_occupied_is_none():
    before = drawn(SQUARE), drawn(EAST_HALF)
    found = change(before, (drawn(SQUARE), NOTHING))
    assert found.way == "residual"
    assert found.areas_km2.sum() == 0.0


def test_overlapping_polygons_count_once():
    before = drawn(SQUARE, EAST_HALF), NOTHING
    found = areas(before, (drawn(SQUARE, SQUARE), NOTHING))
    assert found.sum() == 0.0


def test_inserted_vertex_changes_nothing():
    split = shapely.segmentize(SQUARE, 0.3)
    found = areas((drawn(SQUARE), NOTHING), (drawn(split), NOTHING))
    assert found.sum() == 0.0


def test_unchanged_edges_divide_what_changed():
    # The grey zone stays, and decides what the lost half turns into.
    grey = shapely.box(37.75, 48, 39, 49)
    before = drawn(EAST_HALF), drawn(grey)
    found = areas(before, (NOTHING, drawn(grey)))
    half = area_km2(shapely.box(37.75, 48, 38, 49))
    assert found[OCCUPIED, GREY] == pytest.approx(half)
    assert found[OCCUPIED, HELD] == pytest.approx(half)


def test_faces_are_the_changed_polygons():
    before, after = (drawn(SQUARE), NOTHING), (drawn(EAST_HALF), NOTHING)
    faces = change(before, after, polygons=True).faces
    assert shapely.union_all(faces.polygons).equals(
        shapely.box(37, 48, 37.5, 49)
    )
    assert set(faces.origin) == {OCCUPIED}
    assert set(faces.target) == {HELD}


def test_edges_that_are_kept_are_not_mistaken_for_others():
    # Polygons that are gone leave their places in memory to new ones.
    for width in np.linspace(0.1, 0.9, 60):
        box = shapely.box(37, 48, 37 + width, 49)
        found = areas((NOTHING, NOTHING), (drawn(box), NOTHING))
        assert found[HELD, OCCUPIED] == pytest.approx(area_km2(box))


def test_there_may_be_no_steps():
    assert list(changes([])) == []


@pytest.mark.parametrize(
    ("module", "size"),
    [
        pytest.param(_residual, "_BATCH", id="batches"),
        pytest.param(_slabs, "_PORTION", id="portions"),
    ],
)
def test_steps_are_solved_alike_in_any(monkeypatch, module, size):
    random = np.random.default_rng(11)
    pairs = [lattice_pair(random)[:2] for _ in range(9)]
    whole = [step.areas_km2 for step in changes(pairs)]
    monkeypatch.setattr(module, size, 2)
    parts = [step.areas_km2 for step in changes(pairs)]
    np.testing.assert_allclose(whole, parts, rtol=0, atol=1e-9)


@pytest.mark.parametrize("limit", [0, 30, 300])
def test_entangled_windows_are_left_to_the_overlay(monkeypatch, limit):
    random = np.random.default_rng(13)
    pairs = [lattice_pair(random) for _ in range(9)]
    monkeypatch.setattr(_slabs, "_ENTANGLED", limit)
    solved = list(changes(pair[:2] for pair in pairs))
    assert "overlay" in {found.way for found in solved}
    for pair, found in zip(pairs, solved, strict=True):
        expected = overlay(pair.before, pair.after).areas_km2
        np.testing.assert_allclose(
            found.areas_km2, expected, rtol=0, atol=1e-3
        )


# --- The certificate, and what is done without it ------------------------


def lacking(sound):
    """A stage that forgets one in five of what it finds."""

    def faulty(*given):
        found = sound(*given)
        return pick(found, np.arange(len(found[0])) % 5 > 0)

    return faulty


FAULTS = {
    "residual": (_edges, "residual_lines", lacking),
    "nearby": (_windows, "nearby_edges", lacking),
    "pieces": (_slabs, "_pieces", lacking),
    "order": (_slabs, "_in_order", lambda sound: lambda given: given),
    "crossings": (
        _slabs,
        "_part_at_crossings",
        lambda sound: lambda *given: (*given, np.empty(0, np.intp)),
    ),
    "count": (
        _slabs,
        "_count",
        lambda sound: (
            lambda *given: sound(*given)._replace(
                winding=1 - sound(*given).winding
            )
        ),
    ),
}


@pytest.mark.parametrize("stage", FAULTS)
def test_a_faulty_stage_is_noticed(monkeypatch, stage):
    module, name, spoil = FAULTS[stage]
    sound = getattr(module, name)
    for place in (module, _residual):
        if hasattr(place, name):
            monkeypatch.setattr(place, name, spoil(sound))
    pair = lattice_pair(np.random.default_rng(5))
    found = change(pair.before, pair.after)
    assert found.way == "overlay"
    expected = overlay(pair.before, pair.after).areas_km2
    np.testing.assert_allclose(found.areas_km2, expected, rtol=0, atol=1e-3)


# A side of the grey zone runs along a parallel right through the window.
GREY_BELOW = shapely.box(36, 47.6, 39, 48.5)
ACROSS = shapely.Polygon([(37.5, 48.4), (37.9, 48.4), (37.7, 48.7)])


def test_a_line_along_a_parallel_parts_what_it_crosses():
    before, after = (
        (NOTHING, drawn(GREY_BELOW)),
        (
            drawn(ACROSS),
            drawn(GREY_BELOW),
        ),
    )
    found = change(before, after)
    assert found.way == "residual"
    expected = overlay(before, after).areas_km2
    np.testing.assert_allclose(found.areas_km2, expected, rtol=0, atol=1e-6)
    assert found.areas_km2[HELD, OCCUPIED] > 200


def test_a_layer_that_is_forgotten_is_noticed(monkeypatch):
    sound = _windows.nearby_edges

    def faulty(*given):
        found = sound(*given)
        return pick(found, found.state == 0)

    monkeypatch.setattr(_residual, "nearby_edges", faulty)
    within = drawn(shapely.box(37, 48, 37.5, 48.3))
    before, after = (NOTHING, drawn(GREY_BELOW)), (within, drawn(GREY_BELOW))
    found = change(before, after)
    assert found.way == "overlay"
    assert found.areas_km2[GREY, OCCUPIED] == pytest.approx(
        area_km2(within).sum(), abs=1e-6
    )


def test_a_parallel_that_is_forgotten_is_noticed(monkeypatch):
    sound = _slabs._along_parallels
    monkeypatch.setattr(
        _slabs,
        "_along_parallels",
        lambda lines: pick(sound(lines), np.empty(0, np.intp)),
    )
    before, after = (
        (NOTHING, drawn(GREY_BELOW)),
        (
            drawn(ACROSS),
            drawn(GREY_BELOW),
        ),
    )
    found = change(before, after)
    assert found.way == "overlay"
    expected = overlay(before, after).areas_km2
    np.testing.assert_allclose(found.areas_km2, expected, rtol=0, atol=1e-6)


def test_what_fails_as_drawn_may_pass_when_snapped(monkeypatch):
    sound = _residual.directed_edges

    def faulty(polygons, grid_deg):
        found = sound(polygons, grid_deg)
        if grid_deg is None:
            return found._replace(key=np.zeros_like(found.key))
        return found

    monkeypatch.setattr(_residual, "directed_edges", faulty)
    found = change((drawn(SQUARE), NOTHING), (drawn(EAST_HALF), NOTHING))
    assert found.way == "snapped"
    half = area_km2(SQUARE) - area_km2(EAST_HALF)
    assert found.areas_km2[OCCUPIED, HELD] == pytest.approx(half)


def test_edges_that_cancel_wrongly_are_noticed(monkeypatch):
    nothing = np.empty(0, np.intp), np.empty(0)
    monkeypatch.setattr(_edges, "_not_cancelled", lambda *_: nothing)
    west, east = shapely.box(37, 48, 38, 49), shapely.box(39, 48, 40, 49)
    found = change((drawn(west), NOTHING), (drawn(east), NOTHING))
    assert found.way == "overlay"
    assert found.areas_km2[HELD, OCCUPIED] == pytest.approx(area_km2(east))


def test_an_overlay_that_loses_a_piece_is_an_error(monkeypatch):
    monkeypatch.setattr(_overlay, "_transition", lambda *_: shapely.Point())
    with pytest.raises(GeofrontError, match=r"8.22e\+03 km² off"):
        overlay((NOTHING, NOTHING), (drawn(SQUARE), NOTHING))


# --- Laws ----------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(kinds, seeds, jitters)
def test_reversed_is_transposed(kind, seed, jitter):
    before, after, _ = kind(np.random.default_rng(seed), jitter=jitter)
    np.testing.assert_allclose(
        areas(before, after), areas(after, before).T, rtol=0, atol=1e-4
    )


@settings(max_examples=40, deadline=None)
@given(kinds, seeds)
def test_drawing_does_not_matter(kind, seed):
    random = np.random.default_rng(seed)
    before, after, _ = kind(random)
    again = tuple(
        as_array([p for q in layer[::-1] for p in redraw(random, q, 0.0)])
        for layer in after
    )
    np.testing.assert_allclose(
        areas(before, after), areas(before, again), rtol=0, atol=1e-5
    )


@settings(max_examples=40, deadline=None)
@given(kinds, seeds)
def test_net_is_the_difference_of_dissolved_areas(kind, seed):
    before, after, _ = kind(np.random.default_rng(seed))
    found = areas(before, after)
    net = (found.sum(axis=0) - found.sum(axis=1))[[OCCUPIED, GREY]]
    old, new = (area_km2(np.array(dissolve(d))) for d in (before, after))
    np.testing.assert_allclose(net, new - old, rtol=0, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(kinds, seeds)
def test_faces_have_the_areas(kind, seed):
    before, after, _ = kind(np.random.default_rng(seed))
    found = change(before, after, polygons=True)
    sums = np.zeros((3, 3))
    faces = found.faces
    np.add.at(sums, (faces.origin, faces.target), area_km2(faces.polygons))
    np.testing.assert_allclose(sums, found.areas_km2, rtol=0, atol=1e-9)


# --- Degenerate pairs ----------------------------------------------------


def solve(pairs: list[Pair]) -> list[Change]:
    """The residual's answers, certified without any fallback."""
    solved = list(changes((pair.before, pair.after) for pair in pairs))
    assert {found.way for found in solved} <= {"equal", "residual"}
    return solved


def check_grid(pairs: list[Pair]) -> None:
    """Against what is known of the cells."""
    for pair, found in zip(pairs, solve(pairs), strict=True):
        np.testing.assert_allclose(
            found.areas_km2, pair.areas_km2, rtol=0, atol=1e-3
        )


def check_overlay(pairs: list[Pair]) -> None:
    """Against the full overlay."""
    for pair, found in zip(pairs, solve(pairs), strict=True):
        expected = overlay(pair.before, pair.after).areas_km2
        np.testing.assert_allclose(
            found.areas_km2, expected, rtol=0, atol=1e-3
        )


@cells
@pytest.mark.parametrize("jitter", JITTERS)
def test_cells_of_a_grid(cell, jitter):
    random = np.random.default_rng(1)
    pairs = [
        grid_pair(random, jitter=jitter, size=5, cell=cell) for _ in range(40)
    ]
    check_grid(pairs)


@cells
@pytest.mark.parametrize("jitter", JITTERS)
def test_triangles_of_a_lattice(cell, jitter):
    random = np.random.default_rng(2)
    pairs = [lattice_pair(random, jitter=jitter, cell=cell) for _ in range(15)]
    check_overlay(pairs)


@pytest.mark.slow
@cells
@pytest.mark.parametrize("jitter", JITTERS)
def test_many_cells_of_a_grid(cell, jitter):
    random = np.random.default_rng(3)
    pairs = [
        grid_pair(random, jitter=jitter, size=size, cell=cell)
        for size in np.arange(900) % 5 + 3
    ]
    check_grid(pairs)
    check_overlay(pairs[:150])


@pytest.mark.slow
@cells
@pytest.mark.parametrize("jitter", JITTERS)
def test_many_triangles_of_a_lattice(cell, jitter):
    random = np.random.default_rng(4)
    pairs = [
        lattice_pair(random, jitter=jitter, cell=cell) for _ in range(200)
    ]
    check_overlay(pairs)


# --- A real archive ------------------------------------------------------


@pytest.fixture(scope="module")
def snapshots(deepstate):
    """All days; one step is across the gap between the folders."""
    return [day for history in deepstate.values() for day in history]


def steps_of(days):
    return [comparable(*pair) for pair in pairwise(days)]


def stored(days, folder):
    """The same days as a store gives them: dissolved, no longer as drawn."""
    store = gf.Store(folder / "store")
    store.append(days)
    return store.open()


def agree_with_overlay(steps) -> None:
    """Each transition, and the sums of them against the totals."""
    off, off_sum, ways = 0.0, 0.0, Counter()
    for step, found in zip(steps, changes(steps), strict=True):
        table = found.areas_km2
        off = max(off, np.abs(table - overlay(*step).areas_km2).max())
        old, new = (area_km2(np.array(dissolve(day))) for day in step)
        net = (table.sum(axis=0) - table.sum(axis=1))[[OCCUPIED, GREY]]
        off_sum = max(off_sum, np.abs(net - (new - old)).max())
        ways[found.way] += 1
    print(f"{len(steps)} steps, {dict(ways)}: worst {off:.2g} km²,", end=" ")
    print(f"sums worst {off_sum:.2g} km²")
    assert off < 1e-3
    assert off_sum < 1e-6


@pytest.mark.archive
def test_a_sample_of_the_archive_agrees_with_the_overlay(snapshots):
    agree_with_overlay(steps_of(snapshots)[::20])


@pytest.mark.archive
def test_a_sample_of_a_store_agrees_with_the_overlay(snapshots, tmp_path):
    sample = [day for i in range(0, 693, 60) for day in snapshots[i : i + 2]]
    agree_with_overlay(steps_of(stored(sample, tmp_path)))


@pytest.mark.archive
@pytest.mark.slow
def test_all_of_the_archive_agrees_with_the_overlay(snapshots):
    agree_with_overlay(steps_of(snapshots))


@pytest.mark.archive
@pytest.mark.slow
def test_all_of_a_store_agrees_with_the_overlay(snapshots, tmp_path):
    steps = steps_of(stored(snapshots, tmp_path))
    agree_with_overlay(steps)
    ways = Counter(found.way for found in changes(steps))
    assert set(ways) == {"equal", "residual"}


@pytest.mark.archive
def test_the_archive_needs_no_fallback(snapshots):
    ways = Counter(found.way for found in changes(steps_of(snapshots)))
    assert set(ways) == {"equal", "residual"}
