"""An empty map that needs nothing from the network."""

import base64
import re
from functools import cache
from importlib.resources import files

import folium
import numpy as np
import shapely
from branca.element import Figure
from shapely.geometry.base import BaseGeometry

from geofront.geography import territory
from geofront.maps import palette
from geofront.maps.panel import Hatching
from geofront.maps.text import escape

__all__ = ["base_map", "draw"]

Bounds = tuple[float, float, float, float]

# What is drawn is rounded to about a metre; what is measured never is.
_DECIMALS = 5
_LAND_TOLERANCE_DEG = 0.002


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
        Leaflet is inlined, so that the page needs no network.  Anything of
        folium's can be added; what it loads itself is its own affair.
    """
    west, south, east, north = bounds or territory().bounds
    page = folium.Map(tiles=None, control_scale=True, zoom_snap=0.25)
    # On the instance: add_js_link would change the class for every map.
    page.default_js = [("leaflet", _asset_url("leaflet.js"))]
    page.default_css = [("leaflet_css", _stylesheet_url())]
    page.fit_bounds([[south, west], [north, east]])
    figure = page.get_root()
    assert isinstance(figure, Figure)
    figure.title = escape(title)
    page.add_child(Hatching())
    land = shapely.simplify(territory(), _LAND_TOLERANCE_DEG)
    outline = draw(land, "land", name="Ukraine", control=False)
    outline.add_to(page)
    return page


def draw(
    geometry: BaseGeometry,
    style: str | dict[str, object],
    *,
    name: str,
    tooltip: str | None = None,
    control: bool = True,
) -> folium.GeoJson:
    """Layer of one geometry.

    Parameters
    ----------
    geometry : shapely geometry
    style : str or dict
        Name of a style of the palette, or Leaflet path options.
    name, tooltip : str
        As they should read; they are escaped here.
    control : bool
        Whether the layer is listed in a layer control.
    """
    options = palette.STYLES[style] if isinstance(style, str) else style
    rounded = shapely.transform(geometry, lambda c: np.round(c, _DECIMALS))
    return folium.GeoJson(
        {
            "type": "Feature",
            "properties": {},
            "geometry": shapely.geometry.mapping(rounded),
        },
        name=escape(name),
        style_function=lambda _: options,
        tooltip=None if tooltip is None else folium.Tooltip(escape(tooltip)),
        control=control,
        smooth_factor=0.5,
    )


def _asset(name: str) -> bytes:
    return files(__package__).joinpath("assets", name).read_bytes()


@cache
def _asset_url(name: str) -> str:
    kinds = {"js": "text/javascript", "png": "image/png"}
    kind = kinds[name.rpartition(".")[2]]
    return _data_url(_asset(name), kind)


@cache
def _stylesheet_url() -> str:
    """Leaflet's style sheet with its pictures inside."""
    sheet = re.sub(
        r"url\(images/([\w.-]+)\)",
        lambda match: f"url({_asset_url(match[1])})",
        _asset("leaflet.css").decode(),
    )
    return _data_url(sheet.encode(), "text/css")


def _data_url(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
