"""``make bench``: what importing costs, as ratios within one run.

Every measurement has two wikis of its own, of the same kind and warmed
alike, and is counted only if all revisions are on the target afterwards.
"""
from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from importbot import Journal, apply_plan
from importbot.applying.read_back import ReadBack
from importbot.model.decisions import Outcome
from importbot.planning.plan import plan_titles
from importbot.sandbox.php import maintenance
from importbot.wikis.importer import Importer
from tests.kit.histories import (
    ARTICLE,
    LARGE,
    History,
    article,
    fill_source,
    with_templates,
)
from tests.kit.proxy import Exchange, Request
from tests.kit.support import Box, site_of, texts, transfer_of


REVISIONS = 200
#: Seconds that nothing measured here takes.
PATIENCE = 280

#: A page that goes into user space.
LONG = [(f'2015-01-01T00:{second // 60:02}:{second % 60:02}Z',
         f'Text {second}. ' + 'The rover drives slowly over stone. ' * 200)
        for second in range(300)]
_TINY = 'Measured before'
_WHOLE = 'the whole command'


@dataclass(frozen=True)
class Row:

    """A line of the table.

    :param what: what was done
    :param bound: what is wanted of the number
    :param number: how many times as fast as the other way
    :param text: seconds of both ways, and what they are
    """

    what: str
    bound: str
    number: float
    text: str


@dataclass(frozen=True)
class Took:

    """What our command took.

    :param whole: seconds from its start to its end
    :param calls: seconds of each import call, as the proxy saw it
    :param titles: pages of the calls, in their order, where it saw them
    """

    whole: float
    calls: tuple[float, ...]
    titles: tuple[str, ...]

    @property
    def called(self) -> float:
        """Seconds of all import calls."""
        return sum(self.calls)


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes, once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class TimedBox(Box):

    """Wikis before which the target's import calls are timed.

    :param folder: where their files go
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        #: Seconds that the wiki took for each import call.
        self.calls: list[float] = []
        # Now, as whoever is connected keeps the handler that he has.
        self.target.RequestHandlerClass = _timed(
            self.target.RequestHandlerClass, self.calls)


def _timed(handler: Any, calls: list[float]) -> Any:
    """Return the handler of a proxy that also looks at the clock."""
    class Timed(handler):

        def _fetch(self, request: Request, exchange: Exchange,
                   body: bytes) -> Any:
            start = time.perf_counter()
            answer = super()._fetch(request, exchange, body)
            if exchange.is_import:
                calls.append(time.perf_counter() - start)
            return answer

    return Timed


@contextmanager
def fresh_box(pages: Iterable[History]) -> Iterator[TimedBox]:
    """Yield wikis of which the source has the pages.

    :param pages: what to write into the source
    """
    with tempfile.TemporaryDirectory(prefix='importbot-bench-') as folder:
        box = TimedBox(Path(folder, 'box'))
        try:
            fill_source(box, pages)
            box.on_target().do('parse', page='Main Page')
            yield box
        finally:
            box.close()


@contextmanager
def article_box() -> Iterator[TimedBox]:
    """Yield wikis that both have all but the article itself."""
    tiny = [(title.replace(ARTICLE, _TINY), history)
            for title, history in article(3, 500)]
    with fresh_box([*article(REVISIONS), *tiny]) as box:
        used = box.on_source().session.get(
            f'{box.source_base}/api.php',
            params={'action': 'query', 'generator': 'templates',
                    'titles': ARTICLE, 'gtllimit': 'max',
                    'export': 1, 'exportnowrap': 1}).content
        importdump(box, used)
        # Now the text of the templates, Lua and the route have been met.
        importer(box).from_xml(io.BytesIO(export(box, _TINY)), 'en')
        for client in (box.on_source(), box.on_target()):
            rendered(client.do('parse', page=_TINY)['text'])
        yield box


def rendered(html: str) -> None:
    """Check that the infobox is there, and without an error of Lua."""
    assert 'infobox-rover' in html, html[:2000]
    assert 'scribunto-error' not in html, html[:2000]


def arrived(box: Box, title: str) -> None:
    """Check that the target has all revisions of the source."""
    arrived_as(box, title, title)


def arrived_as(box: Box, title: str, there: str) -> None:
    """Check that the target has them under a title of its own."""
    wanted = texts(box.on_source().history(title))
    missing = wanted - texts(box.on_target().history(there))
    assert wanted and not missing, f'{title}: {len(missing)} missing'


def measured(work: Callable[[TimedBox], Any]) -> Any:
    """Do one thing with the article on fresh wikis.

    :param work: gets the wikis, imports the article
    :return: what that returned
    """
    with article_box() as box:
        found = work(box)
        arrived(box, ARTICLE)
        rendered(box.on_target().do('parse', page=ARTICLE)['text'])
        return found


def export(box: Box, title: str) -> bytes:
    """Return the export of a page of the source, in the order of time."""
    return box.on_source().session.post(
        f'{box.source_base}/index.php',
        data={'title': 'Special:Export', 'pages': title, 'history': 1,
              'wpDownload': 1}).content


def importdump(box: Box, xml: bytes, *options: str) -> float:
    """Import on the server; return the seconds."""
    path = box.folder / 'target' / 'tmp' / 'import.xml'
    path.write_bytes(xml)
    return seconds(lambda: maintenance(
        box.target_tree, box.folder / 'target' / 'LocalSettings.php',
        'importDump', '--no-local-users', '--username-prefix=en', *options,
        str(path)))


def importer(box: Box) -> Importer:
    """Return the bare import action of the target."""
    site = site_of(box.target)
    site.login()
    return Importer(site, read_timeout=PATIENCE)


def one_call(box: TimedBox, work: Callable[[Importer], object]) -> float:
    """Return the seconds of one bare call, as the proxy sees it."""
    bare = importer(box)
    before = len(box.calls)
    work(bare)
    [call] = box.calls[before:]
    return call


def by_dump(*options: str) -> float:
    """Import the article with importDump.php."""
    return float(measured(lambda box: importdump(
        box, export(box, ARTICLE), *options)))


def by_plain_upload() -> float:
    """Import the article with one upload in the order of time."""
    return float(measured(lambda box: one_call(
        box, lambda bare: bare.from_xml(
            io.BytesIO(export(box, ARTICLE)), 'en'))))


def by_plain_call() -> float:
    """Import the article with one call of the interwiki route."""
    return float(measured(lambda box: one_call(
        box, lambda bare: bare.from_wiki('en', ARTICLE,
                                         full_history=True))))


def ours(box: TimedBox, *options: str) -> Took:
    """Import with our command, plan and verification included."""
    before, imports = len(box.calls), len(box.target.imports)
    start = time.perf_counter()
    run, _report = box.importpages('-templates:used', *options)
    whole = time.perf_counter() - start
    calls = box.calls[before:]
    assert run.status == 0 and calls, run.output
    titles = dict.fromkeys(
        item.parameters['interwikipage']
        for item in box.target.imports[imports:]
        if 'interwikipage' in item.parameters)
    return Took(whole, tuple(calls), tuple(titles))


def by_us(via: str) -> Took:
    """Import the article with our command."""
    took: Took = measured(lambda box: ours(
        box, f'-page:{ARTICLE}', f'-via:{via}', '-order:auto'))
    return took


def article_rows() -> Iterator[Row]:
    """Compare the ways to import one article with a long history."""
    uploaded = by_us('upload')
    title = f'{REVISIONS} revisions of an article with a Lua infobox'
    for seconds_of, name in (
            (by_dump(), 'importDump.php with updates, same XML'),
            (by_plain_upload(), 'one API upload, same XML in time order')):
        # Most of the whole command is start, login and plan, which the
        # others do not have.
        for took, what, bound in (
                (uploaded.called, _calls(uploaded), 'at least 20'),
                (uploaded.whole, _WHOLE, '')):
            yield Row(f'{title}, upload', bound, seconds_of / took,
                      f'{what} {took:.2f} s; {name} {seconds_of:.2f} s')
    bare = by_dump('--no-updates')
    yield Row('the same, time of the upload call', 'at least 0.85',
              bare / uploaded.called,
              f'{_calls(uploaded)} {uploaded.called:.2f} s; '
              f'importDump.php --no-updates {bare:.2f} s')
    fetched, plain = by_us('interwiki'), by_plain_call()
    yield Row('the same, interwiki right only', 'at least 10',
              plain / fetched.called,
              f'{_calls(fetched)} {fetched.called:.2f} s ({_WHOLE} '
              f'{fetched.whole:.2f} s); one plain fullhistory call '
              f'{plain:.2f} s')


def _calls(took: Took) -> str:
    count = len(took.calls)
    return 'our one call' if count == 1 else f'our {count} calls'


def large_by_us(via: str) -> Took:
    """Import the article with its templates by our command."""
    pages = list(with_templates())
    with fresh_box(pages) as box:
        took = ours(box, f'-page:{LARGE}', f'-via:{via}',
                    '-templatehistory:full')
        for title, _history in pages:
            arrived(box, title)
    return took


def large_by_transwikiimport(titles: Iterable[str]) -> float:
    """Import the same pages with pywikibot's own script.

    :param titles: in the order in which they are imported
    """
    with fresh_box(with_templates()) as box:
        path = box.folder / 'titles.txt'
        path.write_text(''.join(f'[[:{title}]]\n' for title in titles))
        start = time.perf_counter()
        run = box.pwb('transwikiimport', f'-interwikisource:{box.prefix}',
                      '-fullhistory', f'-file:{path}')
        took = time.perf_counter() - start
        assert run.status == 0, run.output
        for title, _history in with_templates():
            arrived(box, title)
    return took


def large_rows() -> Iterator[Row]:
    """Compare the ways to import an article and all that it uses."""
    pages = sum(1 for _page in with_templates())
    fetched = large_by_us('interwiki')
    assert len(fetched.titles) == pages, fetched.titles
    script = large_by_transwikiimport(fetched.titles)
    compared = f'; transwikiimport -fullhistory, same order {script:.2f} s'
    title = (f'article of {REVISIONS} revisions with {pages - 1} '
             'templates, full history of all')
    yield Row(f'{title}, interwiki only', 'at least 1.0',
              script / fetched.whole,
              f'{_WHOLE} {fetched.whole:.2f} s{compared}')
    uploaded = large_by_us('upload')
    yield Row('the same, upload', 'at least 3', script / uploaded.whole,
              f'{_WHOLE} {uploaded.whole:.2f} s{compared}')


def small(pages: int, revisions: int = 3) -> Iterator[History]:
    """Yield pages of a few revisions of 2 kB.

    :param pages: how many
    :param revisions: of each
    """
    prose = 'The rover drives slowly over stone. ' * 55
    for number in range(pages):
        yield f'Small {number}', [
            (f'20{10 + year}-01-01T00:00:00Z', f'{prose}{number} {year}')
            for year in range(revisions)]


def reading_back(pages: Iterable[History], via: str) -> tuple[float, float]:
    """Import pages in this process.

    :param pages: of the source
    :param via: the route
    :return: seconds of the import calls, and of reading back
    """
    found, spent = list(pages), []
    read = ReadBack.read

    def timed(*arguments: Any) -> Any:
        results: list[Any] = []
        spent.append(seconds(lambda: results.append(read(*arguments))))
        return results[0]

    with fresh_box(found) as box, patch.object(ReadBack, 'read', timed):
        wikis = transfer_of(box, templates='none', history='full', via=via,
                            maxrevisions=0)
        titles = [wikis.source_info.title(title) for title, _rows in found]
        journal = Journal(str(box.folder / 'journal.sqlite'))
        report = apply_plan(plan_titles(wikis, [*filter(None, titles)]),
                            wikis.target.site, journal, transfer=wikis)
        journal.close()
        assert {result.outcome for result in report.results} == {
            Outcome.VERIFIED}, report.results
        return sum(box.calls), sum(spent)


def read_back_rows() -> Iterator[Row]:
    """Compare what reading back takes with the calls themselves."""
    for pages, what in ((small(100), '100 pages of 3 revisions'),
                        (article(REVISIONS), f'a page of {REVISIONS} '
                         'revisions of 15 kB')):
        found = list(pages)
        for via in ('upload', 'interwiki'):
            called, took = reading_back(found, via)
            yield Row(f'reading back: {what}, {via}', 'at most 0.20',
                      took / called, f'{took:.2f} s; calls {called:.2f} s')


def with_title(wanted: str) -> Took:
    """Import a page of 300 revisions by our command, by interwiki."""
    with fresh_box([('Rover', LONG)]) as box:
        took = ours(box, '-page:Rover', '-via:interwiki',
                    f'-targettitle:{wanted}')
        arrived_as(box, 'Rover', wanted)
    return took


def user_space_rows() -> Iterator[Row]:
    """Compare titles in user space with the title of the source."""
    plain = with_title('Rover')
    for wanted in ('User:Anna/Rover', 'User:Anna/Mars rover'):
        took = with_title(wanted)
        yield Row(f'{len(LONG)} revisions of Rover to {wanted}, interwiki',
                  'at most 1.3', took.whole / plain.whole,
                  f'{_WHOLE} {took.whole:.2f} s; under its own title '
                  f'{plain.whole:.2f} s')


def print_rows(title: str, rows: Iterable[Row]) -> None:
    """Print a table as ``tests.bench.planning`` does."""
    table = Table(title=title, title_justify='left', box=None)
    for name in ('what', 'measured', 'compared with', 'bound'):
        table.add_column(name)
    for row in rows:
        table.add_row(row.what, f'{row.number:.2f}', row.text, row.bound)
    Console(width=120).print(table)


def main() -> None:
    """Measure and print."""
    print_rows('Importing', [
        *article_rows(), *large_rows(), *read_back_rows(),
        *user_space_rows()])


if __name__ == '__main__':
    main()
