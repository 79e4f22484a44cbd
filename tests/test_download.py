"""The client, against a server that misbehaves in every way known."""

import datetime as dt
import email.utils
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme
from authored import gzipped
from serving import (
    Answer,
    Server,
    content,
    dripping,
    dripping_headers,
    garbage,
    hanging_up,
    in_turn,
    packed,
    redirect,
    serving,
    silent,
    since,
    status,
    truncated,
    with_etag,
)

import geofront as gf
from geofront.sources import download
from geofront.sources.download import Client, Limits
from geofront.sources.remote import NotThereError

DATA = b'{"type": "FeatureCollection", "features": []}'
HASTY = Limits(
    connect_seconds=2.0,
    read_seconds=0.4,
    total_seconds=0.5,
    max_bytes=100_000,
    tries=3,
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trust the authority, as a user would an office's."""
    certificate = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server(authority: trustme.CA, trusted: None) -> Iterator[Server]:
    with serving(authority) as running:
        yield running


class Waits(list[float]):
    """Takes the place of sleeping."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


def asked(server: Server, waits: Waits, answer: Answer, **options: object):
    server.answers["/file"] = answer
    known = {"limits": HASTY, "sleep": waits, **options}
    with Client(server.url, **known) as client:
        return client.get(f"{server.url}/file")


# ---- what goes well


def test_content_is_had(server: Server, waits: Waits) -> None:
    reply = asked(server, waits, content(DATA, ETag='"1"'))
    assert reply == (DATA, '"1"', None)
    assert waits == []
    ((_, headers),) = server.asked
    assert headers["User-Agent"].startswith("geofront")
    assert headers["Accept-Encoding"] == "gzip"


def test_packed_content_is_unpacked(server: Server, waits: Waits) -> None:
    assert asked(server, waits, packed(DATA)).data == DATA


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        (with_etag(DATA, '"7"'), {"etag": '"7"'}),
        (
            since(DATA, "Mon, 24 Feb 2025 20:00:00 GMT"),
            {"last_modified": "Mon, 24 Feb 2025 20:00:00 GMT"},
        ),
    ],
)
def test_what_is_known_is_not_sent_again(
    server: Server, answer: Answer, known: dict[str, str]
) -> None:
    server.answers["/file"] = answer
    with Client(server.url) as client:
        assert client.get(f"{server.url}/file").data == DATA
        assert client.get(f"{server.url}/file", **known).data is None


def test_mark_that_cannot_be_sent_back_is_not_kept(
    server: Server, waits: Waits
) -> None:
    assert asked(server, waits, content(DATA, ETag='"\xe9"')).etag is None


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirect_is_followed(server: Server, waits: Waits, code: int) -> None:
    server.answers["/other"] = content(DATA)
    assert asked(server, waits, redirect("/other", code)).data == DATA


@pytest.mark.parametrize(
    "bad",
    [
        status(500),
        status(503),
        truncated(DATA),
        hanging_up,
        garbage,
        packed(DATA, -6),
        silent(1.0),
    ],
)
def test_fault_that_passes_costs_a_wait(
    server: Server, waits: Waits, bad: Answer
) -> None:
    reply = asked(server, waits, in_turn(bad, content(DATA)))
    assert reply.data == DATA
    assert len(waits) == 1
    assert 0.5 <= waits[0] <= 1.0


def test_wait_that_is_asked_for_is_kept(server: Server, waits: Waits) -> None:
    busy = status(429, Retry_After="17")
    assert asked(server, waits, in_turn(busy, content(DATA))).data == DATA
    assert waits == [17.0]


def test_wait_until_a_moment_is_kept(server: Server, waits: Waits) -> None:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=40)
    stamp = email.utils.format_datetime(moment, usegmt=True)
    busy = status(503, Retry_After=stamp)
    assert asked(server, waits, in_turn(busy, content(DATA))).data == DATA
    assert 35 < waits[0] <= 40


def test_waits_grow_and_differ(server: Server, waits: Waits) -> None:
    limits = HASTY._replace(tries=6)
    with pytest.raises(gf.DownloadError, match="answered 500"):
        asked(server, waits, status(500), limits=limits)
    assert len(waits) == 5
    for number, seconds in enumerate(waits):
        assert 0.5 * 2**number <= seconds <= 2**number
    assert len(server.asked) == 6


# ---- what is refused

BOMB = gzipped(50)


@pytest.mark.parametrize(
    ("answer", "told", "tries"),
    [
        (status(500), "answered 500", 3),
        (status(429), "answered 429", 3),
        (status(429, Retry_After="3600"), "wait 3,600 seconds: try again", 1),
        (status(503, Retry_After="soon"), "answered 503", 3),
        (status(403), "answered 403 Forbidden", 1),
        (status(404), "not there", 1),
        (status(204), "answered 204", 1),
        (status(304), "answered 304", 1),
        (truncated(DATA), "RemoteProtocolError", 3),
        (packed(DATA, -6), "the reply is truncated", 3),
        (content(DATA, Content_Encoding="gzip"), "incorrect header", 3),
        (content(DATA, Content_Encoding="br"), "packed as br", 1),
        (content(b"x" * 100_001), "larger than 100,000 bytes", 1),
        (content(BOMB, Content_Encoding="gzip"), "larger than 100,000", 1),
        (
            content(BOMB, Content_Encoding="gzip, gzip"),
            "packed as gzip, gzip",
            1,
        ),
        (redirect("/file"), "more than 5 redirects", 6),
        (redirect("http://example.org/"), "expected an https address", 1),
        (redirect("ftp://example.org/"), "expected an address such as", 1),
        (redirect("file:///etc/passwd"), "expected an address such as", 1),
        (redirect(""), "a redirect to nowhere", 1),
        (redirect("https://127.0.0.1/"), "in a private network", 1),
        (redirect("https://127.1.2.3:8443/"), "in a private network", 1),
        (redirect("https://[::1]/"), "in a private network", 1),
        (redirect("https://[::ffff:10.0.0.1]/"), "in a private network", 1),
        (redirect("https://10.0.0.1/"), "in a private network", 1),
        (redirect("https://192.168.1.1/"), "in a private network", 1),
        (redirect("https://169.254.169.254/x"), "in a private network", 1),
        (redirect("https://localhost/"), "in a private network", 1),
        (redirect("https://2130706433/"), "in a private network", 1),
        (silent(1.0), "ReadTimeout", 3),
        (dripping(b"x" * 100, 0.1), "not complete after 0.5 seconds", 3),
        (dripping_headers(0.1), "not complete after 0.5 seconds", 3),
        (hanging_up, "RemoteProtocolError", 3),
        (garbage, "RemoteProtocolError", 3),
    ],
)
def test_fault_is_told_after_so_many_tries(
    server: Server, waits: Waits, answer: Answer, told: str, tries: int
) -> None:
    with pytest.raises(gf.DownloadError, match=told) as raised:
        asked(server, waits, answer)
    assert len(server.asked) == tries
    assert str(raised.value).isprintable()


def test_file_that_is_not_there_is_an_error_of_its_own(
    server: Server, waits: Waits
) -> None:
    with pytest.raises(NotThereError):
        asked(server, waits, status(410))


def test_redirect_to_another_server_here_is_refused_unless_allowed(
    server: Server, authority: trustme.CA, waits: Waits
) -> None:
    with serving(authority) as other:
        other.answers["/"] = content(DATA)
        target = redirect(f"{other.url}/")
        with pytest.raises(gf.DownloadError, match="in a private network"):
            asked(server, waits, target)
        assert other.asked == []
        reply = asked(server, waits, target, allow_private=True)
        assert reply.data == DATA


def test_name_that_turns_to_a_private_address_is_refused(
    server: Server,
    authority: trustme.CA,
    waits: Waits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server may answer otherwise when the connection is made."""
    public = [(2, 1, 6, "", ("93.184.215.14", 443))]
    with serving(authority) as other:
        other.answers["/"] = content(DATA)
        target = redirect(f"{other.url}/")
        monkeypatch.setattr(
            download.socket, "getaddrinfo", lambda *_, **__: public
        )
        # The connection itself resolves by the system.
        monkeypatch.setattr(
            "httpcore._backends.sync.socket.create_connection",
            lambda address, *_, **__: _connected("127.0.0.1", address[1]),
        )
        with pytest.raises(gf.DownloadError, match=r"127\.0\.0\.1, in a pri"):
            asked(server, waits, target)


def _connected(host: str, port: int):
    import socket

    found = socket.socket(socket.AF_INET)
    found.connect((host, port))
    return found


def test_unknown_certificate_is_refused_at_once(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, waits: Waits
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    told = pytest.raises(gf.DownloadError, match="connection is not safe")
    with serving(authority) as server, told:
        asked(server, waits, content(DATA))
    assert waits == []
    assert server.asked == []


def test_certificate_of_another_name_is_refused(
    trusted: None, authority: trustme.CA, waits: Waits
) -> None:
    with serving(authority) as server:
        server.url = server.url.replace("localhost", "127.0.0.1")
        with pytest.raises(gf.DownloadError, match="connection is not safe"):
            asked(server, waits, content(DATA))


def test_server_that_speaks_no_tls_is_refused(
    trusted: None, waits: Waits
) -> None:
    with serving() as server:
        server.url = server.url.replace("http:", "https:")
        with pytest.raises(gf.DownloadError, match="connection is not safe"):
            asked(server, waits, content(DATA))


def test_plain_http_is_taken_where_the_user_names_it(waits: Waits) -> None:
    with serving() as server:
        assert asked(server, waits, content(DATA)).data == DATA
        told = pytest.raises(gf.DownloadError, match="expected an https")
        with Client("https://example.org") as client, told:
            client.get(f"{server.url}/file")


def test_nobody_there_is_told(waits: Waits) -> None:
    with serving() as server:
        url = server.url
    told = pytest.raises(gf.DownloadError, match="ConnectError")
    with Client(url, limits=HASTY, sleep=waits) as client, told:
        client.get(f"{url}/file")
    assert len(waits) == 2


@pytest.mark.parametrize(
    "base", ["", "example.org", "ftp://example.org", "https://", "https://x:y"]
)
def test_base_that_is_no_address_is_told(base: str) -> None:
    with pytest.raises(gf.DownloadError, match="address"):
        Client(base)


def test_message_holds_no_secret(server: Server, waits: Waits) -> None:
    server.answers["/file"] = status(403)
    base = server.url.replace("https://", "https://user:secret@")
    with Client(base) as client, pytest.raises(gf.DownloadError) as raised:
        client.get(f"{base}/file?token=secret")
    assert "secret" not in str(raised.value)


def test_proxy_decides_where_a_name_leads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert download._goes_by_proxy(httpx.URL("https://example.org"))
    monkeypatch.setenv("no_proxy", "example.org")
    assert not download._goes_by_proxy(httpx.URL("https://example.org"))


def test_defaults_are_those_of_the_documents() -> None:
    limits = Limits()
    assert limits.redirects == 5
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
    assert limits.max_bytes == 128 * 2**20
