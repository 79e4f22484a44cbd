"""What goes with geofront's layers: legends, hatching, labels' order."""

from importlib.resources import files
from typing import Any, NamedTuple

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geofront.maps import palette
from geofront.maps.text import escape

__all__ = ["Entry", "Furniture", "Labels", "Page", "Panel", "asset"]

_HATCHING = f"""
<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
<pattern id="{palette.HATCH_ID}" width="6" height="6"
         patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="6" height="6" fill="#ffffff" fill-opacity="0.55"/>
<rect width="2" height="6" fill="{palette.GREY_ZONE}" fill-opacity="0.75"/>
</pattern>
<pattern id="{palette.DISPUTE_IDS["a_only"]}" width="6" height="6"
         patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
<rect width="6" height="6" fill="{palette.A_ONLY}"/>
<rect width="1" height="6" fill="#ffffff"/>
</pattern>
<pattern id="{palette.DISPUTE_IDS["b_only"]}" width="5" height="5"
         patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="5" height="5" fill="{palette.B_ONLY}"/>
<rect width="1" height="5" fill="{palette.FRONT}"/>
</pattern></defs></svg>
"""

_PATTERNS = """
<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
{patterns}</defs></svg>
"""
_PATTERN = """<pattern id="{id}" width="8" height="8"
         patternUnits="userSpaceOnUse">
<rect width="8" height="8" fill="{fill}"/>
{marks}
</pattern>
"""


def _patterns() -> str:
    """Patterns of the changes that have one."""
    patterns = [
        _PATTERN.format(
            id=palette.pattern_id(*states),
            fill=fill,
            marks=palette.PATTERNS[name],
        )
        for states, (fill, _) in palette.CHANGE.items()
        if (name := palette.pattern(*states))
    ]
    return _PATTERNS.format(patterns="".join(patterns))


def asset(*name: str) -> bytes:
    """Bytes of a file that goes into the pages."""
    return files("geofront.maps").joinpath("assets", *name).read_bytes()


class Furniture(MacroElement):
    """What each of the layers needs on its page, put there once.

    Style sheet, script, hatching, and the panes that keep the front line
    above what is filled.  It comes first among a layer's children.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        geofrontPrepare({{ this.map_name }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = type(self).__name__

    @property
    def map_name(self) -> str:
        """JavaScript name of the map that this is on."""
        parent = self._parent
        while parent is not None and not isinstance(parent, folium.Map):
            parent = parent._parent
        assert parent is not None, "geofront's layers are drawn on a map"
        return str(parent.get_name())

    def render(self, **kwargs: Any) -> Any:
        """Add what is shared to the page, under a name of its own."""
        figure = self.get_root()
        assert isinstance(figure, Figure)
        style = f"<style>\n{asset('geofront.css').decode()}</style>"
        for part, name, text in (
            (figure.header, "geofront_style", style),
            (figure.html, "geofront_hatching", _HATCHING + _patterns()),
            (figure.script, "geofront_script", asset("geofront.js").decode()),
        ):
            if name not in part._children:
                part.add_child(Element(text), name=name)
        return super().render(**kwargs)  # type: ignore[no-untyped-call]


class Page(Furniture):
    """What a page without folium's own scripts needs: language, markers.

    Parameters
    ----------
    icon : str
        Address of the picture of a marker.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        geofrontPrepare({{ this.map_name }});
        geofrontPage({{ this.icon|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, icon: str) -> None:
        super().__init__()
        self.icon = icon


class Entry(NamedTuple):
    """One line of a legend: the CSS of its key, and what it stands for."""

    key: str
    label: str


class Panel(Furniture):
    """Box in a corner of the map that comes and goes with its layer.

    Parameters
    ----------
    title : str
    entries : list of Entry
    lines : list of str
        Dates, sources, remarks, printed beneath.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        geofrontPanel(
            {{ this.map_name }},
            {{ this._parent.get_name() }},
            {{ this.html|tojson }}
        );
        {% endmacro %}
        """
    )

    def __init__(
        self, title: str, entries: list[Entry], lines: list[str]
    ) -> None:
        super().__init__()
        keys = "".join(
            f"<div><span class='geofront-key' style='{entry.key}'></span>"
            f"{escape(entry.label)}</div>"
            for entry in entries
        )
        below = "".join(f"<p>{escape(line)}</p>" for line in lines)
        self.html = f"<summary>{escape(title)}</summary>{keys}{below}"


class Labels(Furniture):
    """Keeps the labels of a layer from covering each other."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        geofrontLabels({{ this.map_name }}, {{ this._parent.get_name() }});
        {% endmacro %}
        """
    )
