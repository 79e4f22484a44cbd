"""The map of one day, or of a comparison of two, as a page of its own."""

from collections.abc import Iterable
from typing import Any

import folium
from folium.utilities import JsCode

from geofront.change import delta
from geofront.front import front_line
from geofront.geography import territory
from geofront.maps.base import base_map
from geofront.maps.layers import (
    day_text,
    map_delta,
    map_places,
    map_snapshot,
    source_title,
)
from geofront.maps.panel import Fit
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place

__all__ = ["front_map"]

# folium passes scripts through, which its types do not say.
_ON_A_PHONE: Any = JsCode("innerWidth <= 600")


def front_map(
    snapshot: Snapshot,
    *,
    compare: Snapshot | None = None,
    places: Iterable[Place | str] | Place | str = BUILT_IN,
) -> folium.Map:
    """Map of a snapshot, its change since an earlier one, and places.

    Parameters
    ----------
    snapshot : Snapshot
    compare : Snapshot, optional
        The earlier one.
    places : Place, name, or iterable of them, optional
        By default the built-in ones.

    Returns
    -------
    folium.Map
        Self-contained: ``.save("front.html")`` writes a page that needs no
        network; in Jupyter it shows itself.
    """
    shown = snapshot.coverage or front_line(snapshot)
    bounds = (territory() if shown.is_empty else shown).bounds
    title = f"{source_title(snapshot)}, {day_text(snapshot.date)}"
    page = base_map(bounds, title=title)
    map_snapshot(snapshot).add_to(page)
    if compare is not None:
        map_delta(delta(compare, snapshot)).add_to(page)
    map_places(places, snapshot=snapshot).add_to(page)
    folium.LayerControl(collapsed=_ON_A_PHONE).add_to(page)
    page.add_child(Fit(*bounds))
    return page
