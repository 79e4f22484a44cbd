"""The map of one day, or of a comparison of two, as a page of its own."""

from collections.abc import Iterable

import folium

from geofront.change import delta
from geofront.front import front_line
from geofront.maps.base import base_map
from geofront.maps.layers import map_delta, map_places, map_snapshot
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place

__all__ = ["front_map"]


def front_map(
    snapshot: Snapshot,
    *,
    compare: Snapshot | None = None,
    places: Iterable[Place] | Place = BUILT_IN,
) -> folium.Map:
    """Map of a snapshot, its change since an earlier one, and places.

    Parameters
    ----------
    snapshot : Snapshot
    compare : Snapshot, optional
        The earlier one.
    places : Place or iterable of Place, optional
        By default the built-in ones.

    Returns
    -------
    folium.Map
        Self-contained: ``.save("front.html")`` writes a page that needs no
        network; in Jupyter it shows itself.
    """
    shown = snapshot.coverage or front_line(snapshot)
    bounds = None if shown.is_empty else shown.bounds
    page = base_map(bounds, title=f"{snapshot.source}, {snapshot.date}")
    map_snapshot(snapshot).add_to(page)
    if compare is not None:
        map_delta(delta(compare, snapshot)).add_to(page)
    map_places(places, snapshot=snapshot).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    return page
