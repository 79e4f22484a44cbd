"""The store when disks fail, processes die, and several write at once."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import storage
from storage import both_years, numbers, read_all, snapshot

import geofront as gf
from geofront import _durable, _manifest

PROGRAM = [sys.executable, storage.__file__]


def short_or_long(short: int, long: int) -> pytest.MarkDecorator:
    """Run a test briefly by default, and at length with the slow ones."""
    counts = [short, pytest.param(long, marks=pytest.mark.slow)]
    return pytest.mark.parametrize("count", counts)


# ---- a disk that fails


class FailingDisk:
    """The module os, but for one call on the way, or all from there on."""

    def __init__(self, fails_at: int, code: int, for_good: bool) -> None:
        self._left = fails_at
        self._code = code
        self._for_good = for_good
        self.failed: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def _step(self, name: str) -> bool:
        self._left -= 1
        fails = self._left == 0 or (self._left < 0 and self._for_good)
        if fails and self.failed is None:
            self.failed = name
        return fails

    def _fail(self) -> None:
        raise OSError(self._code, os.strerror(self._code))

    def open(self, *arguments: Any) -> int:
        return self._fail() if self._step("open") else os.open(*arguments)

    def write(self, descriptor: int, data: memoryview) -> int:
        if self._step("write"):
            # A full disk takes what still fits.
            os.write(descriptor, data[: len(data) // 2])
            self._fail()
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        return self._fail() if self._step("fsync") else os.fsync(descriptor)

    def replace(self, staged: Path, path: Path) -> None:
        if self._step("replace"):
            self._fail()
        staged.replace(path)


def append_or_error(store: gf.Store) -> str:
    """What an append says; nothing if all went well."""
    try:
        store.append(both_years(1))
    except gf.StoreError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("begun", "code", "for_good"),
    [
        (True, errno.ENOSPC, True),
        pytest.param(True, errno.EIO, False, marks=pytest.mark.slow),
        pytest.param(True, errno.ENOSPC, False, marks=pytest.mark.slow),
        pytest.param(True, errno.EIO, True, marks=pytest.mark.slow),
        pytest.param(False, errno.ENOSPC, True, marks=pytest.mark.slow),
        pytest.param(False, errno.EIO, False, marks=pytest.mark.slow),
    ],
)
def test_failing_disk_leaves_the_old_state_or_the_new_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begun: bool,
    code: int,
    for_good: bool,
) -> None:
    met, fails_at = set(), 0
    while True:
        fails_at += 1
        store = gf.Store(tmp_path / f"{fails_at}")
        if begun:
            store.append(both_years(0))
        disk = FailingDisk(fails_at, code, for_good)
        monkeypatch.setattr(_durable, "os", disk)
        told = append_or_error(store)
        monkeypatch.setattr(_durable, "os", os)
        if disk.failed is None:
            break
        assert os.strerror(code) in told
        assert "running the same again is safe" in told
        met.add(disk.failed)
        if store.exists:
            assert numbers(store) in (({0}, {0, 1}) if begun else ({1},))
            store.verify()
        store.append(both_years(1))
        assert numbers(store) == ({0, 1} if begun else {1})
        store.verify()
        assert not list(Path(store.path).rglob("*.next"))
    assert met == {"open", "write", "fsync", "replace"}
    assert fails_at > 20


class WatchedDisk:
    """The module os, which keeps what was asked of it, by path."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Path]] = []
        self._paths: dict[int, Path] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: Path, *arguments: Any) -> int:
        descriptor = os.open(path, *arguments)
        self._paths[descriptor] = path
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        self.asked.append(("write", self._paths[descriptor]))
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        self.asked.append(("fsync", self._paths[descriptor]))
        os.fsync(descriptor)

    def replace(self, staged: Path, path: Path) -> None:
        self.asked += [("from", staged), ("to", path)]
        staged.replace(path)


def test_what_gets_a_name_is_on_the_disk_and_so_is_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = gf.Store(tmp_path / "store")
    store.append(both_years(0))
    disk = WatchedDisk()
    monkeypatch.setattr(_durable, "os", disk)
    store.append(both_years(1))
    named = [path.name for call, path in disk.asked if call == "to"]
    assert named == ["geofront.json", "2024.parquet", "2025.parquet"]
    for place, (call, path) in enumerate(disk.asked):
        if call == "from":
            # Flushed after all that was written, and so is its folder, which
            # lists it.
            before = disk.asked[:place]
            last = max(i for i, a in enumerate(before) if a == ("write", path))
            assert ("fsync", path) in before[last:]
            assert ("fsync", path.parent) in before[last:]
        if call == "to":
            assert disk.asked[place + 1] == ("fsync", path.parent)
    # The list is replaced when all that it names is there.
    committed = disk.asked.index(("to", Path(store.path) / "geofront.json"))
    staged = [path for call, path in disk.asked if call == "write"]
    assert ("fsync", staged[0]) in disk.asked[:committed]
    assert {path.name for path in staged} == {
        ".2024.next",
        ".2025.next",
        ".geofront.json.next",
    }


# ---- a writer that is killed


@short_or_long(3, 100)
def test_killed_writer_loses_nothing_it_acknowledged(
    tmp_path: Path, count: int
) -> None:
    store, chance = gf.Store(tmp_path / "store"), random.Random(4)
    acknowledged: set[int] = set()
    for _ in range(count):
        first = max(acknowledged, default=-1) + 1
        with subprocess.Popen(
            [*PROGRAM, "append", store.path, str(first), "100000", "1"],
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            acknowledged.add(int(writer.stdout.readline()))
            time.sleep(chance.uniform(0.0, 0.15))
            writer.send_signal(signal.SIGKILL)
            acknowledged.update(map(int, writer.stdout.read().split()))
        begun = time.perf_counter()
        held = numbers(store)
        assert time.perf_counter() - begun < 5.0
        # One more may have been stored before it could say so.
        assert acknowledged <= held
        assert len(held) <= len(acknowledged) + count
        store.verify()
    store.append(both_years(8000))
    assert not list(Path(store.path).rglob("*.next"))


@short_or_long(2, 100)
def test_killed_ingest_loses_nothing_it_acknowledged(
    tmp_path: Path, count: int
) -> None:
    files, chance = tmp_path / "files", random.Random(6)
    storage.write_files(files, 500)
    root, acknowledged, rounds = tmp_path / "store-0", set[str](), 0
    for _ in range(count):
        if len(acknowledged) == 500:
            rounds += 1
            root, acknowledged = tmp_path / f"store-{rounds}", set()
        acknowledged |= killed_ingest(files, root, chance)
        store = gf.Store(root)
        if not store.exists:
            assert not acknowledged
            continue
        held = {item.id for item in store.open()}
        assert acknowledged <= held
        # Known files are passed over: what was not acknowledged but stored
        # will not be told again.
        acknowledged = held
        store.verify()
    gf.ingest([files], gf.Store(root), source="geofront")
    assert len(gf.Store(root).open()) == 500
    assert not list(root.rglob("*.next"))


def killed_ingest(files: Path, root: Path, chance: random.Random) -> set[str]:
    """Ids that `geofront ingest` acknowledges until it is killed."""
    call = ["ingest", str(files), "--source", "geofront", "--store", str(root)]
    with subprocess.Popen(
        [sys.executable, "-m", "geofront", *call],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        told = ""
        if chance.random() < 0.7:
            # From here on something is stored at any moment.
            told = writer.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.6))
        else:
            time.sleep(chance.uniform(0.5, 3.0))
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.read()
    whole = (
        told.splitlines() if told.endswith("\n") else told.splitlines()[:-1]
    )
    return {line.removeprefix("added ") for line in whole}


# ---- several writers, and readers


@short_or_long(4, 100)
def test_four_processes_append_at_once(tmp_path: Path, count: int) -> None:
    store = gf.Store(tmp_path / "store")
    store.append(both_years(0))
    writers = [
        # Two pairs, each pair appending the same: none may come twice.
        subprocess.Popen(
            [*PROGRAM, "append", store.path, str(first), str(2 * count), "2"],
            stdout=subprocess.DEVNULL,
        )
        for first in (0, 0, 1, 1)
    ]
    seen = 0
    while any(writer.poll() is None for writer in writers):
        # Fails if it sees the half of a commit.
        held = len(numbers(store))
        assert held >= seen
        seen = held
        time.sleep(0.01)
    assert [writer.returncode for writer in writers] == [0] * 4
    assert numbers(store) == set(range(2 * count))
    assert len(store.log()) == 4 * count
    assert set(store.log().revision) == {1}
    store.verify()


# ---- damage


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> gf.Store:
    """Store of two files; what tests do to it they undo."""
    store = gf.Store(tmp_path_factory.mktemp("small") / "store")
    store.append(item for number in range(8) for item in both_years(number))
    return store


@short_or_long(40, 1000)
def test_every_flipped_bit_is_reported(small: gf.Store, count: int) -> None:
    chance = random.Random(1)
    files = [path for path in Path(small.path).rglob("*.*") if path.is_file()]
    files = [path for path in files if path.stat().st_size]
    sizes = [path.stat().st_size for path in files]
    for _ in range(count):
        (path,) = chance.choices(files, sizes)
        whole = path.read_bytes()
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        # An ordinary read finds it as well, wherever it lies.
        for read in (small.verify, lambda: read_all(small)):
            with pytest.raises(gf.StoreCorruptError, match=path.name):
                read()
        path.write_bytes(whole)
    small.verify()


def test_other_readers_can_check_the_pages(small: gf.Store) -> None:
    path = Path(small.path) / "source=test" / "2025.parquet"
    whole = path.read_bytes()
    column = pq.read_metadata(path).row_group(0).column(9)
    assert column.path_in_schema == "geometry"
    flipped = bytearray(whole)
    flipped[column.data_page_offset + column.total_compressed_size - 30] ^= 4
    path.write_bytes(flipped)
    with (
        pq.ParquetFile(path, page_checksum_verification=True) as file,
        pytest.raises(OSError, match="CRC"),
    ):
        file.read(["geometry"])
    path.write_bytes(whole)


def test_an_ordinary_read_checks_the_pages(small: gf.Store) -> None:
    name = "source=test/2025.parquet"
    path, listed = (
        Path(small.path) / each for each in (name, "geofront.json")
    )
    whole, vouched = path.read_bytes(), listed.read_bytes()
    column = pq.read_metadata(path).row_group(0).column(9)
    assert column.path_in_schema == "geometry"
    end = column.data_page_offset + column.total_compressed_size
    for place in range(end - 30, end, 3):
        flipped = bytearray(whole)
        flipped[place] ^= 4
        path.write_bytes(flipped)
        # As if whoever damaged it had signed it: its hash fits.
        storage.sign(Path(small.path), name, bytes(flipped))
        with pytest.raises(gf.StoreCorruptError, match="CRC"):
            read_all(small)
        path.write_bytes(whole)
        listed.write_bytes(vouched)
    read_all(small)


@short_or_long(100, 5000)
def test_mutated_store_raises_nothing_foreign(
    tmp_path: Path, count: int
) -> None:
    store = gf.Store(tmp_path / "store")
    store.append(item for number in range(4) for item in both_years(number))
    done = subprocess.run(
        [*PROGRAM, "mutate", store.path, "7", str(count)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["slowest_s"] < 5.0
    assert told["peak_mb"] < 1024
    store.verify()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"digest": "0" * 64}, "the geometry does not fit the digest"),
        ({"area_km2": 1.0}, "does not have the area"),
        ({"revision": 2}, "a revision before 2 is missing"),
        ({"source": "other"}, "expected the source of its folder"),
    ],
)
def test_verify_compares_rows_with_each_other(
    tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    from geofront import _parquet

    store = gf.Store(tmp_path)
    store.append([snapshot(0)])
    name = "source=test/2025.parquet"
    file = _parquet.open_parquet((tmp_path / name).read_bytes(), name)
    rows = [{**row, **change} for row in file.read().to_pylist()]
    table = _parquet.pa.Table.from_pylist(rows, schema=_parquet.SCHEMA)
    data = _parquet.encode(table)
    (tmp_path / name).write_bytes(data)
    listed = _manifest.Manifest({name: _manifest.sha256(data)})
    (tmp_path / "geofront.json").write_bytes(listed.to_bytes())
    with pytest.raises(gf.StoreCorruptError, match=fault):
        store.verify()
