"""What a monitor is told, by what the journal knows."""
from __future__ import annotations

from dataclasses import replace

import pytest

from importbot.model.health import (
    LACKS_RIGHT,
    Finding,
    HealthKind,
    HealthReport,
    JournalHealth,
    LapsedLease,
    PassHealth,
    WikiHealth,
)
from importbot.reports.terminal.health import health_line
from importbot.rules.health import (
    ago,
    findings_of_journal,
    findings_of_wiki,
)


AT, API = '2024-01-02T12:00:00+00:00', 'https://x.example/w/api.php'
RECENT, OLD = '2024-01-02T11:50:00+00:00', '2024-01-02T10:00:00+00:00'
GOOD = PassHealth(RECENT, 'ok', 'requests treated: 0, failed: 0')
WELL = WikiHealth(API, GOOD, GOOD, waiting={'review': 2})


def bad(cause: str = '', ended: str = RECENT) -> WikiHealth:
    return WikiHealth(API, PassHealth(ended, 'error', 'no JSON', cause),
                      GOOD, 3, OLD)


def kinds(wiki: WikiHealth, hours: int = 1) -> list[str]:
    return [finding.kind.value
            for finding in findings_of_wiki(wiki, AT, hours)]


@pytest.mark.parametrize(('wiki', 'expected'), [
    (WELL, []),
    (WikiHealth(API), ['no-pass']),
    (bad(), ['failing']),
    (bad('ConfigurationError'), ['configuration']),
    (bad('UntrustedTextError'), ['configuration']),
    (replace(bad(), good=replace(GOOD, ended=OLD)), ['failing', 'late']),
    (replace(bad(), good=None), ['failing', 'late']),
    # A job that is not started any more fails in nobody's eyes.
    (replace(WELL, latest=replace(GOOD, ended=OLD),
             good=replace(GOOD, ended=OLD)), ['late']),
    (replace(WELL, latest=PassHealth(RECENT, 'stopped', 'the page')),
     ['stopped']),
    (replace(WELL, waiting={'operator': 1}), ['right']),
    (replace(WELL, latest=replace(GOOD, cause=LACKS_RIGHT)), ['right']),
    (replace(WELL, unfinished=(7, )), ['unfinished']),
    (replace(WELL, lapsed=(LapsedLease(7, 'host:1', OLD), )), ['lease'])])
def test_what_a_wiki_shows(wiki: WikiHealth, expected: list[str]) -> None:
    assert kinds(wiki) == expected


def test_hours_are_those_that_are_asked_for() -> None:
    wiki = replace(WELL, latest=replace(GOOD, ended=OLD))
    assert kinds(wiki, 1) == ['late']
    assert kinds(wiki, 2) == []


@pytest.mark.parametrize(('journal', 'expected'), [
    (JournalHealth(6, 10, 10**8, 10**9), []),
    (JournalHealth(6, 10), []),
    (JournalHealth(5, 10), ['schema']),
    (JournalHealth(6, 10, 10**9, 9 * 10**8), ['space']),
    (JournalHealth(6, 10, 10, 10**8), ['space'])])
def test_what_the_journal_shows(journal: JournalHealth,
                                expected: list[str]) -> None:
    assert [finding.kind.value for finding
            in findings_of_journal(journal, 6)] == expected


def test_state_is_that_of_the_worst() -> None:
    report = HealthReport(AT, JournalHealth(6, 1), (WELL, ))
    assert report.state == 'ok'
    waits = replace(WELL, findings=(Finding(HealthKind.STOPPED, 's'), ))
    assert replace(report, wikis=(WELL, waits)).state == 'attention'
    wrong = replace(report, wikis=(waits, ), findings=(
        Finding(HealthKind.SPACE, 'full'), ))
    assert wrong.state == 'wrong'
    assert health_line(wrong).startswith('wrong: full; s')


def test_line_is_one_and_names_wikis_where_there_are_several() -> None:
    hostile = replace(WELL, findings=(Finding(
        HealthKind.FAILING, 'a\n\x1b[31mb'), ))
    line = health_line(HealthReport(AT, JournalHealth(6, 1, 10**7), (
        hostile, WELL)))
    assert line.count('\n') == 1
    assert '\x1b' not in line
    assert line.startswith('wrong: x.example: a')
    assert 'x.example: last pass 10 min ago' in line
    assert 'open requests: 2 review' in line
    assert '1 run, journal of 10 MB' in line
    assert 'journal of 0.2 MB' in health_line(
        HealthReport(AT, JournalHealth(6, 1, 172032), ()))


@pytest.mark.parametrize(('then', 'said'), [
    (RECENT, '10 min'), (OLD, '2 h'), ('2023-12-24T12:00:00+00:00',
                                      '9 days')])
def test_ages_are_said_for_people(then: str, said: str) -> None:
    assert ago(then, AT) == said
