"""Slabs: between two neighbouring parallels no line ends, and none cross.

Each window is cut along the parallels of all ends of lines in it, and of
lines that run along a parallel themselves.  Between two of them, lines run
from side to side in one order from west to east, and the winding numbers
between them follow by counting.  Nothing depends on how near to each other
lines are, nor on where rounding puts their crossing: a line on the wrong side
of another one costs the sliver between them.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from geofront._edges import Lines, merge
from geofront._rows import (
    Flags,
    Floats,
    Ints,
    append,
    expand,
    join,
    pick,
    sum_by,
)
from geofront._windows import Windows, split_at_gaps

# Lines that change sides by less than this have met, and not crossed.
_MEETING_DEG = 1e-13

# Winding numbers come in rows: of the occupied area and the grey zone on the
# day before, then what each of the two gains.
_ROWS = 4

_WEST, _EAST, _WITHIN = range(3)

# Pieces in memory at once: some 60 MB.
_PORTION = 2**18

# A window of more pieces, or of more pairs that may cross, is given up: the
# overlay is faster there.  Maps that are years apart have a tenth of them.
_ENTANGLED = 2**21


class Strokes(NamedTuple):
    """Lines from south to north, those that run along each other as one."""

    window: Ints
    south: Floats
    north: Floats
    jump: Floats  # winding numbers west of it less those east of it


class Slabs(NamedTuple):
    """Parts of windows between two parallels."""

    window: Ints
    south: Floats
    north: Floats
    west: Floats  # winding numbers before, west of all strokes in it
    east: Floats  # and east of them


class Pieces(NamedTuple):
    """Strokes cut along their slabs: in each, from west to east."""

    slab: Ints
    stroke: Ints
    south: Floats  # longitudes where it enters and leaves the slab
    north: Floats


class Sweep(NamedTuple):
    """The slabs of all windows, and what lies between the pieces in them."""

    slabs: Slabs
    pieces: Pieces
    winding: Floats  # east of each piece, up to the next one
    is_last: Flags  # whether there is no next one in its slab
    given_up: Ints  # windows of which this is not to be trusted


def sweep(windows: Windows, nearby: Lines, outlines: Lines) -> Iterator[Sweep]:
    """Cut windows into slabs, and count through each from west to east.

    Yields
    ------
    Sweep
        Of some slabs after others, lest all pieces are in memory at once:
        of maps that share no edge there are millions.
    """
    side = _side(windows, nearby)
    within = pick(nearby, side == _WITHIN)
    strokes = _strokes(within, outlines)
    slabs, first, last = _cut(windows, strokes, _along_parallels(within))
    beside = side != _WITHIN
    slabs = _count_beside(slabs, pick(nearby, beside), side[beside])
    pieces = np.bincount(strokes.window, last - first)
    given_up = np.flatnonzero(pieces > _ENTANGLED)
    first = np.where(np.isin(strokes.window, given_up), last, first)
    for low, high in pairwise(_portions(len(slabs.window), first, last)):
        which = np.flatnonzero((first < high) & (last > low))
        ends = np.clip([first[which], last[which]], low, high)
        portion = _in_order(_pieces(strokes, slabs, which, *ends))
        parted = _part_at_crossings(slabs, portion)
        swept = _count(strokes, *parted)
        yield swept._replace(given_up=np.append(given_up, swept.given_up))


def _portions(slabs: int, first: Ints, last: Ints) -> list[int]:
    """Where to part the slabs, for not too many pieces in each portion."""
    begun = np.bincount(first, minlength=slabs + 1)
    begun -= np.bincount(last, minlength=slabs + 1)
    portion = begun.cumsum().cumsum() // _PORTION
    ends = np.flatnonzero(portion[1:] > portion[:-1]) + 1
    return [0, *ends[ends < slabs].tolist(), slabs]


def _side(windows: Windows, lines: Lines) -> Ints:
    """Whether lines pass their window in the west, in the east or within."""
    west = np.minimum(lines.start[:, 0], lines.end[:, 0])
    east = np.maximum(lines.start[:, 0], lines.end[:, 0])
    is_west = east < windows.low[lines.group, 0]
    is_east = west > windows.high[lines.group, 0]
    return np.where(is_west, _WEST, np.where(is_east, _EAST, _WITHIN))


def _strokes(within: Lines, outlines: Lines) -> Strokes:
    """All lines in the windows, except those along a parallel."""
    lines = append(within, outlines)
    row = np.concatenate([within.state, outlines.state + 2])
    first, stroke = merge(lines)
    count = len(first)
    jump = lines.weight * np.sign(lines.end[:, 1] - lines.start[:, 1])
    jump = sum_by(row * count + stroke, jump, _ROWS * count)
    jump = jump.reshape(_ROWS, count)
    kept = jump.any(axis=0)
    start, end = lines.start[first[kept]], lines.end[first[kept]]
    goes_north = (start[:, 1] < end[:, 1])[:, np.newaxis]
    return Strokes(
        lines.group[first[kept]],
        np.where(goes_north, start, end),
        np.where(goes_north, end, start),
        jump[:, kept],
    )


def _along_parallels(lines: Lines) -> Lines:
    """Those from west to east, or back: what they bound ends there."""
    return pick(lines, lines.start[:, 1] == lines.end[:, 1])


def _cut(
    windows: Windows, strokes: Strokes, parallels: Lines
) -> tuple[Slabs, Ints, Ints]:
    """Slabs; of each stroke the first one, and the one past its last.

    Past the last slab of each window is one without height or strokes.
    """
    ends = np.concatenate(
        [strokes.south[:, 1], strokes.north[:, 1], parallels.start[:, 1]]
    )
    window = np.concatenate([*[strokes.window] * 2, parallels.group])
    ends = np.clip(ends, windows.low[window, 1], windows.high[window, 1])
    # Complex numbers sort by their real part, then by the imaginary one.
    levels, slab = np.unique(window + 1j * ends, return_inverse=True)
    window, south = levels.real.astype(np.intp), levels.imag
    goes_on = np.append(window[1:] == window[:-1], [False] * len(window[:1]))
    north = np.where(goes_on, np.roll(south, -1), south)
    unknown = np.zeros((2, len(window)))
    first, last = slab[: 2 * len(strokes.window)].reshape(2, -1)
    return Slabs(window, south, north, unknown, unknown), first, last


def _count_beside(slabs: Slabs, lines: Lines, side: Ints) -> Slabs:
    """Winding numbers at both sides, from lines further west and east."""
    count = len(slabs.window) + 1
    latitudes = np.concatenate([lines.start[:, 1], lines.end[:, 1]])
    # A line counts if it passes the southern side.  From where it starts,
    # what is west of it is inside; from where it ends, no longer.
    slab = np.searchsorted(
        slabs.window + 1j * slabs.south,
        np.tile(lines.group, 2) + 1j * latitudes,
    )
    weight = np.concatenate([lines.weight, -lines.weight])
    cell = np.tile(side * 2 + lines.state, 2) * count + slab
    begun = sum_by(cell, weight, 4 * count).reshape(2, 2, count)
    west, east = begun.cumsum(axis=2)[:, :, :-1]
    return slabs._replace(west=-west, east=east)


def _pieces(
    strokes: Strokes, slabs: Slabs, which: Ints, first: Ints, last: Ints
) -> Pieces:
    """Cut some strokes along the sides of slabs, from a first to a last."""
    row, slab = expand(first, last - first + 1)
    stroke = which[row]
    south, north = strokes.south[stroke], strokes.north[stroke]
    share = (slabs.south[slab] - south[:, 1]) / (north[:, 1] - south[:, 1])
    longitude = _between(south[:, 0], north[:, 0], share)
    goes_on = np.flatnonzero(row[1:] == row[:-1])
    return Pieces(
        slab[goes_on],
        stroke[goes_on],
        longitude[goes_on],
        longitude[goes_on + 1],
    )


def _between(south: Floats, north: Floats, share: Floats) -> Floats:
    """Longitude at a share of the way, exact at both ends."""
    return np.where(share == 1.0, north, south + share * (north - south))


def _in_order(pieces: Pieces) -> Pieces:
    """Slab by slab, from west to east."""
    middle = pieces.south + pieces.north
    return pick(pieces, np.lexsort((middle, pieces.slab)))


def _part_at_crossings(
    slabs: Slabs, pieces: Pieces
) -> tuple[Slabs, Pieces, Ints]:
    """Cut slabs in which pieces cross along the parallels of the crossings.

    Returns
    -------
    slabs, pieces
        Parts of slabs come after those that are whole.
    given_up : ndarray of int
        Windows in which there are too many crossings.
    """
    none = np.empty(0, np.intp)
    west = np.arange(len(pieces.slab) - 1)
    west = west[_crosses(pieces, west, west + 1)]
    if not len(west):
        return slabs, pieces, none
    is_crossed = np.zeros(len(slabs.window), bool)
    is_crossed[pieces.slab[west]] = True
    is_in = is_crossed[pieces.slab]
    given_up = slabs, pieces, np.unique(slabs.window[is_crossed])
    crossed = pick(pieces, is_in)
    cluster = _clusters(crossed)
    if (np.bincount(cluster) ** 2).sum() > _ENTANGLED:
        return given_up
    parts, parent = _cut_again(slabs, crossed, *_pairs(crossed, cluster))
    if np.bincount(crossed.slab)[parent].sum() > _ENTANGLED:
        return given_up
    cut = _in_order(_pieces_again(slabs, crossed, parts, parent))
    cut = cut._replace(slab=cut.slab + len(slabs.window))
    return (
        append(slabs, parts, axis=-1),
        append(pick(pieces, ~is_in), cut),
        none,
    )


def _crosses(pieces: Pieces, west: Ints, east: Ints) -> Flags:
    """Whether pieces of one slab change sides within it."""
    south = pieces.south[east] - pieces.south[west]
    north = pieces.north[east] - pieces.north[west]
    crosses: Flags = (
        (np.minimum(south, north) < -_MEETING_DEG)
        & (np.maximum(south, north) > _MEETING_DEG)
        & (pieces.slab[east] == pieces.slab[west])
    )
    return crosses


def _clusters(pieces: Pieces) -> Ints:
    """Number sets of pieces that share longitudes: others cannot cross."""
    west = np.minimum(pieces.south, pieces.north)
    east = np.maximum(pieces.south, pieces.north)
    return split_at_gaps(pieces.slab, west, east)


def _pairs(pieces: Pieces, cluster: Ints) -> tuple[Ints, Ints]:
    """Pieces of one cluster that cross each other."""
    order = np.argsort(cluster, kind="stable")
    one, other = join(cluster[order], cluster[order])
    one, other = order[one[one < other]], order[other[one < other]]
    crosses = _crosses(pieces, one, other)
    return one[crosses], other[crosses]


def _cut_again(
    slabs: Slabs, pieces: Pieces, one: Ints, other: Ints
) -> tuple[Slabs, Ints]:
    """Parts of the slabs in which pieces cross, and of which each is."""
    south = pieces.south[other] - pieces.south[one]
    north = pieces.north[other] - pieces.north[one]
    slab = pieces.slab[one]
    low, high = slabs.south[slab], slabs.north[slab]
    crossing = low + south / (south - north) * (high - low)
    crossing = np.clip(crossing, low, high)
    levels = [slab + 1j * side for side in (low, crossing, high)]
    ends = np.unique(np.concatenate(levels))
    parent = ends.real.astype(np.intp)
    goes_on = np.flatnonzero(parent[1:] == parent[:-1])
    parent = parent[goes_on]
    return Slabs(
        slabs.window[parent],
        ends.imag[goes_on],
        ends.imag[goes_on + 1],
        slabs.west[:, parent],
        slabs.east[:, parent],
    ), parent


def _pieces_again(
    slabs: Slabs, pieces: Pieces, parts: Slabs, parent: Ints
) -> Pieces:
    """Cut pieces of slabs along the sides of the parts of these."""
    piece, part = join(pieces.slab, parent)
    ends = pieces.south[piece], pieces.north[piece]
    low = slabs.south[parent[part]]
    height = slabs.north[parent[part]] - low
    return Pieces(
        part,
        pieces.stroke[piece],
        _between(*ends, (parts.south[part] - low) / height),
        _between(*ends, (parts.north[part] - low) / height),
    )


def _count(
    strokes: Strokes,
    slabs: Slabs,
    pieces: Pieces,
    given_up: Ints,
) -> Sweep:
    """Winding numbers between the pieces, from west to east."""
    is_first = np.ones(len(pieces.slab) + 1, bool)
    is_first[1:-1] = pieces.slab[1:] != pieces.slab[:-1]
    first = np.flatnonzero(is_first)
    jump = strokes.jump[:, pieces.stroke]
    passed = jump.cumsum(axis=1)
    west = (passed - jump)[:, first[:-1]]
    west[:2] += slabs.west[:, pieces.slab[first[:-1]]]
    winding = np.repeat(west, np.diff(first), axis=1) - passed
    return Sweep(slabs, pieces, winding, is_first[1:], given_up)
