"""Rows that belong to groups: pairing them and summing them, without loops."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Objects = npt.NDArray[Any]

Table = TypeVar("Table", bound=tuple[Any, ...])
"""A named tuple of columns, a row of them for each thing."""


def pick(table: Table, rows: Flags | Ints) -> Table:
    """Some of the rows, or all of them in another order."""
    return type(table)(*(column[rows] for column in table))


def append(*tables: Table, axis: int = 0) -> Table:
    """The rows of one table after those of another."""
    columns = zip(*tables, strict=True)
    return type(tables[0])(*(np.concatenate(c, axis=axis) for c in columns))


def expand(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Every index of many ranges, after the range it belongs to.

    Examples
    --------
    >>> expand(np.array([5, 0]), np.array([3, 2]))
    (array([0, 0, 0, 1, 1]), array([5, 6, 7, 0, 1]))
    """
    owner = np.repeat(np.arange(len(count)), count)
    shift = first - (np.cumsum(count) - count)
    return owner, np.arange(len(owner)) + shift[owner]


def join(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """All pairs of rows of the same group; `right` must be sorted.

    Examples
    --------
    >>> join(np.array([7, 4]), np.array([4, 7, 7]))
    (array([0, 0, 1]), array([1, 2, 0]))
    """
    first = np.searchsorted(right, left, "left")
    return expand(first, np.searchsorted(right, left, "right") - first)


def offsets(count: Ints) -> Ints:
    """Where each of adjoining ranges starts, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(count)])


def sum_by(group: Ints, values: Floats, groups: int) -> Floats:
    """Sums of the values, shape (rows,) or (rows, columns), of each group."""
    columns = values.shape[1] if values.ndim > 1 else 1
    cell = group[:, np.newaxis] * columns + np.arange(columns)
    sums = np.bincount(
        cell.ravel(), values.ravel(), minlength=groups * columns
    )
    # Without rows bincount gives integers.
    return sums.astype(np.float64, copy=False).reshape(
        groups, *values.shape[1:]
    )
