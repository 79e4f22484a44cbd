"""Figures: what they show, in which words, in which files."""

import datetime as dt
import re
import struct
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure
from shapely import box
from test_proximity import disc, snapshot

import geofront as gf
from geofront import charts
from geofront._figures import tidy
from geofront.cli import main
from geofront.geodesy import area_km2
from geofront.places import Place


@pytest.fixture(scope="module")
def near(example):
    towns = [gf.places.SIVERSK, gf.places.BILOHORIVKA, gf.places.CHASIV_YAR]
    return gf.proximity(example, towns)


@pytest.fixture(scope="module")
def steps(example):
    return gf.deltas(example)


@pytest.fixture(scope="module")
def figures(example, near, steps):
    halves = steps.assign(region="Donetsk"), steps.assign(region="Luhansk")
    return {
        "distances": charts.distance_chart(near),
        "areas": charts.area_chart(gf.areas(example), steps),
        "transitions": charts.transition_chart(steps),
        "timeline": charts.timeline_chart(near),
        "regions": charts.region_chart(pd.concat(halves)),
        "map": charts.static_map(example[-1], compare=example[0]),
    }


NAMES = ("distances", "areas", "transitions", "timeline", "regions", "map")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_figures_are_written_with_their_alt_text(
    figures, tmp_path, name, suffix
):
    drawn = figures[name]
    assert isinstance(drawn, Figure)
    path = tmp_path / f"figure.{suffix}"
    charts.save(drawn, path)
    words = charts.alt_text(drawn)
    assert len(words) > 40
    written = path.read_bytes()
    assert written[:4] == (b"\x89PNG" if suffix == "png" else b"<?xm")
    start = words.partition(":")[0].encode()
    assert start in written


def test_figures_show_themselves_in_notebooks(figures):
    drawn = figures["areas"]
    picture, size = drawn._repr_png_()
    width, height = struct.unpack(">II", picture[16:24])
    assert picture[:4] == b"\x89PNG"
    assert (size["width"], size["height"]) == (800, 520)
    assert (width, height) == (1280, 832)  # finer than it is shown


def test_nothing_is_left_open_in_pyplot(figures):
    import sys

    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


def texts(drawn):
    found = drawn.findobj(lambda item: hasattr(item, "get_text"))
    return [item.get_text() for item in found if item.get_text()]


def test_distances_are_those_of_the_table(figures, near):
    (axes,) = figures["distances"].axes
    assert len(axes.lines) == 3
    last = near[near.place == "Siversk"].occupied_km.iloc[-1]
    assert f"Siversk  {last:.1f}" in texts(figures["distances"])
    drawn = axes.lines[0].get_ydata()
    np.testing.assert_allclose(
        drawn, near[near.place == "Siversk"].occupied_km
    )


def test_lines_differ_by_more_than_colour():
    places = [
        Place(
            f"P{number}",
            str(number),
            37.0 + number / 10,
            48.8,
            published_area_km2=1.0,
        )
        for number in range(12)
    ]
    history = gf.History(
        [snapshot(box(38.5 - d / 50, 48, 40, 49.6), day=d) for d in (1, 2)]
    )
    drawn = charts.distance_chart(gf.proximity(history, places))
    looks = {
        (
            line.get_color(),
            str(line.get_linestyle()),
            line._unscaled_dash_pattern,
        )
        for line in drawn.axes[0].lines
    }
    assert len({look[0] for look in looks}) == 6
    assert len(looks) == 12


def test_lines_differ_by_more_than_colour_in_greyscale(gapped):
    drawn = charts.distance_chart(gf.proximity(gapped, many(24)))
    looks = [
        (line._unscaled_dash_pattern, line.get_linewidth(), line.get_color())
        for line in drawn.axes[0].lines
    ]
    assert len({str(look[:2]) for look in looks[:12]}) == 12
    assert len({str(look) for look in looks}) == 24
    # Neighbours differ by dashes.
    for before, after in pairwise(looks):
        assert before[0] != after[0]


def test_labels_at_the_ends_do_not_collide():
    history = gf.History(
        [snapshot(box(38.3, 48, 40, 49.6), day=d) for d in (1, 2)]
    )
    same = [
        Place(name, name, 38.0, 48.8, published_area_km2=1.0)
        for name in ("One", "Two", "Three", "Four")
    ]
    drawn = charts.distance_chart(gf.proximity(history, same))
    drawn.canvas.draw()
    (axes,) = drawn.axes
    heights = sorted(
        axes.transData.transform((0.0, text.xyann[1]))[1]
        for text in axes.texts
    )
    line = 9 * 1.2 * drawn.dpi / 72
    assert len(heights) == 4
    assert (np.diff(heights) >= line).all()
    assert heights[-1] <= axes.bbox.y1


def test_stacks_add_up_to_the_gross_figures(figures, steps):
    (axes,) = figures["transitions"].axes
    heights = np.array([bar.get_height() for bar in axes.patches])
    gained = heights[heights > 0].sum()
    assert gained == pytest.approx(steps.occupied_gained_km2.sum())
    assert -heights[heights < 0].sum() == pytest.approx(
        steps.occupied_lost_km2.sum()
    )


def test_bars_are_the_daily_net(figures, steps):
    _, lower = figures["areas"].axes
    heights = [bar.get_height() for bar in lower.patches]
    np.testing.assert_allclose(heights, steps.occupied_net_km2)
    assert "the axis does not begin at zero" in texts(figures["areas"])


def dashed(axes):
    """Days of dashed lines from the bottom to the top of axes."""
    return [
        f"{pd.Timestamp(line.get_xdata()[0]):%Y-%m-%d}"
        for line in axes.lines
        if line.get_linestyle() == "--" and len(line.get_xdata()) == 2
    ]


def test_steps_in_doubt_are_marked_and_told(example, steps):
    doubtful = steps.assign(break_km2=np.nan)
    doubtful.loc[2, "break_km2"] = 300.0
    doubtful.loc[4, "break_km2"] = 0.1  # of rounding
    drawn = charts.area_chart(gf.areas(example), doubtful)
    for axes in drawn.axes:
        assert dashed(axes) == ["2025-02-19"]
    words = [text.get_text() for axes in drawn.axes for text in axes.texts]
    assert sum("method break" in word for word in words) == 1
    assert charts.alt_text(drawn).endswith(
        "seems to have drawn otherwise on 20 February 2025."
    )


def test_steps_that_are_sound_are_not_marked(figures):
    for axes in figures["areas"].axes:
        assert dashed(axes) == []
    assert "drawn otherwise" not in charts.alt_text(figures["areas"])


def test_steps_in_doubt_are_marked_in_every_chart_of_steps(steps):
    doubtful = steps.assign(break_km2=np.nan, method_break=False)
    doubtful.loc[2, ["break_km2", "method_break"]] = 300.0, True
    doubtful.loc[4, ["break_km2", "method_break"]] = 0.1, True
    drawn = charts.transition_chart(doubtful)
    assert dashed(drawn.axes[0]) == ["2025-02-19"]
    assert any("method break" in text for text in texts(drawn))
    assert charts.alt_text(drawn).endswith("otherwise on 20 February 2025.")


def test_of_a_region_every_break_is_marked(steps):
    # Tables by region do not say how much is in doubt.
    doubtful = steps.assign(break_km2=np.nan, method_break=False)
    doubtful.loc[2, "method_break"] = True
    both = [doubtful.assign(region=name) for name in ("Donetsk", "Luhansk")]
    drawn = charts.region_chart(pd.concat(both, ignore_index=True))
    assert [dashed(axes) for axes in drawn.axes] == [["2025-02-19"]] * 2
    assert any(text.endswith("(method break).") for text in texts(drawn))
    assert charts.alt_text(drawn).endswith("otherwise on 20 February 2025.")


# ---- sources that draw no grey zone


@pytest.fixture(scope="module")
def without_grey_zone():
    return gf.deltas(
        gf.History(
            gf.Snapshot(
                "test",
                dt.datetime(2025, 2, day, 12, tzinfo=dt.UTC),
                box(38.4 - day / 100, 48, 40, 49.6),
                grey_zone=None,
            )
            for day in (1, 2, 3)
        )
    )


def test_what_a_source_does_not_draw_is_no_layer(without_grey_zone):
    steps = without_grey_zone
    assert steps["grey_zone_to_occupied_km2"].isna().all()
    drawn = charts.transition_chart(steps)
    legend = drawn.axes[0].get_legend().get_texts()
    assert [item.get_text() for item in legend] == [
        "not occupied → occupied",
        "occupied → not occupied",
    ]
    assert "grey zone" not in charts.alt_text(drawn)
    assert len(drawn.axes[0].patches) == 2 * len(steps)
    with pytest.raises(ValueError, match="grey_zone_net_km2 is not known"):
        charts.region_chart(
            steps.assign(region="Donetsk"), measure="grey_zone_net_km2"
        )
    with pytest.raises(ValueError, match="held_to_occupied_km2 is not known"):
        charts.transition_chart(
            steps.assign(
                held_to_occupied_km2=np.nan, occupied_to_held_km2=np.nan
            )
        )


def test_distances_are_marked_where_the_source_drew_otherwise(near):
    quality = pd.DataFrame(
        {
            "kind": ["method_break", "method_break", "gap", "method_break"],
            "date": pd.to_datetime(
                ["2025-02-20", "2025-02-21", "2025-02-22", "2025-03-20"]
            ),
            "km2": [50.0, 0.1, 30.0, 90.0],
        }
    )
    drawn = charts.distance_chart(near, quality=quality)
    assert dashed(drawn.axes[0]) == ["2025-02-20"]
    assert "drawn otherwise on 20 February" in charts.alt_text(drawn)
    assert dashed(charts.distance_chart(near).axes[0]) == []


def test_timelines_cover_the_days_and_tell_the_states(figures, near):
    (axes,) = figures["timeline"].axes
    states = set(near.state.dropna())
    keys = {item.get_text() for item in axes.get_legend().get_texts()}
    assert {name.replace("_", " ") for name in states} <= keys
    assert "held from 17 February 2025" in charts.alt_text(figures["timeline"])


def test_agglomerations_have_no_bar(example):
    table = gf.proximity(
        example, [gf.places.SLOVIANSK_KRAMATORSK, gf.places.SIVERSK]
    )
    (axes,) = charts.timeline_chart(table).axes
    assert [item.get_text() for item in axes.get_yticklabels()] == ["Siversk"]


def test_regions_where_nothing_happened_are_named_beneath(steps):
    quiet = steps.assign(region="Lviv", occupied_net_km2=0.0)
    both = pd.concat([steps.assign(region="Donetsk"), quiet])
    drawn = charts.region_chart(both)
    assert len(drawn.axes) == 1
    assert any(text.endswith("Without change: Lviv.") for text in texts(drawn))


@pytest.mark.parametrize(
    ("measure", "title", "total"),
    [
        ("occupied_lost_km2", "No longer occupied", "{:,.1f} km²"),
        ("held_to_occupied_km2", "From held to occupied", "{:,.1f} km²"),
        ("occupied_net_km2", "Occupied area, net", "{:+,.1f} km²"),
    ],
)
def test_regions_say_which_measure_they_show(steps, measure, title, total):
    drawn = charts.region_chart(
        steps.assign(region="Donetsk"), measure=measure
    )
    words = texts(drawn)
    assert f"{title}, square kilometres a day; one scale" in words
    assert f"Donetsk  {total.format(steps[measure].sum())}" in words


# ---- gaps


@pytest.fixture(scope="module")
def gapped():
    """Snapshots of 1 to 3 February and of 20 to 22 February."""
    return gf.History(
        [
            snapshot(box(38.4 - day / 100, 48, 40, 49.6), day=day)
            for day in (1, 2, 3, 20, 21, 22)
        ]
    )


@pytest.mark.parametrize("every", ["day", "snapshot"])
def test_lines_break_where_no_snapshot_speaks(gapped, every):
    near = gf.proximity(gapped, disc(), every=every)
    drawn = charts.distance_chart(near)
    (line,) = drawn.axes[0].lines
    days = pd.DatetimeIndex(line.get_xdata(orig=True))
    inside = (days > "2025-02-06") & (days < "2025-02-20")
    assert np.isnan(line.get_ydata()[inside]).all()
    known = days[~np.isnan(line.get_ydata())]
    assert known.isin(near.date).all()
    assert {"2025-02-03", "2025-02-20"} <= set(known.strftime("%Y-%m-%d"))
    assert "no snapshots" in texts(drawn)
    assert "to 19 February 2025." in charts.alt_text(drawn)


def test_a_few_carried_days_do_not_break_a_line(three_days_apart):
    near = gf.proximity(three_days_apart, disc())
    drawn = charts.distance_chart(near)
    (line,) = drawn.axes[0].lines
    assert np.isfinite(line.get_ydata()).all()
    assert "No snapshots" not in charts.alt_text(drawn)


@pytest.fixture(scope="module")
def three_days_apart():
    return gf.History(
        [snapshot(box(38.3, 48, 40, 49.6), day=day) for day in (1, 4, 7)]
    )


@pytest.mark.parametrize("every", ["day", "snapshot"])
def test_bars_do_not_hold_the_change_of_a_gap(gapped, every):
    steps = gf.deltas(gapped, every=every)
    drawn = charts.area_chart(gf.areas(gapped, every=every), steps)
    bars = drawn.axes[1].patches
    heights = [item.get_height() for item in bars if item.get_width() < 1.5]
    daily = steps.occupied_net_km2[steps.occupied_net_km2 > 0]
    assert sum(heights) == pytest.approx(daily.sum() - daily.max())
    told = f"Not in bars: {daily.max():+,.0f} km²"
    assert any(told in text for text in texts(drawn))
    assert told in charts.alt_text(drawn)


def test_steps_that_a_gap_falls_into_are_not_said_to_be_without(gapped):
    # Of February there are snapshots, on the days up to the 3rd and after.
    steps = gf.deltas(gapped, every="week")
    for drawn in (
        charts.transition_chart(steps),
        charts.region_chart(steps.assign(region="Donetsk")),
        charts.area_chart(gf.areas(gapped, every="week"), steps),
    ):
        words = charts.alt_text(drawn)
        assert "Not shown, as a gap falls into it: " in words
        assert "No snapshots" not in words
        assert "no snapshots" not in texts(drawn)


def test_in_a_timeline_a_gap_is_not_known(gapped):
    drawn = charts.timeline_chart(gf.proximity(gapped, disc()))
    assert "then not known from 7 February 2025" in charts.alt_text(drawn)


# ---- many places, one name


def test_places_of_one_name_are_drawn_apart(gapped):
    same = [
        Place("Pokrovske", code, x, 48.8, published_area_km2=1.0)
        for code, x in (("UA1", 37.8), ("UA2", 37.2))
    ]
    table = gf.proximity(gapped, same)
    assert len(charts.distance_chart(table).axes[0].lines) == 2
    (axes,) = charts.timeline_chart(table).axes
    assert [item.get_text() for item in axes.get_yticklabels()] == [
        "Pokrovske (UA1)",
        "Pokrovske (UA2)",
    ]


def many(count):
    return [
        Place(
            f"Place {number}",
            str(number),
            37 + number / 100,
            48.8,
            published_area_km2=1.0,
        )
        for number in range(count)
    ]


def test_names_of_many_places_stay_on_the_page(gapped):
    drawn = charts.distance_chart(gf.proximity(gapped, many(24)))
    drawn.canvas.draw()
    (axes,) = drawn.axes
    boxes = [text.get_window_extent() for text in axes.texts[-24:]]
    assert min(box.y0 for box in boxes) > 0
    assert max(box.x1 for box in boxes) <= drawn.bbox.x1


@pytest.mark.parametrize(
    ("draw", "most"),
    [(charts.distance_chart, 24), (charts.timeline_chart, 100)],
)
def test_more_places_than_can_be_told_apart_are_refused(gapped, draw, most):
    near = gf.proximity(gapped, many(most + 1), every="all")
    with pytest.raises(ValueError, match=f"at most {most} places .* found"):
        draw(near)


# ---- axes of days


@pytest.mark.parametrize(
    ("since", "days", "expected"),
    [
        ("2025-02-10", 14, "11 Feb\n2025"),
        ("2024-11-01", 150, "Nov\n2024"),
        ("2020-01-01", 2000, "2020"),
    ],
)
def test_days_say_their_month_and_year(since, days, expected):
    dates = pd.date_range(since, periods=days)
    drawn = Figure(figsize=(8, 4))
    axes = drawn.add_subplot()
    axes.plot(dates, range(days))
    axes.margins(x=0)
    tidy(axes)
    drawn.canvas.draw()
    labels = [item.get_text() for item in axes.get_xticklabels()]
    assert next(filter(None, labels)) == expected
    years = {str(day.year) for day in dates}
    for label in labels:
        if "\n" in label:
            assert label.split("\n")[1] in years


# ---- maps in greyscale


def test_ground_no_longer_occupied_is_striped():
    before = snapshot(box(38, 48, 39, 49), box(37.5, 48, 38, 49), day=1)
    after = snapshot(box(38.5, 48, 39, 49), box(38.2, 48, 38.5, 49), day=2)
    drawn = charts.static_map(after, compare=before, bounds=(37, 47, 40, 50))
    keys = {
        item.get_label(): item
        for item in drawn.axes[0].get_legend().legend_handles
    }
    hatches = {
        label.split("  ")[0]: item.get_hatch()
        for label, item in keys.items()
        if "→" in label
    }
    assert hatches == {
        "occupied → grey zone": "//////",
        "occupied → held": "//////",
        "grey zone → held": "......",
    }
    shown = {
        (item.get_facecolor(), item.get_hatch())
        for item in drawn.axes[0].patches
    }
    for label, item in keys.items():
        if label != "front line":
            assert (item.get_facecolor(), item.get_hatch()) in shown, label


def test_ground_that_was_probably_redrawn_is_grey():
    lost = box(37, 48, 38, 49)
    maps = [
        snapshot(box(37, 48, 39, 49), day=1),
        snapshot(box(38, 48, 39, 49), day=2),
        snapshot(box(38, 48, 39.01, 49), day=3),
    ]
    marked = gf.Snapshot(
        maps[1].source,
        maps[1].published_at,
        maps[1].occupied,
        notes=[gf.Note("method_break", "a part is missing", 1.0)],
    )
    kept = gf.Snapshot(
        maps[2].source,
        maps[2].published_at,
        maps[2].occupied,
        notes=marked.notes,
    )
    history = gf.History([maps[0], marked, kept])
    label = f"probably redrawn  {area_km2(lost):,.1f} km²"
    drawn = charts.static_map(kept, compare=maps[0], history=history)
    keys = {
        item.get_label(): item
        for item in drawn.axes[0].get_legend().legend_handles
    }
    assert (keys[label].get_hatch(), keys[label].get_alpha()) == ("....", None)
    look = keys[label].get_facecolor()
    (mask,) = [
        item for item in drawn.axes[0].patches if item.get_facecolor() == look
    ]
    # Above what changed, and only where the step changed anything.
    others = [item for item in drawn.axes[0].patches if item.get_zorder() == 4]
    assert others[-2:-1] == [mask]
    extents = mask.get_path().get_extents()
    assert extents.extents == pytest.approx((37, 48, 38, 49))
    assert f"{area_km2(lost):,.0f} km² in doubt" in charts.alt_text(drawn)
    for plain in (
        charts.static_map(kept, compare=maps[0]),
        charts.static_map(kept, compare=marked, history=history),
    ):
        labels = plain.axes[0].get_legend().get_texts()
        assert not any("redrawn" in item.get_text() for item in labels)


@pytest.mark.parametrize(
    "bounds",
    [(38, 47, 37, 50), (37, 47, 40), "all", (37, 47, 40, float("nan"))],
)
def test_bounds_that_are_none_are_told(bounds):
    drawn = snapshot(box(38, 48, 39, 49))
    with pytest.raises(ValueError, match=r"expected \(west, south, east"):
        charts.static_map(drawn, bounds=bounds)


def test_the_map_names_source_date_and_change(figures, example):
    words = " ".join(texts(figures["map"]))
    assert "The front on 28 February 2025" in words
    change = gf.delta(example[0], example[-1])
    assert f"{change.net_km2:+,.1f} km²" in words
    assert "OpenStreetMap" in words
    assert "grey zone → occupied" in words
    assert "km" in words


def test_names_on_the_map_do_not_cover_each_other(example):
    drawn = charts.static_map(example[-1], width=4.0)
    drawn.canvas.draw()
    known = {place.name for place in gf.places.BUILT_IN}
    boxes = [
        text.get_window_extent()
        for text in drawn.axes[0].texts
        if text.get_text() in known
    ]
    assert len(boxes) >= 4
    assert not any(
        a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i]
    )


def test_the_whole_country_is_drawn_where_no_coverage_is_stated():
    drawn = charts.static_map(snapshot(box(38, 48, 39, 49)))
    (axes,) = drawn.axes
    west, east = axes.get_xlim()
    assert west < 22.2
    assert east > 40.1
    assert "regained" not in texts(drawn)


def test_the_same_figure_is_the_same_file(figures, tmp_path):
    paths = [tmp_path / name for name in ("a.png", "b.png")]
    for path in paths:
        charts.save(figures["areas"], path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_hostile_names_are_drawn_as_they_read(tmp_path):
    bad = Place(
        "$\\frac{1}{0}$ <b>\x07x</b>", "x", 38.0, 48.8, published_area_km2=1.0
    )
    history = gf.History(
        [snapshot(box(38.3, 48, 40, 49.6), day=d) for d in (1, 2)]
    )
    table = gf.proximity(history, [bad, disc()])
    for drawn in (charts.distance_chart(table), charts.timeline_chart(table)):
        path = tmp_path / "figure.svg"
        charts.save(drawn, path)
        written = path.read_text(encoding="utf-8")
        assert "<b>" not in written
        assert "\x07" not in written


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda near: charts.distance_chart(near.iloc[:0]), "found none"),
        (lambda near: charts.timeline_chart(near.iloc[:0]), "found none"),
        (
            lambda near: charts.distance_chart(near, measure="miles"),
            "measure='miles': expected one of occupied_km",
        ),
        (lambda near: charts.region_chart(near), "a column 'region'"),
        (
            lambda near: charts.region_chart(
                near.assign(region="Donetsk"), measure="miles"
            ),
            "measure='miles': expected one of occupied_net_km2",
        ),
        (
            lambda near: charts.region_chart(near.assign(region="Donetsk")),
            "expected a table with a column 'occupied_net_km2'",
        ),
        (
            lambda near: charts.distance_chart(
                near.drop(columns="front_km"), measure="front_km"
            ),
            "expected a table with a column 'front_km'",
        ),
        (
            lambda near: charts.distance_chart(
                near.assign(grey_zone_km=np.nan), measure="grey_zone_km"
            ),
            "grey_zone_km is not known in any row",
        ),
    ],
)
def test_tables_that_cannot_be_drawn_are_told(near, draw, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        draw(near)


@pytest.mark.parametrize(
    "draw",
    [
        lambda areas, steps, near: charts.area_chart(twice(areas), steps),
        lambda areas, steps, near: charts.area_chart(areas, twice(steps)),
        lambda areas, steps, near: charts.transition_chart(twice(steps)),
        lambda areas, steps, near: charts.region_chart(
            twice(steps.assign(region="Donetsk"))
        ),
        lambda areas, steps, near: charts.distance_chart(twice(near)),
        lambda areas, steps, near: charts.timeline_chart(twice(near)),
    ],
)
def test_several_sources_are_not_drawn_as_one(example, steps, near, draw):
    with pytest.raises(
        ValueError, match="one source, found example, other: draw each"
    ):
        draw(gf.areas(example), steps, near)


def twice(table):
    """A table of a source, and the same of another."""
    return pd.concat([table, table.assign(source="other")])


def test_regions_are_not_drawn_as_the_whole(example):
    areas, steps = gf.areas(example), gf.deltas(example)
    by_areas = gf.areas(example, by=gf.oblasts())
    by_steps = gf.deltas(example, by=gf.oblasts())
    for draw in (
        lambda: charts.area_chart(by_areas, steps),
        lambda: charts.area_chart(areas, by_steps),
        lambda: charts.transition_chart(by_steps),
    ):
        with pytest.raises(ValueError, match="by region: leave out by="):
            draw()
    assert charts.region_chart(by_steps).axes


def test_what_rounds_to_nothing_has_no_sign(steps, example):
    # Up to 0.05 km² in all a region counts as quiet: 0.04 a step does not.
    some = steps.assign(occupied_net_km2=0.0)
    some.loc[[0, 1], "occupied_net_km2"] = [0.03, -0.04]
    drawn = charts.region_chart(some.assign(region="Donetsk"))
    assert "Donetsk  0.0 km²" in texts(drawn)
    drawn = charts.area_chart(gf.areas(example), some)
    assert "Net change 0.0 km²" in charts.alt_text(drawn)
    assert "the largest a day 0.0, the least 0.0." in charts.alt_text(drawn)
    drawn = charts.static_map(example[-1], compare=example[-1])
    assert "2025: 0.0 km²" in charts.alt_text(drawn)


def test_losses_have_a_minus_and_no_hyphen(steps, example):
    less = steps.assign(occupied_net_km2=-2.0)
    drawn = charts.area_chart(gf.areas(example), less)
    assert f"Net change −{2 * len(less):.1f} km²" in charts.alt_text(drawn)
    drawn = charts.region_chart(less.assign(region="Donetsk"))
    assert f"Donetsk  −{2 * len(less):.1f} km²" in texts(drawn)


@pytest.mark.parametrize("columns", [0, -1, 1.5, True])
def test_columns_that_are_none_are_told(steps, columns):
    with pytest.raises(ValueError, match=f"columns={columns}: expected a"):
        charts.region_chart(steps.assign(region="D"), columns=columns)


@pytest.mark.parametrize("width", [0.4, 0, -3, float("nan"), 101])
def test_widths_that_are_none_are_told(example, width):
    with pytest.raises(ValueError, match=r"expected inches, from 2 to 100"):
        charts.static_map(example[-1], width=width)


def test_the_narrowest_map_is_drawn(example, tmp_path):
    charts.save(charts.static_map(example[-1], width=2), tmp_path / "a.png")


@pytest.mark.parametrize(
    "places",
    ["Siversk", ["Siversk"], gf.places.SIVERSK, (), iter(["Siversk"])],
)
def test_a_map_names_the_places_that_are_asked_for(example, places):
    drawn = charts.static_map(example[-1], places=places)
    named = {place.name for place in gf.places.BUILT_IN} & {*texts(drawn)}
    assert named == ({"Siversk"} if places != () else set())
    with pytest.raises(gf.UnknownPlaceError):
        charts.static_map(example[-1], places="Nowhere")


def test_other_suffixes_are_refused(figures, tmp_path):
    with pytest.raises(ValueError, match=r"expected a suffix of \.png"):
        charts.save(figures["map"], tmp_path / "map.pdf")


def test_a_folder_that_is_missing_is_told(figures, tmp_path):
    with pytest.raises(ValueError, match=r"there is no folder .*: make it"):
        charts.save(figures["map"], tmp_path / "none" / "map.png")


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_command_writes_a_picture_and_tells_it(boundaries, tmp_path, suffix):
    path = tmp_path / f"map.{suffix}"
    found = CliRunner().invoke(
        main, ["map", str(boundaries), "-o", str(path), "--at", "2025-02-24"]
    )
    assert found.exit_code == 0
    assert path.stat().st_size > 10_000
    assert found.stdout.startswith("The front on 24 February 2025: Occupied")
