"""KML and KMZ: polygons with the colours they are drawn in.

Drawing programs keep what a polygon means in its colour, its folder or its
name.  The XML is read piece by piece, so that a large file takes little
memory, and without entities, which can be made to explode or to read other
files.  Links to other files are not followed.
"""

import io
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse
from shapely import Polygon

from geofront._words import cause, counted
from geofront.errors import InvalidBoundaryError, SourceError
from geofront.sources.archives import unzip_one
from geofront.sources.geojson import Drawn
from geofront.sources.shapes import NOTHING, Shape
from geofront.topology import coordinate_fault

_MAX_DEPTH = 100
_PIECE = 2**16
_MAX_TOKEN = 2**20
_COLOUR = re.compile(
    r"(?:[0-9a-f]{2})?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})"
)
_NOT_AREAS = ("Point", "LineString", "Track", "Model")
_FEATURES = ("Folder", "Document")


def unpack_kmz(data: bytes, where: str) -> bytes:
    """KML text within a KMZ archive.

    Raises
    ------
    SourceError
        If the archive is damaged, a bomb, leads outside, or has no KML.
    """
    return unzip_one(data, _main_document, where)


def _main_document(names: list[str]) -> str | None:
    """doc.kml, else the first KML nearest to the root."""
    found = [name for name in names if name.lower().endswith(".kml")]
    found.sort(key=lambda name: len(PurePosixPath(name).parts))
    for name in found:
        if PurePosixPath(name).name.lower() == "doc.kml":
            return name
    return found[0] if found else None


def read_kml(data: bytes, where: str) -> Iterator[Shape]:
    """Features of a KML text.

    ``properties`` hold ``name``, ``folder``, ``description``, the colour of
    the filling as ``fill`` (``#rrggbb``), of the outline as ``stroke``, and
    what the file holds as extended data.

    Raises
    ------
    SourceError
        If it is not well-formed, has entities or is nested too deep.
    """
    document = _Document(where)
    try:
        document.read(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        # Unknown encodings are LookupErrors.
        raise SourceError(
            f"{where}: expected KML without entities, well-formed: "
            f"{type(error).__name__}: {cause(error)}"
        ) from None
    return document.shapes()


class _Placemark(NamedTuple):
    properties: dict[str, str]
    style: dict[str, str]
    """Colours that it has itself."""
    url: str
    """Shared style that it names."""
    drawn: Drawn
    folder: str
    fault: str | None


class _Document:
    """What a file holds, gathered while it is read."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._placemarks: list[_Placemark] = []
        self._styles: dict[str, dict[str, str]] = {}
        self._normal: dict[str, str] = {}

    def read(self, data: bytes) -> None:
        """Take the elements of interest, and forget the others."""
        open_elements: list[Element] = []
        parser = DefusedXMLParser(forbid_dtd=True)
        events = iterparse(
            _Fed(data, parser, self._where), ("start", "end"), parser
        )
        for event, element in events:
            if event == "start":
                open_elements.append(element)
                if len(open_elements) > _MAX_DEPTH:
                    raise SourceError(
                        f"{self._where}: nested deeper than {_MAX_DEPTH} "
                        "elements"
                    )
                continue
            open_elements.pop()
            self._take(element, open_elements)
            _forget(element, open_elements)

    def _take(self, element: Element, parents: list[Element]) -> None:
        """Take an element that is complete, if it is of interest."""
        kind = _local(element)
        if kind == "Placemark":
            self._placemarks.append(_placemark(element, _folder(parents)))
        shared = element.get("id")
        if kind == "Style" and shared is not None:
            self._styles[shared] = _colours(element)
        elif kind == "StyleMap" and shared is not None:
            self._normal[shared] = _normal_style(element)

    def shapes(self) -> Iterator[Shape]:
        """Features, each with its colours: styles may follow their use."""
        for placemark in self._placemarks:
            shared = self._styles.get(self._resolved(placemark.url), {})
            colours = {**shared, **placemark.style}
            yield Shape(
                {**colours, **placemark.properties},
                placemark.drawn,
                placemark.folder,
                placemark.fault,
            )

    def _resolved(self, url: str) -> str:
        """Style that a style's address stands for."""
        name = url.rpartition("#")[2].strip()
        return self._normal.get(name, name)


class _Fed(io.BytesIO):
    """Text that ends in an error where one token of it is huge.

    A comment or a tag is looked at anew with each piece that is fed, so a
    huge one would take hours; text comes through piece by piece.
    """

    def __init__(self, data: bytes, parser: Any, where: str) -> None:
        super().__init__(data)
        self._parser = parser.parser
        self._where = where

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() - self._parser.CurrentByteIndex > _MAX_TOKEN:
            raise SourceError(
                f"{self._where}: a comment or a tag of more than "
                f"{_MAX_TOKEN:,} bytes: refused"
            )
        return super().read(_PIECE)


def _forget(element: Element, parents: list[Element]) -> None:
    """Let go of what was taken: a folder of many would be slow, and large."""
    inside = bool(parents) and _local(parents[-1]) in _FEATURES
    if inside and _local(element) != "name":
        parents[-1].remove(element)


def _local(element: Element) -> str:
    """Name of an element without its namespace: files use a dozen."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if tag else ""


def _text(element: Element, kind: str) -> str:
    """Text of the first child of a kind."""
    for child in element:
        if _local(child) == kind:
            return " ".join("".join(child.itertext()).split())
    return ""


def _all(element: Element, kind: str) -> Iterator[Element]:
    return (child for child in element.iter() if _local(child) == kind)


def _folder(parents: list[Element]) -> str:
    """Name of the innermost folder that has one."""
    names = [
        _text(each, "name") for each in parents if _local(each) in _FEATURES
    ]
    return next(filter(None, reversed(names)), "")


def _normal_style(element: Element) -> str:
    """Name of the style that a style map has for the normal state."""
    pairs = {
        _text(pair, "key"): _text(pair, "styleUrl")
        for pair in _all(element, "Pair")
    }
    url = pairs.get("normal") or next(iter(pairs.values()), "")
    return url.rpartition("#")[2]


def _colours(style: Element) -> dict[str, str]:
    """Colours of a style's polygons and lines."""
    found = {}
    for name, kind in (("fill", "PolyStyle"), ("stroke", "LineStyle")):
        for part in _all(style, kind):
            colour = _web_colour(_text(part, "color"))
            if colour:
                found[name] = colour
    return found


def _web_colour(text: str) -> str | None:
    """#rrggbb of KML's aabbggrr, of which some programs spare the aa."""
    match = _COLOUR.fullmatch(text.lower().removeprefix("#"))
    if match is None:
        return None
    blue, green, red = match.groups()
    return f"#{red}{green}{blue}"


def _placemark(element: Element, folder: str) -> _Placemark:
    properties = {
        name: text
        for name in ("name", "description")
        if (text := _text(element, name))
    }
    properties |= {"folder": folder} if folder else {}
    properties |= _extended(element)
    style: dict[str, str] = {}
    for own in _all(element, "Style"):
        style |= _colours(own)
    try:
        drawn, fault = _drawn(element), None
    except InvalidBoundaryError as error:
        drawn, fault = NOTHING, str(error)
    url = _text(element, "styleUrl")
    return _Placemark(properties, style, url, drawn, folder, fault)


def _extended(element: Element) -> dict[str, str]:
    """Values of Data and SimpleData, by name."""
    values = {
        data.get("name", ""): _text(data, "value")
        for data in _all(element, "Data")
    }
    values |= {
        data.get("name", ""): (data.text or "").strip()
        for data in _all(element, "SimpleData")
    }
    return values


def _drawn(element: Element) -> Drawn:
    """Polygons of a placemark, however nested."""
    polygons, unclosed = [], 0
    for area in _all(element, "Polygon"):
        shells = _rings(area, "outerBoundaryIs")
        holes = _rings(area, "innerBoundaryIs")
        if len(shells) != 1:
            raise InvalidBoundaryError(
                f"a polygon has {len(shells)} outer boundaries, expected one"
            )
        lines = [*shells, *holes]
        unclosed += sum(not np.array_equal(li[0], li[-1]) for li in lines)
        polygons.append(Polygon(shells[0], holes))
    not_areas = sum(1 for kind in _NOT_AREAS for _ in _all(element, kind))
    if not polygons and not not_areas:
        raise InvalidBoundaryError("expected a geometry, found nothing")
    return Drawn(np.array(polygons, dtype=object), not_areas, unclosed)


def _rings(area: Element, kind: str) -> list[Any]:
    """Rings of a polygon's outer or inner boundary."""
    return [
        _ring(ring)
        for boundary in _all(area, kind)
        for ring in _all(boundary, "LinearRing")
    ]


def _ring(element: Element) -> Any:
    # Some programs write a space after the comma.
    text = re.sub(r"\s*,\s*", ",", _text(element, "coordinates"))
    positions = [position.split(",") for position in text.split()]
    try:
        line = np.array([position[:2] for position in positions], dtype=float)
    except ValueError:
        line = np.empty(0)
    if line.ndim != 2 or line.shape[1] != 2:
        raise InvalidBoundaryError(
            "expected coordinates as longitude,latitude"
        )
    if len(line) < 3:
        raise InvalidBoundaryError(
            f"a ring has {counted(len(line), 'position')}, expected four or "
            "more"
        )
    fault = coordinate_fault(line)
    if fault:
        raise InvalidBoundaryError(fault)
    return line
