"""KML and KMZ: colours, folders, odd spellings, hostile archives."""

from pathlib import Path

import authored
import pytest
import shapely
from authored import kml, kml_polygon, placemark, style, zipped

import geofront as gf
from geofront.geodesy import area_km2

FRONT = (38.0, 48.8, 38.2, 49.0)
GREY = (37.9, 48.8, 38.0, 49.0)
HOLE = (38.05, 48.85, 38.1, 48.9)
RED, RED_KML = "#a52714", "ff1427a5"
ALL = {"date": "2025-02-24", "meanings": {"*": "occupied"}}


def km2(*boxes: authored.Box) -> float:
    return area_km2(shapely.union_all([shapely.box(*box) for box in boxes]))


def read(folder: Path, data: bytes, name: str = "a.kml", **options: object):
    (folder / name).write_bytes(data)
    known = {**ALL, **options}
    (snapshot,) = gf.open_history(folder, source="vector", **known)
    return snapshot


def occupied(snapshot: gf.Snapshot) -> float:
    return snapshot.areas()["occupied_km2"]


def by_fill(folder: Path, data: bytes) -> float:
    """Area of what is filled in red."""
    meanings = {RED: "occupied", "*": "ignore"}
    return occupied(read(folder, data, state_column="fill", meanings=meanings))


def coloured(url: str, box: authored.Box) -> str:
    return placemark(kml_polygon(box), style=f"<styleUrl>{url}</styleUrl>")


STYLE_MAP = (
    '<StyleMap id="m"><Pair><key>highlight</key><styleUrl>#g</styleUrl></Pair>'
    "<Pair><key>normal</key><styleUrl>#r</styleUrl></Pair></StyleMap>"
)


@pytest.mark.parametrize(
    "content",
    [
        # Shared styles, before and after their use.
        (style("r", RED_KML), coloured("#r", FRONT)),
        (coloured("#r", FRONT), style("r", RED_KML)),
        # Through a map of styles, as Google's editor writes them.
        (
            style("r", RED_KML),
            style("g", "ff0"),
            STYLE_MAP,
            coloured("#m", FRONT),
        ),
        # By the name of the file, or the bare name.
        (style("r", RED_KML), coloured("doc.kml#r", FRONT)),
        (style("r", RED_KML), coloured(" r ", FRONT)),
        # A style of its own, which goes before the shared one.
        (
            style("r", "ff000000"),
            placemark(
                kml_polygon(FRONT),
                style="<styleUrl>#r</styleUrl>" + style("", RED_KML),
            ),
        ),
        # Other spellings of a colour.
        (style("r", "FF1427A5"), coloured("#r", FRONT)),
        (style("r", " 7f1427a5\n"), coloured("#r", FRONT)),
        (style("r", "#ff1427a5"), coloured("#r", FRONT)),
        (style("r", "1427a5"), coloured("#r", FRONT)),
    ],
)
def test_colour_is_found_however_it_is_written(
    tmp_path: Path, content: tuple[str, ...]
) -> None:
    others = (style("x", "ff00ff00"), coloured("#x", GREY))
    assert by_fill(tmp_path, kml(*content, *others)) == pytest.approx(
        km2(FRONT)
    )


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.opengis.net/kml/2.2",
        "http://earth.google.com/kml/2.1",
        "http://earth.google.com/kml/2.0",
        "",
    ],
)
def test_any_namespace_is_read(tmp_path: Path, namespace: str) -> None:
    data = kml(placemark(kml_polygon(FRONT)), namespace=namespace)
    assert occupied(read(tmp_path, data)) == pytest.approx(km2(FRONT))


def test_prefixed_names_are_read(tmp_path: Path) -> None:
    plain = kml(placemark(kml_polygon(FRONT))).decode()
    prefixed = (
        plain.replace("</", "</k:")
        .replace("<", "<k:")
        .replace("<k:/k:", "</k:")
        .replace("<k:?", "<?")
        .replace("xmlns=", "xmlns:k=")
    )
    snapshot = read(tmp_path, prefixed.encode())
    assert occupied(snapshot) == pytest.approx(km2(FRONT))


@pytest.mark.parametrize(
    "spelling",
    [{"comma": ", "}, {"tail": ""}, {"tail": ", 0"}, {"comma": " ,\n"}],
)
def test_any_spacing_of_coordinates_is_read(
    tmp_path: Path, spelling: dict[str, str]
) -> None:
    data = kml(placemark(kml_polygon(FRONT, **spelling)))
    assert occupied(read(tmp_path, data)) == pytest.approx(km2(FRONT))


def test_holes_and_nested_geometry_are_read(tmp_path: Path) -> None:
    nested = (
        f"<MultiGeometry>{kml_polygon(FRONT, HOLE)}<MultiGeometry>"
        f"{kml_polygon(GREY)}<Point><coordinates>38,48</coordinates></Point>"
        "</MultiGeometry></MultiGeometry>"
    )
    snapshot = read(tmp_path, kml(placemark(nested)))
    assert occupied(snapshot) == pytest.approx(km2(FRONT, GREY) - km2(HOLE))
    (note,) = snapshot.notes
    assert note.detail == "1 point or line: only areas are kept"


def test_folders_names_and_extended_data_may_tell(tmp_path: Path) -> None:
    data = (
        '<ExtendedData><Data name="side"><value>RU</value></Data>'
        '<SchemaData><SimpleData name="sure">yes</SimpleData></SchemaData>'
        "</ExtendedData>"
    )
    front = placemark(data + kml_polygon(FRONT), name="the front")
    grey = placemark(kml_polygon(GREY))
    text = kml(
        f"<name>all</name><Folder><name>Occupied</name>{front}</Folder>",
        f"<Folder><name>grey zone</name>{grey}</Folder>",
    )
    for column, value in (
        ("name", "the front"),
        ("side", "ru"),
        ("sure", "yes"),
    ):
        meanings = {value: "occupied", "*": "ignore"}
        snapshot = read(tmp_path, text, state_column=column, meanings=meanings)
        assert occupied(snapshot) == pytest.approx(km2(FRONT))
    # Without an option a folder a state.
    with pytest.warns(gf.GeofrontWarning, match="states no coverage"):
        snapshot = read(tmp_path, text, meanings=None)
    assert snapshot.areas()["grey_zone_km2"] == pytest.approx(km2(GREY))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<Polygon/>", "0 outer boundaries"),
        (kml_polygon(FRONT).replace("outer", "inner"), "0 outer boundaries"),
        (
            kml_polygon(FRONT).replace(
                "</Polygon>", kml_polygon(FRONT).removeprefix("<Polygon>")
            ),
            "2 outer boundaries",
        ),
        ("", "found nothing"),
        (kml_polygon(FRONT, tail="").replace("38.0", "north"), "expected coo"),
        (kml_polygon(FRONT).replace("38.0", "NaN"), "not a finite number"),
        (kml_polygon(FRONT).replace("38.0", "1e400"), "not a finite number"),
        (kml_polygon(FRONT).replace("38.0", "380"), "found the position"),
        (kml_polygon(FRONT).replace(",", ";"), "expected coordinates"),
        (
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>38,48 39,48"
            "</coordinates></LinearRing></outerBoundaryIs></Polygon>",
            "a ring has 2 positions",
        ),
    ],
)
def test_bad_placemark_costs_no_other(
    tmp_path: Path, content: str, told: str
) -> None:
    data = kml(placemark(content), placemark(kml_polygon(GREY)))
    with pytest.warns(gf.GeofrontWarning, match=told) as caught:
        snapshot = read(tmp_path, data)
    assert "feature 1" in str(caught[0].message)
    assert occupied(snapshot) == pytest.approx(km2(GREY))


def test_unclosed_ring_is_closed_and_noted(tmp_path: Path) -> None:
    text = kml_polygon(FRONT)
    last = f" {FRONT[0]},{FRONT[1]},0</coordinates>"
    assert last in text
    data = kml(placemark(text.replace(last, "</coordinates>")))
    snapshot = read(tmp_path, data)
    assert occupied(snapshot) == pytest.approx(km2(FRONT))
    assert "closed 1 ring" in snapshot.notes[0].detail


GOOD = kml(placemark(kml_polygon(FRONT)))


@pytest.mark.parametrize(
    "members",
    [
        {"doc.kml": GOOD},
        {"files/icon.png": b"x", "doc.kml": GOOD, "other.kml": b"<bad"},
        {"a/map.KML": GOOD},
        {"map.kml": GOOD, "deep/er/other.kml": b"<bad"},
    ],
)
def test_kmz_is_read(tmp_path: Path, members: dict[str, bytes]) -> None:
    snapshot = read(tmp_path, zipped(members), "a.kmz")
    assert occupied(snapshot) == pytest.approx(km2(FRONT))


def test_many_placemarks_take_time_in_proportion(tmp_path: Path) -> None:
    import time

    def seconds(count: int) -> float:
        data = kml(
            *[placemark("<Point/>")] * count, placemark(kml_polygon(FRONT))
        )
        begun = time.process_time()
        read(tmp_path, data)
        return time.process_time() - begun

    few = seconds(1_000)
    assert seconds(8_000) < 24 * few
