"""Dumps on disk or from standard input, compressed or not."""
from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    ExitStack,
    contextmanager,
    nullcontext,
)
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from importbot.model.errors import BundleError, first_line
from importbot.model.printable import printable


__all__ = ('STDIN', 'DumpFile')

#: The name that stands for standard input.
STDIN = '-'

#: Bytes that may come out of a compressed dump however small it is.
_UNSUSPICIOUS = 64 * 2 ** 20
_CHUNK = 2 ** 16

#: How to unpack, and how many bytes may come out for each byte read; the
#: history of a long page has some hundred. In gzip 1030 are the most.
_OPENERS: dict[bytes, tuple[Callable[[Any], Any], int]] = {
    b'\x1f\x8b': (gzip.open, 500), b'BZh': (bz2.open, 1000),
    b'\xfd7zXZ\0': (lzma.open, 1000)}
_ARCHIVES = {
    b'7z\xbc\xaf\x27\x1c': '7z', b'PK\x03\x04': 'zip', b'PK\x05\x06': 'zip',
    b'\x28\xb5\x2f\xfd': 'zstd'}


class DumpFile:

    """A dump that can be read several times; a context.

    What cannot be read twice, as standard input or a pipe, is copied into
    a temporary file when it is opened first.

    :param name: name of a file, or ``-`` for standard input
    :ivar position: bytes read of the file, as compressed as they are
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.position = 0
        self._copy: IO[bytes] | None = None

    def __enter__(self) -> DumpFile:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def __str__(self) -> str:
        return 'Standard input' if self.name == STDIN else printable(self.name)

    def close(self) -> None:
        """Delete the temporary file, if there is one."""
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    @property
    def size(self) -> int | None:
        """Bytes of the file, None as long as that is not known."""
        if self._copy is not None:
            return self._copy.seek(0, io.SEEK_END)
        path = Path(self.name)
        try:
            return path.stat().st_size if path.is_file() else None
        except OSError:
            return None

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the dump at its beginning.

        :return: what it holds, unpacked while it is read
        :raises BundleError: it cannot be read, here or later
        """
        with ExitStack() as stack:
            file = self._copy
            if file is None:
                file = stack.enter_context(self._given())
                if self.name == STDIN or not file.seekable():
                    file = self._copied(file)
            raw = _Raw(self, file)
            begins = raw.read(8)
            raw.place = self.position = 0
            for magic, kind in _ARCHIVES.items():
                if begins.startswith(magic):
                    raise BundleError(
                        f'{self} is a {kind} file; unpack it first and give '
                        'the XML in it, or pipe it to standard input')
            inner: Any = raw
            ratio = 1
            for magic, (opener, most) in _OPENERS.items():
                if begins.startswith(magic):
                    inner, ratio = stack.enter_context(opener(raw)), most
            yield stack.enter_context(io.BufferedReader(
                _GuardedStream(self, raw, inner, ratio), _CHUNK))

    def _given(self) -> AbstractContextManager[IO[bytes]]:
        """Return the file as it is."""
        if self.name == STDIN:
            if sys.stdin is None:
                raise BundleError('Standard input is closed; give the name '
                                  'of a dump')
            return nullcontext(sys.stdin.buffer)
        try:
            return Path(self.name).open('rb')
        except (OSError, ValueError) as error:
            raise _unreadable(self, error) from error

    def _copied(self, stream: IO[bytes]) -> IO[bytes]:
        """Return a temporary copy, which is kept until :meth:`close`."""
        try:
            with ExitStack() as stack:
                copy = stack.enter_context(
                    tempfile.TemporaryFile(prefix='importbot-'))
                shutil.copyfileobj(stream, copy, _CHUNK)
                copy.flush()
                stack.pop_all()
        except OSError as error:
            raise BundleError(
                f'{self} cannot be copied to a temporary file '
                f'({error.strerror or error}); make room or name another '
                'folder in TMPDIR') from error
        self._copy = copy
        return copy


class _Raw:

    """A file as it is, with a place of its own, counted.

    :param dump: the dump that counts
    :param file: seekable; others may read it, too
    """

    def __init__(self, dump: DumpFile, file: IO[bytes]) -> None:
        self.place = 0
        self._dump = dump
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Return some bytes; nothing at the end.

        :raises BundleError: the file cannot be read
        """
        try:
            self._file.seek(self.place)
            data = self._file.read(size)
        except OSError as error:
            raise _unreadable(self._dump, error) from error
        self.place += len(data)
        self._dump.position = self.place
        return data


class _GuardedStream(io.RawIOBase):

    """What comes out of a dump, with errors in plain words.

    :param dump: the dump
    :param raw: the file as it is
    :param inner: what unpacks it
    :param ratio: bytes that may come out for each byte read
    """

    def __init__(self, dump: DumpFile, raw: _Raw, inner: Any,
                 ratio: int) -> None:
        super().__init__()
        self._dump = dump
        self._raw = raw
        self._inner = inner
        self._ratio = ratio
        self._out = 0

    def readable(self) -> bool:
        """Return that this is to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer and return how much of it.

        :param buffer: to be filled
        :raises BundleError: the dump is broken, or made to do harm
        """
        try:
            data = self._inner.read(min(len(buffer), _CHUNK))
        except EOFError as error:
            raise BundleError(f'{self._dump} breaks off, the file is not '
                              'whole; fetch it again') from error
        except (OSError, zlib.error, lzma.LZMAError) as error:
            raise BundleError(
                f'{self._dump} is damaged and cannot be unpacked '
                f'({first_line(error)}); fetch it again') from error
        except MemoryError as error:
            raise BundleError(
                f'{self._dump} takes more memory to unpack than there is; '
                'unpack it elsewhere and pack it with gzip') from error
        self._out += len(data)
        if self._out > max(_UNSUSPICIOUS, self._ratio * self._raw.place):
            raise BundleError(
                f'{self._dump} holds more than {self._ratio} times what it is '
                'long, which no dump does; do not trust it, or unpack it '
                'first')
        buffer[:len(data)] = data
        return len(data)


def _unreadable(dump: DumpFile, error: Exception) -> BundleError:
    """Return the exception for a file that cannot be read."""
    return BundleError(
        f'{dump} cannot be read ({getattr(error, "strerror", None) or error}'
        '); give the name of a dump that is there and may be read, or - for '
        'standard input')
