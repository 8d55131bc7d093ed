"""``make bench``: what planning costs, as ratios within one run."""
from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import mwparserfromhell
import pywikibot
from rich.console import Console
from rich.table import Table

from importbot.journal.journal import Journal
from importbot.model.policy import Policy
from importbot.model.titles import Title
from importbot.planning.plan import plan_titles
from importbot.planning.reference_cache import CachedReader, Reader, Text
from importbot.planning.search import find_closure
from importbot.sandbox.content import sample_pages
from importbot.wikitext.references import find_references
from tests.kit.closures import mentioned, sample_titles
from tests.kit.many_requests import fill
from tests.kit.references import wiki
from tests.kit.request_bot import passes
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, transfer_of, write_histories


ROUNDS = 7
TEMPLATES = 500
REQUESTS = 200
WHEN = '2020-01-01T00:00:00Z'


def seconds(work: Callable[[], Any], clock: Callable[[], float],
            rounds: int = ROUNDS) -> float:
    """Return the median of some rounds, after one that warms up."""
    work()
    found = []
    for _round in range(rounds):
        start = clock()
        work()
        found.append(clock() - start)
    return median(found)


def extraction() -> tuple[float, str]:
    """Compare finding references with parsing the same texts."""
    english = wiki('en')
    texts = [(page.text, english.title(page.title) or Title(0, page.title))
             for page in sample_pages('source') if page.model == 'wikitext']

    def find() -> None:
        for text, title in texts:
            find_references(text, 'wikitext', title, english)

    def parse() -> None:
        for text, _title in texts:
            mwparserfromhell.parse(text)

    ratio = (seconds(find, time.process_time)
             / seconds(parse, time.process_time))
    return ratio, f'of mwparserfromhell.parse, {len(texts)} sample pages'


def memory(folder: Path) -> tuple[float, str]:
    """Compare texts that are known with texts that are read."""
    english = wiki('en')
    texts = [Text(english.title(page.title) or Title(0, page.title),
                  page.model, f'{number:040}', page.text)
             for number, page in enumerate(sample_pages('source'))]
    journal = Journal(str(folder / 'readings.sqlite'))
    known = CachedReader(journal)
    ratio = (seconds(lambda: known.read(texts, english), time.process_time)
             / seconds(lambda: Reader().read(texts, english),
                       time.process_time))
    journal.close()
    return ratio, 'of reading them anew, all sample pages'


def planning(box: Box) -> tuple[float, str]:
    """Compare planning a large closure with going page by page."""
    write_histories(
        box.source_tree, box.folder / 'source', 'old',
        {'Large': [(WHEN, ''.join(f'{{{{Part {number}}}}}'
                                  for number in range(TEMPLATES)))],
         **{f'Template:Part {number}': [(WHEN, f'part {number}')]
            for number in range(TEMPLATES)}})
    wikis = transfer_of(box)
    policy = Policy(maxpages=0)
    start = time.perf_counter()
    plan = plan_titles(wikis.under(policy), [wikis.source_info.title('Large')])
    batched = time.perf_counter() - start
    assert len(plan.pages) == TEMPLATES + 1
    start = time.perf_counter()
    source, target = wikis.source.site, wikis.target.site
    for template in pywikibot.Page(source, 'Large').itertemplates():
        list(pywikibot.Page(source, template.title()).itertemplates())
        pywikibot.Page(target, template.title()).exists()
    one_by_one = time.perf_counter() - start
    return (one_by_one / batched, f'times as fast as itertemplates() and '
            f'exists() for {TEMPLATES} templates')


def share(box: Box) -> tuple[float, str]:
    """Return how much of what is used stands in the texts."""
    wikis = transfer_of(box)
    titles = [wikis.source_info.title(f':{title}')
              for title in sample_titles(box)
              if not title.startswith(('Large', 'Template:Part '))]
    closure = find_closure(wikis.under(Policy(templates='mentioned')),
                           titles)
    used = [other in mentioned(closure, title) for title in titles
            for other in closure.nodes[title].rendered]
    return (sum(used) / len(used), f'of {len(used)} uses on the sample wiki '
            'stand in the texts')


def passing(box: Box) -> tuple[float, str]:
    """Compare a pass that has nothing to do with a start of pywikibot."""
    wiki = RequestWiki(box)
    fill(wiki, REQUESTS)

    def work() -> None:
        run = passes(wiki)
        assert ' looked at, ' in run.output, run.output

    taken = seconds(work, time.perf_counter, 5)
    start = seconds(lambda: box.pwb('version'), time.perf_counter, 5)
    wiki.journal.close()
    return (taken / start, f'of pwb version, {REQUESTS} requests, '
            f'{taken:.2f} s')


def main() -> None:
    """Measure and print."""
    table = Table(title='Planning', title_justify='left', box=None)
    for name in ('what', 'measured', 'compared with', 'bound'):
        table.add_column(name)
    with tempfile.TemporaryDirectory() as folder:
        box = Box(Path(folder, 'box'))
        try:
            for what, bound, (number, text) in (
                    ('finding references', 'at most 1.2', extraction()),
                    ('known texts', 'less than 1', memory(Path(folder))),
                    ('mentioned', '', share(box)),
                    ('planning', 'at least 10', planning(box)),
                    ('empty pass', 'at most 5', passing(box))):
                table.add_row(what, f'{number:.2f}', text, bound)
        finally:
            box.close()
    Console(width=120).print(table)


if __name__ == '__main__':
    main()
