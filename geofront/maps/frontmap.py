"""FrontMap: a whole history in one small page."""

import base64
import datetime as dt
import html
import os
import warnings
from collections.abc import Iterable
from typing import Any

import folium
import xyzservices
from branca.element import Element, Figure
from folium.template import Template
from folium.utilities import JsCode

from geofront._expected import need_history
from geofront.change import Delta, delta
from geofront.days import Day, as_date, end_of_day
from geofront.errors import GeofrontError, GeofrontWarning
from geofront.history import CARRY, History
from geofront.maps import palette
from geofront.maps.base import bare_map
from geofront.maps.contents import LANGUAGES, contents
from geofront.maps.first_view import first_view
from geofront.maps.layers import drawn_places
from geofront.maps.naming import source_title, span_text
from geofront.maps.panel import Furniture, asset
from geofront.maps.picture import svg
from geofront.maps.redraws import redraws
from geofront.maps.text import escape
from geofront.model import Snapshot
from geofront.places import BUILT_IN, Place

__all__ = ["SCRIPTS", "FrontMap"]

SCRIPTS = (
    "start.js",
    "decode.js",
    "arcs.js",
    "model.js",
    "view.js",
    "canvas.js",
    "svg.js",
    "paint.js",
    "layer.js",
    "page.js",
    "legend.js",
    "swipe.js",
    "hint.js",
    "time.js",
    "chart.js",
    "tools.js",
    "furniture.js",
    "link.js",
)
"""Together they are the script of a page."""

# folium passes scripts through, which its types do not say.
_WITH_MOTION: Any = JsCode(
    "!matchMedia('(prefers-reduced-motion: reduce)').matches"
)

_NOTEBOOK = """
<div style="position:relative;width:100%;height:640px">
<img alt="{title}" src="data:image/svg+xml;base64,{picture}"
     style="position:absolute;width:100%;height:100%;object-fit:contain">
<iframe title="{title}" srcdoc="{page}" allowfullscreen
        style="position:absolute;width:100%;height:100%;border:0"></iframe>
</div>
"""


class HistoryLayer(Furniture):
    """What draws a history on a map of folium's, with all its controls.

    Parameters
    ----------
    text : str
        As `contents` gives it: in base64, in which a template has nothing
        to find.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        geofrontHistory({{ this.map_name }}, "{{ this.text }}");
        {% endmacro %}
        """
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> Any:
        """Add style sheet and scripts to the page, once."""
        figure = self.get_root()
        assert isinstance(figure, Figure)
        if "geofront_history" not in figure.header._children:
            sheet = _dense("history.css") + palette.key_styles()
            figure.header.add_child(
                Element(f"<style>\n{sheet}\n</style>"), name="geofront_history"
            )
            for name in SCRIPTS:
                figure.script.add_child(
                    Element(_dense("history", name)),
                    name=f"geofront_{name}",
                )
        return super().render(**kwargs)


def _dense(*name: str) -> str:
    """An asset without the indentation, an eighth of its size."""
    lines = asset(*name).decode().splitlines()
    return "\n".join(line.lstrip(" ") for line in lines)


class FrontMap:
    """Map of a whole history, as one self-contained page.

    Parameters
    ----------
    history : History
    compare : str or datetime.date, optional
        Day to compare with: the change since then is drawn, and a divider
        swipes between the two days.
    at : str or datetime.date, optional
        Day to end with: the page holds its snapshot and, with ``compare``,
        all those since that day.  Where the source drew otherwise is judged
        by the whole history.  By default the page holds all of it.
    places : Place, name, or iterable of them, optional
        Named on the map, with a line from each extent to the nearest
        occupied point; by default the built-in ones.
    basemap : 'vector', xyzservices.TileProvider or None
        What lies beneath: land, borders, rivers and towns of the embedded
        geography; somebody's tiles, which need the network; or nothing.
    offline : bool, default True
        The page asks the network for nothing.  Tiles need False.
    lang : {'en', 'uk'}
        Language of the page.
    embed : bool, default False
        For a page inside a page: scrolling past it does not move the map,
        and it tells the page around how high it would like to be.

    Attributes
    ----------
    map : folium.Map
        Anything of folium's can be added to it.

    Raises
    ------
    MissingDateError
        If the history does not speak for ``compare`` or ``at``.
    ValueError
        If tiles are asked for offline, there are no words in a language, or
        the snapshot of ``compare`` is not before that of ``at``.
    GeofrontError
        If the tiles need a key that they have not been given.

    Warns
    -----
    GeofrontWarning
        If the last snapshot before the end of ``compare`` is more than 72
        hours older: the page names the day that it is of.

    Notes
    -----
    The page holds what changes from one version to the next, in units of
    1e-5°; what it draws has the area of the snapshots to 0.1 km².  Figures
    in it are measured on the polygons as drawn, unrounded.

    Examples
    --------
    >>> import geofront as gf
    >>> page = gf.FrontMap(gf.example_history(), compare="2025-02-17")
    >>> # page.save("front.html"); in Jupyter, page shows itself
    """

    def __init__(
        self,
        history: History,
        compare: Day | None = None,
        *,
        at: Day | None = None,
        places: Iterable[Place | str] | Place | str = BUILT_IN,
        basemap: xyzservices.TileProvider | str | None = "vector",
        offline: bool = True,
        lang: str = "en",
        embed: bool = False,
    ) -> None:
        _check(basemap, offline, lang)
        need_history(history)
        since = None if compare is None else _in_force(history, compare)
        self.history = _shown(history, since, at)
        last = self.history[-1]
        days = span_text(*self.history.span, lang)
        self.title = f"{source_title(last)}, {days}"
        self._bounds = first_view(last, since)
        self._places = drawn_places(places)
        self._lang = lang
        self._since = since
        self._redraws = redraws(history, self.history)
        self.map = bare_map(
            self._bounds,
            title=self.title,
            control_scale=False,
            zoom_control="topright",
            zoom_animation=_WITH_MOTION,
        )
        if isinstance(basemap, xyzservices.TileProvider):
            _tiles(basemap).add_to(self.map)
        text = contents(
            self.history,
            bounds=self._bounds,
            compare=None if since is None else _place(self.history, since),
            places=self._places,
            lang=lang,
            vector=basemap == "vector",
            embed=embed,
            breaks=self._redraws,
        )
        self.map.add_child(HistoryLayer(text), name="geofront_history")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page.

        Parameters
        ----------
        path : str or path
            ``FILE.html``.
        """
        self.map.save(os.fspath(path))

    def to_svg(
        self, day: Day | None = None, *, size: tuple[int, int] = (960, 640)
    ) -> str:
        """One day as a drawing in named groups, without a browser.

        What changed is drawn where the map has an earlier day to compare
        with.

        Parameters
        ----------
        day : str or datetime.date, optional
            The last by default.
        size : (int, int)
            Width and height in pixels.

        Returns
        -------
        str
            An SVG file.

        Raises
        ------
        MissingDateError
            If the history does not speak for the day.
        """
        snapshot = self.history[-1] if day is None else self.history.at(day)
        since = self._since
        if since and since.published_at >= snapshot.published_at:
            since = None
        return svg(
            snapshot,
            since=since,
            redrawn=self._redrawn(since, snapshot),
            bounds=self._bounds,
            places=self._places,
            lang=self._lang,
            size=size,
        )

    def _redrawn(self, since: Snapshot | None, until: Snapshot) -> list[Delta]:
        """Steps between two days at which the source drew otherwise."""
        return [
            delta(self.history[step.at - 1], self.history[step.at])
            for step in self._redraws
            if since is not None
            and step.is_masked
            and since.published_at
            < self.history[step.at].published_at
            <= until.published_at
        ]

    def __repr__(self) -> str:
        return f"<FrontMap {self.title}>"

    def _repr_html_(self) -> str:
        """Page in a frame; where scripts are not trusted, a picture."""
        picture = self.to_svg(size=(900, 600)).encode()
        return _NOTEBOOK.format(
            title=html.escape(self.title, quote=True),
            picture=base64.b64encode(picture).decode(),
            page=html.escape(self.map.get_root().render()),
        )


def _check(basemap: object, offline: bool, lang: str) -> None:
    if lang not in LANGUAGES:
        raise ValueError(
            f"lang={lang!r}: expected one of {', '.join(LANGUAGES)}"
        )
    if isinstance(basemap, xyzservices.TileProvider):
        if offline:
            raise ValueError(
                f"the tiles of {basemap.name} need the network: ask for them "
                "with offline=False"
            )
        if basemap.requires_token():
            raise GeofrontError(
                f"the tiles of {basemap.name} need a key of your own: put it "
                "in, as in basemap=provider(apikey=...), under the name that "
                "its provider has for it"
            )
    elif basemap not in ("vector", None):
        raise ValueError(
            f"basemap={basemap!r}: expected 'vector', an "
            "xyzservices.TileProvider or None"
        )


def _in_force(history: History, day: Day) -> Snapshot:
    """Snapshot to compare with; one that is long out of date is told."""
    snapshot = history.at(day)
    if end_of_day(as_date(day)) - snapshot.published_at > CARRY:
        warnings.warn(
            f"{history.source} has nothing for {as_date(day)} and the "
            f"{CARRY / dt.timedelta(hours=1):.0f} hours before: the map is "
            f"compared with {snapshot.date}",
            GeofrontWarning,
            stacklevel=3,
        )
    return snapshot


def _shown(
    history: History, since: Snapshot | None, at: Day | None
) -> History:
    """What the page holds: all, or what leads to a day."""
    if at is None:
        return history
    last = history.at(at)
    if since is None:
        return History([last])
    if since.published_at >= last.published_at:
        raise ValueError(
            f"compare: the map of {since.date} is not before that of "
            f"{last.date}, which is shown"
        )
    end = _place(history, last) + 1
    return history[_place(history, since) : end]


def _place(history: History, snapshot: Snapshot) -> int:
    return next(i for i, item in enumerate(history) if item is snapshot)


def _tiles(provider: xyzservices.TileProvider) -> folium.TileLayer:
    """Layer of tiles, such that a picture of the map may be saved."""
    return folium.TileLayer(
        provider.build_url(fill_subdomain=False, scale_factor="{r}"),
        attr=escape(provider.attribution),
        name=escape(provider.name),
        min_zoom=provider.get("min_zoom"),
        max_zoom=provider.get("max_zoom"),
        subdomains=provider.get("subdomains", "abc"),
        control=False,
        cross_origin=True,
    )
