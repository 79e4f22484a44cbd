"""Words for messages: text from files made harmless, things counted."""

_SHOWN = 60


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things, in the singular where it is one."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def printable(text: object) -> str:
    """Text from a file in one line, without control characters."""
    shown = "".join(c if c.isprintable() else " " for c in str(text))
    return " ".join(shown.split())


def clean(text: object) -> str:
    """Text from a file, fit for a message: one line, printable, short."""
    line = printable(text)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
