"""Whose maps a command is asked about: STORE and the options beside it."""

import dataclasses
import datetime as dt
import functools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

import geofront as gf
from geofront._words import clean, counted, lasting
from geofront.days import as_moment, read_day, read_span
from geofront.history import History
from geofront.opening import is_store
from geofront.sources import SOURCES

__all__ = ["Asked", "asks_for_history", "check_source", "store_argument"]


class State(NamedTuple):
    """What a store or a folder held, and when."""

    digest: str
    read_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Asked:
    """Whose maps a command was asked about, and where they lie."""

    store: str
    source: str | None = None
    known_at: dt.datetime | None = None
    max_age: dt.timedelta | None = None
    cited: bool = False
    """Whether what the answer rests on will be written beside it."""
    among: tuple[str, ...] = ()
    """Of a store's sources those that the answer is of; without any, all."""

    def open(self) -> History:
        """History to answer from; it is read once."""
        return self._opened

    @functools.cached_property
    def _opened(self) -> History:
        if is_store(self.store):
            self.sources()
        elif self.known_at is not None:
            raise click.UsageError(
                f"--known-at is for a store: {self.store} keeps no record of "
                "when it was told what"
            )
        elif self.source is not None:
            check_source(self.source)
        history = gf.open_history(
            self.store, source=self.source, known_at=self.known_at
        )
        self._keep_state()
        return history

    def histories(self) -> tuple[History, ...]:
        """The history asked for, or all of the store that are asked about."""
        if self.source is not None or not is_store(self.store):
            return (self.open(),)
        return self._all_opened

    @functools.cached_property
    def _all_opened(self) -> tuple[History, ...]:
        held = gf.Store(self.store).sources
        if len(held) == 1:
            return (self.open(),)
        # A name that the store does not hold is for the command to refuse.
        wanted = self.among if set(self.among) <= set(held) else ()
        opened = [
            history
            for name in wanted or held
            for history in self.known_of(name)
        ]
        if not opened:
            raise gf.MissingDateError(
                f"{self.store}: nothing had been recorded by "
                f"{self.known_at:%Y-%m-%dT%H:%M:%SZ}: its log says when the "
                "first was"
            )
        self._keep_state()
        return tuple(opened)

    def known_of(self, source: str) -> Iterator[History]:
        """History of a source, unless nothing of it was known by then."""
        one = dataclasses.replace(self, source=source, cited=False)
        try:
            yield one.open()
        except gf.MissingDateError:
            if self.known_at is None:
                raise
            click.echo(
                f"{clean(source)}: left out: nothing of it had been recorded "
                f"by {self.known_at:%Y-%m-%dT%H:%M:%SZ}",
                err=True,
            )

    def sources(self) -> tuple[str, ...]:
        """Sources of the store, the one to answer from among them."""
        held = gf.Store(self.store).sources
        named = ", ".join(held)
        if self.source is not None and self.source not in held:
            raise click.UsageError(
                f"--source {clean(self.source)}: the store holds {named}"
            )
        if self.source is None and len(held) > 1:
            raise click.UsageError(
                f"the store holds {counted(len(held), 'source')} ({named}): "
                "name one with --source"
            )
        return held

    def digest(self, known_at: dt.datetime | None = None) -> str:
        """One digest of all that the store or the folder holds.

        Of a store, by --known-at or, without it, by a moment.
        """
        if is_store(self.store):
            moment = self.known_at or known_at
            return gf.Store(self.store).digest(known_at=moment)
        return self.open().digest

    def _keep_state(self) -> None:
        """Look at the state of a store as soon as it was opened.

        Others may add to it while the answer is computed.
        """
        if self.cited and is_store(self.store):
            self.state  # noqa: B018

    @functools.cached_property
    def state(self) -> State:
        """Digest of what was opened, and when that was."""
        read_at = dt.datetime.now(dt.UTC)
        return State(self.digest(read_at), read_at)

    def last_day(self) -> dt.date:
        """Last day that all of them have a snapshot of."""
        return min(history.span[1] for history in self.histories())

    def check_age(self) -> None:
        """Refuse to answer from maps that are older than --max-age.

        Their age is that of the last snapshot, now or at --known-at.
        """
        if self.max_age is None:
            return
        late = self._too_old(self.histories(), self.max_age)
        if late:
            raise click.ClickException(f"{late}, so nothing is computed")

    def tell_age(self, beside: Iterable[History]) -> None:
        """Say which maps set beside the one asked for are older."""
        if self.max_age is None:
            return
        late = self._too_old(beside, self.max_age)
        if late:
            click.echo(f"{late}; set beside all the same", err=True)

    def _too_old(
        self, histories: Iterable[History], most: dt.timedelta
    ) -> str:
        """Which of them are older than they may be; empty for none."""
        now = self.known_at or dt.datetime.now(dt.UTC)
        late = [
            f"{item.id} is {lasting(now - item.published_at)} old"
            for item in (history[-1] for history in histories)
            if now - item.published_at > most
        ]
        if not late:
            return ""
        return (
            f"{'; '.join(late)}: the last snapshot may be {lasting(most)} old "
            "at most (--max-age)"
        )


def check_source(name: str) -> None:
    """Refuse a name that is no source's: the call is at fault then."""
    if name not in SOURCES:
        known = ", ".join(sorted(SOURCES))
        raise click.UsageError(
            f"--source {clean(name)}: expected one of {known}"
        )


class StorePath(click.Path):
    """A folder, or an address over a network, which is not looked for."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Read a folder or an address."""
        if "://" in str(value):
            return str(value)
        if Path(value).is_file():
            self.fail(
                f"{os.fspath(value)} is a file: give the folder that it lies "
                "in",
                param,
                ctx,
            )
        return str(super().convert(value, param, ctx))


def _as_moment(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> dt.datetime | None:
    if value is None:
        return None
    if "T" in value:
        try:
            return as_moment(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    try:
        day = read_day(value)
    except ValueError:
        day = None
    if not isinstance(day, dt.date):
        raise click.BadParameter(
            "expected a moment such as 2025-03-01T12:00:00Z, or a day as "
            f"YYYY-MM-DD, today or yesterday, found {clean(value)!r}"
        )
    return as_moment(day)


def _as_span(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> dt.timedelta | None:
    try:
        return None if value is None else read_span(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


store_argument = click.argument(
    "store", type=StorePath(exists=True, file_okay=False, path_type=str)
)

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    store_argument,
    click.option(
        "--source",
        metavar="NAME",
        help="Of a store that holds several sources, the one to answer from; "
        "of a folder, whose own files it holds (`geofront sources` lists "
        "them; without it, dated GeoJSON in geofront's own profile).",
    ),
    click.option(
        "--known-at",
        metavar="TIME",
        callback=_as_moment,
        help="Answer from what a store held at this moment, before later "
        "corrections: 2025-03-01T12:00:00Z, or a day for its end in Kyiv.",
    ),
    click.option(
        "--max-age",
        metavar="24h|2d",
        callback=_as_span,
        help="Exit with status 1, and answer nothing, if the last snapshot "
        "is older than that now (or, with --known-at, then).",
    ),
)


def asks_for_history(function: Callable[..., None]) -> Callable[..., None]:
    """Add STORE and the options beside it, handed on as ``asked``."""

    @functools.wraps(function)
    def asking(
        store: str,
        source: str | None,
        known_at: dt.datetime | None,
        max_age: dt.timedelta | None,
        **options: Any,
    ) -> None:
        context = click.get_current_context()
        files = (context.params.get(name) for name in ("output", "polygons"))
        cited = any(file is not None for file in files)
        among = tuple(context.params.get("sources") or ())
        asked = Asked(store, source, known_at, max_age, cited, among)
        # Tables that are written say what they rest on.
        context.obj = asked
        function(asked=asked, **options)

    for option in reversed(_OPTIONS):
        asking = option(asking)
    return asking
