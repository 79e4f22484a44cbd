"""What all figures have in common: their look, their words, their files."""

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, num2date
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter

from geofront._languages import day_text
from geofront._words import clean, first_of, printable
from geofront.maps import palette

__all__ = [
    "BOTTOM",
    "BREAK_KM2",
    "FAINT",
    "INK",
    "LEFT",
    "TOP",
    "Size",
    "add_axes",
    "alt_text",
    "breaks_told",
    "by_place",
    "check",
    "check_measure",
    "figure",
    "inches_high",
    "mark_breaks",
    "note_inches",
    "note_lines",
    "origin",
    "plain",
    "save",
    "short",
    "tidy",
    "told",
]

Size = tuple[float, float]

BREAK_KM2 = 1.0
"""Method breaks that put less in doubt do not show in a figure."""

INK, FAINT = palette.FRONT, "#6B6B6B"
_GRID = "#DDDDDD"
_MARGIN = 0.02
LEFT, TOP, BOTTOM = 0.7, 0.85, 0.62
"""What axes leave free around them, in inches."""

_LONGEST_NAME = 40

_NOTE_LETTER_INCHES = 0.059

_TITLE_SIZE, _SUBTITLE_SIZE, _NOTE_SIZE = 14.0, 10.0, 8.0

_SAVED_DPI = 160


def plain(text: object) -> str:
    """Text as it should read: matplotlib takes dollars for formulas."""
    return printable(text).replace("$", r"\$")


class _ShownFigure(Figure):
    """Figure that shows itself as the last line of a notebook's cell.

    Jupyter draws matplotlib's own only after pyplot, which keeps every
    figure it makes, is imported.
    """

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        """Picture, and how large it is on the page: finer than its pixels."""
        drawn = io.BytesIO()
        self.savefig(drawn, format="png", dpi=_SAVED_DPI)
        pixels = self.get_size_inches() * self.dpi
        width, height = pixels.round().astype(int).tolist()
        return drawn.getvalue(), {"width": width, "height": height}


def figure(
    title: str, subtitle: str, note: str, size: tuple[float, float]
) -> Figure:
    """Figure with its words: what it shows, how to read it, whence it is.

    Parameters
    ----------
    title, subtitle, note : str
        Above the figure, and beneath it.
    size : (width, height)
        In inches.
    """
    drawn = _ShownFigure(figsize=size, facecolor="white")
    height = size[1]
    for text, inches, points, colour, weight in (
        (title, 0.14, _TITLE_SIZE, INK, "bold"),
        (subtitle, 0.42, _SUBTITLE_SIZE, FAINT, "normal"),
    ):
        drawn.text(
            _MARGIN,
            1.0 - inches / height,
            plain(text),
            fontsize=points,
            color=colour,
            fontweight=weight,
            verticalalignment="top",
        )
    drawn.text(
        _MARGIN,
        0.08 / height,
        "\n".join(map(plain, note_lines(note, size[0]))),
        fontsize=_NOTE_SIZE,
        color=FAINT,
    )
    return drawn


def note_lines(note: str, width: float) -> list[str]:
    """A note as it stands beneath a figure of a width in inches."""
    return textwrap.wrap(note, int((width - 0.4) / _NOTE_LETTER_INCHES))


def note_inches(drawn: Figure) -> float:
    """What the note takes beneath a figure beyond its first line."""
    note = drawn.texts[-1].get_text()
    return _NOTE_SIZE * 1.2 / 72.0 * note.count("\n")


def tidy(axes: Axes, *, ticks: int = 9) -> None:
    """Leave of the axes of days what the eye needs."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.grid(axis="y", color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(
        axis="both", labelsize=9, colors=FAINT, length=3, labelcolor=INK
    )
    axes.tick_params(axis="y", length=0)
    locator = AutoDateLocator(minticks=2, maxticks=ticks)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(_DayFormatter())


class _DayFormatter(Formatter):
    """Days, months or years, as the ticks are; the year once beneath each."""

    def __call__(self, value: float, pos: int | None = None) -> str:
        return day_text(num2date(value).date())

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        days = [num2date(value).date() for value in values]
        by_year = all((day.month, day.day) == (1, 1) for day in days)
        by_month = all(day.day == 1 for day in days)
        labels = []
        # Ticks left of the axis are not seen, and their year neither.
        assert self.axis is not None, "ticks belong to an axis"
        low, _ = self.axis.get_view_interval()
        seen = [
            day if value >= low else None
            for value, day in zip(values, days, strict=True)
        ]
        for before, day in zip([None, *seen], days, strict=False):
            label = f"{day:%b}" if by_month else f"{day.day} {day:%b}"
            if before is None or before.year != day.year:
                label += f"\n{day.year}"
            # Ticks within a day would say the same again.
            labels.append("" if day == before else label)
        return [str(day.year) for day in days] if by_year else labels


def alt_text(drawn: Figure) -> str:
    """What a figure shows, in words, for those who cannot see it.

    Parameters
    ----------
    drawn : matplotlib.figure.Figure
        As the functions of this package return them.

    Returns
    -------
    str
        In English.
    """
    return str(drawn.get_label())


def save(drawn: Figure, path: str | Path) -> None:
    """Write a figure as PNG or SVG, its alt text within.

    Parameters
    ----------
    drawn : matplotlib.figure.Figure
        As the functions of this package return them.
    path : str or path-like
        Its suffix says how: ``.png`` or ``.svg``.

    Raises
    ------
    ValueError
        If the suffix is another one, or the folder does not exist.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in (".png", ".svg"):
        raise ValueError(f"{path}: expected a suffix of .png or .svg")
    if not Path(path).parent.is_dir():
        raise ValueError(
            f"{path}: there is no folder {Path(path).parent}: make it first"
        )
    words = alt_text(drawn)
    described = {"Title": words.partition(":")[0], "Description": words}
    if suffix == ".svg":
        # Without it the same figure is another file every time.
        described |= {"Date": ""}
    drawn.savefig(path, dpi=_SAVED_DPI, metadata=described)


def check(table: pd.DataFrame, *, by_region: bool = False) -> None:
    """Raise ValueError unless a table has rows that one figure can show.

    Rows of several sources, or of regions where the whole is drawn, would
    be joined to lines and sums that mean nothing.
    """
    if table.empty:
        raise ValueError("expected a table with rows, found none")
    sources = sorted(map(clean, table["source"].unique()))
    if len(sources) > 1:
        raise ValueError(
            f"expected a table of one source, found {', '.join(sources)}: "
            "draw each on its own"
        )
    if not by_region and "region" in table:
        raise ValueError(
            "expected a table of the whole, found one by region: leave out "
            "by=, or see region_chart"
        )


def check_measure(table: pd.DataFrame, measure: str) -> None:
    """Raise ValueError unless a table has values of a measure."""
    if measure not in table:
        raise ValueError(f"expected a table with a column {measure!r}")
    if table[measure].isna().all():
        raise ValueError(
            f"nothing to draw: {measure} is not known in any row; some "
            "sources draw no grey zone"
        )


def short(name: str) -> str:
    """Name of a place where there is little room."""
    name = name.removesuffix(" agglomeration")
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - 1] + "…"
    return plain(name)


def by_place(table: pd.DataFrame, *, most: int) -> dict[str, pd.DataFrame]:
    """Rows of each place, by its name; with its id, where two bear one.

    Raises
    ------
    ValueError
        If there are more places than a figure can show.
    """
    groups = {
        str(code): group
        for code, group in table.groupby("place_id", sort=False)
    }
    if len(groups) > most:
        raise ValueError(
            f"expected at most {most} places in one figure, found "
            f"{len(groups):,}: choose some of them"
        )
    names = [str(group["place"].iloc[0]) for group in groups.values()]
    return {
        f"{name} ({code})" if names.count(name) > 1 else name: group
        for name, (code, group) in zip(names, groups.items(), strict=True)
    }


def origin(table: pd.DataFrame) -> str:
    """Whence a table is, for the line beneath a figure."""
    days = "date" if "date" in table else "until"
    last = day_text(table[days].iloc[-1].date())
    return (
        f"Source: {table['source'].iloc[0]}, to {last}. Measured by geofront."
    )


def add_axes(
    drawn: Figure, *, right: float = 0.3, bottom: float = BOTTOM
) -> Axes:
    """Axes between the words of a figure; what they leave, in inches."""
    width, height = drawn.get_size_inches()
    bottom += note_inches(drawn)
    return drawn.add_axes(
        (
            LEFT / width,
            bottom / height,
            1.0 - (LEFT + right) / width,
            1.0 - (TOP + bottom) / height,
        )
    )


def told(lines: dict[str, "pd.Series[Any]"], unit: str) -> str:
    """First and last value of each line, in words."""
    parts = []
    for name, line in lines.items():
        known = line.dropna()
        if len(known):
            since, until = (day_text(known.index[i].date()) for i in (0, -1))
            parts.append(
                f"{printable(name)} from {known.iloc[0]:,.1f} {unit} on "
                f"{since} to {known.iloc[-1]:,.1f} {unit} on {until}"
            )
    return "; ".join(parts) + "."


def mark_breaks(
    axes: Axes, days: "pd.Series[Any]", *, key: bool = True
) -> None:
    """Dashed lines on the days of method breaks, and what they are."""
    for day in days:
        axes.axvline(
            day, color=FAINT, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1
        )
    if len(days) and key:
        axes.text(
            1.0,
            1.03,
            "- - -  drawn otherwise (method break)",
            transform=axes.transAxes,
            horizontalalignment="right",
            fontsize=8,
            color=FAINT,
        )


def breaks_told(days: "pd.Series[Any]") -> str:
    """Method breaks in words, for the end of an alt text."""
    if not len(days):
        return ""
    told = [day_text(day.date()) for day in days.drop_duplicates()]
    return f" The source seems to have drawn otherwise on {first_of(told, 6)}."


def inches_high(axes: Axes) -> float:
    """Height of axes."""
    return float(axes.bbox.height / axes.figure.dpi)
