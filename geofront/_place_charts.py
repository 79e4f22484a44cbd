"""Figures of places: how near the front is, and who controls them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from geofront._figures import (
    BREAK_KM2,
    Size,
    add_axes,
    breaks_told,
    by_place,
    check,
    check_measure,
    figure,
    inches_high,
    mark_breaks,
    origin,
    short,
    tidy,
    told,
)
from geofront._gaps import broken, gaps_told, is_daily, mark, spans
from geofront._languages import day_text
from geofront._words import printable
from geofront.maps import palette

__all__ = ["distance_chart", "timeline_chart"]

_COLOURS = ("#D55E00", "#0072B2", "#1A1A1A", "#009E73", "#CC79A7", "#8C6D00")
_DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1.5, 1.5)))
_WIDTHS = (1.9, 1.1, 3.0)

_MOST_LINES = len(_COLOURS) * len(_DASHES)
_MOST_BARS = 100
_LABEL_INCHES = 0.165

_DISTANCES = {
    "occupied_km": "nearest occupied point",
    "front_km": "front line",
    "grey_zone_km": "grey zone",
    "centre_occupied_km": "nearest occupied point, from the centre",
    "centre_front_km": "front line, from the centre",
}


def distance_chart(
    proximity: pd.DataFrame,
    *,
    measure: str = "occupied_km",
    quality: pd.DataFrame | None = None,
    size: Size | None = None,
) -> Figure:
    """Distance to the front over time, a line a place.

    Parameters
    ----------
    proximity : pandas.DataFrame
        As `geofront.proximity` gives it.
    measure : str
        Field to draw: ``occupied_km``, ``front_km``, ``grey_zone_km``,
        ``centre_occupied_km`` or ``centre_front_km``.
    quality : pandas.DataFrame, optional
        As `geofront.quality` gives it: dashed lines mark the method breaks
        that put 1 km² or more in doubt.
    size : (width, height), optional
        In inches; by default as high as the names need.

    Returns
    -------
    matplotlib.figure.Figure
        Where no snapshot is more recent than three days, lines break and the
        gap is shaded.

    Raises
    ------
    ValueError
        If the table is empty or of several sources, ``measure`` is none of
        these or known nowhere, or there are more than 24 places, whose
        lines could not be told apart.
    """
    check(proximity)
    if measure not in _DISTANCES:
        raise ValueError(
            f"measure={measure!r}: expected one of {', '.join(_DISTANCES)}"
        )
    check_measure(proximity, measure)
    without, whole = spans(proximity), is_daily(proximity)
    lines = {
        name: broken(group.set_index("date")[measure], without)
        for name, group in by_place(proximity, most=_MOST_LINES).items()
    }
    drawn = figure(
        "Distance to the front",
        f"Kilometres to the {_DISTANCES[measure]}",
        origin(proximity),
        size or (8.0, max(4.6, 1.7 + _LABEL_INCHES * len(lines))),
    )
    longest = max(len(short(name)) for name in lines)
    axes = add_axes(drawn, right=0.75 + 0.076 * longest)
    ends = []
    for number, (name, line) in enumerate(lines.items()):
        colour, dashes, linewidth = _look(number)
        axes.plot(
            line.index,
            line,
            color=colour,
            linestyle=dashes,
            linewidth=linewidth,
            drawstyle="steps-post",
        )
        known = line.dropna()
        if len(known):
            label = f"{short(name)}  {known.iloc[-1]:.1f}"
            ends.append((float(known.iloc[-1]), label, colour))
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    tidy(axes)
    mark(axes, without, whole=whole)
    _label_ends(axes, ends)
    in_doubt = _broken(proximity, quality)
    mark_breaks(axes, in_doubt)
    drawn.set_label(
        f"Distance to the front: {told(lines, 'km')}"
        f"{gaps_told(without, whole=whole)}{breaks_told(in_doubt)}"
    )
    return drawn


def _look(number: int) -> tuple[str, Any, float]:
    """Colour, dashes and width of a line, unlike those of any other.

    Twelve differ by dashes and width alone, as greyscale print needs; the
    colours then begin one later, or they would come with the same dashes.
    """
    dozen = len(_DASHES) * len(_WIDTHS)
    return (
        _COLOURS[(number + number // dozen) % len(_COLOURS)],
        _DASHES[number % len(_DASHES)],
        _WIDTHS[number // len(_DASHES) % len(_WIDTHS)],
    )


def _broken(
    proximity: pd.DataFrame, quality: pd.DataFrame | None
) -> "pd.Series[Any]":
    """Days of method breaks among the days that are drawn."""
    if quality is None:
        return proximity["date"].iloc[:0]
    is_break = quality["kind"].eq("method_break")
    is_break &= quality["km2"] >= BREAK_KM2
    shown = proximity["date"].min(), proximity["date"].max()
    days = quality.loc[is_break, "date"]
    return days[days.between(*shown)]


def _label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Names at the right ends of lines, moved apart where they collide."""
    low, high = axes.get_ylim()
    height = inches_high(axes)
    step = (high - low) * _LABEL_INCHES / height
    ordered = sorted(ends)
    places = _apart([value for value, _, _ in ordered], step, high)
    for (value, text, colour), place in zip(ordered, places, strict=True):
        axes.annotate(
            text,
            (1.0, value),
            xytext=(1.035, place),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            color=colour,
            fontsize=9,
            verticalalignment="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 0.6,
                "relpos": (0.0, 0.5),
                "shrinkA": 0,
                "shrinkB": 1,
            },
        )


def _apart(values: Sequence[float], step: float, high: float) -> list[float]:
    """Rising values moved apart by a step at least, none above a limit."""
    moved = list(values)
    for number in range(1, len(moved)):
        moved[number] = max(moved[number], moved[number - 1] + step)
    top = high
    for number in reversed(range(len(moved))):
        moved[number] = min(moved[number], top)
        top = moved[number] - step
    return moved


_STATES = {
    "occupied": (palette.OCCUPIED, "", "occupied"),
    "grey_zone": ("#FFFFFF", "//////", "grey zone"),
    "held": ("#E3EDF5", "", "held"),
    None: ("#FFFFFF", "", "not known"),
}


def timeline_chart(
    states: pd.DataFrame, *, size: Size | None = None
) -> Figure:
    """State of places over time, a bar a place.

    Parameters
    ----------
    states : pandas.DataFrame
        With ``date, place, state, source``, as `geofront.proximity` and
        `geofront.place_status` give them; places without a state at the
        centre, as agglomerations are, are left out.
    size : (width, height), optional
        In inches; by default as high as the places need.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the table is of several sources, holds no state, or more than
        100 places.
    """
    check(states)
    known = states.groupby("place_id", sort=False)["state"].transform("count")
    kept = states[known > 0]
    if kept.empty:
        raise ValueError(
            "expected a state of a place's centre, found none: agglomerations "
            "have no centre, and some sources draw no grey zone"
        )
    without, whole = spans(kept), is_daily(kept)
    rows = {
        name: broken(group.set_index("date")["state"], without)
        for name, group in by_place(kept, most=_MOST_BARS).items()
    }
    drawn = figure(
        "Who controls the centre",
        "State of each place's centre, day by day",
        origin(kept),
        size or (8.0, 1.98 + 0.34 * len(rows)),
    )
    axes = add_axes(drawn, bottom=1.06)
    for number, line in enumerate(rows.values()):
        for since, until, state in _runs(line):
            fill, hatch, _ = _STATES[state]
            axes.barh(
                number,
                until - since,
                left=since,
                height=0.66,
                color=fill,
                hatch=hatch,
                edgecolor=palette.GREY_ZONE,
                linewidth=0.5,
            )
    axes.set_yticks(range(len(rows)), [short(name) for name in rows])
    axes.invert_yaxis()
    _fit_labels(drawn, axes)
    tidy(axes)
    axes.grid(visible=False)
    axes.margins(x=0)
    _state_key(
        axes, {state for line in rows.values() for state in _named(line)}
    )
    drawn.set_label(
        "Who controls the centre: "
        + "; ".join(f"{printable(n)} {_history(r)}" for n, r in rows.items())
        + "."
        + gaps_told(without, whole=whole)
    )
    return drawn


def _named(line: "pd.Series[Any]") -> list[str | None]:
    return [None if pd.isna(state) else str(state) for state in line]


def _runs(line: "pd.Series[Any]") -> list[tuple[Any, Any, str | None]]:
    """Stretches of one state: since, until, state."""
    states, found = _named(line), []
    first = 0
    for number in range(1, len(states) + 1):
        if number == len(states) or states[number] != states[first]:
            last = line.index[min(number, len(states) - 1)]
            found.append((line.index[first], last, states[first]))
            first = number
    # The last day is as wide as any other.
    since, until, state = found[-1]
    return [*found[:-1], (since, until + pd.Timedelta(days=1), state)]


def _history(line: "pd.Series[Any]") -> str:
    return ", then ".join(
        f"{_STATES[state][2]} from {day_text(since.date())}"
        for since, _, state in _runs(line)
    )


def _fit_labels(drawn: Figure, axes: Axes) -> None:
    """Room on the left for the longest name."""
    longest = max(len(label.get_text()) for label in axes.get_yticklabels())
    width, _ = drawn.get_size_inches()
    box = axes.get_position()
    left = (0.3 + 0.075 * longest) / width
    axes.set_position((left, box.y0, box.x1 - left, box.height))


def _state_key(axes: Axes, shown: set[str | None]) -> None:
    keys = [
        Patch(
            facecolor=fill,
            hatch=hatch,
            edgecolor=palette.GREY_ZONE,
            linewidth=0.5,
            label=label,
        )
        for state, (fill, hatch, label) in _STATES.items()
        if state in shown
    ]
    height = inches_high(axes)
    axes.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(0.0, -0.36 / height),
        ncols=len(keys),
        frameon=False,
        fontsize=9,
    )
