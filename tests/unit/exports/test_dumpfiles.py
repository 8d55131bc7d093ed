"""Dumps are opened whatever they are packed with, and none does harm."""
from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import sys
import tempfile
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from importbot.exports.dumpfiles import DumpFile
from importbot.model.errors import BundleError


#: The same each time: of some bytes damage looks like an end.
CONTENT = b'<mediawiki>' + Random(2).randbytes(100_000).hex().encode() * 3
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    'plain': bytes, 'gz': gzip.compress, 'bz2': bz2.compress,
    'xz': lzma.compress}
packed = pytest.mark.parametrize('pack', PACKERS.values(), ids=PACKERS)
compressed = pytest.mark.parametrize(
    'pack', list(PACKERS.values())[1:], ids=list(PACKERS)[1:])


def dump_of(folder: Path, data: bytes, name: str = 'dump') -> DumpFile:
    file = folder / name
    file.write_bytes(data)
    return DumpFile(str(file))


def content(dump: DumpFile) -> bytes:
    with dump.open() as stream:
        return b''.join(iter(lambda: stream.read(10_000), b''))


def problem(dump: DumpFile) -> str:
    """Return the sentence for a dump that must not be used."""
    with pytest.raises(BundleError) as info:
        content(dump)
    sentence = str(info.value)
    assert str(dump) in sentence
    assert '; ' in sentence
    assert '\n' not in sentence
    return sentence


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Return what puts bytes on standard input."""
    def put(data: bytes) -> None:
        monkeypatch.setattr(sys, 'stdin', io.TextIOWrapper(io.BytesIO(data)))
    return put


@packed
def test_packed_as_the_bytes_say(tmp_path: Path,
                                 pack: Callable[[bytes], bytes]) -> None:
    dump = dump_of(tmp_path, pack(CONTENT), 'dump.zip')
    assert content(dump) == CONTENT
    assert content(dump) == CONTENT


@packed
def test_parts_packed_one_by_one(tmp_path: Path,
                                 pack: Callable[[bytes], bytes]) -> None:
    dump = dump_of(tmp_path, pack(CONTENT) + pack(b'</mediawiki>'))
    assert content(dump) == CONTENT + b'</mediawiki>'


def test_empty_file_is_for_the_reader_to_refuse(tmp_path: Path) -> None:
    assert content(dump_of(tmp_path, b'')) == b''


@packed
def test_position_counts_what_lies_on_disk(
        tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    dump = dump_of(tmp_path, pack(CONTENT))
    assert (dump.position, dump.size) == (0, len(pack(CONTENT)))
    with dump.open() as stream:
        assert dump.position == 0
        stream.read(1)
        assert dump.position > 0
        stream.read()
        assert dump.position == dump.size


@packed
def test_standard_input_can_be_read_again(
        stdin: Callable[[bytes], None],
        pack: Callable[[bytes], bytes]) -> None:
    stdin(pack(CONTENT))
    with DumpFile('-') as dump:
        assert dump.size is None
        assert content(dump) == CONTENT
        assert dump.size == len(pack(CONTENT))
        assert content(dump) == CONTENT
        assert dump.position == dump.size


def test_open_twice_at_a_time(stdin: Callable[[bytes], None]) -> None:
    stdin(gzip.compress(CONTENT))
    with (DumpFile('-') as dump, dump.open() as one, dump.open() as other):
        assert one.read(9) == other.read(9) == CONTENT[:9]
        assert one.read() == other.read() == CONTENT[9:]


def test_copy_is_packed_and_goes_with_the_dump(
        stdin: Callable[[bytes], None],
        monkeypatch: pytest.MonkeyPatch) -> None:
    copies: list[Any] = []
    make = tempfile.TemporaryFile
    monkeypatch.setattr(
        tempfile, 'TemporaryFile',
        lambda **options: copies.append(make(**options)) or copies[-1])
    stdin(gzip.compress(bytes(10 ** 6)))
    with DumpFile('-') as dump:
        content(dump)
        content(dump)
        (copy, ) = copies
        assert not copy.closed
        assert copy.seek(0, io.SEEK_END) < 10 ** 4
    assert copy.closed


@pytest.mark.skipif(not hasattr(os, 'mkfifo'), reason='no named pipes')
def test_pipe_with_a_name(tmp_path: Path) -> None:
    pipe = tmp_path / 'pipe'
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(CONTENT, ))
    writer.start()
    with DumpFile(str(pipe)) as dump:
        assert dump.size is None
        assert content(dump) == content(dump) == CONTENT
        assert dump.size == len(CONTENT)
    writer.join()


def test_standard_input_that_is_closed(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, 'stdin', None)
    assert 'is closed' in problem(DumpFile('-'))


def test_no_room_for_the_copy(stdin: Callable[[bytes], None],
                              monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _data: Any) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    full = Full()
    monkeypatch.setattr(tempfile, 'TemporaryFile', lambda **_options: full)
    stdin(CONTENT)
    sentence = problem(DumpFile('-'))
    assert 'No space left' in sentence
    assert 'TMPDIR' in sentence
    assert full.closed


@pytest.mark.parametrize(('name', 'why'), [
    ('missing', 'No such file'), ('.', 'Is a directory'),
    ('a/b', 'No such file'), ('nul\0', 'null')])
def test_file_that_cannot_be_read(tmp_path: Path, name: str,
                                  why: str) -> None:
    dump = DumpFile(f'{tmp_path}/{name}')
    assert f'cannot be read ({why}' in problem(dump) or (
        why == 'null' and why in problem(dump))


def test_file_that_may_not_be_read(tmp_path: Path,
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    dump = dump_of(tmp_path, CONTENT)
    # Root may read everything.
    monkeypatch.setattr(Path, 'open', refuse)
    assert 'Permission denied' in problem(dump)


@compressed
def test_file_that_breaks_off(tmp_path: Path,
                              pack: Callable[[bytes], bytes]) -> None:
    sentence = problem(dump_of(tmp_path, pack(CONTENT)[:-20]))
    assert 'breaks off' in sentence


@compressed
def test_damaged_file(tmp_path: Path,
                      pack: Callable[[bytes], bytes]) -> None:
    data = bytearray(pack(CONTENT))
    for place in range(len(data) // 2, len(data) // 2 + 64):
        data[place] ^= 0x55
    assert 'is damaged' in problem(dump_of(tmp_path, bytes(data)))


@pytest.mark.parametrize(('magic', 'kind'), [
    (b'7z\xbc\xaf\x27\x1c\0\x04', '7z'), (b'PK\x03\x04\x14\0', 'zip'),
    (b'PK\x05\x06\0\0', 'zip'), (b'\x28\xb5\x2f\xfd', 'zstd')])
def test_archives(tmp_path: Path, magic: bytes, kind: str) -> None:
    sentence = problem(dump_of(tmp_path, magic + bytes(50)))
    assert f'is a {kind} file; unpack it first' in sentence


@pytest.mark.parametrize(('packer', 'ratio'), [
    (zlib.compressobj(wbits=31), 500), (bz2.BZ2Compressor(), 1000)])
def test_bombs(tmp_path: Path, packer: Any, ratio: int) -> None:
    parts = [packer.compress(bytes(2 ** 20)) for _ in range(80)]
    dump = dump_of(tmp_path, b''.join((*parts, packer.flush())))
    out = 0
    tracemalloc.start()
    try:
        with dump.open() as stream, pytest.raises(
                BundleError, match=f'holds more than {ratio} times'):
            while data := stream.read(2 ** 16):
                out += len(data)
        assert tracemalloc.get_traced_memory()[1] < 2 ** 20
    finally:
        tracemalloc.stop()
    assert out == 64 * 2 ** 20
    # No more comes out than is asked for.
    with dump.open() as stream:
        assert len(stream.read(2 ** 20)) == 2 ** 20


def test_small_dump_may_be_packed_well(tmp_path: Path) -> None:
    data = bytes(30 * 2 ** 20)
    dump = dump_of(tmp_path, bz2.compress(data))
    assert dump.size is not None
    assert len(data) > 1000 * dump.size
    assert content(dump) == data
