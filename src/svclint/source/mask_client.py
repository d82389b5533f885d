"""The parent's side of masking: one child for each process, started by the first file that needs it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import msgspec

from svclint.source.mask_server import Reply, receive, send

if TYPE_CHECKING:
    from typing import IO

TIME_LIMIT = 30.0
"""Seconds for one file; LibCST takes one for some 10,000 lines."""


class MaskingProcess:
    """
    A child that masks one text after another; a new one is started after it has died or hung.

    It is a plain subprocess, because daemonic workers of a pool may not have children of `multiprocessing`.
    """

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        self._lock = threading.Lock()
        self._owner = 0
        self._process: subprocess.Popen[bytes] | None = None

    def mask(self, data: bytes) -> Reply:
        """Return what the child makes of `data`; whatever happens to the child becomes a reply with a `failure`."""
        with self._lock:
            try:
                requests, replies = self._pipes()
            except OSError as error:
                return Reply(failure=f"the masking process can't be started: {error}")
            return self._ask(data, requests, replies)

    def close(self) -> None:
        """Let the child end; the next `mask` starts another one."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.communicate()

    def _ask(self, data: bytes, requests: IO[bytes], replies: IO[bytes]) -> Reply:
        expired = threading.Event()
        watch = threading.Timer(self.time_limit, self._expire, [self._process, expired])
        watch.daemon = True
        watch.start()
        try:
            send(requests, data)
            message = receive(replies)
        except OSError:
            message = None  # the child died: its exit code tells more
        finally:
            watch.cancel()
        if message is not None:
            return msgspec.msgpack.decode(message, type=Reply)
        self.close()
        if expired.is_set():
            return Reply(failure=f"LibCST takes longer than {self.time_limit:g} s")
        return Reply(failure="LibCST's parser crashes")

    @staticmethod
    def _expire(process: subprocess.Popen[bytes], expired: threading.Event) -> None:
        expired.set()
        process.kill()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """Return the child's input and output; after a fork the parent's child is not ours to talk to."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            # -P: a libcst.py in the linted folder must not be imported.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "svclint.source.mask_server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner = os.getpid()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout
