"""Figures of what changed over time, for print and for notebooks.

Each function takes a table of geofront's and returns a matplotlib figure;
none shows or saves it (see `save`).  Lines differ by more than their colour
and fills by more than their hue, so that greyscale print keeps them apart.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geofront._figures import (
    BOTTOM,
    BREAK_KM2,
    FAINT,
    INK,
    LEFT,
    Size,
    add_axes,
    alt_text,
    breaks_told,
    check,
    check_measure,
    figure,
    inches_high,
    mark_breaks,
    note_inches,
    origin,
    plain,
    save,
    tidy,
    told,
)
from geofront._gaps import (
    Gap,
    broken,
    gaps,
    gaps_told,
    is_daily,
    joined,
    mark,
    spans,
)
from geofront._place_charts import distance_chart, timeline_chart
from geofront._static_agreement import agreement_map
from geofront._static_map import static_map
from geofront._words import printable
from geofront.maps import palette

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


def area_chart(
    areas: pd.DataFrame, deltas: pd.DataFrame, *, size: Size = (8.0, 5.2)
) -> Figure:
    """Occupied area as a line, and its net change as bars beneath.

    Parameters
    ----------
    areas, deltas : pandas.DataFrame
        As `geofront.areas` and `geofront.deltas` give them.
    size : (width, height)
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        The axis of the line does not begin at zero, and says so.  Where no
        snapshot is more recent than three days, the line breaks; the bars
        of steps that such a gap falls into are left out, and their sum is
        told beneath.  Dashed lines mark steps in which method breaks put
        1 km² or more in doubt.

    Raises
    ------
    ValueError
        If a table is empty.
    """
    check(areas)
    check(deltas)
    cadence = deltas["cadence"].iloc[0]
    without, whole = spans(areas), is_daily(areas)
    left_out, deltas = _parted(deltas)
    drawn = figure(
        "Occupied area",
        f"Square kilometres; beneath, net change a {cadence}",
        origin(areas) + _left_out(left_out, "occupied_net_km2"),
        size,
    )
    upper, lower = _two_axes(drawn)
    line = broken(areas.set_index("date")["occupied_km2"], without)
    upper.plot(
        line.index,
        line,
        color=palette.OCCUPIED,
        linewidth=2.0,
        drawstyle="steps-post",
    )
    upper.yaxis.set_major_formatter("{x:,.0f}")
    upper.text(
        0.0,
        1.03,
        "the axis does not begin at zero",
        transform=upper.transAxes,
        fontsize=8,
        color=FAINT,
    )
    last = areas["occupied_km2"].iloc[-1]
    upper.annotate(
        f"{last:,.0f}",
        (areas["date"].iloc[-1], last),
        xytext=(5, 0),
        textcoords="offset points",
        color=palette.OCCUPIED,
        fontsize=9,
        fontweight="bold",
        verticalalignment="center",
    )
    _bars(lower, deltas, "occupied_net_km2")
    for axes in (upper, lower):
        tidy(axes)
        mark(axes, without, label=axes is upper, whole=whole)
    in_doubt = _in_doubt(deltas)
    mark_breaks(upper, _middle(in_doubt))
    mark_breaks(lower, _middle(in_doubt), key=False)
    upper.tick_params(axis="x", labelbottom=False)
    drawn.set_label(
        f"Occupied area: {told({'occupied area': line}, 'km²')}"
        + _told_steps(deltas["occupied_net_km2"], cadence)
        + _left_out(left_out, "occupied_net_km2")
        + gaps_told(without, whole=whole)
        + breaks_told(in_doubt["until"])
    )
    return drawn


def _parted(deltas: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Steps that a gap falls into, and the others."""
    cut = gaps(deltas)
    return deltas[cut], deltas[~cut]


def _in_doubt(deltas: pd.DataFrame) -> pd.DataFrame:
    """Steps in which the source seems to have drawn otherwise, each once."""
    size = deltas["break_km2"]
    # Of a region alone it is not known how much is in doubt.
    is_doubtful = (size >= BREAK_KM2) | (size.isna() & deltas["method_break"])
    return deltas[is_doubtful].drop_duplicates(["since", "until"])


def _middle(steps: pd.DataFrame) -> "pd.Series[Any]":
    """Days amid steps."""
    days: pd.Series[Any] = (
        steps["since"] + (steps["until"] - steps["since"]) / 2
    )
    return days


def _across(left_out: pd.DataFrame) -> list[Gap]:
    """Steps that a gap falls into, as gaps."""
    steps = left_out[["since", "until"]].drop_duplicates()
    return joined([Gap(*step) for step in steps.itertuples(index=False)])


def _left_out(deltas: pd.DataFrame, measure: str) -> str:
    """What bars do not show, in words: empty if that is nothing."""
    if deltas.empty:
        return ""
    return (
        f" Not in bars: {_minus(f'{deltas[measure].sum():+,.0f}')} km² "
        "across days without snapshots."
    )


def _told_steps(net: "pd.Series[Any]", cadence: str) -> str:
    if net.empty:
        return ""
    return (
        f" Net change {net.sum():+,.1f} km², the largest a {cadence} "
        f"{net.max():+,.1f}, the least {net.min():+,.1f}."
    )


def _two_axes(drawn: Figure) -> tuple[Axes, Axes]:
    upper = add_axes(drawn, right=0.75, bottom=2.1)
    _, height = drawn.get_size_inches()
    box = upper.get_position()
    lower = drawn.add_axes(
        (
            box.x0,
            (BOTTOM + note_inches(drawn)) / height,
            box.width,
            1.2 / height,
        ),
        sharex=upper,
    )
    return upper, lower


def _bars(axes: Axes, deltas: pd.DataFrame, measure: str) -> None:
    """A measure of each step, as wide as the step."""
    days = (deltas["until"] - deltas["since"]).dt.days
    height = deltas[measure].fillna(0.0)
    above, below = _colours(measure)
    axes.bar(
        deltas["since"],
        height,
        width=np.maximum(days * 0.86, 0.5),
        align="edge",
        color=np.where(height >= 0, above, below),
        edgecolor=np.where(height >= 0, "none", INK),
        linewidth=np.where(height >= 0, 0.0, 0.5),
    )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.yaxis.set_major_formatter(_signed if _is_net(measure) else "{x:,.0f}")


def _is_net(measure: str) -> bool:
    return measure.endswith("_net_km2")


def _colours(measure: str) -> tuple[str, str]:
    """Of what is above zero and below."""
    if measure in _PLAIN:
        return _PLAIN[measure]
    before, after = measure.removesuffix("_km2").split("_to_")
    fill, _ = palette.CHANGE[before, after]
    return fill, fill


_PLAIN = {
    "occupied_net_km2": (palette.OCCUPIED, palette.REGAINED),
    "occupied_gained_km2": (palette.OCCUPIED, palette.OCCUPIED),
    "occupied_lost_km2": (palette.REGAINED, palette.REGAINED),
    "grey_zone_net_km2": (palette.GREY_ZONE, "#BDBDBD"),
}

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


def _signed(value: float, _: float) -> str:
    return _minus(f"{value:+,.0f}") if round(value) else "0"


def _minus(number: str) -> str:
    """A number as it is printed, with a minus and not a hyphen."""
    return number.replace("-", "−")


# Gains of the occupier above zero, losses below; hatches for greyscale.
_STACK = (
    ("grey_zone_to_occupied_km2", 1, "grey zone → occupied", ""),
    ("held_to_occupied_km2", 1, "held → occupied", "////"),
    ("occupied_to_grey_zone_km2", -1, "occupied → grey zone", "...."),
    ("occupied_to_held_km2", -1, "occupied → held", "\\\\\\\\"),
)


def transition_chart(
    deltas: pd.DataFrame, *, size: Size = (8.0, 4.8)
) -> Figure:
    """What was occupied and what was lost again, stacked by its origin.

    Parameters
    ----------
    deltas : pandas.DataFrame
        As `geofront.deltas` gives it; steps of a week or a month read best.
    size : (width, height)
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
        Dashed lines and what a gap falls into as in `area_chart`.  Of a
        source that draws no grey zone it shows what was occupied and what
        no longer is.

    Raises
    ------
    ValueError
        If the table is empty, or nothing is known of any transition.
    """
    check(deltas)
    layers = _layers(deltas)
    cadence = deltas["cadence"].iloc[0]
    note = (
        f"{origin(deltas)} Gross figures compare the ends of each {cadence}."
    )
    left_out, deltas = _parted(deltas)
    drawn = figure(
        "Occupied ground gained and lost",
        f"Square kilometres a {cadence}, by the state before and after",
        note + _left_out(left_out, "occupied_net_km2"),
        size,
    )
    axes = add_axes(drawn, bottom=1.05)
    days = (deltas["until"] - deltas["since"]).dt.days
    base = {1: np.zeros(len(deltas)), -1: np.zeros(len(deltas))}
    words = []
    for name, sign, label, hatch in layers:
        height = sign * deltas[name].fillna(0.0).to_numpy(float)
        before, after = name.removesuffix("_km2").split("_to_")
        fill, rim = palette.CHANGE[before, after]
        axes.bar(
            deltas["since"],
            height,
            bottom=base[sign],
            width=np.maximum(days * 0.84, 0.5),
            align="edge",
            color=fill,
            edgecolor=rim if not hatch else "white",
            linewidth=0.4,
            hatch=hatch,
            label=label,
        )
        base[sign] += height
        words.append(f"{label} {abs(height.sum()):,.1f} km²")
    axes.axhline(0, color=INK, linewidth=0.9)
    axes.yaxis.set_major_formatter(_signed)
    tidy(axes)
    mark(axes, _across(left_out), whole=False)
    in_doubt = _in_doubt(deltas)
    mark_breaks(axes, _middle(in_doubt))
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.34 / inches_high(axes)),
        ncols=4,
        frameon=False,
        fontsize=9,
        handlelength=1.6,
        columnspacing=1.4,
    )
    drawn.set_label(
        f"Occupied ground gained and lost: {'; '.join(words)}."
        + _left_out(left_out, "occupied_net_km2")
        + gaps_told(_across(left_out), whole=False)
        + breaks_told(in_doubt["until"])
    )
    return drawn


_Layer = tuple[str, int, str, str]


def _layers(deltas: pd.DataFrame) -> list[_Layer]:
    """Transitions that a source can tell, in words that it can bear."""
    known = [layer for layer in _STACK if deltas[layer[0]].notna().any()]
    if not known:
        check_measure(deltas, "held_to_occupied_km2")
    if len(known) == len(_STACK):
        return known
    return [
        (name, sign, label.replace("held", "not occupied"), hatch)
        for name, sign, label, hatch in known
    ]


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
        If the table is empty or has no regions, ``measure`` is none of
        these or known nowhere, or nothing changed.
    """
    shown, quiet = _changed(deltas, measure)
    left_out, table = _parted(deltas[deltas["region"].isin(shown)])
    in_doubt = _in_doubt(table)
    rows = -(-len(shown) // columns)
    cadence = deltas["cadence"].iloc[0]
    note = origin(deltas) + _left_out(left_out, measure)
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
        _bars(axes, own, measure)
        tidy(axes, ticks=4)
        mark(axes, _across(left_out), label=False)
        mark_breaks(axes, _middle(in_doubt), key=False)
        total = _number(own[measure].sum(), measure)
        axes.set_title(
            f"{plain(name)}  {total} km²", fontsize=9.5, loc="left", color=INK
        )
        axes.tick_params(labelleft=number % columns == 0, labelsize=8)
        axes.tick_params(labelbottom=number + columns >= len(shown))
        words.append(f"{printable(name)} {total} km²")
    drawn.set_label(
        f"Change by region: {_MEASURES[measure].lower()}: {'; '.join(words)}."
        + _left_out(left_out, measure)
        + gaps_told(_across(left_out), whole=False)
        + (f" Without change: {', '.join(quiet)}." if quiet else "")
        + breaks_told(in_doubt["until"])
    )
    return drawn


def _number(total: float, measure: str) -> str:
    return _minus(f"{total:+,.1f}") if _is_net(measure) else f"{total:,.1f}"


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
    check(deltas)
    check_measure(deltas, measure)
    size = deltas[measure].abs().groupby(deltas["region"], sort=False).sum()
    shown = size[size > _QUIET_KM2].sort_values(ascending=False).index
    if not len(shown):
        raise ValueError(
            f"nothing to draw: {measure} is zero in all {len(size)} regions"
        )
    quiet = sorted(str(name) for name in size.index.difference(shown))
    return [str(name) for name in shown], quiet
