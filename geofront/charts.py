"""Figures of what changed over time, for print and for notebooks.

Each function takes a table of geofront's and returns a matplotlib figure;
none shows or saves it (see `save`).  Lines differ by more than their colour
and fills by more than their hue, so that greyscale print keeps them apart.
"""

from geofront._change_charts import area_chart, transition_chart
from geofront._figures import alt_text, save
from geofront._place_charts import distance_chart, timeline_chart
from geofront._region_chart import region_chart
from geofront._static_agreement import agreement_map
from geofront._static_map import static_map

__all__ = [
    "agreement_map",
    "alt_text",
    "area_chart",
    "distance_chart",
    "region_chart",
    "save",
    "static_map",
    "timeline_chart",
    "transition_chart",
]
