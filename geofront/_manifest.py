"""geofront.json: which files a store consists of, and their SHA-256.

It is the commit.  A writer puts every new file beside its place, as
``.YEAR.next``, replaces this list, and renames the files after that: from
the moment the list is replaced all of them count, under either name, and
until then none.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from geofront import _durable
from geofront._folder import Folder
from geofront._words import clean
from geofront.errors import StoreCorruptError, StoreError

__all__ = [
    "CRS",
    "FILE_NAME",
    "MANIFEST",
    "Manifest",
    "commit",
    "existing_manifest",
    "guarded",
    "read_files",
    "read_manifest",
    "settle",
    "sha256",
    "source_of",
    "staged_name",
    "year_of",
]

MANIFEST = "geofront.json"
VERSION = 1
CRS = "OGC:CRS84"

FILE_NAME = re.compile(r"source=([a-z0-9_]+)/([0-9]{4})\.parquet")
_HEAD = {"format": "geofront-store", "version": VERSION, "crs": CRS}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOREIGN = "it is damaged, or something else wrote it"

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Manifest:
    """Files of a store by name, with the SHA-256 of each."""

    files: Mapping[str, str]

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources, in order."""
        return tuple(sorted({source_of(name) for name in self.files}))

    def names(self, source: str) -> list[str]:
        """Files of a source, the earliest year first."""
        return sorted(name for name in self.files if source_of(name) == source)

    def to_bytes(self) -> bytes:
        """Text of the file."""
        return _sealed({**_HEAD, "files": dict(sorted(self.files.items()))})

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> "Manifest":
        """Read what :meth:`to_bytes` wrote.

        Raises
        ------
        StoreCorruptError
            If it is anything else, by as little as one bit.
        StoreError
            If a newer geofront wrote it.
        """
        content = _unsealed(data, where)
        for field, expected in _HEAD.items():
            found = content.get(field)
            # 1.0 and true equal 1.
            if found != expected or type(found) is not type(expected):
                raise StoreCorruptError(
                    f"{where}: expected {field} {expected!r}, found "
                    f"{clean(repr(found))}: {_FOREIGN}"
                )
        files = content.get("files")
        if not isinstance(files, dict) or not all(
            FILE_NAME.fullmatch(name) and _SHA256.fullmatch(str(digest))
            for name, digest in files.items()
        ):
            raise StoreCorruptError(
                f"{where}: expected a store's files, each with its SHA-256, "
                f"found others: {_FOREIGN}"
            )
        return cls(files)


def _sealed(content: dict[str, Any]) -> bytes:
    """Text whose last field vouches for all before it."""
    sealed = {**content, "sha256": _checksum(content)}
    return json.dumps(sealed, indent=1).encode() + b"\n"


def _checksum(content: dict[str, Any]) -> str:
    return sha256(json.dumps(content).encode())


def _unsealed(data: bytes, where: str) -> dict[str, Any]:
    """What a list says, if it vouches for that."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise StoreCorruptError(
            f"{where}: expected JSON, found {len(data):,} bytes that are "
            f"not: {_FOREIGN}"
        ) from None
    if not isinstance(content, dict):
        raise StoreCorruptError(
            f"{where}: expected a store's list, found other JSON: {_FOREIGN}"
        )
    stated = content.pop("sha256", None)
    _refuse_newer(content, stated, where)
    if stated != _checksum(content):
        raise StoreCorruptError(
            f"{where}: its checksum does not fit what it says: expected "
            f"{_checksum(content)}, found {str(stated)[:64]!r}: {_FOREIGN}"
        )
    if _sealed(content) != data:
        raise StoreCorruptError(
            f"{where}: what it says is whole, but it was written anew with "
            "other line ends, spaces or order of fields, as git and editors "
            "do: put a copy of the original back, and keep such tools from "
            "it (in .gitattributes: geofront.json -text)"
        )
    return content


def _refuse_newer(content: dict[str, Any], stated: Any, where: str) -> None:
    """Tell a later version before its seal, which may be of another kind."""
    version = content.get("version")
    if content.get("format") != _HEAD["format"] or type(version) is not int:
        return
    # A damaged digit is no later version: all else still fits this one.
    damaged = stated == _checksum({**content, "version": VERSION})
    if version > VERSION and not damaged:
        raise StoreError(
            f"{where}: the store is of version {version}, this geofront "
            f"reads {VERSION}: it takes a newer geofront"
        )


def source_of(name: str) -> str:
    """Source that a file's name states."""
    return name.partition("/")[0].removeprefix("source=")


def year_of(name: str) -> int:
    """Year, in UTC, that a file's name states."""
    return int(Path(name).stem)


def staged_name(name: str) -> str:
    """Name under which a file waits for its commit."""
    source, _, file = name.partition("/")
    return f"{source}/.{file.removesuffix('.parquet')}.next"


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(folder: Folder) -> Manifest | None:
    """Files of a store; None where there is no store."""
    try:
        data = folder.read(MANIFEST)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Manifest.from_bytes(data, folder.locate(MANIFEST))


def read_files(
    folder: Folder, wanted: Callable[[Manifest], Iterable[str]]
) -> dict[str, bytes]:
    """Bytes of files as one commit left them, by name.

    Parameters
    ----------
    folder : Folder
    wanted : callable
        From the store's list of files to the names asked for.

    Raises
    ------
    StoreCorruptError
        If a file is not what the list says.
    StoreError
        If there is no store.

    Notes
    -----
    Writers are not waited for.  One may replace the list between two of the
    steps here, so only what fails twice under the same list is damage.
    """
    failures = 0
    while True:
        manifest = existing_manifest(folder)
        try:
            return {
                name: _read_file(folder, name, manifest.files[name])
                for name in wanted(manifest)
            }
        except StoreCorruptError:
            failures += read_manifest(folder) == manifest
            if failures == 2:
                raise


def existing_manifest(folder: Folder) -> Manifest:
    """Files of a store that has to exist."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise StoreError(
            f"{folder.root}: expected a store, found no {MANIFEST} in it: "
            "gf.ingest, or `geofront ingest`, reads maps into one"
        )
    return manifest


def _read_file(folder: Folder, name: str, expected: str) -> bytes:
    """Bytes with this SHA-256, in their place or waiting beside it."""
    found = []
    # Once more under its own name: it may have got it between the two looks.
    for candidate in (name, staged_name(name), name):
        try:
            data = folder.read(candidate)
        except FileNotFoundError:
            continue
        found.append(sha256(data))
        if found[-1] == expected:
            return data
    raise StoreCorruptError(
        f"{folder.locate(name)}: expected SHA-256 {expected} as in "
        f"{MANIFEST}, found {found[0] if found else 'no such file'}: it is "
        "damaged, or something else changed it. Put a copy in its place, or "
        "ingest the source's files into a new store"
    )


def guarded(action: Callable[P, R]) -> Callable[P, R]:
    """Tell a full or failing disk as a StoreError."""

    @functools.wraps(action)
    def told(*args: P.args, **options: P.kwargs) -> R:
        try:
            return action(*args, **options)
        except OSError as error:
            raise StoreError(
                f"the store could not be written: {error}. It is as it was "
                "before, or complete: running the same again is safe"
            ) from error

    return told


@guarded
def commit(folder: Folder, files: Mapping[str, bytes]) -> None:
    """Replace files of a store, all of them or none.

    Parameters
    ----------
    folder : Folder
        Locked by the caller, and settled.
    files : mapping of str to bytes
        New content by name.
    """
    before = read_manifest(folder) or Manifest({})
    hashes = {name: sha256(data) for name, data in files.items()}
    after = Manifest({**before.files, **hashes})
    try:
        for name, data in files.items():
            _durable.stage(folder.path / staged_name(name), data)
        # The commit: from here on the staged files count.
        _durable.replace(folder.path / MANIFEST, after.to_bytes())
    except BaseException:
        settle_if_possible(folder)
        raise
    for name in files:
        _durable.publish(folder.path / staged_name(name), folder.path / name)


def settle_if_possible(folder: Folder) -> None:
    """Settle, unless the disk still fails: the next writer does it then."""
    try:
        settle(folder)
    except (OSError, StoreError):
        return


@guarded
def settle(folder: Folder) -> None:
    """Finish or undo what a writer that was stopped has left.

    A staged file that the list vouches for gets its name; any other is
    removed.  The folder has to be locked.
    """
    manifest = read_manifest(folder) or Manifest({})
    _durable.discard(_durable.staged(folder.path / MANIFEST))
    for staged in sorted(folder.path.glob("source=*/.*.next")):
        name = f"{staged.parent.name}/{staged.stem[1:]}.parquet"
        if sha256(staged.read_bytes()) == manifest.files.get(name):
            _durable.publish(staged, folder.path / name)
        else:
            _durable.discard(staged)
