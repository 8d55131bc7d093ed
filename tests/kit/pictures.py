"""The pictures of the documentation, made by the code: ``make pictures``.

A plan on a terminal is drawn in SVG, a report is seen by a browser. What a
browser saw stands in the picture as a digest, so that one that is out of date
can be told without a browser.
"""
from __future__ import annotations

import hashlib
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / 'docs' / '_ext'))

from importbot_reference.samples import (  # noqa: E402
    plan_picture,
    report_page,
)

from tests.kit.chromium import chromium, keep_page, screen  # noqa: E402


__all__ = ('FOLDER', 'SEEN', 'draw', 'noted', 'seen_of')

FOLDER = ROOT / 'docs' / '_static'
#: Names of pictures of the report, with width and height.
SEEN = {'report': (1000, 780), 'report-telephone': (360, 780)}
_BEGIN, _KEY = b'\x89PNG\r\n\x1a\n', b'Source\0'
#: What a picture shows the beginning of.
_SHOWN = '//style | //header | //section[@id="eyes" or @id="rest"]'


def seen_of(page: str) -> str:
    """Return a digest of what a picture shows of a report.

    :param page: HTML
    """
    parts: Any = html.document_fromstring(page).xpath(_SHOWN)
    text = ' '.join(' '.join(part.text_content().split()) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def noted(picture: bytes) -> str:
    """Return what a picture says of what it was made of.

    :param picture: PNG of :func:`draw`
    """
    return next((data.removeprefix(_KEY).decode('ascii')
                 for kind, data in _chunks(picture)
                 if kind == b'tEXt' and data.startswith(_KEY)), '')


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_BEGIN)
    while place < len(picture):
        size, kind = struct.unpack('>I4s', picture[place:place + 8])
        yield kind, picture[place + 8:place + 8 + size]
        place += size + 12


def _with_note(picture: bytes, note: str) -> bytes:
    """Return a PNG that says what it was made of."""
    parts = [*_chunks(picture)]
    parts.insert(1, (b'tEXt', _KEY + note.encode('ascii')))
    return _BEGIN + b''.join(
        struct.pack('>I', len(data)) + kind + data
        + struct.pack('>I', zlib.crc32(kind + data)) for kind, data in parts)


def draw(folder: Path = FOLDER) -> None:
    """Make the pictures.

    :param folder: where they go
    """
    (folder / 'plan.svg').write_text(plan_picture(), 'utf-8')
    page = report_page()
    with tempfile.TemporaryDirectory() as place, chromium() as driver:
        path = Path(place, 'report.html')
        path.write_text(page, 'utf-8')
        for name, (width, height) in SEEN.items():
            with screen(driver, width, height):
                driver.get(path.as_uri())
                kept = keep_page(driver, name, height, folder=folder)
            kept.write_bytes(_with_note(kept.read_bytes(), seen_of(page)))


if __name__ == '__main__':
    draw()
