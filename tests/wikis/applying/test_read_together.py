"""Short calls are sent one by one and read back together."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from importbot import Journal, Policy
from importbot.applying.apply import ImportWork
from importbot.applying.resume import find_interrupted
from importbot.applying.run import Run
from importbot.model.decisions import Outcome
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, transfer_of


class Pages:

    """Pages of the source, some at a time."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.wikis: Transfer = transfer_of(box).under(
            Policy(templates='none', history='full', via='interwiki'))
        self._titles = put_specimens(box, 12)

    def work(self, count: int) -> ImportWork:
        titles = [self.wikis.source_info.title(next(self._titles))
                  for _number in range(count)]
        return ImportWork(plan_titles(self.wikis, [*filter(None, titles)]),
                          self.wikis, reads_together=True)

    def asked(self, **parameters: str) -> int:
        """Return how many requests of the target had some parameters."""
        return sum(parameters.items() <= exchange.parameters.items()
                   for exchange in self.box.target.exchanges)


@pytest.fixture(scope='module')
def pages(box: Box) -> Pages:
    return Pages(box)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(str(tmp_path / 'journal.sqlite'))
    yield journal
    journal.close()


def carried_out(work: ImportWork, journal: Journal,
                is_stopped: Callable[[], bool] = lambda: False,
                ) -> tuple[list[Outcome | None], int | None]:
    """Return what came of the first batch, and the number of the run."""
    with Run(work, journal) as run:
        run.is_stopped = is_stopped
        results = run.apply(next(run.batches()))
    return [result.outcome for result in results], run.number


def test_the_log_is_read_once(pages: Pages, journal: Journal) -> None:
    before = len(pages.box.target.imports), pages.asked(letype='import')
    assert carried_out(pages.work(4), journal)[0] == [Outcome.VERIFIED] * 4
    assert (len(pages.box.target.imports),
            pages.asked(letype='import')) == (before[0] + 4, before[1] + 1)


def test_it_stops_before_the_next_page_and_goes_on(
        pages: Pages, journal: Journal) -> None:
    work, before = pages.work(3), len(pages.box.target.imports)
    outcomes, number = carried_out(work, journal, lambda: True)
    assert outcomes == [Outcome.VERIFIED, None, None]
    assert len(pages.box.target.imports) == before + 1
    wiki = pages.wikis
    resumed = find_interrupted(journal, wiki.target.api, number).resumed(
        journal, wiki)
    again = ImportWork(resumed.plan, wiki, resumed=resumed,
                       reads_together=True)
    assert carried_out(again, journal)[0] == [Outcome.VERIFIED] * 2


def test_a_page_that_is_refused_keeps_no_other_out(
        pages: Pages, journal: Journal) -> None:
    seen: list[str] = []

    def second(exchange: object) -> bool:
        if getattr(exchange, 'is_import', False):
            seen.append('call')
        return len(seen) == 2 and getattr(exchange, 'is_import', False)

    body = b'{"error": {"code": "an-odd-code", "info": "No such file."}}'
    with pages.box.target.broken(hits=second, forwards=False, status=200,
                                 body=body):
        outcomes, _number = carried_out(pages.work(3), journal)
    assert outcomes == [Outcome.VERIFIED, Outcome.FAILED, Outcome.VERIFIED]
