"""Files on disk: the old one or the new one, never half of it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from svclint.fixing import write as writing
from svclint.fixing.write import NotWrittenError, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.py"
    path.write_bytes(b"old\r\n")
    return path


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_bytes_are_written_as_given(file: Path) -> None:
    """
    Nothing is translated, and nothing but the file is left.
    """
    write(str(file), before=b"old\r\n", after=b"\xef\xbb\xbfnew\r\n")

    assert b"\xef\xbb\xbfnew\r\n" == file.read_bytes()
    assert ["a.py"] == _names(file.parent)


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o664])
def test_mode_stays(file: Path, mode: int) -> None:
    """
    A script stays executable, a private file private, whatever the umask.
    """
    file.chmod(mode)
    write(str(file), before=b"old\r\n", after=b"new\r\n")

    assert mode == stat.S_IMODE(file.stat().st_mode)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_owner_stays(file: Path) -> None:
    """
    A root that fixes a user's file leaves it to the user.
    """
    os.chown(file, 12345, 12346)
    write(str(file), before=b"old\r\n", after=b"new\r\n")

    assert (12345, 12346) == (file.stat().st_uid, file.stat().st_gid)


def test_links_stay_links(file: Path, tmp_path: Path) -> None:
    """
    The file behind the link is replaced, also in another folder.
    """
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "b.py"
    link.symlink_to(file)
    write(str(link), before=b"old\r\n", after=b"new\r\n")

    assert link.is_symlink()
    assert b"new\r\n" == file.read_bytes()
    assert ["b.py"] == _names(folder)


def test_a_file_that_changed_meanwhile_is_left_alone(file: Path) -> None:
    """
    Someone's editor was faster: their text is worth more than the fix.
    """
    with pytest.raises(NotWrittenError, match=r"a\.py: not fixed, the file was changed while svclint ran"):
        write(str(file), before=b"older\r\n", after=b"new\r\n")

    assert b"old\r\n" == file.read_bytes()
    assert ["a.py"] == _names(file.parent)


def test_a_read_only_file_is_left_alone(file: Path) -> None:
    """
    Its mode says so, also to root, whom the system would let write.
    """
    file.chmod(0o444)
    with pytest.raises(NotWrittenError, match="the file is read-only"):
        write(str(file), before=b"old\r\n", after=b"new\r\n")

    assert b"old\r\n" == file.read_bytes()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(file: Path) -> None:
    """
    The message names the folder: the file itself may be writable.
    """
    file.parent.chmod(0o555)
    try:
        with pytest.raises(NotWrittenError, match=r"its folder .* can't be written"):
            write(str(file), before=b"old\r\n", after=b"new\r\n")
    finally:
        file.parent.chmod(0o755)

    assert b"old\r\n" == file.read_bytes()


def test_a_denied_folder_is_told_by_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The same for root, to whom no folder is read-only: the system's refusal is played.
    """
    opened = os.open

    def refuse(path: object, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return opened(path, flags, mode)

    monkeypatch.setattr(writing.os, "open", refuse)
    with pytest.raises(
        NotWrittenError, match=r"a\.py: not fixed, its folder .* can't be written \(Permission denied\)"
    ):
        write(str(file), before=b"old\r\n", after=b"new\r\n")


@pytest.mark.parametrize("name", ["gone.py", "a.py/b.py", "."])
def test_what_is_no_file_is_told(file: Path, name: str) -> None:
    """
    A file that vanished, or became something else, is one message.
    """
    with pytest.raises(NotWrittenError, match="not fixed"):
        write(str(file.parent / name), before=b"old\r\n", after=b"new\r\n")

    assert ["a.py"] == _names(file.parent)


@pytest.mark.parametrize("step", ["_fill", "_sync_folder"])
def test_an_interrupt_leaves_a_whole_file(file: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """
    Ctrl-C before the replacement keeps the old file, after it the new one; no temporary file stays.
    """
    carried_out = getattr(writing, step)

    def interrupt(*arguments: object) -> None:
        carried_out(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(str(file), before=b"old\r\n", after=b"new\r\n")

    assert {"_fill": b"old\r\n", "_sync_folder": b"new\r\n"}[step] == file.read_bytes()
    assert ["a.py"] == _names(file.parent)


def test_a_full_disk_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The old file stays.
    """

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", fail)
    with pytest.raises(NotWrittenError, match="No space left on device"):
        write(str(file), before=b"old\r\n", after=b"new\r\n")

    assert b"old\r\n" == file.read_bytes()
    assert ["a.py"] == _names(file.parent)
