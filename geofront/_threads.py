"""What every thread needs a copy of.

GEOS answers fast for a prepared geometry, but crashes when two threads ask
the same one (https://github.com/libgeos/geos/issues/825).
"""

import functools
import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import numpy.typing as npt
import shapely

__all__ = ["per_thread", "prepared"]

F = TypeVar("F", bound=Callable[..., Any])


def per_thread(function: F) -> F:
    """Cache the results of a function, for each thread its own."""
    own = threading.local()

    @functools.wraps(function)
    def cached(*args: Hashable, **options: Hashable) -> Any:
        if not hasattr(own, "ask"):
            own.ask = functools.lru_cache(maxsize=8)(function)
        return own.ask(*args, **options)

    return cast("F", cached)


def prepared(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Copies of geometries, prepared, for one thread to ask."""
    copies: npt.NDArray[Any] = shapely.force_2d(geometries)
    shapely.prepare(copies)
    return copies
