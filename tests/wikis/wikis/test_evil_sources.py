"""Sources that lead the bot elsewhere, or answer what no wiki does."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from importbot.model.errors import SourceError
from importbot.wikis.prefixes import resolve_source
from tests.kit.evil_servers import Server, serving
from tests.kit.proxy import Exchange
from tests.kit.support import Box, transfer_of


PAGE = 'Template:Nowrap'
INTRANET = b"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">
<page><title>Template:Nowrap</title><ns>10</ns><id>1</id><revision><id>1</id>
<timestamp>2010-01-01T00:00:00Z</timestamp><contributor><username>Boss
</username></contributor><model>wikitext</model><format>text/x-wiki</format>
<text>SECRET salaries</text></revision></page></mediawiki>"""


def is_export(exchange: Exchange) -> bool:
    return ('export' in exchange.parameters
            or 'Special:Export' in exchange.parameters.get('title', '')
            or 'Special:Export' in exchange.path)


def is_query(exchange: Exchange) -> bool:
    return (exchange.parameters.get('action') == 'query'
            and not is_export(exchange))


@contextmanager
def intranet() -> Iterator[Server]:
    with serving(lambda visit: visit.say(INTRANET, kind='text/xml')
                 ) as server:
        yield server


def refused(box: Box, *arguments: str) -> str:
    """Return what a run printed that imported nothing."""
    before = box.on_target().snapshot()
    run = box.pwb('importpages', '-source:en', f'-page:{PAGE}', '-always',
                  '-via:upload', *arguments)
    assert run.status == 1, run.output
    assert 'Traceback' not in run.output
    assert 'SECRET' not in run.output
    assert box.on_target().snapshot() == before
    return ' '.join(run.output.split())


@pytest.mark.parametrize('status', [302, 307])
def test_export_that_redirects_to_an_intranet(box: Box, status: int) -> None:
    with intranet() as there, box.source.broken(
            hits=is_export, times=99, status=status, forwards=False,
            headers={'Location': f'{there.base}/export'}):
        assert 'to another host' in refused(box)
        assert not there.visits


def test_api_that_redirects_to_an_intranet(box: Box) -> None:
    with intranet() as there, box.source.broken(
            hits=is_query, times=99, status=307, forwards=False,
            headers={'Location': f'{there.base}/api.php'}):
        assert 'to another host' in refused(box)
        assert not there.visits


def test_export_that_is_a_page_of_somebody_else(box: Box) -> None:
    with box.source.broken(
            hits=is_export, times=99, status=200, forwards=False,
            body=b'<html><body>SECRET</body></html>'):
        assert 'is not what MediaWiki exports' in refused(box)


def test_api_whose_error_is_a_text(box: Box) -> None:
    with box.source.broken(
            hits=is_query, times=99, status=200, forwards=False,
            headers={'Content-Type': 'application/json'},
            body=b'{"error": {"code": "readapidenied", "info": "SECRET"}}'):
        # What pywikibot itself says on the terminal is its own.
        run = box.pwb('importpages', '-source:en', f'-page:{PAGE}',
                      '-always')
    assert run.status == 1
    assert 'Traceback' not in run.output
    assert 'SECRET' not in [line for line in run.output.splitlines()
                            if line.startswith('ERROR')][-1]


@pytest.mark.parametrize('body', [
    b'[]', b'{"query": {"general": []}}', b'<html>SECRET</html>'])
def test_odd_answers_end_in_a_sentence(box: Box, body: bytes) -> None:
    with box.source.broken(
            hits=is_query, times=99, status=200, forwards=False, body=body,
            headers={'Content-Type': 'application/json'}):
        refused(box)


def test_compound_prefix_that_leads_to_an_intranet(box: Box) -> None:
    with intranet() as there:
        answer = ('{"query": {"interwikimap": [{"prefix": "w", "url": "'
                  f'{there.base}/$1"}}]}}}}').encode()
        with box.source.broken(
                hits=lambda item: item.parameters.get('siprop')
                == 'interwikimap', times=99, status=200, forwards=False,
                body=answer, headers={'Content-Type': 'application/json'}):
            wikis = transfer_of(box)
            with pytest.raises(SourceError, match='private address'):
                resolve_source(wikis.target, wikis.access, 'en:w')
        assert not there.visits
