"""Words for messages: text from files made harmless, things counted."""

_SHOWN = 60


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things, in the singular where it is one."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def clean(text: object) -> str:
    """Text from a file, fit for a message: one line, printable, short."""
    printable = "".join(c if c.isprintable() else " " for c in str(text))
    line = " ".join(printable.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
