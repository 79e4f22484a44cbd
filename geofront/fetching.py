"""From a source's server to a store."""

import datetime as dt
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from geofront._words import clean
from geofront.days import Day, as_date, kyiv_date
from geofront.errors import DownloadError, GeofrontWarning, SourceError
from geofront.opening import Ingested, ingest
from geofront.sources.cache import Cache, Kept, default_folder
from geofront.sources.download import Client, Limits
from geofront.sources.geojson import parse
from geofront.sources.remote import (
    REMOTES,
    NotThereError,
    Remote,
    Span,
    Wanted,
)
from geofront.store import Appended, Store

__all__ = ["Fetched", "fetch"]

_FIRST_DAYS = 7
_PATIENCE = 3
"""Failures in a row after which a server is left alone."""


class Fetched(NamedTuple):
    """What fetching did."""

    ingested: Ingested
    downloaded: int
    """Files that came over the network."""
    unchanged: int
    """Files that were here already."""
    missing: tuple[str, ...]
    """Files that the server does not have."""


def fetch(
    source: str,
    store: Store,
    *,
    since: Day | None = None,
    until: Day | None = None,
    url: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    allow_private: bool = False,
    limits: Limits | None = None,
) -> Fetched:
    """Download a source's maps, and read them into a store.

    Parameters
    ----------
    source : str
        ``deepstate``, ``occupied_daily``, ``owlmaps``, ``isw`` or
        ``isw_claimed``.
    store : Store
    since, until : str or datetime.date, optional
        First and last day in Kyiv, included.  By default from the last day
        that the store holds of this source, or else seven days, to today.
        ISW's services hold the present only.
    url : str, optional
        Base address of a mirror.  One that begins with ``http:`` is taken
        as it is, although nothing is encrypted then.
    cache : path-like, optional
        Folder for the files; by default the one of GEOFRONT_CACHE, or the
        system's for caches.  A file that is whole there and older than
        three days is not asked for again, so that an interrupted run goes
        on where it stopped.
    allow_private : bool
        Follow redirects into private networks.
    limits : geofront.sources.download.Limits, optional
        Times and sizes.

    Returns
    -------
    Fetched

    Raises
    ------
    SourceError
        If the source cannot be fetched, or no file is usable.
    DownloadError
        If nothing could be downloaded.
    StoreError
        If the store cannot be written.

    Warns
    -----
    GeofrontWarning
        For each file that could not be downloaded while others could.
    """
    remote = _remote(source)
    if remote.present_only and (since is not None or until is not None):
        raise SourceError(
            f"{source}: its services hold the present only, so no days can "
            "be chosen"
        )
    now = dt.datetime.now(dt.UTC)
    span = _span(source, store, since, until, now)
    base = (url or remote.base).rstrip("/")
    folder = Path(cache or default_folder()) / source
    with Client(
        base, allow_private=allow_private, limits=limits or Limits()
    ) as client:
        librarian = _Librarian(client, Cache(folder), now)
        librarian.fetch(remote.files(librarian, base, span), source)
    librarian.tell()
    nothing = Ingested(Appended((), (), ()), 0)
    paths = librarian.paths
    return Fetched(
        ingest(paths, store, source=source) if paths else nothing,
        librarian.downloaded,
        librarian.unchanged,
        tuple(librarian.missing),
    )


def _remote(source: str) -> Remote:
    if source not in REMOTES:
        raise SourceError(
            f"{clean(source)} cannot be fetched: expected one of "
            + ", ".join(REMOTES)
        )
    return REMOTES[source]


def _span(
    source: str,
    store: Store,
    since: Day | None,
    until: Day | None,
    now: dt.datetime,
) -> Span:
    last = kyiv_date(now) if until is None else as_date(until)
    if since is not None:
        return Span(as_date(since), last)
    if store.exists and source in store.sources:
        return Span(min(store.open(source).span[1], last), last)
    return Span(last - dt.timedelta(days=_FIRST_DAYS), last)


class _Librarian:
    """Gets files from a server or from the cache, and counts."""

    def __init__(self, client: Client, cache: Cache, now: dt.datetime) -> None:
        self.now = now
        self.paths: list[Path] = []
        self.missing: list[str] = []
        self.downloaded = 0
        self.unchanged = 0
        self._client = client
        self._cache = cache
        self._faults: list[str] = []

    def ask(self, address: str) -> Any:
        """Value of a JSON text."""
        data = self._client.get(address).data
        return _checked(data or b"", address)

    def compose(self, name: str, content: bytes) -> None:
        """Keep a file that was put together from several answers."""
        self.paths.append(self._cache.keep(name, content, Kept()))
        self.downloaded += 1

    def fetch(self, files: Iterable[Wanted], source: str) -> None:
        """Get files one after the other; a fault costs no other file."""
        failures = 0
        # disable=None: a bar in a terminal only.
        for wanted in tqdm(
            files, desc=f"fetching {source}", unit="file", disable=None
        ):
            try:
                self._get(wanted)
                failures = 0
            except NotThereError:
                self.missing.append(wanted.name)
            except DownloadError as error:
                self._faults.append(str(error))
                failures += 1
                if failures == _PATIENCE:
                    self._faults.append("the rest was not asked for")
                    break

    def _get(self, wanted: Wanted) -> None:
        known = self._cache.find(wanted.name, wanted.address)
        path = self._cache.path(wanted.name)
        if known is None or not wanted.settled:
            kept = known or Kept()
            reply = self._client.get(
                wanted.address,
                etag=kept.etag,
                last_modified=kept.last_modified,
            )
            if reply.data is not None:
                _checked(reply.data, wanted.address)
                kept = Kept(reply.etag, reply.last_modified, wanted.address)
                self._cache.keep(wanted.name, reply.data, kept)
                self.downloaded += 1
                self.paths.append(path)
                return
        self.unchanged += 1
        self.paths.append(path)

    def tell(self) -> None:
        """Warn of what failed; raise if that is all there is.

        Raises
        ------
        DownloadError
            If nothing could be had.
        """
        if self._faults and not self.paths:
            raise DownloadError("; ".join(self._faults))
        if not self.paths and not self.missing:
            raise DownloadError("the server lists no map of these days")
        for fault in self._faults:
            warnings.warn(fault, GeofrontWarning, stacklevel=3)


def _checked(data: bytes, address: str) -> Any:
    """Value of a JSON text: anything else never gets into the cache.

    Raises
    ------
    DownloadError
        If it is none, as a page that asks for a log-in.
    """
    try:
        return parse(data, address)
    except SourceError:
        shown = clean(data[:40].decode("utf-8", "replace"))
        raise DownloadError(
            f"{address}: expected JSON, found {len(data):,} bytes that begin "
            f"with {shown!r}"
        ) from None
