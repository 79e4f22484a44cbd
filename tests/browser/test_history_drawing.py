"""How pages of a history draw: thinned, masked, over tiles."""

import base64
import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import shapely
import xyzservices
from browser.conftest import MAP
from PIL import Image
from serving import content, serving

import geofront as gf

pytestmark = pytest.mark.browser

PAGE = f"({MAP}).geofront"
Open = Callable[..., Any]
BREAK = gf.Note("method_break", "the rear is missing", 100.0)
FAR = shapely.box(36.0, 48.0, 36.1, 48.1)


def ready(opened: Any) -> Any:
    opened.page.wait_for_function(f"{PAGE} !== undefined")
    return opened


def ask(opened: Any, script: str) -> Any:
    """Value of a script in which `page` is the page of the history."""
    return opened.page.evaluate(f"() => {{ const page = {PAGE}; {script} }}")


def leave(opened: Any) -> None:
    assert (opened.requests, opened.messages) == ([], [])
    opened.page.close()


def days(
    *drawn: tuple[Sequence[shapely.Polygon], Sequence[gf.Note]],
    step: int = 1,
) -> gf.History:
    """Snapshots with a grey zone far away, one every so many days."""
    start = dt.datetime(2025, 2, 1, 20, tzinfo=dt.UTC)
    return gf.History(
        gf.Snapshot(
            "test",
            start + dt.timedelta(days=step * number),
            list(occupied),
            [FAR],
            notes=notes,
        )
        for number, (occupied, notes) in enumerate(drawn)
    )


# ---- lines


def test_lines_are_thinned_by_less_than_a_third_of_a_pixel(
    open_map: Open, example: gf.History
) -> None:
    opened = ready(open_map(gf.FrontMap(example).map))
    for zoom in (6, 9, 12):
        opened.view(48.7, 38.0, zoom)
        lines = ask(
            opened,
            """const {model, layer} = page; const {arcs} = model;
            const {scale, left, top} = layer.view;
            const view = {...layer.view, box: [0, 0, 1, 1]};
            return model.rings("occupied", 9).map(ring => {
                const thin = [];
                const put = (x, y) => thin.push([x, y]);
                geofrontTrace({moveTo: put, lineTo: put, closePath() {}},
                    arcs, [ring], view, true);
                return {thin, whole: Array.from(arcs.vertices(ring), i => [
                    arcs.x[i] * scale - left, arcs.y[i] * scale - top])};
            })""",
        )
        for line in lines:
            whole = shapely.LinearRing(line["whole"])
            thin = shapely.LineString(line["thin"])
            assert whole.hausdorff_distance(thin) < 0.3001
        counts = [
            sum(len(line[kind]) for line in lines)
            for kind in ("thin", "whole")
        ]
        # The ends of a ring are told twice.
        assert counts[0] - len(lines) <= counts[1]
        if zoom == 6:
            assert counts[0] < 0.4 * counts[1]
    leave(opened)


def test_a_line_that_turns_back_keeps_its_far_end(
    open_map: Open, example: gf.History
) -> None:
    opened = ready(open_map(gf.FrontMap(example).map))
    thinned = ask(
        opened,
        """const found = []; const put = (x, y) => found.push([x, y]);
        const sieve = new GeofrontSieve({moveTo: put, lineTo: put}, 0.3);
        sieve.start(0, 0);
        for (const x of [2, 4, 9, 4, 2, -5]) sieve.add(x, 0.1);
        sieve.end();
        return found;""",
    )
    assert thinned == [[0, 0], [9, 0.1], [-5, 0.1]]
    leave(opened)


def test_change_is_drawn_alike_within_its_boxes_and_on_all_of_the_paper(
    open_map: Open, example: gf.History
) -> None:
    front = gf.FrontMap(example, compare="2025-02-17")
    opened = ready(open_map(front.map))
    differing, painted = ask(
        opened,
        """const {layer, painter, scene} = page;
        const pixels = () => {
            const pen = new GeofrontCanvasPen(
                document.createElement("canvas"), layer.view, 1);
            painter.drawChange(pen, scene);
            const {width, height} = pen.canvas;
            return pen.context.getImageData(0, 0, width, height).data;
        };
        // What is hardly there has no colour to speak of.
        const seen = (all, i) => all[i] * all[i | 3] / 255;
        const one = pixels();
        const {width, height} = layer.view;
        painter.boxes = () => [[0, 0, width, height]];
        const other = pixels();
        return [one.reduce((most, _, i) =>
            Math.max(most, Math.abs(seen(one, i) - seen(other, i))), 0),
            one.filter(value => value).length];""",
    )
    # Of 255; edges are smoothed a little otherwise.
    assert differing < 8
    assert painted > 1000
    leave(opened)


def test_the_rim_of_a_place_is_drawn_where_its_distance_begins(
    open_map: Open, example: gf.History
) -> None:
    field = gf.Place(
        "Field",
        "field",
        37.92,
        48.72,
        outline=shapely.box(37.9, 48.7, 37.95, 48.75),
    )
    front = gf.FrontMap(example, places=[gf.places.SIVERSK, field])
    opened = ready(open_map(front.map))
    opened.view(48.7, 37.8, 10)
    drawn, starts = ask(
        opened,
        """const {layer, painter, model, about} = page;
        const pen = new GeofrontSvgPen(layer.view, "rims");
        const rims = painter.extents(pen);
        const path = document.createElementNS(
            "http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", rims);
        const length = path.getTotalLength();
        const points = [];
        for (let at = 0; at < length; at += 0.5) {
            const {x, y} = path.getPointAtLength(at);
            points.push([x, y]);
        }
        return [points, about.places.map(place => painter.point(pen,
            ...model.approach(place, 9).start))];""",
    )
    rims = shapely.MultiPoint(drawn)
    assert len(starts) == 2
    for start in starts:
        assert rims.distance(shapely.Point(start)) < 1
    leave(opened)


# ---- where the source drew otherwise


def masked(**options: Any) -> gf.FrontMap:
    """Won on the second day, redrawn on the third, lost on the fourth."""
    history = days(
        ([shapely.box(38.0, 48.0, 38.6, 48.1)], []),
        ([shapely.box(37.8, 48.0, 38.6, 48.1)], []),
        ([shapely.box(37.8, 48.0, 38.4, 48.1)], [BREAK]),
        ([shapely.box(37.8, 48.05, 38.4, 48.1)], [BREAK]),
    )
    return gf.FrontMap(history, compare="2025-02-01", places=[], **options)


WON, REDRAWN, LOST, SAME = 37.9, 38.5, 38.2, 38.2


def colours(opened: Any, latitude: float, longitude: float) -> np.ndarray:
    """Colours of some pixels around a point: shape (pixels, 3)."""
    opened.view(latitude, longitude, 12)
    clip = {"x": 590, "y": 390, "width": 20, "height": 20}
    picture = Image.open(io.BytesIO(opened.page.screenshot(clip=clip)))
    return np.asarray(picture.convert("RGB"), int).reshape(-1, 3)


def is_neutral(pixels: np.ndarray) -> bool:
    """Whether all of them are more or less grey."""
    return bool((np.ptp(pixels, axis=1) < 40).all())


def test_ground_that_was_redrawn_is_neither_gained_nor_lost(
    open_map: Open,
) -> None:
    opened = ready(open_map(masked().map))
    ask(opened, 'page.toggle("front", false); page.toggle("towns", false)')
    redrawn = colours(opened, 48.075, REDRAWN)
    assert is_neutral(redrawn)
    # Dotted, so that it is no state of any map.
    assert np.ptp(redrawn.mean(axis=1)) > 50
    for latitude, longitude in (
        (48.075, WON),
        (48.025, LOST),
        (48.075, SAME),
    ):
        assert not is_neutral(colours(opened, latitude, longitude))
    # A day that both maps draw alike has nothing to mask.
    ask(opened, 'page.compare("1")')
    assert ask(opened, "return page.model.redrawn(2, 3)") == []
    assert not is_neutral(colours(opened, 48.025, LOST))
    leave(opened)


def test_a_redraw_is_told_in_words(open_map: Open) -> None:
    opened = ready(open_map(masked().map))
    legend = opened.page.locator(".geofront-legend")
    why = "began to draw otherwise: 3 Feb 2025 (the rear is missing)"
    assert why in legend.inner_text()
    assert "probably redrawn" in legend.inner_text()
    opened.view(48.075, REDRAWN, 11)
    opened.hover(48.075, REDRAWN)
    assert "redrawn: 3 February 2025" in opened.hovered()
    ask(opened, "page.show(1)")
    assert "otherwise" not in legend.inner_text()
    assert "redrawn" not in legend.inner_text()
    assert "probably redrawn" in opened.text(".geofront-chart summary")
    leave(opened)


def test_the_chart_marks_a_redraw_and_greys_its_bar(open_map: Open) -> None:
    opened = ready(open_map(masked().map))
    bars = ask(opened, "return page.time.chart.daily.map(b => b.redrawn)")
    assert bars == [False, True, False]
    at = ask(
        opened,
        """const {chart} = page.time; return [chart.x(page.about.moments[2]),
        chart.canvas.getBoundingClientRect().x,
        chart.canvas.getBoundingClientRect().y];""",
    )
    clip = {"x": at[0] + at[1] - 2, "y": at[2], "width": 4, "height": 12}
    shot = opened.page.screenshot(clip=clip)
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("L"))
    assert pixels.min() < 130
    leave(opened)


def test_a_saved_picture_has_the_mask_and_its_key(open_map: Open) -> None:
    opened = ready(open_map(masked().map))
    drawing = ask(
        opened,
        """let saved; page.tools.save = blob => saved = blob;
        page.tools.saveSvg(); return saved.text();""",
    )
    assert "probably redrawn" in drawing
    # Two areas, and the key.
    assert drawing.count('fill="url(#dots)"') >= 3
    leave(opened)


def test_ukrainian_pages_tell_of_redraws_without_english(
    open_map: Open,
) -> None:
    opened = ready(open_map(masked(lang="uk").map))
    legend = opened.text(".geofront-legend")
    assert "Джерело, імовірно, почало малювати інакше: 3 лют. 2025" in legend
    assert "missing" not in legend
    leave(opened)


# ---- patterns, without colour


def test_grey_zone_that_is_held_now_is_told_from_what_became_grey(
    open_map: Open,
) -> None:
    """By white spots, as in greyscale both are the same."""
    start = dt.datetime(2025, 2, 1, 20, tzinfo=dt.UTC)
    occupied = shapely.box(38.6, 48.0, 39.0, 48.4)
    east, west = (shapely.box(x, 48.0, x + 0.3, 48.4) for x in (38.3, 38.0))
    history = gf.History(
        gf.Snapshot("test", start + dt.timedelta(days=n), occupied, [grey])
        for n, grey in enumerate((east, west))
    )
    front = gf.FrontMap(history, compare="2025-02-01", places=[])
    opened = ready(open_map(front.map))
    for name in ("grey_zone", "front", "towns"):
        ask(opened, f'page.toggle("{name}", false)')
    for longitude, spotted in ((38.45, True), (38.15, False)):
        shades = colours(opened, 48.2, longitude).mean(axis=1)
        assert bool(np.ptp(shades) > 40) is spotted
    words, drawing = said(opened), drawn_as_svg(opened)
    assert "grey zone → held" in words
    # The ground and the key.
    assert drawing.count('fill="url(#spots)"') == 2
    leave(opened)


def said(opened: Any) -> list[str]:
    """All that is written on a picture of the page."""
    return ask(
        opened,
        """const said = [], pen = new GeofrontCanvasPen(
            document.createElement("canvas"), page.tools.view(), 1);
        const write = pen.text.bind(pen);
        pen.text = (words, ...where) => {
            said.push(words);
            write(words, ...where);
        };
        page.tools.compose(pen);
        return said;""",
    )


def drawn_as_svg(opened: Any) -> str:
    return ask(
        opened,
        """let saved; page.tools.save = blob => saved = blob;
        page.tools.saveSvg(); return saved.text();""",
    )


# ---- pictures of two days


def test_a_picture_with_a_divider_names_both_days(
    open_map: Open, example: gf.History
) -> None:
    front = gf.FrontMap(example, compare="2025-02-17")
    opened = ready(open_map(front.map))
    one, other = example[0].areas(), example[-1].areas()
    areas = " | ".join(
        f"{item['occupied_km2']:,.1f} km²" for item in (one, other)
    )
    assert not any("←" in words for words in said(opened))
    ask(opened, "page.swipe.box.checked = true; page.swipe.move()")
    words = said(opened)
    for text in (
        "17 February 2025 | 28 February 2025",
        f"occupied {areas}",
        "← 17 Feb 2025",
        "28 Feb 2025 →",
    ):
        assert text in words
    origin = "published 17 Feb 2025, 21:59 UTC; 28 Feb 2025, 21:59 UTC."
    assert origin in " ".join(words)
    assert "← 17 Feb 2025" in drawn_as_svg(opened)
    leave(opened)


def test_distances_are_those_of_the_day_on_their_side(
    open_map: Open,
) -> None:
    field = shapely.box(37.99, 48.19, 38.01, 48.21)
    place = gf.Place("Post", "post", 38.0, 48.2, outline=field)
    history = days(
        ([shapely.box(38.3, 48.0, 38.6, 48.4)], []),
        ([shapely.box(38.2, 48.0, 38.6, 48.4)], []),
    )
    front = gf.FrontMap(history, compare="2025-02-01", places=place)
    opened = ready(open_map(front.map))
    opened.view(48.2, 38.0, 10)
    lengths = {}
    for side, at in (("after", 0), ("before", 1000)):
        ask(
            opened,
            f"""page.swipe.slider.value = {at};
            page.swipe.box.checked = true; page.swipe.move();""",
        )
        lengths[side] = [text for text in said(opened) if " km E" in text]
    near = gf.proximity(history, place, every="snapshot").occupied_km
    assert f"{near.iloc[0]:.1f} km E" in lengths["before"]
    assert f"{near.iloc[1]:.1f} km E" in lengths["after"]
    leave(opened)


def test_names_leave_the_legend_of_a_picture_free(
    open_map: Open, example: gf.History
) -> None:
    opened = ready(open_map(gf.FrontMap(example).map))
    opened.view(48.7, 38.2, 9.5)
    legend, names = ask(
        opened,
        """const pen = new GeofrontSvgPen(page.tools.view(), "names");
        page.tools.compose(pen);
        document.body.append(pen.root);
        const {x, y} = pen.root.getBoundingClientRect();
        const box = part => {
            const {left, top, right, bottom} = part.getBoundingClientRect();
            return [left - x, top - y, right - x, bottom - y];
        };
        const found = [box(pen.root.querySelector("#furniture rect")),
            [...pen.root.querySelectorAll("#names text")].map(box)];
        pen.root.remove();
        return found;""",
    )
    panel = shapely.box(*legend)
    assert len(names) > 10
    assert not any(panel.intersects(shapely.box(*name)) for name in names)
    leave(opened)


# ---- the chart


def test_bars_that_are_cut_are_marked_and_the_longest_is_told(
    open_map: Open,
) -> None:
    def history(last: float) -> gf.History:
        east = [38.4 + 0.01 * day for day in range(40)]
        return days(
            *(
                ([shapely.box(38.0, 48.0, x, 48.1)], [])
                for x in [*east, east[-1] + last]
            )
        )

    plain, cut = (
        ready(open_map(gf.FrontMap(history(last), places=[]).map))
        for last in (0.01, 0.5)
    )
    assert "cut" not in plain.text(".geofront-chart summary")
    jump = gf.deltas(history(0.5), every="snapshot").occupied_net_km2.max()
    summary = cut.text(".geofront-chart summary")
    assert f"cut, the longest is +{jump:,.1f} km²" in summary
    label = cut.page.locator(".geofront-chart canvas")
    assert "the longest" in label.get_attribute("aria-label")
    leave(plain)
    leave(cut)


# ---- comparisons that find nothing, or another day


def test_a_span_is_named_by_its_day_where_it_is_longer(
    open_map: Open,
) -> None:
    field = shapely.box(38.0, 48.0, 38.6, 48.4)
    history = days(([field], []), ([field], []), step=31)
    opened = ready(open_map(gf.FrontMap(history, places=[]).map))
    rows = opened.page.locator(".geofront-change tr:not([hidden]) th")
    assert rows.all_text_contents() == ["since 1 Feb 2025"]
    leave(opened)


def test_a_day_that_is_not_before_is_said_to_be_none(open_map: Open) -> None:
    opened = ready(open_map(masked().map))
    ask(opened, "page.show(0)")
    assert "is not before this one" in opened.text(".geofront-net")
    leave(opened)


# ---- tiles


@pytest.mark.parametrize("shared", [True, False])
def test_a_picture_over_tiles_is_saved(
    browser: Any, example: gf.History, tmp_path: Any, shared: bool
) -> None:
    """Even where a server does not let others read its tiles."""
    tile = io.BytesIO()
    Image.new("RGB", (256, 256), (10, 200, 90)).save(tile, "PNG")
    headers = {"Access_Control_Allow_Origin": "*"} if shared else {}
    answer = content(tile.getvalue(), Content_Type="image/png", **headers)
    with serving() as server:
        server.answers["/tile"] = answer
        provider = xyzservices.TileProvider(
            name="Local",
            url=f"{server.url}/tile?{{z}}/{{x}}/{{y}}",
            attribution="Tiles © local",
        )
        front = gf.FrontMap(
            example, basemap=provider, offline=False, places=[]
        )
        front.save(tmp_path / "tiles.html")
        page = browser.new_page()
        page.goto((tmp_path / "tiles.html").as_uri())
        page.wait_for_function(f"{PAGE} !== undefined")
        if shared:
            page.wait_for_selector(".leaflet-tile-loaded")
        page.wait_for_load_state("networkidle")
        picture = page.evaluate(
            f"""async () => {{ const {{tools}} = {PAGE}; let saved;
            tools.save = blob => saved = blob; await tools.savePng();
            const bytes = new Uint8Array(await saved.arrayBuffer());
            return btoa(bytes.reduce(
                (text, byte) => text + String.fromCharCode(byte), "")); }}"""
        )
        assert server.asked
        words, drawing = (
            page.evaluate(
                f"""() => {{ const {{tools}} = {PAGE}; const said = [];
                const pen = {pen};
                const write = pen.text.bind(pen);
                pen.text = (words, ...where) => {{
                    said.push(words); write(words, ...where); }};
                tools.compose(pen); return said.join(" "); }}"""
            )
            for pen in (
                "new GeofrontCanvasPen(document.createElement('canvas'), "
                "tools.view(), 1)",
                "new GeofrontSvgPen(tools.view(), 'drawing')",
            )
        )
        page.close()
    assert "Tiles © local" in words
    assert "without the tiles" not in words
    assert "Tiles © local" not in drawing
    assert "Drawn without the tiles" in drawing
    saved = Image.open(io.BytesIO(base64.b64decode(picture)))
    pixels = np.asarray(saved.convert("RGB"), int)
    ground = (np.abs(pixels - [10, 200, 90]).max(axis=2) < 12).mean()
    assert bool(ground > 0.2) is shared
