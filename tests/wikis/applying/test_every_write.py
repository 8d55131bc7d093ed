"""A fault at every write of a job: in the end all is as without it.

Both routes have the same job: a page with a long history, one whose text
the target keeps, so that an edit follows, and for uploads one more. Each
write meets each fault once; what a run has left over, the next one does.
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import pywikibot

from importbot import Journal, Policy
from importbot.applying.apply import ImportWork, apply_plan
from importbot.applying.resume import find_interrupted
from importbot.applying.run import Run
from importbot.applying.takeover import take_over
from importbot.model.errors import UsageError
from importbot.model.plan import Plan
from importbot.planning.plan import plan_titles
from importbot.rules.route import TWO_CALLS_ABOVE
from tests.kit.proxy import Exchange
from tests.kit.support import Box, transfer_of, write_histories


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead')

LIMIT = 1
#: Writes of the job, in their order: calls, and the edit.
WRITES = {'interwiki': 4, 'upload': 2}
_REVISIONS = [(f'2015-01-01T00:{number // 60:02}:{number % 60:02}Z',
               f'Revision {number}.') for number in range(TWO_CALLS_ABOVE + 1)]
LONG = {'interwiki': _REVISIONS, 'upload': _REVISIONS[:25]}
KEPT, THEIRS = _REVISIONS[:2], _REVISIONS[:4]
#: Jobs whose pages are made together.
_AT_ONCE = 14
_NOTHING: dict[str, Any] = {'forwards': False}


def says(code: str, status: int) -> dict[str, Any]:
    return {**_NOTHING, 'status': status,
            'headers': {'MediaWiki-API-Error': code},
            'body': b'{"error": {"code": "%b", "info": "No."}}'
            % code.encode()}


FAULTS: dict[str, dict[str, Any]] = {
    'lost answer': {}, 'never arrived': _NOTHING, 'cut': {'part': 10},
    'HTTP 429': {**_NOTHING, 'status': 429, 'headers': {'Retry-After': '0'}},
    'HTTP 500': {**_NOTHING, 'status': 500},
    'HTTP 500, done': {'status': 500},
    'HTTP 503': {**_NOTHING, 'status': 503}, 'HTTP 503, done': {'status': 503},
    'maxlag': says('maxlag', 200), 'readonly': says('readonly', 200),
    'deadlock': says('databaseerror-text', 500),
    'token': says('badtoken', 200),
}
ALL = [(via, write, fault) for via, count in WRITES.items()
       for write in range(count) for fault in FAULTS]
#: Each fault once, at each write in turn.
SAMPLE = {(via, place % WRITES[via], fault) for via in WRITES
          for place, fault in enumerate(FAULTS)}


class Bench:

    """Two wikis in this process, and jobs."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.admin = box.on_target()
        self._numbers: dict[str, Iterator[int]] = {}
        self._made: dict[str, int] = {}
        for via in WRITES:
            self._make_pages(via, 0)
        self.wikis = transfer_of(box)
        #: What the target has after a job that nothing disturbed.
        self.undisturbed: dict[str, Any] = {}

    def _make_pages(self, via: str, first: int) -> None:
        """Put pages for some more jobs into both wikis."""
        box, numbers = self.box, range(first, first + _AT_ONCE)
        histories = {'Long': LONG[via], 'Kept': THEIRS, **(
            {'Short': THEIRS} if via == 'upload' else {})}
        write_histories(box.source_tree, box.folder / 'source', 'old', {
            f'{name} by {via} {number}': history for number in numbers
            for name, history in histories.items()})
        write_histories(box.target_tree, box.folder / 'target', 'en', {
            f'Kept by {via} {number}': KEPT for number in numbers})
        self._numbers[via] = iter(numbers)
        self._made[via] = numbers.stop

    def job(self, via: str) -> tuple[list[str], Plan]:
        number = next(self._numbers[via], None)
        if number is None:
            self._make_pages(via, self._made[via])
            number = next(self._numbers[via])
        titles = [f'{name} by {via} {number}' for name in (
            'Long', 'Kept', *(['Short'] if via == 'upload' else []))]
        return titles, self.plan(titles, via)

    def plan(self, titles: list[str], via: str) -> Plan:
        found = [self.wikis.source_info.title(title) for title in titles]
        return plan_titles(self.wikis.under(Policy(
            templates='none', via=via, existingpages='keep')),
            [title for title in found if title])

    def finish(self, plan: Plan, journal: Journal) -> None:
        """Do what a run has left over, as -resume or else another run."""
        take_over(journal, self.wikis, LIMIT)
        try:
            interrupted = find_interrupted(journal, plan.target.api)
        except UsageError:
            again = self.plan([str(page.title) for page in plan.pages],
                              plan.policy.via)
            report = apply_plan(again, self.wikis.target.site, journal,
                                transfer=self.wikis, server_limit=LIMIT)
            assert report.went_as_planned, report.results
            return
        resumed = interrupted.resumed(journal, self.wikis)
        with Run(ImportWork(resumed.plan, self.wikis, LIMIT, resumed),
                 journal) as run:
            run.apply_all()
        assert run.went_as_planned, run.results

    def state(self, titles: list[str]) -> list[Any]:
        """Return what pages have on the target and how often it came."""
        return [([(row['user'], row['sha1']) for row in
                  self.admin.history(title)], len(self.admin.imports(title)),
                 self.admin.text(title)) for title in titles]

    def writes(self) -> list[Exchange]:
        return [exchange for exchange in self.box.target.reached
                if is_write(exchange)]


def is_write(exchange: Exchange) -> bool:
    return exchange.is_import or (
        exchange.parameters.get('action') in ('edit', 'move'))


@pytest.fixture(scope='module')
def bench(box: Box) -> Iterator[Bench]:
    yield Bench(box)


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'retry_wait', .1)


def undisturbed(bench: Bench, via: str, journal: Journal) -> Any:
    if via not in bench.undisturbed:
        before = len(bench.writes())
        titles, plan = bench.job(via)
        report = apply_plan(plan, bench.wikis.target.site, journal,
                            transfer=bench.wikis)
        assert report.went_as_planned, report.results
        assert len(bench.writes()) == before + WRITES[via]
        bench.undisturbed[via] = bench.state(titles)
    return bench.undisturbed[via]


@pytest.mark.parametrize(('via', 'write', 'fault'), [
    pytest.param(*case, marks=() if case in SAMPLE else pytest.mark.soak)
    for case in ALL])
def test_fault_at_a_write(bench: Bench, journal: Journal, via: str,
                          write: int, fault: str) -> None:
    as_ever = undisturbed(bench, via, journal)
    titles, plan = bench.job(via)
    passed, before = itertools.count(), len(bench.writes())
    with bench.box.target.broken(
            hits=lambda exchange: is_write(exchange)
            and next(passed) == write, **FAULTS[fault]):
        report = apply_plan(plan, bench.wikis.target.site, journal,
                            transfer=bench.wikis, server_limit=LIMIT)
    if not report.went_as_planned:
        assert fault in ('HTTP 500', 'never arrived'), report.results
        bench.finish(plan, journal)
    assert bench.state(titles) == as_ever
    # What the wiki got is what there was to do; an edit that is sent again
    # changes nothing.
    sent = bench.writes()[before:]
    calls = [exchange for exchange in sent if exchange.is_import]
    assert len(calls) <= WRITES[via] - 1 + 2 * (via == 'upload')
    assert len(sent) - len(calls) <= 2
