"""What newer releases say otherwise changes nothing of what is imported.

Those releases cannot be had here: their answers are those of the wikis
here, changed on the way after what the source of the releases does.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.kit.support import Box, by_title, write_histories


@pytest.fixture(scope='module')
def wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('newer'), '1.43', empty=True) as box:
        yield box


def history(box: Box, title: str) -> None:
    write_histories(box.source_tree, box.folder / 'source', 'xx', {title: [
        (f'{year}-01-01T00:00:00Z', f'of {year}')
        for year in (2001, 2002, 2003)]})


def without_sha1(body: bytes) -> bytes:
    """Return an export that names no sha1, as one of no stored sha1 may."""
    return re.sub(rb'<sha1>[^<]*</sha1>|<sha1 */>', b'', body)


def with_slot(body: bytes) -> bytes:
    """Return revisions of which that of 2002 has a slot more."""
    return re.sub(
        rb'("timestamp":"2002-01-01T00:00:00Z"[^{}]*?"roles":)\["main"\]',
        rb'\1["main","mediainfo"]', body)


def imported(box: Box, title: str, via: str,
             source: Callable[[bytes], bytes]) -> tuple[str, str]:
    """Import a page of a changed source; return its decision and outcome."""
    history(box, title)
    with box.source.rewritten(source):
        _run, report = box.importpages(
            f'-page:{title}', f'-via:{via}', '-history:full',
            '-templates:none')
    page = by_title(report)[title]
    return page['decision'], page.get('outcome', '')


@pytest.mark.parametrize('via', ['upload', 'interwiki'])
def test_export_without_sha1_arrives_and_is_verified(
        wikis: Box, via: str) -> None:
    """MediaWiki 1.46 has no sha1 of a revision in its database."""
    title = f'No sha1 {via}'
    assert imported(wikis, title, via, without_sha1) == ('import', 'verified')
    assert len(wikis.on_target().history(title)) == 4


@pytest.mark.parametrize('via', ['upload', 'interwiki'])
def test_slot_of_an_old_revision_holds_the_page_before_the_call(
        wikis: Box, via: str) -> None:
    """An import of one throws and sinks the call."""
    title = f'Slot {via}'
    seen = len(wikis.target.imports)
    assert imported(wikis, title, via, with_slot)[0] == 'hold'
    assert len(wikis.target.imports) == seen
