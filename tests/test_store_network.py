"""A store over a network: what fails there is told as what it is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from click.testing import CliRunner
from fsspec.implementations.memory import MemoryFileSystem
from serving import Answer, Server, content, hanging_up, serving, status
from storage import snapshot

import geofront as gf
from geofront.cli import main

NAME = "source=test/2025.parquet"


@pytest.fixture
def store(tmp_path: Path) -> gf.Store:
    store = gf.Store(tmp_path / "store")
    store.append([snapshot(0), snapshot(1)])
    return store


def assert_told(address: str, told: str) -> None:
    """Neither a store that is not there nor damage, but what happened."""
    with pytest.raises(gf.StoreError, match=told) as raised:
        gf.Store(address).open()
    assert type(raised.value) is gf.StoreError
    assert "found no geofront.json" not in str(raised.value)
    result = CliRunner().invoke(main, ["info", address])
    assert result.exit_code == 1
    assert re.search(told, " ".join(result.stderr.split()))
    assert "Traceback" not in result.output


# ---- any protocol: each library has errors of its own


class NoCredentialsError(Exception):
    """As of botocore: no OSError."""


@pytest.fixture
def remote(store: gf.Store) -> Iterator[str]:
    files = fsspec.filesystem("memory")
    files.put(store.path, "/network/store", recursive=True)
    yield "memory://network/store"
    files.rm("/network", recursive=True)


@pytest.mark.parametrize("name", ["geofront.json", ".parquet"])
@pytest.mark.parametrize(
    "error",
    [
        NoCredentialsError("Unable to locate credentials"),
        PermissionError("Access Denied"),
        TimeoutError("too slow"),
        RuntimeError("Session is closed"),
    ],
)
def test_what_a_library_raises_is_told(
    remote: str, monkeypatch: pytest.MonkeyPatch, name: str, error: Exception
) -> None:
    assert len(gf.Store(remote).open()) == 2
    fetched = MemoryFileSystem.cat_file

    def failing(self: MemoryFileSystem, path: str, **options: Any) -> Any:
        if path.endswith(name):
            raise error
        return fetched(self, path, **options)

    monkeypatch.setattr(MemoryFileSystem, "cat_file", failing)
    assert_told(remote, f"could not be fetched: {type(error).__name__}")


def test_what_is_not_there_is_told_as_that(remote: str) -> None:
    with pytest.raises(gf.StoreError, match=r"found no geofront\.json"):
        gf.Store(remote + "/nowhere").open()
    fsspec.filesystem("memory").rm("/network/store/" + NAME)
    with pytest.raises(gf.StoreCorruptError, match="found no such file"):
        gf.Store(remote).open()


def test_an_address_without_its_library_is_told() -> None:
    with pytest.raises(gf.StoreError, match=r"pip install 'geofront\[s3\]'"):
        gf.Store("nosuchprotocol://bucket").open()


# ---- http


@pytest.fixture
def server(store: gf.Store) -> Iterator[Server]:
    pytest.importorskip("aiohttp", reason="takes geofront[s3]")
    with serving() as server:
        for name in ("geofront.json", NAME):
            data = (Path(store.path) / name).read_bytes()
            server.answers[f"/store/{name}"] = content(data)
        yield server


def test_a_store_is_read_over_http(server: Server, store: gf.Store) -> None:
    assert gf.Store(server.url + "/store").open() == store.open()


def test_a_page_that_is_not_there_is_no_store(server: Server) -> None:
    with pytest.raises(gf.StoreError, match=r"found no geofront\.json"):
        gf.Store(server.url + "/other").open()


@pytest.mark.parametrize("name", ["geofront.json", NAME])
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (status(403), "403"),
        (status(500), "500"),
        (status(503), "503"),
        (hanging_up, "isconnected"),
    ],
)
def test_an_answer_that_is_no_file_is_told(
    server: Server, name: str, answer: Answer, told: str
) -> None:
    server.answers[f"/store/{name}"] = answer
    assert_told(server.url + "/store", f"could not be fetched: .*{told}")


def test_a_server_that_cannot_be_reached_is_told() -> None:
    pytest.importorskip("aiohttp", reason="takes geofront[s3]")
    with serving() as server:
        closed = server.url
    assert_told(closed + "/store", "could not be fetched: ClientConnector")
    assert_told("http://no.such.host.invalid/store", "could not be fetched")


# ---- s3


def test_s3_without_credentials_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("s3fs", reason="takes geofront[s3]")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    nothing = str(tmp_path / "nothing")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", nothing)
    monkeypatch.setenv("AWS_CONFIG_FILE", nothing)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert_told("s3://no-such-bucket/store", "credentials")
