"""Dumps as files: plain or compressed, on disk or from standard input."""
from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

from importbot.model.errors import BundleError


__all__ = ('DumpFile', )

#: By how a file begins.
_OPENERS: dict[bytes, Any] = {b'\x1f\x8b': gzip.open, b'BZh': bz2.open,
                              b'\xfd7zXZ\x00': lzma.open}
_ARCHIVES = {b'7z\xbc\xaf\x27\x1c': '7z', b'PK\x03\x04': 'zip'}
_LONGEST_MAGIC = 6

#: No real export is compressed to less than a thousandth.
_BOMB_RATIO = 1000
_BOMB_BYTES = 64 * 2 ** 20

_DAMAGE = (EOFError, gzip.BadGzipFile, lzma.LZMAError, OSError, ValueError)


class DumpFile:

    """A dump that can be read several times; a context.

    :param name: of the file, ``-`` for standard input, which is kept in a
        temporary file as it comes
    """

    def __init__(self, name: str) -> None:
        """Initializer."""
        self.name = 'standard input' if name == '-' else name
        self._path = None if name == '-' else Path(name)
        self._kept: IO[bytes] | None = None
        self._raw: IO[bytes] | None = None

    def __enter__(self) -> DumpFile:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Forget what was kept of standard input."""
        if self._kept:
            self._kept.close()
            self._kept = None

    @property
    def size(self) -> int:
        """Bytes of the file as it is."""
        raw = self._raw
        if raw is None:
            return 0
        place = raw.tell()
        size = raw.seek(0, 2)
        raw.seek(place)
        return size

    @property
    def position(self) -> int:
        """Bytes of the file that were read since it was opened."""
        return self._raw.tell() if self._raw else 0

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Yield the XML as a stream, from its beginning.

        :raises BundleError: the file cannot be read
        """
        raw = self._open_raw()
        try:
            self._raw = raw
            magic = raw.read(_LONGEST_MAGIC)
            raw.seek(0)
            yield cast('IO[bytes]', _Unpacked(self._opened(raw, magic), raw,
                                              self.name))
        finally:
            self._raw = None
            if raw is not self._kept:
                raw.close()

    def _open_raw(self) -> IO[bytes]:
        if self._path is None:
            kept = self._kept or self._keep()
            kept.seek(0)
            return kept
        try:
            return self._path.open('rb')
        except OSError as error:
            raise BundleError(f'{self.name} cannot be read: '
                              f'{error.strerror}') from None

    def _keep(self) -> IO[bytes]:
        """Copy standard input, which can be read only once."""
        kept = tempfile.TemporaryFile(  # noqa: SIM115
            prefix='importbot-')
        try:
            shutil.copyfileobj(sys.stdin.buffer, kept)
        except OSError as error:
            kept.close()
            raise BundleError(
                f'Standard input cannot be kept in {tempfile.gettempdir()}: '
                f'{error.strerror}; set TMPDIR to a place with room, or '
                'give a file') from None
        self._kept = kept
        return kept

    def _opened(self, raw: IO[bytes], magic: bytes) -> IO[bytes]:
        for begin, kind in _ARCHIVES.items():
            if magic.startswith(begin):
                raise BundleError(f'{self.name} is a {kind} archive; unpack '
                                  'it first, or pipe it in: give -')
        for begin, opener in _OPENERS.items():
            if magic.startswith(begin):
                return cast('IO[bytes]', opener(raw))
        return raw


class _Unpacked:

    """What comes out of a file, as long as it is in proportion."""

    def __init__(self, stream: IO[bytes], raw: IO[bytes],
                 name: str) -> None:
        """Initializer."""
        self._stream = stream
        self._raw = raw
        self._name = name
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; nothing at the end.

        :raises BundleError: the file is broken, or a decompression bomb
        """
        try:
            chunk = self._stream.read(size)
        except _DAMAGE as error:
            raise BundleError(f'{self._name} is damaged or not whole '
                              f'({error}); get it again') from None
        self._count += len(chunk)
        if (self._count > _BOMB_BYTES
                and self._count > _BOMB_RATIO * max(1, self._raw.tell())):
            raise BundleError(
                f'{self._name} unpacks to more than {_BOMB_RATIO} times its '
                'size, as no real dump does; see where it comes from')
        return chunk
