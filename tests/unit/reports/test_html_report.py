"""The report in HTML: all that is there, and nothing out of any text."""
from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importbot.i18n import LANGUAGES, direction, message
from importbot.model.decisions import Outcome, Relation, Role, TextAfter
from importbot.model.notes import AuthorEdits, Note, NoteKind
from importbot.model.plan import Endpoint, Unresolved
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report, UndoReport
from importbot.model.steps import (
    INTERWIKI,
    UPLOAD,
    CleanUpStep,
    EditStep,
    ImportStep,
    MoveStep,
    Step,
)
from importbot.model.undo_plan import (
    DeleteStep,
    UndoDecision,
    UndoPage,
    UndoPlan,
    UndoReason,
    UndoVerdict,
)
from importbot.reports.formats import format_named
from importbot.reports.html import document, report_html
from importbot.reports.html.asked import options_given
from importbot.reports.html.steps import step_text
from importbot.reports.html.times import duration, moment
from importbot.reports.html.visible import visible
from importbot.reports.overview import overview_of
from importbot.reports.texts import CleanedTexts, HeldTexts
from importbot.reports.wiki_links import links_of
from importbot.reports.words.overview import headline
from tests.kit.html_reports import (
    DETAILS,
    HELD,
    HOSTILE,
    full_html,
    section,
    tree,
    words,
)
from tests.kit.many_pages import TARGET, held_of, run_of
from tests.kit.plans import IMPORT, PLAN, SKIP, titled


def shape(text: str) -> Counter[tuple[str, ...]]:
    """Return the elements of a page with the names of their attributes."""
    return Counter((str(node.tag), *sorted(node.attrib))
                   for node in tree(text).iter())


@pytest.mark.parametrize('word', HOSTILE)
def test_no_element_and_no_attribute_comes_out_of_a_text(word: str) -> None:
    shown = full_html(word)
    shown.encode()
    assert shape(shown) == shape(full_html('plain'))
    for node in tree(shown).iter():
        for name, value in node.attrib.items():
            assert not name.startswith('on') and name != 'style'
            if name in ('href', 'src'):
                assert re.match('https://(source|target)[.]example/w/'
                                'index[.]php([?][!-~]*)?$|#|data:,$', value)


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=20))
def test_any_text_is_only_text(word: str) -> None:
    assert shape(full_html(word)) == shape(full_html('plain'))


@pytest.mark.parametrize('word', [
    '<script>alert(1)</script>', '"\'&amp;<b>', '{{ 7 * 7 }}', '&#60;'])
def test_texts_are_shown_as_they_are(word: str) -> None:
    shown = tree(full_html(word))
    for name in ('eyes', 'rest', 'notes', 'decisions', 'asked', 'needs',
                 'cleaned', 'authors', 'unresolved'):
        assert word in words(section(shown, name)), name
    assert word in words(shown.find('.//title'))
    assert word in words(shown.find('.//h1'))


def test_what_would_act_unseen_is_shown() -> None:
    assert visible('a\x00\x1b[31m\u202eb\u2066\ud800') == (
        'a\ufffd\ufffd[31m\ufffdb\ufffd\ufffd')
    # What belongs to a script or a line stays.
    kept = 'ن\u200cم \u200d x\u00a0y\tz\n'
    assert visible(kept) == kept
    assert '\u202e' not in full_html('\u202e')


def test_titles_keep_their_own_direction() -> None:
    shown = tree(full_html('مركبة'))
    for node in section(shown, 'decisions').xpath('.//tbody//a'):
        if 'مركبة' in node.text_content():
            assert node.find('bdi') is not None
    note = section(shown, 'notes').xpath('.//li')[0]
    assert note.findall('bdi')


# It needs nothing else


def test_policy_allows_just_its_own_style_and_script() -> None:
    shown = tree(full_html('x'))
    policy, = shown.xpath('//meta[@http-equiv="Content-Security-Policy"]'
                          '/@content')
    rules = dict(rule.strip().split(' ', 1) for rule in policy.split(';'))
    assert rules.pop('default-src') == "'none'"
    for name in ('style', 'script'):
        node, = shown.xpath(f'//{name}')
        digest = base64.b64encode(hashlib.sha256(
            node.text.encode()).digest()).decode()
        assert rules.pop(f'{name}-src') == f"'sha256-{digest}'"
    assert rules == {'img-src': 'data:', 'base-uri': "'none'",
                     'form-action': "'none'"}


@pytest.mark.parametrize('encoding', ['ascii', 'latin-1', 'utf-8'])
def test_page_goes_through_any_terminal(encoding: str) -> None:
    page = full_html('Zvěst é ↪')
    fitted = format_named('html').fitted(page, encoding)
    # What a browser reads, by what the page says of itself.
    read = fitted.encode(encoding).decode('utf-8')
    for name in ('style', 'script'):
        assert tree(read).findtext(f'.//{name}') == tree(page).findtext(
            f'.//{name}')
    assert words(tree(read).find('body')) == words(tree(page).find('body'))


def test_nothing_is_loaded() -> None:
    text = full_html('x')
    shown = tree(text)
    assert not shown.xpath('//*[@src] | //iframe | //object | //embed')
    assert shown.xpath('//link/@href') == ['data:,']
    style, = shown.xpath('//style/text()')
    assert 'url(' not in style.replace('url(#tip)', '')
    assert '@import' not in style


def test_log_is_that_of_the_place_where_a_page_landed() -> None:
    moved = replace(IMPORT, target=titled('User:Anna/Car'), steps=(
        ImportStep('interwiki'), MoveStep('User:Bot/importing/Rover')))
    shown = tree(report_html(Report(
        replace(PLAN, pages=(moved, )), 1,
        (PageResult(Outcome.VERIFIED, 2), )), 'en'))
    logs = {address for address in shown.xpath('//a/@href')
            if 'type=import' in address}
    assert {address.rpartition('page=')[2] for address in logs} == {
        'User:Bot/importing/Rover'}


@pytest.mark.parametrize(('api', 'index', 'name'), [
    ('https://de.wikibooks.org/w/api.php',
     'https://de.wikibooks.org/w/index.php', 'de.wikibooks.org'),
    ('http://127.0.0.1:8080/api.php', 'http://127.0.0.1:8080/index.php',
     '127.0.0.1:8080'),
    ('https://wiki.example/a/api.php', 'https://wiki.example/a/index.php',
     'wiki.example/a')])
def test_addresses_come_from_that_of_the_api(api: str, index: str,
                                             name: str) -> None:
    links = links_of(api)
    assert links.name == name
    assert links.page('A b/c?&#"<') == (
        f'{index}?title=A_b/c%3F%26%23%22%3C')
    assert links.history('Ä') == f'{index}?title=%C3%84&action=history'
    assert links.revision(7) == f'{index}?oldid=7'
    assert links.log('import', 'A b') == (
        f'{index}?title=Special:Log&type=import&page=A_b')


@pytest.mark.parametrize('api', [
    'dump.xml.bz2', '', 'javascript:alert(1)//api.php', 'ftp://a/api.php',
    'https://a/api.php?x', 'https://a/API', 'https://a b/api.php',
    'https://a/api.php\n'])
def test_what_is_no_api_has_no_addresses(api: str) -> None:
    links = links_of(api)
    assert links.page('A') == links.log('import', 'A') == ''
    plan = replace(PLAN, source=Endpoint(api, '', prefix='en'))
    shown = section(tree(report_html(plan, 'en')), 'decisions')
    assert not shown.xpath('.//tbody//th//a')
    assert 'Rover' in words(shown)


# What it says


@pytest.fixture
def report() -> Report:
    plan = replace(
        PLAN, pages=(SKIP, HELD, IMPORT),
        policy=Policy(templates='mentioned', tags=('a', 'b'), nodocs=True,
                      namespace=4),
        notes=(Note.of(NoteKind.USERS, 'Template:Held', {'count': 12}),
               Note.of(NoteKind.AUTHORS, 'Rover', {'authors': (
                   AuthorEdits('Anna', 'en>Anna', 3), )})),
        unresolved=(Unresolved('{{{1}}}', (titled('Rover'), )), ))
    return Report(plan, 7, (
        PageResult(Outcome.UNCHANGED), PageResult(Outcome.UNCHANGED),
        PageResult(Outcome.FAILED, 2, Problem.quoted(
            'readonly: the wiki is locked'))))


def test_sections_are_those_that_there_is_something_for(
        report: Report) -> None:
    def names(text: str) -> list[str]:
        found: list[str] = tree(text).xpath('//section/@id')
        assert tree(text).xpath('//nav//a/@href') == [
            f'#{name}' for name in found]
        return found

    assert names(report_html(PLAN, 'en')) == [
        'eyes', 'rest', 'decisions', 'asked', 'needs']
    assert names(report_html(report, 'en', diffs=[
        HeldTexts(HELD, 1, 2, 'a', 'b')])) == [
        'eyes', 'rest', 'notes', 'decisions', 'asked', 'needs', 'authors',
        'unresolved']
    alone = replace(PLAN, pages=(IMPORT, ))
    assert names(report_html(alone, 'en')) == [
        'eyes', 'decisions', 'asked']


def test_what_was_asked_by_whom_and_when(report: Report) -> None:
    shown = tree(report_html(report, 'en', details=DETAILS))
    facts = dict(zip(map(words, shown.xpath('//dt')),
                     map(words, shown.xpath('//dd')), strict=True))
    assert facts['Options that differ from the defaults'] == (
        '-correspondingnamespace:4-nodocs-tags:a, b-templates:mentioned')
    assert facts['Requested pages'] == 'Rover'
    assert facts['Asked for by'] == 'Anna'
    assert facts['Approved by'] == 'Berta'
    assert facts['Request'] == 'Project:Requests r7'
    assert facts['Begun'] == '2026-01-02 03:04:05 UTC'
    assert facts['Took'] == '1 h 1 min 1 s'
    assert facts['Source'] == 'a en a'
    assert facts['Account'] == 'Bot'
    unknown = words(section(tree(report_html(report, 'en')), 'asked'))
    assert 'Asked for by' not in unknown and 'Begun' not in unknown


def test_run_without_an_end_is_said(report: Report) -> None:
    shown = tree(report_html(report, 'en', details=replace(DETAILS,
                                                           ended='')))
    assert message('en', 'html-not-ended') in words(shown)


@pytest.mark.parametrize('language', LANGUAGES)
def test_words_are_those_of_the_wiki(report: Report, language: str) -> None:
    shown = tree(report_html(report, language))
    assert shown.get('lang') == language and shown.get('dir') == 'ltr'
    rows = [[words(cell) for cell in row] for row in shown.xpath(
        '//table[@id="pages"]/tbody/tr')]
    heads = [words(cell) for cell in shown.xpath(
        '//table[@id="pages"]/thead//th')]
    assert heads == [message(language, f'table-{name}') for name in (
        'page', 'target', 'role', 'decision', 'reason', 'step', 'revisions',
        'outcome')]
    for row, page in zip(rows, report.plan.pages, strict=True):
        assert str(page.title) in row[0]
        assert message(language, f'role-{page.role.value}') in row[2]
        assert row[3] == message(language, f'decision-{page.decision.value}')
        assert message(language, f'reason-{page.reason.value}') in row[4]
    assert message(language, 'advice-ask') in rows[1][4]
    assert message(language, 'html-relation-diverged') in rows[1][4]
    assert message(language, 'html-mentioned') in rows[1][2]
    assert rows[2][6] == '2'
    assert message(language, 'outcome-failed') in rows[2][7]
    assert 'readonly: the wiki is locked' in rows[2][7]
    assert message(language, 'html-imported', count=2) in rows[2][7]
    assert message(language, 'note-users', page='Template:Held',
                   count=12) in words(section(shown, 'notes'))


def test_plan_has_no_outcomes() -> None:
    for plan in (PLAN, Report(PLAN, None, ()),
                 Report(PLAN, None, (PageResult(), ) * 2)):
        shown = tree(report_html(plan, 'en'))
        assert 'outcome' not in words(section(shown, 'decisions'))
        assert 'Plan' in words(shown.find('.//h1'))
        assert not shown.xpath('//*[@class="verdict good" or '
                               '@class="verdict bad"]')


@pytest.mark.parametrize('language', LANGUAGES)
def test_verdict_is_that_of_the_terminal(report: Report,
                                         language: str) -> None:
    well = replace(report, results=(*report.results[:2],
                                    PageResult(Outcome.VERIFIED, 2)))
    for thing, look in ((report, 'bad'), (well, 'good'),
                        (report.plan, 'plan')):
        shown, = tree(report_html(thing, language)).xpath(
            '//header/p[contains(@class, "verdict")]')
        assert words(shown) == headline(overview_of(thing), language)
        assert shown.get('class') == f'verdict {look}'


def test_what_a_run_did_not_reach_is_said(report: Report) -> None:
    cut = replace(report, results=(*report.results[:2], PageResult()))
    shown = tree(report_html(cut, 'en'))
    row = shown.xpath('//tr[@id="p2"]')[0]
    assert row.get('data-outcome') == 'none'
    assert message('en', 'outcome-none') in words(row)
    assert shown.xpath('//select[@name="outcome"]/option/@value') == [
        '', 'unchanged', 'none']


def test_filters_are_the_words_that_there_are(report: Report) -> None:
    shown = section(tree(report_html(report, 'en')), 'decisions')
    options = {select.get('name'): list(map(words, select))
               for select in shown.xpath('.//select')}
    assert options == {
        'decision': ['all', 'import (1)', 'skip (1)', 'on hold (1)'],
        'outcome': ['all', 'unchanged (2)', 'failed (1)'],
        'role': ['all', 'requested (1)', 'template (2)']}
    # Without JavaScript there are none, and everything is shown.
    assert shown.find('form').get('hidden') is not None
    assert not shown.xpath('.//tr[@hidden]')


@pytest.mark.parametrize(('step', 'text'), [
    (ImportStep(INTERWIKI, history='full'),
     'import (interwiki, all versions)'),
    (ImportStep(UPLOAD, 'no-right', history='current', namespace=4),
     'import (upload, the account lacks the right "import", current '
     'version, into namespace <bdi>4</bdi>)'),
    (ImportStep(INTERWIKI, replaces=7),
     'import (interwiki, over version <bdi>7</bdi>)'),
    (EditStep(TextAfter.TARGET), 'edit (text of the target)'),
    (MoveStep('<A>'), 'move (from <bdi>&lt;A&gt;</bdi>)'),
    (CleanUpStep(('note:T', 'x')),
     'edit (cleaned up by <bdi>note:T, x</bdi>)'),
    (ImportStep('<pigeon>'), 'import (<bdi>&lt;pigeon&gt;</bdi>)')])
def test_steps_are_said_in_words(step: Step, text: str) -> None:
    assert str(step_text(step, 'en')).replace('&#34;', '"') == text


@pytest.mark.parametrize('language', LANGUAGES)
def test_every_relation_has_words(language: str) -> None:
    for relation in Relation:
        assert message(language, f'html-relation-{relation.value}')


def test_differences_show_words_and_versions(report: Report) -> None:
    shown = section(tree(report_html(report, 'en', diffs=[
        HeldTexts(HELD, 5, 77, 'the source', 'the <target>')])),
        'eyes')
    assert [node.text for node in shown.xpath('.//del')] == ['<target>']
    assert [node.text for node in shown.xpath('.//ins')] == ['source']
    assert 'here: version 77 · Source: version 5' in words(shown)


def test_texts_that_cannot_be_compared_say_so(report: Report) -> None:
    def said(theirs: str, ours: str,
             error: Problem | None = None) -> str:
        return words(section(tree(report_html(report, 'en', diffs=[
            HeldTexts(HELD, 5, 77, theirs, ours, error)])), 'eyes'))

    assert 'is hidden' in said(
        '', '', Problem.quoted('The text is hidden'))
    assert message('en', 'html-same') in said('a', 'a')
    assert message('en', 'html-cut') in said('a' * 500_000, 'b')
    long = '\n'.join(f'{number} {"x" * 300}' for number in range(900))
    cut = said(long, long.replace('x', 'y'))
    assert message('en', 'html-cut') in cut and '9 xxx' in cut


def test_clean_ups_are_shown_before_and_after(report: Report) -> None:
    page = replace(IMPORT, steps=(*IMPORT.steps,
                                  CleanUpStep(('note:Src', ))))
    shown = section(tree(report_html(report, 'en', diffs=[
        CleanedTexts(page, 5, 'A rover drives.', 'A rover drives.{{Src}}')
    ])), 'cleaned')
    assert 'note:Src' in words(shown)
    assert ''.join(shown.xpath('.//ins/text()')) == '{{Src}}'


def test_tree_unfolds_each_page_once(report: Report) -> None:
    shown = section(tree(report_html(report, 'en')), 'needs')
    assert sorted(shown.xpath('.//ul[@class="tree"]//li/@id')) == [
        't0', 't1', 't2']
    top, = shown.xpath('.//li[@id="t2"]')
    assert {node.get('id') for node in top.xpath('./details/ul/li')} == {
        't0', 't1'}


def test_links_within_the_page_lead_somewhere() -> None:
    for count in (40, 150):
        run = run_of(count)
        shown = tree(report_html(run, 'en', diffs=held_of(run)))
        ids = shown.xpath('//@id')
        assert len(ids) == len(set(ids))
        for link in shown.xpath('//@href[starts-with(., "#")]'):
            assert link[1:] in ids
        for name in ('aria-labelledby', 'for'):
            assert set(shown.xpath(f'//@{name}')) <= set(ids)


def test_cycles_and_long_chains_are_no_problem() -> None:
    pages = [replace(SKIP, title=titled(f'P{number}'),
                     needed_by=(titled(f'P{(number + 1) % 600}'), ))
             for number in range(600)]
    pages[0] = replace(pages[0], role=Role.REQUESTED)
    shown = tree(report_html(replace(PLAN, pages=tuple(pages)), 'en'))
    assert len(shown.xpath('//ul[@class="tree"]//li[@id]')) == 600
    assert not shown.xpath('//svg')


def test_drawing_is_for_a_hundred_pages() -> None:
    drawn = tree(report_html(run_of(100), 'en')).xpath('//*[@id="drawing"]')
    assert len(drawn[0].xpath('./a')) == 100
    assert not tree(report_html(run_of(101), 'en')).xpath(
        '//*[@id="drawing"]')


def test_very_many_pages_are_shown_in_part() -> None:
    run = run_of(4_000)
    text = report_html(run, 'en')
    shown = tree(text)
    assert len(shown.xpath('//table[@id="pages"]/tbody/tr')) == 2_000
    assert message('en', 'html-left-out', count=2_000) in words(shown)
    held = run.plan.summary['hold']
    assert len(shown.xpath('//tr[@data-decision="hold"]')) == held > 600
    assert len(text.encode()) < 4_000_000


@pytest.mark.parametrize('language', LANGUAGES)
def test_report_of_500_pages_is_under_2_mb(language: str) -> None:
    run = run_of(500)
    text = report_html(run, language, diffs=held_of(run, 3_000),
                       details=DETAILS)
    print(f'{language}: {len(text.encode()) / 1e6:.2f} MB')
    assert len(text.encode()) < 2_000_000
    assert len(tree(text).xpath('//table[@id="pages"]/tbody/tr')) == 500


def _long_names(letters: int) -> Note:
    """Return a note that takes much room, whatever there is besides."""
    return Note.of(NoteKind.AUTHORS, 'x', {'authors': (AuthorEdits(
        'x' * letters, 'y' * letters, 1), ) * 500})


def test_texts_get_the_room_that_the_rest_leaves() -> None:
    run = run_of(500)
    pages = tuple(replace(page, needed_by=tuple(
        other.title for other in run.plan.pages if other is not page))
        if page.needed_by else page for page in run.plan.pages)
    dense = replace(run, plan=replace(run.plan, pages=pages, notes=(
        _long_names(400), )))
    held = held_of(run, 300)
    text, without = (report_html(dense, 'en', diffs=texts)
                     for texts in (held, ()))
    assert len(without.encode()) > 1_400_000
    assert len(text.encode()) < 2_000_000
    assert tree(text).xpath('//section[@id="eyes"]//ins')
    # Where there is none at all, the versions are named all the same.
    huge = replace(dense, plan=replace(dense.plan, notes=(
        _long_names(2_000), )))
    shown = tree(report_html(huge, 'en', diffs=held))
    assert not shown.xpath('//section[@id="eyes"]//ins')
    assert shown.xpath('//section[@id="eyes"]//details//a/@href')


# For everybody


def test_page_is_made_of_landmarks_and_headings(report: Report) -> None:
    shown = tree(report_html(report, 'en', diffs=[
        HeldTexts(HELD, 1, 2, 'a', 'b')]))
    assert len(shown.xpath('//h1')) == 1
    for name in ('header', 'nav', 'main', 'footer'):
        assert len(shown.xpath(f'//{name}')) == 1
    assert shown.xpath('//body/*')[0].get('href') == '#main'
    for table in shown.xpath('//table'):
        assert words(table.find('caption'))
        assert all(cell.get('scope') for cell in table.xpath('.//th'))
    for field in shown.xpath('//input | //select'):
        assert field.xpath('ancestor::label')
    assert shown.xpath('//output/@aria-live') == ['polite']


def test_same_report_gives_same_bytes(report: Report) -> None:
    assert report_html(report, 'de', details=DETAILS) == report_html(
        report, 'de', details=DETAILS)


def test_another_page_can_be_made_of_the_same_base(
        report: Report) -> None:
    assert '<html lang="de" dir="ltr">' in document(
        'base.html.jinja', 'de-at')
    assert direction('fa') == direction('he-x') == 'rtl'
    assert direction('haw') == 'ltr'


# Times and options


@pytest.mark.parametrize(('time', 'shown'), [
    ('2026-01-02T03:04:05+00:00', '2026-01-02 03:04:05 UTC'),
    ('2026-01-02T03:04:05Z', '2026-01-02 03:04:05 UTC'),
    ('2026-01-02T03:04:05+02:00', '2026-01-02 01:04:05 UTC'),
    ('2026-01-02T03:04:05', '2026-01-02 03:04:05 UTC'),
    ('yesterday', 'yesterday'), ('', '')])
def test_times_are_of_one_zone(time: str, shown: str) -> None:
    assert moment(time) == shown


@pytest.mark.parametrize(('end', 'took'), [
    ('2026-01-01T00:00:00Z', '0 s'), ('2026-01-01T00:00:59Z', '59 s'),
    ('2026-01-01T00:02:00Z', '2 min 0 s'),
    ('2026-01-02T01:00:01Z', '25 h 1 s'), ('2025-12-31T23:00:00Z', ''),
    ('', ''), ('soon', '')])
def test_durations(end: str, took: str) -> None:
    assert duration('2026-01-01T00:00:00Z', end) == took


def test_options_are_those_of_the_command_line() -> None:
    assert options_given(Policy()) == []
    assert options_given(Policy(
        nsmap=(('Portal', 'Project'), ), maxpages=0,
        only=tuple(str(number) for number in range(9)))) == [
        '-maxpages:0', '-nsmap:Portal=Project', '-only:0, 1, 2, 3, 4 +4']


# Undos


def test_undo_is_a_report_too() -> None:
    plan = UndoPlan(3, Endpoint(TARGET.api, 'there', user='Bot'), '{{D}}', (
        UndoPage(0, 'A<b>', 'en:A<b>', Role.REQUESTED, UndoVerdict(
            UndoDecision.UNDO, UndoReason.CREATED, DeleteStep(9))),
        UndoPage(1, 'B', 'en:B', Role.TEMPLATE, UndoVerdict(
            UndoDecision.HOLD, UndoReason.PROTECTED))))
    shown = tree(report_html(plan, 'en'))
    assert 'outcome' not in words(section(shown, 'decisions'))
    shown = tree(report_html(UndoReport(plan, 9, (
        PageResult(Outcome.VERIFIED), PageResult(Outcome.UNCHANGED))),
        'de', details=DETAILS))
    assert message('de', 'overview-well', counts='').strip() in words(
        shown.find('.//header'))
    table = words(section(shown, 'decisions'))
    assert 'A<b>' in table and 'en:A<b>' in table
    for key in ('decision-undo', 'undo-reason-created',
                'undo-outcome-verified', 'undo-advice-protected'):
        assert message('de', key) in table
    assert shown.xpath('//td//a[contains(@href, "type=delete")]')
    assert '{{D}}' in words(section(shown, 'asked'))
