"""
Changed files, written so that each is the old one or the new one at any moment.

The new bytes go to a temporary file in the same folder, which then takes the old one's name. An interrupt leaves at
worst nothing changed, never half of a file.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from svclint.errors import SvclintError


class NotWrittenError(SvclintError):
    """A file was left as it was; the message says which and why."""


def write(path: str, *, before: bytes, after: bytes) -> None:
    """
    Replace the file at `path`, whose bytes were `before` when it was read, by `after`.

    A symbolic link is followed: the file that it names is replaced. The mode stays, and the owner where the system
    allows it. Raises `NotWrittenError` if the file was changed meanwhile, is gone, read-only, or can't be written.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".svclint-{secrets.token_hex(8)}.tmp")
    try:
        status = target.stat()
        if not stat.S_ISREG(status.st_mode):
            raise NotWrittenError(f"{path}: not fixed, it is no regular file")
        if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise NotWrittenError(f"{path}: not fixed, the file is read-only")
        _fill(temporary, after, status)
        if target.read_bytes() != before:
            raise NotWrittenError(f"{path}: not fixed, the file was changed while svclint ran")
        temporary.replace(target)
    except PermissionError as error:
        where = f"its folder {target.parent}" if str(temporary) == error.filename else "it"
        raise NotWrittenError(f"{path}: not fixed, {where} can't be written ({error.strerror})") from error
    except OSError as error:
        raise NotWrittenError(f"{path}: not fixed, {error.strerror or error}") from error
    finally:
        # Also on KeyboardInterrupt; after the replacement the name is free.
        with contextlib.suppress(OSError):
            temporary.unlink()
    _sync_folder(target.parent)


def _fill(temporary: Path, data: bytes, status: os.stat_result) -> None:
    """Create the file with the bytes on disk, and with mode and owner of the one that it will replace."""
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    own = temporary.stat()
    if hasattr(os, "chown") and (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        _give(temporary, status)
    # After the owner, because a change of owner clears the set-user-ID bits.
    temporary.chmod(stat.S_IMODE(status.st_mode))


def _give(temporary: Path, status: os.stat_result) -> None:
    """Give the file to the owner and group, or to the group, as far as allowed: a fix is worth more than an owner."""
    for owner in (status.st_uid, -1):
        with contextlib.suppress(OSError):
            os.chown(temporary, owner, status.st_gid)
            return


def _sync_folder(folder: Path) -> None:
    """Make the new name durable where the system can; the content is on disk already."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
