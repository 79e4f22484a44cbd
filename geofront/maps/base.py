"""An empty map that needs nothing from the network."""

import base64
import re
from functools import cache
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Element, Figure
from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

from geofront.front import SLIVER_KM
from geofront.geodesy import area_km2, length_km
from geofront.geography import OSM_ATTRIBUTION, territory
from geofront.maps import palette
from geofront.maps.panel import Page, asset
from geofront.maps.text import escape

__all__ = ["Bounds", "bare_map", "base_map", "draw"]

Bounds = tuple[float, float, float, float]

# What is drawn is rounded to about a metre; what is measured never is.
_DECIMALS = 5
_LAND_TOLERANCE_DEG = 0.002

# Leaflet's credit is kept without the flag that it flies.
_PAGE_HEAD = """
<style>
.leaflet-container .leaflet-attribution-flag { display: none !important; }
.leaflet-container .leaflet-control-layers { font-size: 13px; }
.leaflet-container .leaflet-control-attribution {
    font-size: 11px; max-width: calc(100vw - 115px);
}
</style>
"""


def base_map(bounds: Bounds | None = None, *, title: str = "") -> folium.Map:
    """Map of Ukraine's outline with nothing on it.

    Parameters
    ----------
    bounds : (west, south, east, north), optional
        What to show, in degrees; the whole country by default.
    title : str
        Of the page.

    Returns
    -------
    folium.Map
        Leaflet is inlined, so that the page needs no network.  Layers,
        markers and popups of folium's can be added; what loads files of its
        own still does, and ``folium.Icon``, which counts on files that
        folium's maps load, does not work: use ``folium.DivIcon``.
    """
    page = bare_map(bounds or territory().bounds, title=title)
    land = shapely.simplify(territory(), _LAND_TOLERANCE_DEG)
    outline = draw(
        land,
        "land",
        name="Ukraine",
        control=False,
        attribution=escape(OSM_ATTRIBUTION),
    )
    outline.add_to(page)
    return page


def bare_map(bounds: Bounds, *, title: str, **options: Any) -> folium.Map:
    """Map without anything, Leaflet inlined.

    Parameters
    ----------
    bounds : (west, south, east, north)
        What to show, in degrees.
    title : str
        Of the page.
    **options
        Of ``folium.Map``.
    """
    west, south, east, north = bounds
    page = folium.Map(
        tiles=None, **{"control_scale": True, "zoom_snap": 0.25, **options}
    )
    # Nearer there is nothing more to be seen: a pixel is two metres.
    page.options["max_zoom"] = 16
    # On the instance: add_js_link would change the class for every map.
    page.default_js = [("leaflet", _asset_url("leaflet.js"))]
    page.default_css = [("leaflet_css", _stylesheet_url())]
    page.fit_bounds([[south, west], [north, east]])
    figure = page.get_root()
    assert isinstance(figure, Figure)
    figure.title = escape(title)
    figure.header.add_child(Element(_PAGE_HEAD), name="geofront_page")
    page.add_child(Page(_asset_url("marker-icon.png")))
    return page


def draw(
    geometry: BaseGeometry,
    style: str | dict[str, object],
    *,
    name: str,
    tooltip: str | None = None,
    **options: Any,
) -> folium.GeoJson:
    """Layer of one geometry.

    Parameters
    ----------
    geometry : shapely geometry
    style : str or dict
        Name of a style of the palette, or Leaflet path options.
    name, tooltip : str
        As they should read; they are escaped here.
    **options
        Of ``folium.GeoJson``.

    Notes
    -----
    Rings narrower than `SLIVER_KM` are gaps in the drawing: they are filled
    as drawn, but no line is drawn round them.
    """
    path = palette.STYLES[style] if isinstance(style, str) else style
    parts, paths = [geometry], [path]
    rims = _rims(geometry) if path.get("weight") else None
    if rims is not None:
        parts.append(rims)
        paths = [{**path, "stroke": False}, {**path, "fill": False}]
    return folium.GeoJson(
        {
            "type": "FeatureCollection",
            "features": [
                _feature(part, number) for number, part in enumerate(parts)
            ],
        },
        name=escape(name),
        style_function=lambda feature: paths[feature["properties"]["part"]],
        tooltip=None if tooltip is None else folium.Tooltip(escape(tooltip)),
        smooth_factor=0.5,
        interactive=tooltip is not None,
        **options,
    )


def _feature(geometry: BaseGeometry, part: int) -> dict[str, Any]:
    rounded = shapely.transform(geometry, lambda c: np.round(c, _DECIMALS))
    return {
        "type": "Feature",
        "properties": {"part": part},
        "geometry": shapely.geometry.mapping(rounded),
    }


def _rims(geometry: BaseGeometry) -> MultiLineString | None:
    """Rings of an area without its slivers; None if it has no slivers."""
    rings = shapely.get_rings(geometry)
    inside = np.asarray(shapely.polygons(rings))
    broad = 2.0 * area_km2(inside) >= SLIVER_KM * length_km(inside)
    return None if broad.all() else MultiLineString(rings[broad].tolist())


@cache
def _asset_url(name: str) -> str:
    kinds = {"js": "text/javascript", "png": "image/png"}
    kind = kinds[name.rpartition(".")[2]]
    return _data_url(asset(name), kind)


@cache
def _stylesheet_url() -> str:
    """Leaflet's style sheet with its pictures inside."""
    sheet = re.sub(
        r"url\(images/([\w.-]+)\)",
        lambda match: f"url({_asset_url(match[1])})",
        asset("leaflet.css").decode(),
    )
    return _data_url(sheet.encode(), "text/css")


def _data_url(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
