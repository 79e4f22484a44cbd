"""Text damaged as by a bad line, a bad disk or a bad author."""

import json
import os
import random
import subprocess
import sys

WORDS = (b"null", b"1e999", b"NaN", b"[", b"]", b"{}", b'"', b"-0", b"[[[")


def mutated(
    data: bytes, chance: random.Random, words: tuple[bytes, ...] = WORDS
) -> bytes:
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        start = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 3, 40))
        match chance.randrange(4):
            case 0:
                content[start : start + length] = chance.randbytes(length)
            case 1:
                content[start : start + length] = chance.choice(words)
            case 2:
                del content[start : start + length]
            case _:
                content[start:start] = content[start : start + 200]
    return bytes(content)


ALONE = """
import importlib, json, sys, warnings
import geofront as gf
from storage import peak_mb
module, name, *arguments = sys.argv[1:]
action = getattr(importlib.import_module(module), name)
warnings.simplefilter("error")
warnings.simplefilter("ignore", gf.GeofrontWarning)
slowest = action(*arguments)
print(json.dumps({"slowest_s": slowest, "peak_mb": peak_mb()}))
"""


def assert_bounded(module: str, action: str, *arguments: object) -> None:
    """Read damaged files in a process of their own: in time and memory.

    The action is a test module's, takes its arguments as text and gives the
    seconds of the slowest reading.
    """
    done = subprocess.run(
        [sys.executable, "-c", ALONE, module, action, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["slowest_s"] < 5.0
    assert told["peak_mb"] < 1024
