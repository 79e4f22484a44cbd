"""Text damaged as by a bad line, a bad disk or a bad author."""

import random

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
