"""Text from files and paths as a terminal may show it: nothing in it can move the cursor or hide a word."""

from __future__ import annotations

TAB = "    "
_REPLACED = (
    {code: chr(0x2400 + code) for code in range(0x20)}
    | {0x09: TAB, 0x7F: "\u2421"}
    | dict.fromkeys((*range(0x80, 0xA0), 0x2028, 0x2029), "\ufffd")
    # Marks that turn the direction of what follows: the code that is shown must be the code that runs.
    | dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
)


def visible(text: str) -> str:
    """Return `text` on one line, with tabs as four spaces and control characters as their symbols."""
    return text if text.isprintable() else text.translate(_REPLACED)


def encodable(text: str) -> str:
    """Return `text` with a mark in place of what no encoding has: the bytes of a file name that is not UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def width(text: str) -> int:
    """Return how many cells of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - rich costs 30 ms, and most code is ASCII

    return cell_len(text)
