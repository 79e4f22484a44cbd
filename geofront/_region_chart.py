"""Small multiples: a chart of what changed in each region."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geofront._figures import (
    BOTTOM,
    INK,
    LEFT,
    Size,
    breaks_told,
    check,
    check_measure,
    figure,
    mark_breaks,
    note_inches,
    origin,
    plain,
    tidy,
)
from geofront._gaps import gaps_told, mark
from geofront._given import as_count
from geofront._languages import number_text
from geofront._step_bars import (
    across,
    draw_bars,
    in_doubt_of,
    is_net,
    left_out_told,
    middle,
    parted,
)
from geofront._words import printable
from geofront.maps import palette

__all__ = ["region_chart"]


_QUIET_KM2 = 0.05
"""Up to so much in all, nothing is said to have changed."""

_MEASURES = {
    "occupied_net_km2": "Occupied area, net",
    "occupied_gained_km2": "Newly occupied",
    "occupied_lost_km2": "No longer occupied",
    "grey_zone_net_km2": "Grey zone, net",
    **{
        f"{before}_to_{after}_km2": f"From {before} to {after}".replace(
            "_", " "
        )
        for before, after in palette.CHANGE
    },
}


def region_chart(
    deltas: pd.DataFrame,
    *,
    measure: str = "occupied_net_km2",
    columns: int = 3,
    size: Size | None = None,
) -> Figure:
    """Small multiples: change in each region, all on one scale.

    Parameters
    ----------
    deltas : pandas.DataFrame
        As `geofront.deltas` gives it with ``by=``: with a ``region``.
    measure : str
        Field to draw: ``occupied_net_km2``, ``occupied_gained_km2``,
        ``occupied_lost_km2``, ``grey_zone_net_km2`` or a transition, such
        as ``held_to_occupied_km2``.
    columns : int
        Charts beside each other.
    size : (width, height), optional
        In inches; by default as high as the regions need.

    Returns
    -------
    matplotlib.figure.Figure
        Regions in which nothing happened are left out, and named beneath.
        Dashed lines mark steps in which the source seems to have drawn
        otherwise, somewhere and by however little: of a region it is not
        known how much.

    Raises
    ------
    ValueError
        If the table is empty, of several sources or has no regions,
        ``measure`` is none of these or known nowhere, ``columns`` is below
        1, or nothing changed.
    """
    columns = as_count("columns", columns)
    shown, quiet = _changed(deltas, measure)
    left_out, table = parted(deltas[deltas["region"].isin(shown)])
    in_doubt = in_doubt_of(table)
    rows = -(-len(shown) // columns)
    cadence = deltas["cadence"].iloc[0]
    note = origin(deltas) + left_out_told(left_out, measure)
    if quiet:
        note += f" Without change: {', '.join(quiet)}."
    if len(in_doubt):
        note += " Dashed: the source drew otherwise (method break)."
    size = size or (8.0, 1.6 + 1.5 * rows)
    drawn = figure(
        "Change by region",
        f"{_MEASURES[measure]}, square kilometres a {cadence}; one scale",
        note,
        size,
    )
    grid = drawn.add_gridspec(
        rows,
        columns,
        left=LEFT / size[0],
        right=1.0 - 0.25 / size[0],
        top=1.0 - 1.1 / size[1],
        bottom=(BOTTOM + note_inches(drawn)) / size[1],
        hspace=0.55,
        wspace=0.16,
    )
    first: Axes | None = None
    words = []
    for number, name in enumerate(shown):
        cell = grid[number // columns, number % columns]
        axes = drawn.add_subplot(cell, sharex=first, sharey=first)
        first = first or axes
        own = table[table["region"] == name]
        draw_bars(axes, own, measure)
        tidy(axes, ticks=4)
        mark(axes, across(left_out), label=False)
        mark_breaks(axes, middle(in_doubt), key=False)
        total = _number(own[measure].sum(), measure)
        axes.set_title(
            f"{plain(name)}  {total} km²", fontsize=9.5, loc="left", color=INK
        )
        axes.tick_params(labelleft=number % columns == 0, labelsize=8)
        axes.tick_params(labelbottom=number + columns >= len(shown))
        words.append(f"{printable(name)} {total} km²")
    drawn.set_label(
        f"Change by region: {_MEASURES[measure].lower()}: {'; '.join(words)}."
        + left_out_told(left_out, measure)
        + gaps_told(across(left_out), whole=False)
        + (f" Without change: {', '.join(quiet)}." if quiet else "")
        + breaks_told(in_doubt["until"])
    )
    return drawn


def _number(total: float, measure: str) -> str:
    return number_text(total, 1, signed=is_net(measure))


def _changed(
    deltas: pd.DataFrame, measure: str
) -> tuple[list[str], list[str]]:
    """Regions in which a measure is not zero, the most first; the others."""
    if "region" not in deltas:
        raise ValueError(
            "expected a table with a column 'region', such as "
            "deltas(history, by=oblasts()) gives"
        )
    if measure not in _MEASURES:
        raise ValueError(
            f"measure={measure!r}: expected one of {', '.join(_MEASURES)}"
        )
    check(deltas, by_region=True)
    check_measure(deltas, measure)
    size = deltas[measure].abs().groupby(deltas["region"], sort=False).sum()
    shown = size[size > _QUIET_KM2].sort_values(ascending=False).index
    if not len(shown):
        raise ValueError(
            f"nothing to draw: {measure} is zero in all {len(size)} regions"
        )
    quiet = sorted(str(name) for name in size.index.difference(shown))
    return [str(name) for name in shown], quiet
