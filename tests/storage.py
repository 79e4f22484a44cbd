"""Snapshots to store, and processes that store, or read what is damaged.

Run as a program, since some of these processes are to be killed, or might
crash: ``storage.py append ROOT FIRST COUNT STEP`` or ``storage.py mutate
ROOT SEED COUNT``.
"""

import contextlib
import datetime as dt
import json
import random
import re
import resource
import sys
import time
from pathlib import Path

import shapely

import geofront as gf
from geofront import _manifest
from geofront.sources.profile import file_name, write_snapshot

YEARS = (2024, 2025)


def snapshot(
    number: int, source: str = "test", *, grow: float = 0.0, year: int = 2025
) -> gf.Snapshot:
    """Snapshot of a day: boxes, the occupied one a little larger each day."""
    east = 38.0 + number / 10000 + grow
    return gf.Snapshot(
        source,
        dt.datetime(year, 1, 1, 20, tzinfo=dt.UTC)
        + dt.timedelta(hours=number),
        shapely.box(37.0, 48.0, east, 49.0),
        shapely.box(east, 48.0, east + 0.1, 49.0),
    )


def both_years(number: int) -> list[gf.Snapshot]:
    """What one append adds: it has to be in both files, or in neither."""
    return [snapshot(number, year=year) for year in YEARS]


def numbers(store: gf.Store) -> set[int]:
    """Which appends a store holds; fails if it holds a half of one."""
    hours: dict[int, set[int]] = {year: set() for year in YEARS}
    for item in store.open():
        begun = dt.datetime(item.published_at.year, 1, 1, 20, tzinfo=dt.UTC)
        number = (item.published_at - begun) // dt.timedelta(hours=1)
        hours[begun.year].add(number)
    first, second = hours.values()
    assert first == second, "half of a commit is seen"
    return first


def write_files(folder: Path, count: int) -> None:
    """Files of as many days, in geofront's profile."""
    folder.mkdir()
    for number in range(count):
        item = snapshot(number)
        (folder / file_name(item)).write_bytes(write_snapshot(item))


def append(root: str, first: str, count: str, step: str) -> None:
    """Append some, and say each one only when it is on the disk."""
    store = gf.Store(root)
    for number in range(int(first), int(first) + int(count), int(step)):
        store.append(both_years(number))
        print(number, flush=True)


def mutate(root: str, seed: str, count: str) -> None:
    """Read a store over and over, damaged in another way each time.

    Prints the slowest read and the most memory that it took.
    """
    store, slowest = gf.Store(root), 0.0
    files = [path for path in Path(root).rglob("*.*") if path.is_file()]
    whole = {path: path.read_bytes() for path in files}
    chance = random.Random(int(seed))
    for _ in range(int(count)):
        path = chance.choice(files)
        path.write_bytes(_damaged(whole[path], chance))
        # As if whoever damaged it had known how to sign it.
        if path.suffix == ".parquet" and chance.random() < 0.5:
            name = path.relative_to(root).as_posix()
            sign(Path(root), name, path.read_bytes())
        begun = time.perf_counter()
        with contextlib.suppress(gf.GeofrontError):
            read_all(store)
        with contextlib.suppress(gf.GeofrontError):
            store.verify()
        slowest = max(slowest, time.perf_counter() - begun)
        for changed, data in whole.items():
            changed.write_bytes(data)
    print(json.dumps({"slowest_s": slowest, "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """Memory of this process at its peak.

    What getrusage tells begins with that of the process that started it.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
    return int(line) / 1024


def read_all(store: gf.Store) -> None:
    """Read everything that an analysis might."""
    for item in store.open():
        item.areas()
        for state in ("occupied", "grey_zone", "regained", "coverage"):
            getattr(item, state)
    store.log()


def sign(root: Path, name: str, data: bytes) -> None:
    path = root / "geofront.json"
    listed = _manifest.Manifest.from_bytes(path.read_bytes(), "here")
    files = {**listed.files, name: _manifest.sha256(data)}
    path.write_bytes(_manifest.Manifest(files).to_bytes())


def _damaged(data: bytes, chance: random.Random) -> bytes:
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        start = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 4, 64, 1000))
        noise = chance.randbytes(length)
        match chance.randrange(5):
            case 0:
                content[start : start + length] = noise
            case 1:
                content[start:start] = noise
            case 2:
                del content[start : start + length]
            case 3:
                del content[start:]
            case _:
                content[start:start] = content[start : start + length]
    return bytes(content)


if __name__ == "__main__":
    {"append": append, "mutate": mutate}[sys.argv[1]](*sys.argv[2:])
