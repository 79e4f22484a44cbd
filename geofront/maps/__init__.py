"""Maps: snapshots, changes and places drawn with folium.

The only part of geofront that imports folium.
"""

from geofront.maps.bands import map_within
from geofront.maps.base import base_map
from geofront.maps.disputes import map_agreement
from geofront.maps.frontmap import FrontMap
from geofront.maps.layers import map_delta, map_places, map_snapshot

__all__ = [
    "FrontMap",
    "base_map",
    "map_agreement",
    "map_delta",
    "map_places",
    "map_snapshot",
    "map_within",
]
