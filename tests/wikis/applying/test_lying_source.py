"""A source may lie: what is sent and what came back is held to the plan."""
from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from importbot import Importer, Journal, Policy
from importbot.applying import reconcile, uploads
from importbot.applying.apply import apply_plan
from importbot.model.decisions import Outcome
from importbot.model.notes import AuthorEdits
from importbot.model.plan import Plan
from importbot.model.report import Report
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from importbot.undoing.plan import make_undo_plan
from importbot.undoing.undo import apply_undo
from tests.kit.histories import fill_source
from tests.kit.proxy import Exchange
from tests.kit.support import Box, Client, transfer_of


pytestmark = pytest.mark.every


HISTORY = [(f'2015-01-0{day}T00:00:00Z', f'Text of day {day}.')
           for day in range(1, 4)]
MANY = 40


def is_export(exchange: Exchange) -> bool:
    asked = exchange.path + exchange.parameters.get('title', '')
    return 'Special:Export' in asked or 'export' in exchange.parameters


class Bench:

    """Two wikis, connected in this process."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source: Client = box.on_source()
        self.target: Client = box.on_target()
        self._titles = iter([f'Tale {number}' for number in range(MANY)])
        fill_source(box, ((f'Tale {number}', HISTORY)
                          for number in range(MANY)))
        self.wikis: Transfer = transfer_of(box)

    def new(self, count: int = 1) -> list[str]:
        return [next(self._titles) for _ in range(count)]

    def plan(self, *titles: str, **policy: Any) -> Plan:
        found = [self.wikis.source_info.title(title) for title in titles]
        return plan_titles(
            self.wikis.under(Policy(**{'templates': 'none', **policy})),
            [title for title in found if title])

    def exported(self, *titles: str) -> str:
        """Return what the source exports, past the proxy."""
        return self.source.session.post(
            f'{self.box.source_base}/index.php', data={
                'title': 'Special:Export', 'history': 1,
                'pages': '\n'.join(titles)}).text

    def apply(self, plan: Plan, journal: Journal,
              lie: Callable[[str], str], *titles: str) -> Report:
        """Apply a plan to a source whose exports are changed."""
        body = lie(self.exported(*titles or [
            str(page.title) for page in plan.pages])).encode()
        with self.box.source.broken(hits=is_export, forwards=False,
                                    status=200, body=body, times=99):
            return apply_plan(plan, self.wikis.target.site, journal,
                              transfer=self.wikis, server_limit=1)


@pytest.fixture(scope='module')
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    box = Box(tmp_path_factory.mktemp('lies'), settings=(
        "$wgGroupPermissions['bot']['delete'] = true;"))
    yield Bench(box)
    box.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, '_PAUSE', .3)
    monkeypatch.setattr(uploads, '_PAUSE', 0)


def more(page: str) -> Callable[[str], str]:
    return lambda xml: xml.replace('</mediawiki>', f'{page}</mediawiki>')


def page_of(title: str, text: str = 'Trap.', user: str = 'Eve',
            time: str = '2014-01-01T00:00:00Z', model: str = '') -> str:
    model = f'<model>{model}</model>' if model else ''
    return (f'<page><title>{title}</title><ns>0</ns><revision><id>9</id>'
            f'<timestamp>{time}</timestamp><contributor><username>{user}'
            f'</username></contributor>{model}<text>{text}</text></revision>'
            '</page>')


def undo(bench: Bench, journal: Journal, run: int | None) -> None:
    assert run is not None
    site = bench.wikis.target.site
    apply_undo(make_undo_plan(run, site, journal), site, journal)


# Titles that nobody asked for

def test_page_that_nobody_asked_for(bench: Bench, journal: Journal) -> None:
    asked, other = bench.new(2)
    plan = bench.plan(asked, other, via='interwiki')
    report = bench.apply(plan, journal, more(page_of('Trap')), asked)
    assert [result.outcome for result in report.results] == [
        Outcome.VERIFIED, Outcome.UNCHANGED, Outcome.DIFFERS]
    assert 'nobody asked for' in str(report.results[1].error)
    assert 'Trap' in str(report.results[2].error)
    assert report.plan.pages[2].target_text == 'Trap'
    assert report.plan.id == plan.id
    assert not bench.target.history(other)
    assert not report.went_as_planned
    rows = journal.page_rows(report.run or 0)
    assert [(row.title, row.reason, row.outcome, row.imported)
            for row in rows[2:]] == [('Trap', 'unasked', 'differs', 1)]
    undo(bench, journal, report.run)
    assert not bench.target.history('Trap')
    assert not bench.target.history(asked)


def test_text_of_a_page_here_comes_back(bench: Bench,
                                        journal: Journal) -> None:
    bench.target.edit('Setting', 'Ours.')
    asked, = bench.new()
    report = bench.apply(
        bench.plan(asked, via='interwiki'), journal, more(page_of(
            'Setting', time='2030-01-01T00:00:00Z')))
    assert bench.target.text('Setting') == 'Trap.'
    assert report.results[-1].outcome is Outcome.DIFFERS
    undo(bench, journal, report.run)
    assert bench.target.text('Setting') == 'Ours.'


def test_uploads_hold_no_page_that_nobody_asked_for(
        bench: Bench, journal: Journal) -> None:
    asked, = bench.new()
    report = bench.apply(bench.plan(asked, via='upload'), journal,
                         more(page_of('Stowaway')))
    assert [result.outcome for result in report.results] == [
        Outcome.VERIFIED]
    assert not bench.target.history('Stowaway')


def test_unasked_page_of_a_lost_answer(bench: Bench,
                                       journal: Journal) -> None:
    asked, = bench.new()
    plan = bench.plan(asked, via='interwiki')
    with bench.box.target.broken(status=502):
        report = bench.apply(plan, journal, more(page_of('Trap 2')))
    assert [page.target_text for page in report.plan.pages] == [
        asked, 'Trap 2']
    assert [result.outcome for result in report.results] == [
        Outcome.VERIFIED, Outcome.DIFFERS]


def test_unasked_page_of_a_run_that_was_killed(
        bench: Bench, journal: Journal,
        monkeypatch: pytest.MonkeyPatch) -> None:
    asked, other = bench.new(2)
    sends = Importer.from_wiki

    def send_and_die(*arguments: Any, **options: Any) -> None:
        time.sleep(1.1)  # the clock of the wiki goes by seconds
        sends(*arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Importer, 'from_wiki', send_and_die)
    with pytest.raises(KeyboardInterrupt):
        bench.apply(bench.plan(asked, via='interwiki'), journal,
                    more(page_of('Trap 3')))
    monkeypatch.undo()
    assert apply_plan(bench.plan(other), bench.wikis.target.site, journal,
                      transfer=bench.wikis, server_limit=1).went_as_planned
    assert [(row.title, row.outcome)
            for row in journal.page_rows(1)][1:] == [('Trap 3', 'differs')]
    undo(bench, journal, 1)
    assert not bench.target.history('Trap 3')


# What is sent is held to the plan

def sub(pattern: str, text: str, count: int = 1) -> Callable[[str], str]:
    def lie(xml: str) -> str:
        changed, number = re.subn(pattern, text, xml, count=count,
                                  flags=re.DOTALL)
        assert number, 'the lie does not fit'
        return changed
    return lie


OLDER = ('<revision><id>1</id><timestamp>2014-01-01T00:00:00Z</timestamp>'
         '<contributor><username>A</username></contributor>'
         '<text>More.</text></revision>')


@pytest.mark.parametrize(('lie', 'says'), [
    pytest.param(sub('<revision>', OLDER * 3000 + '<revision>'),
                 'does not have: 3000', id='more revisions'),
    pytest.param(sub('<model>wikitext', '<model>javascript'),
                 'content model "javascript"', id='script'),
    pytest.param(sub('<model>wikitext', '<model>Scribunto'),
                 'content model', id='another model'),
    pytest.param(sub('<model>wikitext', '<model>no-such'),
                 'no-such', id='a model that the target lacks'),
    pytest.param(sub('<sha1>', '<content><role>extra</role><model>wikitext'
                     '</model><text>x</text></content><sha1>'),
                 'slot "extra"', id='another slot'),
    pytest.param(sub('Text of day 1', 'Text of day X'), 'another text',
                 id='another text'),
    pytest.param(sub('<username>[^<]*', '<username>Admin'), 'by "Admin"',
                 id='another author'),
    pytest.param(sub('<contributor>.*?</contributor>',
                     '<contributor><ip>Admin</ip></contributor>'),
                 'by "Admin"', id='an address that is none'),
    pytest.param(sub('<timestamp>2015-01-02', '<timestamp>2095-01-02'),
                 'lacks: 1', id='a date of the future'),
    pytest.param(sub('<timestamp>2015-01-02', '<timestamp>2012-01-02'),
                 'does not have: 1', id='another date'),
    pytest.param(lambda xml: re.sub('(<page>.*</page>)', r'\1\1', xml,
                                    flags=re.DOTALL), 'twice',
                 id='the page twice'),
    pytest.param(sub('<text[^>]*>Text of day 3.', '<text>' + 'x' * 2_100_000),
                 'bytes', id='a text that is too large'),
])
def test_what_is_not_as_planned_is_not_sent(
        bench: Bench, journal: Journal, lie: Callable[[str], str],
        says: str) -> None:
    title, = bench.new()
    before = len(bench.box.target.imports)
    report = bench.apply(bench.plan(title, via='upload'), journal, lie)
    result, = report.results
    assert result.outcome is Outcome.REJECTED, result
    assert says in str(result.error), result
    assert len(bench.box.target.imports) == before
    assert not bench.target.history(title)


def test_other_pages_go_on(bench: Bench, journal: Journal) -> None:
    titles = bench.new(3)
    plan = bench.plan(*titles, via='upload')
    bad = titles[1]
    report = bench.apply(plan, journal, sub(
        f'(<title>{bad}</title>.*?<model>)wikitext', r'\1css'))
    assert {str(page.title): result.outcome for page, result in zip(
        report.plan.pages, report.results, strict=True)} == {
        titles[0]: Outcome.VERIFIED, bad: Outcome.REJECTED,
        titles[2]: Outcome.VERIFIED}


def test_what_is_newer_than_the_plan_is_left_out(
        bench: Bench, journal: Journal) -> None:
    title, = bench.new()
    plan = bench.plan(title, via='upload')
    report = bench.apply(plan, journal, sub('</page>', OLDER.replace(
        '2014', '2090').replace('<id>1<', '<id>999999<') + '</page>'))
    assert report.went_as_planned, report.results
    assert len(bench.target.history(title)) == len(HISTORY) + 1


def test_current_revision_of_the_plan_is_what_arrives(
        bench: Bench, journal: Journal, tmp_path: Path) -> None:
    title, = bench.new()
    plan = bench.plan(title, via='upload', history='current')
    bench.source.edit(title, 'Edited since.')
    report = apply_plan(plan, bench.wikis.target.site, journal,
                        transfer=bench.wikis)
    assert report.went_as_planned, report.results
    assert bench.target.text(title) == 'Text of day 3.'


# What came back is held to it

@pytest.mark.parametrize(('lie', 'says'), [
    pytest.param(sub('<model>wikitext', '<model>javascript'),
                 'another content model', id='model'),
    pytest.param(sub('<contributor>.*?</contributor>',
                     '<contributor><ip>Admin</ip></contributor>'),
                 '"Admin" for', id='account here'),
    pytest.param(sub('<username>[^<]*', '<username>Somebody'),
                 'en>Somebody', id='another author'),
    pytest.param(sub('<revision>', OLDER + '<revision>'),
                 'nobody agreed to: 1', id='more revisions'),
])
def test_what_arrived_is_not_as_planned(
        bench: Bench, journal: Journal, lie: Callable[[str], str],
        says: str) -> None:
    title, = bench.new()
    report = bench.apply(bench.plan(title, via='interwiki'), journal, lie)
    result, = report.results
    assert result.outcome is Outcome.DIFFERS, result
    assert says in str(result.error), result
    # Nothing was there before, so that nothing of it has to stay.
    undo(bench, journal, report.run)
    assert not bench.target.history(title)


@pytest.mark.parametrize('via', ['interwiki', 'upload'])
def test_author_who_is_spelled_as_no_wiki_does(
        bench: Bench, journal: Journal, via: str) -> None:
    title, = bench.new()

    def respells(exported: bytes) -> bytes:
        return re.sub(rb'\bold(>|&gt;)Anna\b', b'admin', exported)

    with bench.box.source.rewritten(respells):
        report = apply_plan(
            bench.plan(title, via=via, authors='local'),
            bench.wikis.target.site, journal, transfer=bench.wikis)
    authors, = (note.authors for note in report.plan.notes if note.authors)
    assert AuthorEdits('admin', 'Admin', 1) in authors
    assert report.went_as_planned, report.results
    assert bench.target.history(title)[-1]['user'] == 'Admin'


@pytest.mark.parametrize('via', ['interwiki', 'upload'])
@pytest.mark.parametrize('place', [
    {'nsmap': (('Module', 'Help'), )}, {'rootpage': 'User:Admin/box'},
    {'targettitle': 'Box'}])
def test_lua_where_it_may_not_stand(bench: Bench, via: str,
                                    place: dict[str, Any]) -> None:
    page, = bench.plan('Module:Infobox', via=via, **place).pages
    assert (page.decision.value, page.reason.value) == (
        'hold', 'content-model-not-there')
