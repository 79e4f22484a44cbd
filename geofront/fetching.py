"""From a source's server to a store."""

import datetime as dt
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from geofront._words import clean, first_of
from geofront.days import Day, as_date, kyiv_date
from geofront.errors import (
    DownloadError,
    GeofrontError,
    GeofrontWarning,
    SourceError,
)
from geofront.opening import Ingested, ingest, need_store
from geofront.sources import adapter
from geofront.sources.cache import Cache, Kept, default_folder
from geofront.sources.download import Client, Limits
from geofront.sources.geojson import parse
from geofront.sources.protocol import Collector
from geofront.sources.remote import (
    REMOTES,
    SETTLED,
    NotThereError,
    Remote,
    Span,
    Wanted,
)
from geofront.store import Store

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
    refresh: bool = False,
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
        system's for caches.  A map that is whole there, and was older than
        three days when it came, is not asked for again, so that an
        interrupted run goes on where it stopped.
    allow_private : bool
        Follow redirects into private networks.
    refresh : bool
        Download what is in the cache, too.
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
        If nothing could be downloaded, or the server has none of the files.
    StoreError
        If the store cannot be written.

    Warns
    -----
    GeofrontWarning
        For each file that could not be downloaded while others could.
    """
    need_store(store)
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
        librarian = _Librarian(client, Cache(folder), now, source, refresh)
        librarian.fetch(remote.files(librarian, base, span), source)
    librarian.tell(base)
    return Fetched(
        ingest(librarian.paths, store, source=source),
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

    def __init__(
        self,
        client: Client,
        cache: Cache,
        now: dt.datetime,
        source: str,
        refresh: bool,
    ) -> None:
        self.now = now
        self.paths: list[Path] = []
        self.missing: list[str] = []
        self.downloaded = 0
        self.unchanged = 0
        self._client = client
        self._cache = cache
        self._reader = adapter(source)
        self._refresh = refresh
        self._faults: list[str] = []

    def ask(self, address: str) -> Any:
        """Value of a JSON text."""
        data = self._client.get(address).data
        return _checked(data or b"", address)

    def fault(self, message: str) -> None:
        """Tell of something that costs no other file."""
        self._faults.append(message)

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
        if not self._is_settled(wanted, known):
            kept = known if known and not self._refresh else Kept()
            reply = self._client.get(
                wanted.address,
                etag=kept.etag,
                last_modified=kept.last_modified,
            )
            if reply.data is not None:
                _checked(reply.data, wanted.address)
                came = f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
                kept = Kept(
                    reply.etag, reply.last_modified, wanted.address, came
                )
                self._cache.keep(wanted.name, reply.data, kept)
                self.downloaded += 1
                self.paths.append(path)
                return
        self.unchanged += 1
        self.paths.append(path)

    def _is_settled(self, wanted: Wanted, known: Kept | None) -> bool:
        """Whether a file is here, and was of an age to change no more."""
        if self._refresh or known is None or known.downloaded_at is None:
            return False
        came = dt.datetime.fromisoformat(known.downloaded_at)
        if came - wanted.dated <= SETTLED:
            return False
        return known.read or self._is_map(wanted, known)

    def _is_map(self, wanted: Wanted, known: Kept) -> bool:
        """Whether a file can be read; a server may say sorry in JSON."""
        assert not isinstance(self._reader, Collector)
        data = self._cache.path(wanted.name).read_bytes()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", GeofrontWarning)
                self._reader.read(data, wanted.dated, wanted.name)
        except GeofrontError:
            return False
        self._cache.keep(wanted.name, data, known._replace(read=True))
        return True

    def tell(self, base: str) -> None:
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
        if not self.paths:
            raise DownloadError(
                f"{base}: none of the files is there: "
                + first_of(self.missing)
            )
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
