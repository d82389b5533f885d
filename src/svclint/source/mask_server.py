"""
The child process that masks: `python -P -m svclint.source.mask_server`, driven by `mask_client`.

Requests and replies are MessagePack behind their length, four bytes little-endian. The process ends with its input. A
text that kills LibCST's native parser kills only this process.
"""

from __future__ import annotations

import gc
import re
import signal
import struct
import sys
from typing import IO

import msgspec

from svclint.source.model import MaskedSpan

_LENGTH = struct.Struct("<I")
_PLACE = re.compile(r"error at (\d+):(\d+)")


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """
    The masked text, or why there is none.

    `line` (1-based) is where LibCST has found a syntax error, 0 if it found none or does not say. `failure` is set
    when svclint or LibCST is at fault, not the text.
    """

    data: bytes | None = None
    spans: tuple[MaskedSpan, ...] = ()
    line: int = 0
    failure: str = ""


def answer(data: bytes) -> Reply:
    """Mask a text; LibCST is imported with the first one."""
    import libcst as cst  # noqa: PLC0415  # the client imports this module for `Reply`, and must not pay for LibCST

    from svclint.source.constructs import mask  # noqa: PLC0415
    from svclint.source.cst_positions import UnfaithfulTreeError  # noqa: PLC0415

    try:
        masked = mask(data)
    except cst.ParserSyntaxError as error:
        # `raw_line` is often that of the next line; the message has what the native parser said.
        place = _PLACE.search(error.message)
        return Reply(line=int(place[1]) if place else 0)
    except UnfaithfulTreeError:
        return Reply(failure="LibCST does not give this text back as it was")
    except Exception as error:  # svclint: allow[SVC403] LibCST raises anything on hostile text; the reply names it
        return Reply(failure=f"{type(error).__name__} in LibCST")
    return Reply(data=masked.data, spans=masked.spans)


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message."""
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one message; None when the other side has gone, also in the middle of it."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    message = stream.read(size)
    return message if len(message) == size else None


def serve() -> None:
    """Answer until the input ends."""
    # Ctrl-C goes to the whole process group; the parent decides, and closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # LibCST's tree is written out recursively; the native parser has a limit of its own.
    sys.setrecursionlimit(20_000)
    # Trees have no cycles, and the collector would walk them again and again while they grow.
    gc.disable()
    while (request := receive(sys.stdin.buffer)) is not None:
        send(sys.stdout.buffer, msgspec.msgpack.encode(answer(request)))


if __name__ == "__main__":
    serve()
