"""Files that are broken or hostile, each with what it has to give.

Made by this script, none by anybody else.  A case is *refused* (an error of
geofront's own), *listed* (a warning names the feature, all else is kept) or
*noted* (mended or left out, and on record).
"""

import io
import json
import stat
import struct
import zipfile
from typing import Any, NamedTuple

import authored
from authored import feature, kml, kml_polygon, placemark, polygon, zipped

FRONT: authored.Box = (37.0, 48.0, 37.5, 48.4)
BAD: authored.Box = (36.0, 48.0, 36.5, 48.4)
DEEPSTATE = "1740434400.geojson"
DAILY = "deepstatemap_data_20250225.geojson"
OWLMAPS = "20250225.json"
ISW = "20250225.geojson"
PROFILE = "2025-02-24.geojson"
ALL = {"date": "2025-02-24", "meanings": {"*": "occupied"}}
CONTROL = "VIEW_RussiaCoTinUkraine_V3"
ADVANCE = "AssessedRussianAdvanceInUkraine_V2_view"


class Case(NamedTuple):
    """One file."""

    id: str
    source: str
    name: str
    data: bytes
    outcome: str
    told: str
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed


def _polygon(line: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [line]}


def _with(index: int, value: Any) -> list[Any]:
    line: list[Any] = authored.ring(BAD)
    line[index] = value
    return line


_OPEN = authored.ring(BAD)[:-1]
_BOWTIE = [[36, 48], [36.5, 48.4], [36.5, 48], [36, 48.4], [36, 48]]
_OUTSIDE = {
    "type": "Polygon",
    "coordinates": [authored.ring(BAD), authored.ring((35.0, 48, 35.2, 48.2))],
}


def _deep(depth: int) -> Any:
    geometry: Any = polygon(BAD)
    for _ in range(depth):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    return geometry


# Geometry that costs its feature, and what is said of it.
LISTED: dict[str, tuple[Any, str]] = {
    "NaN": (_polygon(_with(1, [float("nan"), 48])), "not a finite number"),
    "infinite": (_polygon(_with(1, [36, float("inf")])), "not a finite numb"),
    "text": (_polygon(_with(1, ["36", "48"])), "expected a ring of pos"),
    "null position": (_polygon(_with(1, None)), "positions of a ring|expec"),
    "short position": (_polygon([[36], [36.5], [36.2]]), "expected a ring"),
    "ragged": (_polygon(_with(1, [36.5, 48, 0])), "differ in their number"),
    "two positions": (_polygon([[36, 48], [36.5, 48]]), "has 2 positions"),
    "no ring": ({"type": "Polygon", "coordinates": [[]]}, "expected a ring"),
    "no list": ({"type": "Polygon", "coordinates": 7}, "expected a list"),
    "no coordinates": ({"type": "Polygon"}, "expected a list of coord"),
    "latitude 95": (_polygon(_with(1, [36.5, 95])), "found the position"),
    "longitude 200": (_polygon(_with(1, [200, 48])), "found the position"),
    "metres": (_polygon(_with(1, [4e6, 6e6])), "found the position"),
    "unknown type": ({"type": "Ellipse"}, "expected a geometry"),
    "collection of null": (
        {"type": "GeometryCollection", "geometries": [None]},
        "expected a geometry",
    ),
    "list": ([1, 2], "expected a geometry, found a list"),
}
# Geometry that is mended or left out, on record.
NOTED: dict[str, tuple[Any, str]] = {
    "unclosed ring": (_polygon(_OPEN), "closed 1 ring"),
    "bow-tie": (_polygon(_BOWTIE), "was invalid"),
    "hole outside the shell": (_OUTSIDE, "was invalid"),
    "no area": (_polygon([[36, 48], [36.5, 48], [36, 48]]), "without area"),
    "point": ({"type": "Point", "coordinates": [36, 48]}, "only areas"),
    "line": ({"type": "LineString", "coordinates": _OPEN}, "only areas"),
    "over the antimeridian": (
        _polygon([[179, 48], [-179, 48], [-179, 49], [179, 49], [179, 48]]),
        "outside the territory",
    ),
    "abroad": (polygon((60.0, 50.0, 61.0, 51.0)), "outside the territory"),
}


def _of_source(source: str, geometries: list[Any]) -> tuple[str, bytes]:
    """File of a source that draws some geometries."""
    if source == "deepstate":
        features = [feature(each, fill="#a52714") for each in geometries]
        return DEEPSTATE, authored.dumped(authored.collection(features))
    if source == "isw":
        layers = [CONTROL] * len(geometries)
        layers[len(authored.REAR)] = ADVANCE
        return ISW, authored.isw(zip(layers, geometries, strict=True))
    if source == "vector":
        features = [feature(each, state="occupied") for each in geometries]
        return PROFILE, authored.dumped(authored.collection(features))
    features = [feature(each) for each in geometries]
    return DAILY, authored.dumped(authored.collection(features))


def _geometries() -> list[Case]:
    cases = []
    good = [polygon(box) for box in (*authored.REAR, FRONT)]
    for source in ("deepstate", "occupied_daily", "isw", "vector"):
        for outcome, table in (("listed", LISTED), ("noted", NOTED)):
            for label, (geometry, told) in table.items():
                name, data = _of_source(source, [*good, geometry])
                cases.append(
                    Case(
                        f"{source}: {label}",
                        source,
                        name,
                        data,
                        outcome,
                        told,
                    )
                )
    return cases


def _more_features() -> list[Case]:
    """Faults that not every format can have."""
    good = [polygon(box) for box in (*authored.REAR, FRONT)]
    name, data = _of_source("deepstate", [*good, polygon(BAD)])
    huge = data.replace(b"36.0,", b"1e400,").replace(b"[36.0 ", b"[1e400 ")
    bare = json.loads(data)
    bare["features"][-1] = "no feature"
    null = json.loads(data)
    null["features"][-1]["geometry"] = None
    nested = _of_source("deepstate", [*good, _deep(300)])[1]
    high = [[*position, 99.0] for position in authored.ring(FRONT)]
    tall = _of_source("deepstate", [*good[:-1], _polygon(high)])[1]
    measured = [[*position, 9.0, 1.0] for position in authored.ring(FRONT)]
    four = _of_source("deepstate", [*good[:-1], _polygon(measured)])[1]
    wide = _of_source("deepstate", good)[1].decode().encode("utf-16")
    return [
        Case("1e400", "deepstate", name, huge, "listed", "not a finite"),
        Case(
            "no feature",
            "deepstate",
            name,
            authored.dumped(bare),
            "listed",
            "expected a feature, found text",
        ),
        Case(
            "null geometry",
            "deepstate",
            name,
            authored.dumped(null),
            "listed",
            "expected a geometry, found nothing",
        ),
        Case("nested", "deepstate", name, nested, "kept", ""),
        Case("heights", "deepstate", name, tall, "kept", ""),
        Case("measures", "deepstate", name, four, "kept", ""),
        Case("UTF-16", "deepstate", name, wide, "kept", ""),
    ]


def _files() -> list[Case]:
    """Files that cannot be used at all."""
    good = [polygon(box) for box in (*authored.REAR, FRONT)]
    name, data = _of_source("deepstate", good)
    west, south, east, north = FRONT
    swapped = _of_source("deepstate", [polygon((south, west, north, east))])[1]
    deep = b'{"type":"FeatureCollection","features":' + b"[" * 100_000
    utm = authored.collection(
        [feature(each, fill="#a52714") for each in good],
        crs=authored.named_crs("EPSG:32637"),
    )
    latin = data.replace(b"Feature", b"Feat\xfcre")
    refused = [
        ("empty file", b"", "expected JSON"),
        ("only a mark of order", b"\xef\xbb\xbf", "expected JSON"),
        ("truncated", data[:-20], "truncated or damaged"),
        ("nested too deep", deep, "expected JSON"),
        ("not UTF-8", latin, "expected JSON"),
        ("binary", b"\x00\x01\x02" * 99, "expected JSON"),
        ("page", b"<!doctype html><p>Not found", "expected JSON"),
        ("null", b"null", "expected a GeoJSON FeatureCollection"),
        ("no features", b'{"type": "FeatureCollection"}', "list of features"),
        ("features no list", b'{"features": {}}', "list of features"),
        ("no feature", b'{"features": []}', "expected occupied areas"),
        ("swapped axes", swapped, "expected occupied areas in Ukraine"),
        ("UTM", authored.dumped(utm), "in EPSG:32637, expected longitude"),
        ("huge integer", b"9" * 5000, "expected JSON"),
    ]
    cases = [
        Case(f"file: {label}", "deepstate", name, content, "refused", told)
        for label, content, told in refused
    ]
    lines = [authored.ring(box) for box in authored.REAR]
    turned = authored.dumped({"areas": lines})
    return [
        *cases,
        Case(
            "owlmaps: longitude first",
            "owlmaps",
            OWLMAPS,
            turned,
            "refused",
            "swapped",
        ),
        Case(
            "owlmaps: empty day",
            "owlmaps",
            OWLMAPS,
            authored.owlmaps([]),
            "refused",
            "no liberation",
        ),
        Case(
            "isw: no control",
            "isw",
            ISW,
            authored.isw([("other", good[0])]),
            "refused",
            "expected a layer of assessed control",
        ),
        Case(
            "isw: no system",
            "isw",
            ISW,
            authored.esri(
                [{"geometry": {"rings": lines}}], spatialReference=None
            ),
            "refused",
            "expected a spatial reference",
        ),
    ]


# ---- archives and XML


GOOD_KML = kml(placemark(kml_polygon(FRONT)))


def _linked() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("doc.kml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return packed.getvalue()


def _lying() -> bytes:
    """Archive that says its member is small."""
    data = bytearray(zipped({"doc.kml": GOOD_KML}, blank_mb=60))
    size = struct.pack("<I", 1000)
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = size
    return bytes(data)


def _quoting(copies: int) -> bytes:
    """Archive whose directory lists one packed member many times over."""
    one = zipped({"doc.kml": b""}, blank_mb=20)
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[start:end]
    directory = entry * copies
    tail = struct.pack(
        "<4s4H2LH",
        *(b"PK\x05\x06", 0, 0, copies, copies),
        *(len(directory), start, 0),
    )
    return one[:start] + directory + tail


_LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)
BOMBS: dict[str, tuple[str, bytes, str]] = {
    "kmz of blanks": (
        "a.kmz",
        zipped({"doc.kml": GOOD_KML[:-20]}, blank_mb=60),
        "inflates to more than",
    ),
    "kmz that lies": (
        "a.kmz",
        _lying(),
        "inflates to more than|expected a zip archive|expected KML",
    ),
    "kmz quoted": ("a.kmz", _quoting(60), "inflates to more|zip archive"),
    "kmz of many": (
        "a.kmz",
        zipped({f"{n}.kml": b"" for n in range(10_001)}),
        "10,001 members",
    ),
    "billion laughs": (
        "a.kml",
        f'<!DOCTYPE kml [<!ENTITY l0 "ha">{_LAUGHS}]><kml>&l9;</kml>'.encode(),
        "without entities",
    ),
    "quadratic blow-up": (
        "a.kml",
        b'<!DOCTYPE kml [<!ENTITY a "'
        + b"x" * 100_000
        + b'">]><kml>'
        + b"&a;" * 10_000
        + b"</kml>",
        "without entities",
    ),
    "deep kml": ("a.kml", b"<kml>" + b"<Folder>" * 2_000_000, "nested deeper"),
}
GZIP_BOMB = authored.gzipped(300)


def _packed() -> list[Case]:
    cases = [
        ("kmz: traversal", {"../doc.kml": GOOD_KML}, "leads outside"),
        ("kmz: deep traversal", {"a/../../b.kml": GOOD_KML}, "leads outside"),
        ("kmz: absolute", {"/etc/doc.kml": GOOD_KML}, "leads outside"),
        ("kmz: drive", {"C:\\doc.kml": GOOD_KML}, "leads outside"),
        ("kmz: backslashes", {"..\\doc.kml": GOOD_KML}, "leads outside"),
        ("kmz: no kml", {"a.txt": b""}, "nothing to read in it, found a.txt"),
        ("kmz: empty", {}, "nothing to read in it"),
        ("kmz: kml of nothing", {"doc.kml": b""}, "expected KML"),
    ]
    data = zipped({"doc.kml": GOOD_KML})
    flipped = bytearray(data)
    flipped[60] ^= 0xFF
    whole = [(label, zipped(members), told) for label, members, told in cases]
    whole += [
        ("kmz: link", _linked(), "is a link"),
        ("kmz: truncated", data[:-30], "expected a zip archive"),
        ("kmz: no archive", b"PK", "expected a zip archive"),
        ("kmz: flipped", bytes(flipped), "expected a zip archive"),
    ]
    return [
        Case(label, "vector", "a.kmz", content, "refused", told, ALL)
        for label, content, told in whole
    ]


def _xml() -> list[Case]:
    def document(head: str) -> bytes:
        return (
            head.encode() + b"<kml><Document><name>&x;</name></Document></kml>"
        )

    outside = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    parameter = '<!DOCTYPE kml [<!ENTITY % x SYSTEM "http://a.b/c"> %x;]>'
    texts = [
        ("kml: external entity", document(outside), "without entities"),
        ("kml: parameter entity", document(parameter), "without entities"),
        (
            "kml: outer grammar",
            document('<!DOCTYPE kml SYSTEM "http://a.b/c.dtd">'),
            "without entities",
        ),
        ("kml: undefined entity", document(""), "without entities"),
        ("kml: truncated", GOOD_KML[:-9], "expected KML"),
        ("kml: empty", b"", "expected KML"),
        ("kml: no XML", b"kml", "expected KML"),
        (
            "kml: unknown encoding",
            b'<?xml version="1.0" encoding="klingon"?><kml/>',
            "expected KML",
        ),
        ("kml: not UTF-8", b"<kml>\xff\xfe</kml>", "expected KML"),
        ("kml: no feature", kml(), "holds no feature"),
        (
            "kml: link to elsewhere",
            kml(
                "<NetworkLink><Link><href>http://a.b</href></Link>"
                "</NetworkLink>"
            ),
            "holds no feature",
        ),
    ]
    return [
        Case(label, "vector", "a.kml", content, "refused", told, ALL)
        for label, content, told in texts
    ]


def _tables() -> list[Case]:
    """Tables that are no tables, or lead elsewhere."""
    vrt = (
        b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>'
        b"/vsicurl/http://127.0.0.1:9/x.geojson</SrcDataSource>"
        b"</OGRVRTLayer></OGRVRTDataSource>"
    )
    package = bytearray(b"SQLite format 3\0" + b"\0" * 999)
    package[68:72] = b"GPKG"
    texts = [
        ("gpkg: VRT", "a.gpkg", vrt, "found other bytes"),
        ("gpkg: GeoJSON", "a.gpkg", b'{"type":"x"}', "found other bytes"),
        ("gpkg: empty", "a.gpkg", b"", "found other bytes"),
        ("gpkg: no tables", "a.gpkg", bytes(package), "cannot be read"),
        ("shp: VRT", "a.shp", vrt, "found other bytes"),
        ("shp: zip", "a.shp", b"PK\x03\x04", "found other bytes"),
        ("shp: cut", "a.shp", b"\0\0\x27\x0a" + b"\0" * 96, "be read"),
        ("parquet: VRT", "a.parquet", vrt, "expected GeoParquet"),
        ("parquet: cut", "a.parquet", b"PAR1\0\0", "expected GeoParquet"),
    ]
    return [
        Case(label, "vector", name, content, "refused", told, ALL)
        for label, name, content, told in texts
    ]


CASES = [
    *_tables(),
    *_geometries(),
    *_more_features(),
    *_files(),
    *_packed(),
    *_xml(),
]
