"""What stands beside the map: legend, dates, source, remarks."""

from typing import NamedTuple

import folium
from branca.element import MacroElement
from folium.template import Template

from geofront.maps import palette
from geofront.maps.text import escape

__all__ = ["Entry", "Hatching", "Panel"]


class Entry(NamedTuple):
    """One line of a legend: a CSS background, and what it stands for."""

    background: str
    label: str


class Panel(MacroElement):
    """Box in a corner of the map; several stack.

    Parameters
    ----------
    title : str
    entries : list of Entry
    lines : list of str
        Dates, sources, remarks, printed beneath.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <style>
        .geofront-panel {
            background: rgba(255, 255, 255, 0.92); padding: 8px 10px;
            font: 13px/1.4 "Helvetica Neue", Arial, sans-serif;
            color: #1a1a1a; max-width: 300px; border-radius: 4px;
            box-shadow: 0 0 4px rgba(0, 0, 0, 0.3);
        }
        .geofront-panel h2 { font-size: 14px; margin: 0 0 4px; }
        .geofront-panel p { margin: 4px 0 0; font-size: 12px; }
        .geofront-key {
            display: inline-block; width: 22px; height: 12px;
            margin-right: 6px; vertical-align: -1px;
            border: 1px solid #666;
        }
        .geofront-label {
            background: rgba(255, 255, 255, 0.8); border: 0;
            box-shadow: none; padding: 0 3px; font-size: 12px;
        }
        .geofront-label::before { display: none; }
        </style>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        (function () {
            const panel = L.control({position: "bottomleft"});
            panel.onAdd = function () {
                const box = L.DomUtil.create("div", "geofront-panel");
                box.innerHTML = {{ this.html|tojson }};
                L.DomEvent.disableClickPropagation(box);
                return box;
            };
            panel.addTo({{ this.map_name }});
        })();
        {% endmacro %}
        """
    )

    def __init__(
        self, title: str, entries: list[Entry], lines: list[str]
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "GeofrontPanel"
        keys = "".join(
            f"<div><span class='geofront-key' style='background:"
            f"{entry.background}'></span>{escape(entry.label)}</div>"
            for entry in entries
        )
        below = "".join(f"<p>{escape(line)}</p>" for line in lines)
        self.html = f"<h2>{escape(title)}</h2>{keys}{below}"

    @property
    def map_name(self) -> str:
        """JavaScript name of the map that the panel is on."""
        parent = self._parent
        while parent is not None and not isinstance(parent, folium.Map):
            parent = parent._parent
        assert parent is not None, "a panel is drawn on a map"
        return str(parent.get_name())


class Hatching(MacroElement):
    """The pattern that the grey zone is filled with."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <svg width="0" height="0" style="position:absolute"
             aria-hidden="true"><defs>
        <pattern id="{{ this.pattern }}" width="6" height="6"
                 patternUnits="userSpaceOnUse"
                 patternTransform="rotate(45)">
        <rect width="6" height="6" fill="#ffffff" fill-opacity="0.55"/>
        <rect width="2" height="6" fill="{{ this.colour }}"
              fill-opacity="0.75"/>
        </pattern></defs></svg>
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "GeofrontHatching"
        self.pattern = palette.HATCH_ID
        self.colour = palette.GREY_ZONE
