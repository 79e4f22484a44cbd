"""Where two sources differ, as a picture."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from shapely.geometry.base import BaseGeometry

from geofront._languages import day_text
from geofront._map_names import draw_names
from geofront._static_map import (
    Bounds,
    background,
    canvas,
    checked_bounds,
    draw,
    legend,
    scale_bar,
)
from geofront.days import Day
from geofront.geography import OSM_ATTRIBUTION
from geofront.history import History
from geofront.maps import palette
from geofront.maps.disputes import Dispute, Kind, names_of
from geofront.maps.naming import attribution
from geofront.places import BUILT_IN, Place, as_places

__all__ = ["agreement_map"]

# Fill, stripes, their direction, rim: apart without colour, too.
_LOOKS = {
    "a_only": (palette.A_ONLY, "white", "\\\\\\\\\\", palette.A_RIM),
    "b_only": (palette.B_ONLY, palette.FRONT, "/////", palette.B_RIM),
    "grey_zone": ("white", palette.GREY_ZONE, "......", palette.GREY_ZONE),
}
_KEY_COLUMNS = 2
_AGREED: dict[str, Any] = {"facecolor": palette.OCCUPIED, "alpha": 0.22}


def agreement_map(
    a: History,
    b: History,
    day: Day,
    *,
    bounds: Bounds | None = None,
    places: Iterable[Place | str] | Place | str = BUILT_IN,
    width: float = 9.0,
) -> Figure:
    """Map of where two sources differ on one day.

    Parameters
    ----------
    a, b : History
        Of two sources.
    day : str or datetime.date
    bounds : (west, south, east, north), optional
        What to show, in degrees; by default all that is disputed, but for
        lines drawn twice.
    places : Place, name, or iterable of them, optional
        Named where there is room, the first ones first; by default the
        built-in ones.
    width : float
        In inches, 2 to 100; the height follows.

    Returns
    -------
    matplotlib.figure.Figure
        Its alt text, ``geofront.charts.alt_text(figure)``, says what it
        shows; `geofront.charts.save` puts it into the file.

    Raises
    ------
    MissingDateError
        If a source does not speak for that day.
    InvalidBoundaryError
        If the sources cover no common ground.
    UnknownPlaceError
        If there is no such place.
    ValueError
        If ``bounds`` are none, or ``width`` is no width of a picture.
    """
    named = as_places(places, needed=False)
    shown = Dispute.on(a, b, day)
    frame = shown.bounds if bounds is None else checked_bounds(bounds)
    subtitle = _subtitle(shown)
    owners = dict.fromkeys(map(attribution, shown.pair.snapshots))
    said = [*shown.lines, *owners, OSM_ATTRIBUTION]
    note = " ".join(line.rstrip(".") + "." for line in said)
    drawn, axes = canvas(
        shown.title,
        subtitle,
        note,
        frame,
        width,
        -(-(len(shown.kinds) + 1) // _KEY_COLUMNS),
    )
    background(axes, frame)
    draw(axes, shown.agreed, zorder=3, **_AGREED)
    keys: list[Artist] = [Patch(label=shown.both_label, **_AGREED)]
    for kind in shown.kinds:
        keys.append(_draw_kind(axes, kind))
    if shown.coverage is not None:
        draw(
            axes,
            shown.coverage,
            facecolor="none",
            edgecolor=palette.GREY_ZONE,
            linewidth=1.0,
            linestyle=(0, (5, 3)),
            zorder=6,
        )
    scale_bar(axes, frame)
    legend(axes, keys, _KEY_COLUMNS)
    draw_names(drawn, axes, named, frame, _edges(shown))
    told = "; ".join([shown.both_label, *(kind.entry for kind in shown.kinds)])
    drawn.set_label(f"{shown.title}: {told}. {' '.join(shown.lines)}")
    return drawn


def _edges(shown: Dispute) -> BaseGeometry:
    """Where disputed land ends, which names keep off."""
    broad = [kind.parts()[0].geometry.union_all() for kind in shown.kinds]
    return shapely.union_all(shapely.boundary(broad))


def _subtitle(shown: Dispute) -> str:
    one, other = names_of(shown.pair)
    share = shown.figures["jaccard_occupied_land"]
    told = "Neither maps occupied land"
    if not pd.isna(share):
        told = (
            f"In all, {share:.2%} of the land that {one} or {other} maps as "
            "occupied is so on both"
        )
    carried = [
        f"{name} carried from {day_text(look.snapshot.date)}"
        for name, look in zip((one, other), shown.pair, strict=True)
        if look.carried
    ]
    return "; ".join([told, *carried])


def _draw_kind(axes: Axes, kind: Kind) -> Patch:
    """Draw disputed land, and return its key."""
    fill, stripes, hatch, rim = _LOOKS[kind.style]
    look: dict[str, Any] = {
        "facecolor": fill,
        "edgecolor": stripes,
        "hatch": hatch,
    }
    broad, narrow = (part.geometry.union_all() for part in kind.parts())
    draw(axes, narrow, facecolor=fill, zorder=4)
    draw(axes, broad, zorder=4, **look)
    draw(
        axes,
        broad,
        facecolor="none",
        edgecolor=rim,
        linewidth=0.5,
        zorder=4.5,
    )
    return Patch(label=kind.entry, linewidth=0.3, **look)
