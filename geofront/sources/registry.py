"""Which sources there are: geofront's own, and those of installed packages.

A package adds a source by an entry point of the group ``geofront.sources``,
from the source's name to the adapter's class.
"""

import inspect
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from geofront._words import clean
from geofront.errors import GeofrontWarning, SourceError
from geofront.sources.protocol import (
    Adapter,
    Collector,
    SourceInfo,
    SourceKind,
)

GROUP = "geofront.sources"

_READING = ("published_at", "read")


class Registry(Mapping[str, SourceKind]):
    """Adapters' classes by the source's name.

    Installed packages are looked for when it is first asked, not on import.

    Parameters
    ----------
    built_in : iterable of class
        Geofront's own.
    """

    def __init__(self, built_in: Iterable[SourceKind]) -> None:
        self._built_in = {kind.info.name: kind for kind in built_in}

    @cached_property
    def _kinds(self) -> dict[str, SourceKind]:
        """All of them; what cannot be used is told, and costs no other."""
        kinds = dict(self._built_in)
        for point in sorted(entry_points(group=GROUP)):
            try:
                kind = _load(point, kinds)
            except SourceError as error:
                warnings.warn(str(error), GeofrontWarning, stacklevel=2)
            else:
                kinds[point.name] = kind
        return kinds

    def __getitem__(self, name: str) -> SourceKind:
        # Geofront's own do not depend on what else is installed.
        own = self._built_in.get(name)
        return self._kinds[name] if own is None else own

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def make(
        self, name: str, options: Mapping[str, Any]
    ) -> Adapter | Collector:
        """New adapter of a source, with the options that were given.

        Raises
        ------
        SourceError
            If there is no such source, or it has no such option.
        """
        if name not in self:
            raise SourceError(
                f"unknown source {clean(name)!r}: expected one of "
                + ", ".join(sorted(self))
            )
        taken = self.options(name)
        unknown = [option for option in options if option not in taken]
        if unknown:
            known = f": its options are {', '.join(taken)}" if taken else ""
            raise SourceError(
                f"{name} takes no option {', '.join(unknown)}{known}"
            )
        return self[name](**options)

    def options(self, name: str) -> tuple[str, ...]:
        """Options that the adapter of a source takes."""
        return tuple(inspect.signature(self[name]).parameters)


def _load(point: EntryPoint, known: Mapping[str, SourceKind]) -> SourceKind:
    where = f"the source {clean(point.name)!r} ({clean(point.value)})"
    if point.name in known:
        raise SourceError(
            f"{where}: there is a source of that name already; this one is "
            "not used"
        )
    try:
        kind = point.load()
    except Exception as error:  # anybody's code, anybody's faults
        raise SourceError(
            f"{where} cannot be loaded and is not used: "
            f"{type(error).__name__}: {clean(error)}"
        ) from error
    fault = _fault(kind, point.name)
    if fault:
        raise SourceError(f"{where} is not used: {fault}")
    adapter: SourceKind = kind
    return adapter


def _fault(kind: Any, name: str) -> str | None:
    """Why something is no adapter, or None."""
    if not inspect.isclass(kind):
        return "expected an adapter's class, found " + type(kind).__name__
    info = getattr(kind, "info", None)
    if not isinstance(info, SourceInfo):
        return "expected the attribute info, a SourceInfo"
    if info.name != name:
        return f"its info names it {clean(info.name)!r}"
    reads = all(callable(getattr(kind, each, None)) for each in _READING)
    if not reads and not callable(getattr(kind, "collect", None)):
        return "expected the methods published_at and read, or collect"
    return None
