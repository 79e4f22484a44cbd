"""Fetch packages from npm and PyPI, checked against their SHA-256."""

import hashlib
import subprocess
import sys
from pathlib import Path


def npm_package(spec: str, sha256: str, folder: Path) -> Path:
    """Download a package from npm, as ``name@version``: its tarball."""
    run("npm", "pack", "--silent", spec, folder=folder)
    return checked(spec, sha256, folder, "*.tgz")


def pypi_wheel(spec: str, sha256: str, folder: Path) -> Path:
    """Download a wheel from PyPI, as ``name==version``."""
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
    run(*pip, "--only-binary=:all:", spec, folder=folder)
    return checked(spec, sha256, folder, "*.whl")


def run(*words: str, folder: Path) -> None:
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def checked(spec: str, sha256: str, folder: Path, pattern: str) -> Path:
    (archive,) = folder.glob(pattern)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{spec}: expected sha256 {sha256}, found {found}")
    return archive
