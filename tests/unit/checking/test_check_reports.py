"""A later look as a value, and the words for all that it can find."""
from __future__ import annotations

import pytest

from importbot.i18n import LANGUAGES
from importbot.model.check_report import (
    CheckedPage,
    CheckReport,
    Finding,
    FindingKind,
    PageState,
)
from importbot.model.problems import Problem
from importbot.reports.html.check import check_html
from importbot.reports.terminal.check import check_parts
from importbot.reports.terminal.layout import WordTable
from importbot.reports.words.check import (
    state_word,
    summary_sentences,
)
from tests.kit.html_reports import tree, words


def page(*kinds: FindingKind) -> CheckedPage:
    return CheckedPage('Rover', 7, findings=tuple(
        Finding(kind, Problem('check-gone')) for kind in kinds))


@pytest.mark.parametrize(('kinds', 'state'), [
    ((), 'intact'), ((FindingKind.SOURCE_LACKS, ), 'intact'),
    ((FindingKind.EDITED, FindingKind.MOVED), 'moved'),
    ((FindingKind.MOVED, FindingKind.DOUBLED), 'wrong'),
    ((FindingKind.UNDONE, FindingKind.RENEWED), 'undone')])
def test_worst_of_what_is_found_is_the_state(
        kinds: tuple[FindingKind, ...], state: str) -> None:
    assert page(*kinds).state == state
    assert page(*kinds).is_wrong is (state == 'wrong')


def test_worst_pages_come_first_and_others_stay_in_order() -> None:
    pages = (page(), page(FindingKind.GHOST), page(FindingKind.EDITED),
             page())
    report = CheckReport('https://a.example/w/api.php', pages, 4, 4)
    assert [item.state.value for item in report.in_order] == [
        'wrong', 'edited', 'intact', 'intact']
    assert report.as_json()['pages'] == [item.as_json() for item in pages]
    assert report.summary == dict.fromkeys((
        'unreadable', 'deleted', 'undone', 'moved'), 0) | {
        'wrong': 1, 'edited': 1, 'intact': 2}


@pytest.mark.parametrize('language', LANGUAGES)
def test_all_that_can_be_said_is_said(language: str) -> None:
    words = {state_word(state, language) for state in PageState}
    assert len(words) == len(PageState)
    report = CheckReport('a', (page(), ), 30, 3, 10.0, (7, ))
    assert len(summary_sentences(report, language)) == 5
    assert len(summary_sentences(CheckReport('a'), language)) == 1


def test_numbers_come_first_and_nothing_wrong_is_said() -> None:
    report = CheckReport('a', (page(), page(FindingKind.EDITED)), 2, 2)
    assert summary_sentences(report, 'en') == [
        'Pages looked at: 2 (edited since: 1, as imported: 1).',
        'Nothing is wrong.']


def test_what_no_run_brought_is_not_called_as_imported() -> None:
    foreign = CheckedPage('Foreign')
    assert foreign.state is PageState.INTACT
    report = CheckReport('a', (page(), foreign), 1, 2)
    assert summary_sentences(report, 'en')[0] == (
        'Pages looked at: 2 (as imported: 1, no damage: 1).')


def test_where_nothing_was_looked_at_nothing_is_called_right() -> None:
    report = CheckReport('a', (page(FindingKind.ABSENT), ), 0, 1)
    assert report.has_absent and not report.wrong
    assert summary_sentences(report, 'en') == [
        'Pages looked at: 0 (not looked at: 1).']


@pytest.mark.parametrize(('intact', 'listed'), [(19, 20), (30, 1)])
def test_of_many_pages_those_as_imported_are_counted(
        intact: int, listed: int) -> None:
    pages = (page(FindingKind.EDITED), *[page()] * intact)
    *sentences, table = check_parts(CheckReport('a', pages, 40, 40), 'en')
    assert isinstance(table, WordTable)
    assert len(table.rows) == listed
    assert any('Not listed' in str(sentence) for sentence
               in sentences) is (listed == 1)


def test_page_to_look_at_has_filters_and_links_to_both_wikis() -> None:
    there, here = (f'https://{name}.example/w/' for name in ('a', 'b'))
    pages = (
        CheckedPage('Rover', 7, 'Rover', 'en', 'Rover', 9,
                    source=f'{there}api.php'),
        CheckedPage('Gone', 8, 'Gone', 'en', source='dump.xml', findings=(
            Finding(FindingKind.DELETED, Problem('check-deleted', user='Anna',
                                                 date='today')), )),
        CheckedPage('Old', 7, 'Old', 'en', 'New', 5, findings=(
            Finding(FindingKind.DOUBLED, Problem('check-doubled', count=3,
                                                 oldest='2020')), )))
    shown = tree(check_html(CheckReport(f'{here}api.php', pages, 3, 3),
                            'en'))
    assert {select.get('name'): list(map(words, select))
            for select in shown.xpath('//select')} == {
        'state': ['all', 'wrong (1)', 'deleted (1)', 'as imported (1)'],
        'run': ['all', '7 (2)', '8 (1)']}
    rows = {words(row.find('th')).split()[0]: row
            for row in shown.xpath('//table[@id="checked"]/tbody/tr')}
    assert list(rows) == ['Old', 'Gone', 'Rover']
    assert f'{there}index.php?title=Rover' in rows['Rover'].xpath(
        './/td//@href')
    assert f'{here}index.php?title=Rover' in rows['Rover'].xpath('.//@href')
    # What is not there any more has no history, and a file no address.
    assert rows['Gone'].xpath('.//@href') == [
        f'{here}index.php?title=Gone', *(
            f'{here}index.php?title=Special:Log&type={log}&page=Gone'
            for log in ('import', 'delete'))]
    assert f'{here}index.php?title=New' in rows['Old'].xpath('.//@href')
    assert 'Old → New' in words(rows['Old'])
    assert rows['Old'].get('data-state') == 'wrong'
