"""The embedded files."""

import gzip
from importlib.resources import files


def unpacked(folder: str, name: str) -> bytes:
    """Content of an embedded file, of the folder named for its licence."""
    packed = files(__package__).joinpath(folder, name).read_bytes()
    return gzip.decompress(packed)
