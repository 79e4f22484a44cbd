"""Downloads that behave: the only module that touches the network.

Encrypted unless the user says otherwise, within time and size, a few polite
tries, no way into private networks, and a cache that a failure never spoils.
"""

import email.utils
import ipaddress
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import NamedTuple, Self

import httpx
import tenacity

from geofront._words import clean
from geofront.errors import DownloadError
from geofront.sources.remote import NotThereError

__all__ = ["Client", "Limits", "Reply", "as_address"]

_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_GRACE_SECONDS = 0.2
"""For a reply that is noticed to be late with its next piece."""
_HEADERS = {
    "User-Agent": "geofront (https://pypi.org/project/geofront)",
    "Accept": "application/json, application/geo+json;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip",
}


class _PassingError(DownloadError):
    """A fault that may pass: worth another try."""

    def __init__(self, message: str, after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds


class Limits(NamedTuple):
    """How far a download may go."""

    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    """Between two pieces of a reply."""
    total_seconds: float = 300.0
    """For one try, its redirects and headers included."""
    max_bytes: int = 128 * 2**20
    """Of one reply, unpacked."""
    tries: int = 4
    redirects: int = 5
    wait_seconds: float = 1.0
    """Before the second try; twice as much before each further one."""
    longest_wait_seconds: float = 120.0
    """What a server may ask for; beyond it the download fails."""


class Reply(NamedTuple):
    """What a server sent."""

    data: bytes | None
    """None if what is known already has not changed."""
    etag: str | None
    last_modified: str | None


class Client:
    """Asks one source's server.

    Parameters
    ----------
    base : str
        Address that the user, or the source, names.  This server is
        trusted to be where it says, a private network included.
    allow_private : bool
        Follow redirects into private networks.
    limits : Limits
    sleep : callable
        Waits for some seconds.
    """

    def __init__(
        self,
        base: str,
        *,
        allow_private: bool = False,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._home = _origin(as_address(base))
        self._allow_private = allow_private
        self._limits = limits
        self._http = self._connected()
        self._trying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(limits.tries),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(_PassingError),
            sleep=sleep,
            reraise=True,
        )

    def _connected(self) -> httpx.Client:
        timeout = httpx.Timeout(
            self._limits.read_seconds, connect=self._limits.connect_seconds
        )
        # Certificates as the system, or SSL_CERT_FILE, has them.
        return httpx.Client(timeout=timeout, headers=_HEADERS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.close()

    def get(
        self,
        address: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Reply:
        """Download an address, unless it is unchanged.

        Parameters
        ----------
        address : str
        etag, last_modified : str, optional
            Of what is known already.

        Raises
        ------
        NotThereError
            If the server has no such file.
        DownloadError
            If it cannot be had, or is refused.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in known.items() if value}
        return self._trying(self._try, address, headers)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Seconds until the next try: growing, jittered, or as asked."""
        growing = self._limits.wait_seconds * 2 ** (state.attempt_number - 1)
        jittered = tenacity.wait_random(growing / 2, growing)(state)
        error = state.outcome and state.outcome.exception()
        assert isinstance(error, _PassingError)
        return max(jittered, error.after_seconds)

    def _try(self, address: str, headers: Mapping[str, str]) -> Reply:
        """Ask once, within one deadline.

        A server that sends its headers a byte at a time never runs into the
        time between two pieces, so another thread watches the whole.
        """
        future: Future[Reply] = Future()
        http, deadline = (
            self._http,
            time.monotonic() + self._limits.total_seconds,
        )

        def ask() -> None:
            try:
                future.set_result(self._ask(http, address, headers, deadline))
            except Exception as error:
                future.set_exception(error)

        # A daemon: whatever the server does, the program can end.
        threading.Thread(target=ask, daemon=True).start()
        try:
            return future.result(self._limits.total_seconds + _GRACE_SECONDS)
        except TimeoutError:
            # Closed by whoever reads from it, and not while that goes on.
            future.add_done_callback(lambda _: http.close())
            self._http = self._connected()
            raise self._late(address) from None

    def _late(self, address: object) -> _PassingError:
        return _PassingError(
            f"{_shown(address)}: not complete after "
            f"{self._limits.total_seconds:g} seconds"
        )

    def _ask(
        self,
        http: httpx.Client,
        address: str,
        headers: Mapping[str, str],
        deadline: float,
    ) -> Reply:
        """Ask once, following redirects."""
        url = as_address(address)
        try:
            for _ in range(self._limits.redirects + 1):
                self._check(url)
                with http.stream("GET", url, headers=headers) as reply:
                    self._check_peer(reply, url)
                    if reply.status_code not in _REDIRECTS:
                        return self._taken(reply, headers, deadline)
                    url = _next(url, reply)
        except httpx.HTTPError as error:
            raise _failed(url, error) from None
        raise DownloadError(
            f"{_shown(address)}: more than {self._limits.redirects} redirects"
        )

    def _check(self, url: httpx.URL) -> None:
        """Refuse what is not encrypted, or leads into a private network."""
        if _origin(url) == self._home:
            return
        if url.scheme != "https":
            raise DownloadError(f"{_shown(url)}: expected an https address")
        if self._allow_private or _goes_by_proxy(url):
            return
        try:
            found = socket.getaddrinfo(url.host, url.port or 443)
        except (OSError, UnicodeError) as error:
            raise _PassingError(
                f"{_shown(url)}: the server is not found: {clean(error)}"
            ) from None
        for *_, peer in found:
            _refuse_private(str(peer[0]), url)

    def _check_peer(self, reply: httpx.Response, url: httpx.URL) -> None:
        """Refuse a private address that a name has led to after all."""
        trusted = _origin(url) == self._home or self._allow_private
        if trusted or _goes_by_proxy(url):
            return
        stream = reply.extensions["network_stream"]
        _refuse_private(str(stream.get_extra_info("server_addr")[0]), url)

    def _taken(
        self,
        reply: httpx.Response,
        known: Mapping[str, str],
        deadline: float,
    ) -> Reply:
        """Content of a reply that is no redirect."""
        status = reply.status_code
        if status == httpx.codes.NOT_MODIFIED and known:
            return Reply(None, None, None)
        if status in _BUSY:
            raise self._busy(reply)
        if status in (404, 410):
            raise NotThereError(f"{_shown(reply.url)}: not there ({status})")
        if status != httpx.codes.OK:
            raise DownloadError(
                f"{_shown(reply.url)}: the server answered {status} "
                f"{clean(reply.reason_phrase)}"
            )
        data = b"".join(self._unpacked(reply, deadline))
        etag, stamp = map(
            _sendable,
            (reply.headers.get("etag"), reply.headers.get("last-modified")),
        )
        return Reply(data, etag, stamp)

    def _busy(self, reply: httpx.Response) -> DownloadError:
        """Fault of a server that may answer later."""
        what = f"{_shown(reply.url)}: the server answered {reply.status_code}"
        seconds = _seconds(reply.headers.get("retry-after", ""))
        if seconds > self._limits.longest_wait_seconds:
            return DownloadError(
                f"{what} and asks to wait {seconds:,.0f} seconds: try again "
                "then"
            )
        return _PassingError(what, seconds)

    def _unpacked(
        self, reply: httpx.Response, deadline: float
    ) -> Iterator[bytes]:
        """Pieces of the content, within size and time."""
        where, left = _shown(reply.url), self._limits.max_bytes
        unpack = _unpacker(reply.headers.get("content-encoding", ""), where)
        for packed in reply.iter_raw():
            if time.monotonic() > deadline:
                raise self._late(reply.url)
            piece = unpack(packed, left + 1)
            left -= len(piece)
            if left < 0:
                raise DownloadError(
                    f"{where}: larger than {self._limits.max_bytes:,} bytes, "
                    "unpacked: refused"
                )
            yield piece
        unpack(b"", 0)


def as_address(text: str) -> httpx.URL:
    """Address to ask, or an error that says what one looks like."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError) as error:
        raise DownloadError(
            f"{clean(text)!r} is no address: {clean(error)}"
        ) from None
    if url.scheme not in ("https", "http") or not url.host:
        raise DownloadError(
            f"{clean(text)!r}: expected an address such as "
            "https://example.org/maps"
        )
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _shown(url: object) -> str:
    """Address for messages, without what may be secret."""
    plain = httpx.URL(str(url)).copy_with(userinfo=b"", query=None)
    return clean(plain)


def _next(url: httpx.URL, reply: httpx.Response) -> httpx.URL:
    """Address that a redirect leads to."""
    target = reply.headers.get("location")
    if not target:
        raise DownloadError(f"{_shown(url)}: a redirect to nowhere")
    try:
        return as_address(str(url.join(target)))
    except httpx.InvalidURL:
        raise DownloadError(
            f"{_shown(url)}: a redirect to {clean(target)!r}"
        ) from None


def _sendable(value: str | None) -> str | None:
    """Value of a header, if it can be sent back."""
    plain = value is not None and value.isascii() and value.isprintable()
    return value if plain else None


def _refuse_private(host: str, url: httpx.URL) -> None:
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    if not mapped.is_global or mapped.is_multicast:
        raise DownloadError(
            f"{_shown(url)}: a redirect to {host}, in a private network: "
            "refused"
        )


def _goes_by_proxy(url: httpx.URL) -> bool:
    """Whether a proxy connects, and decides where to."""
    proxied = url.scheme in urllib.request.getproxies()
    return proxied and not urllib.request.proxy_bypass(url.host)


def _failed(url: httpx.URL, error: httpx.HTTPError) -> DownloadError:
    """Fault of a connection; one of certificates does not pass."""
    what = f"{_shown(url)}: {type(error).__name__}: {clean(error)}"
    if isinstance(error, httpx.ConnectError):
        what += ": check the address and the network"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return DownloadError(f"{what}: the connection is not safe")
        cause = cause.__cause__ or cause.__context__
    passing = isinstance(error, httpx.TransportError)
    return _PassingError(what) if passing else DownloadError(what)


def _seconds(text: str) -> float:
    """Seconds that Retry-After asks to wait; 0 where it asks nothing."""
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _unpacker(encoding: str, where: str) -> Callable[[bytes, int], bytes]:
    """From packed bytes and a limit to bytes; an empty call ends it."""
    if encoding.lower() in ("", "identity"):
        return lambda packed, limit: packed
    if encoding.lower() not in ("gzip", "x-gzip"):
        raise DownloadError(
            f"{where}: packed as {clean(encoding)}, which was not asked for"
        )
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def unpack(packed: bytes, limit: int) -> bytes:
        if not packed and not stream.eof:
            raise _PassingError(f"{where}: the reply is truncated")
        try:
            return stream.decompress(packed, limit) if packed else b""
        except zlib.error as error:
            raise _PassingError(f"{where}: {clean(error)}") from None

    return unpack
