"""Whatever a file system or an encoding can do wrong becomes an Unreadable; what is read can be written back."""

import codecs
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclint.source import reading
from svclint.source.model import Source, Unreadable
from svclint.source.reading import decode, read

ENCODINGS = ["utf-8", "latin-1", "cp1252", "koi8-r", "shift_jis", "utf-7", "gb18030", "unicode_escape"]


def refusal(result: Source | Unreadable) -> tuple[str, int]:
    assert isinstance(result, Unreadable)
    return result.reason, result.line


def source(result: Source | Unreadable) -> Source:
    assert isinstance(result, Source)
    return result


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"x = 1",
        b"x = 1\r\ny = 2\r\n",
        b"x = 1\ry = 2\r",
        b"x = 1\n\x0cdef f(): pass\n",
        "é = '😀'\n".encode(),
        codecs.BOM_UTF8,
        codecs.BOM_UTF8 + b"# coding: utf-8\r\nx = 1\r\n",
        b"#!/usr/bin/python\n# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        "# coding: cp1252\nx = '€'\n".encode("cp1252"),
        b"# vim: set fileencoding=koi8-r :\nx = '\xc1'\n",
    ],
)
def test_what_is_read_is_written_back_byte_for_byte(raw: bytes) -> None:
    """Encoding, byte order mark and line ends survive."""
    result = source(decode(raw, "/x.py"))

    assert raw == result.encode(result.data)
    assert b"\r" not in raw or b"\r" in result.data
    assert not result.data.startswith(codecs.BOM_UTF8)


def test_offsets_count_utf8_whatever_the_file_is_in() -> None:
    """The data of a Latin-1 file are its text in UTF-8."""
    result = source(decode(b"# coding: latin-1\nx = '\xe9'\n", "/x.py"))

    assert (result.encoding, result.text) == ("iso-8859-1", "# coding: latin-1\nx = 'é'\n")


def test_a_cr_ends_the_first_line() -> None:
    """What looks like a declaration far down in a file with CR line ends is none."""
    result = source(decode(b"# hi\r\r\rx = 'coding: latin-1'\r", "/x.py"))

    assert result.encoding == "utf-8"


def test_a_character_that_the_encoding_lacks_is_an_error() -> None:
    """A fix may not write what the file's declared encoding can't hold."""
    result = source(decode(b"# coding: latin-1\n", "/x.py"))

    with pytest.raises(UnicodeEncodeError):
        result.encode("x = '€'\n".encode())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"x = 1\ny = '\xe9'\n", ("not UTF-8 (byte 0xe9), and no other encoding is declared", 2)),
        (b"# coding: latin-2000\n", ("unknown encoding: latin-2000", 1)),
        (
            codecs.BOM_UTF8 + b"# coding: latin-1\n",
            ("the byte order mark says UTF-8, the encoding declaration says something else", 1),
        ),
        (b"x = 1\r\ny\0", ("contains NUL bytes: a binary file?", 2)),
        (b"\x7fELF\x02\x01\x01\0\0\xff\xfe", ("contains NUL bytes: a binary file?", 1)),
        ("x = 1\n".encode("utf-16"), ("contains NUL bytes: a binary file?", 1)),
    ],
)
def test_refusals_say_what_and_where(raw: bytes, expected: tuple[str, int]) -> None:
    """A reader can go to the line and see it."""
    assert expected == refusal(decode(raw, "/x.py"))


@pytest.mark.parametrize("codec", ["rot13", "hex", "utf-16", "undefined", "idna"])
def test_codecs_that_are_not_for_text_do_no_harm(codec: str) -> None:
    """A declaration can name any codec of Python's."""
    result = decode(f"# coding: {codec}\nx = 1\n".encode(), "/x.py")

    assert isinstance(result, Unreadable) or result.text


def test_a_codec_that_loses_bytes_can_be_read_but_not_written() -> None:
    """UTF-7 has several spellings of one text; which one the file had is not known afterwards."""
    result = source(decode(b"# coding: utf-7\nx = '+AOk-'\n", "/x.py"))

    assert "x = 'é'" in result.text
    with pytest.raises(UnicodeEncodeError):
        result.encode(result.data)


@given(
    encoding=st.sampled_from(ENCODINGS),
    bom=st.booleans(),
    body=st.one_of(st.binary(max_size=60), st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace"))),
)
def test_any_bytes_are_refused_or_round_trip(*, encoding: str, bom: bool, body: bytes) -> None:
    """Nothing raises, and nothing that could be written differs."""
    raw = (codecs.BOM_UTF8 if bom else b"") + f"# coding: {encoding}\n".encode() + body

    result = decode(raw, "/x.py")

    if isinstance(result, Source):
        assert result.data.decode("utf-8") == result.text
        if result.lossless:
            assert raw == result.encode(result.data)


def test_paths_that_can_not_be_read(tmp_path) -> None:
    """Each has its reason, and none raises or blocks."""
    os.mkfifo(tmp_path / "fifo.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "broken.py").symlink_to("nowhere.py")

    assert refusal(read(str(tmp_path / "gone.py"))) == ("no such file", 0)
    assert refusal(read(str(tmp_path / "broken.py"))) == ("no such file", 0)
    assert refusal(read(str(tmp_path))) == ("is a directory", 0)
    assert refusal(read(str(tmp_path / "fifo.py"))) == ("not a regular file", 0)
    assert refusal(read(str(tmp_path / "loop.py"))) == ("symbolic links go round in circles", 0)
    assert refusal(read("/dev/null")) == ("not a regular file", 0)
    assert refusal(read("a\0b")) == ("not a possible path", 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path) -> None:
    """The reason names the permission."""
    path = tmp_path / "x.py"
    path.touch(mode=0)

    assert refusal(read(str(path))) == ("permission denied", 0)


def test_a_huge_file_is_told(tmp_path, monkeypatch) -> None:
    """Its size is the reason, and no more of it is read than the limit."""
    monkeypatch.setattr(reading, "SIZE_LIMIT", 3 * 1024 * 1024)
    path = tmp_path / "x.py"
    with path.open("wb") as handle:
        handle.truncate(1 << 34)

    assert refusal(read(str(path))) == ("larger than 3 MB", 0)
