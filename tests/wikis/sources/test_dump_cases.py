"""Dumps that are not as MediaWiki writes them today, on real wikis."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from importbot.sandbox.php import maintenance
from tests.kit.support import Box, Client, Run, by_title


CASES = Path(__file__).with_name('cases')


class Cases:

    """Dumps of the folder ``cases``, and a target.

    :param box: the wikis
    """

    def __init__(self, box: Box) -> None:
        self.box = box
        self.target: Client = box.on_target()

    def run(self, name: str, *arguments: str, prefix: str = 'en',
            ) -> tuple[Run, dict[str, Any]]:
        """Import without asking; return the run and its report."""
        report = self.box.folder / 'case-report.json'
        report.unlink(missing_ok=True)
        run = self.box.pwb('importdump', f'-interwikiprefix:{prefix}',
                           '-always', f'-report:{report}', *arguments,
                           str(CASES / name))
        assert 'Traceback' not in run.output, run.output
        return run, json.loads(report.read_text()) if report.exists() else {}

    def write(self, name: str, pages: str, version: str = '0.11',
              head: str = '') -> str:
        """Write a dump of some pages; return its name."""
        path = self.box.folder / name
        path.write_text(
            f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-{version}'
            f'/" version="{version}" xml:lang="en"><siteinfo>{head}'
            '<namespaces><namespace key="0"/><namespace key="2">User'
            '</namespace><namespace key="6">File</namespace><namespace key='
            '"10">Template</namespace><namespace key="14">Category'
            '</namespace><namespace key="828">Module</namespace>'
            f'</namespaces></siteinfo>{pages}</mediawiki>')
        return str(path)

    def notes(self, report: dict[str, Any],
              kind: str) -> list[dict[str, Any]]:
        return [note for note in report['notes'] if note['kind'] == kind]

    def renamed(self, name: str, old: str, new: str) -> str:
        """Write a case with another title; return its name."""
        path = self.box.folder / f'{new}-{name}'
        path.write_text((CASES / name).read_text().replace(
            f'<title>{old}<', f'<title>{new}<'))
        return str(path)


def revision(number: int, text: str, user: str = 'Quill',
             more: str = '') -> str:
    """Return a revision of the day of its number."""
    return (f'<revision><id>{number}</id>{more}<timestamp>2015-01-'
            f'{number % 28 + 1:02}T00:00:{number // 28:02}Z</timestamp>'
            f'<contributor><username>{user}</username></contributor>'
            f'<text>{text}</text></revision>')


@pytest.fixture(scope='module')
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    box = Box(tmp_path_factory.mktemp('cases'), empty=True)
    yield Cases(box)
    box.close()


@pytest.mark.parametrize(('name', 'title', 'count', 'unproved'), [
    ('05-no-parentid.xml', 'Capstan', 3, []),
    ('no-parentid-admin.xml', 'Bellows', 3, ['Admin'])])
def test_revisions_without_parents_are_all_counted(
        cases: Cases, name: str, title: str, count: int,
        unproved: list[str]) -> None:
    run, report = cases.run(name, '-authors:local')
    assert run.status == 0, run.output
    assert by_title(report)[title]['revisions'] == count
    authors, = cases.notes(report, 'authors')
    assert {row['name'] for row in authors['authors']} >= {
        'Cleo', 'Anna/old', 'Admin'} if unproved else {
        'Reed Waters', 'Quill', 'Mate'}
    assert [note['names'] for note in cases.notes(report, 'unproved')] == (
        [unproved] if unproved else [])
    assert len(cases.target.history(title)) == count + 1


def test_limits_count_revisions_without_parents(cases: Cases) -> None:
    path = cases.write('long.xml', '<page><title>Long</title><ns>0</ns>'
                       + ''.join(revision(number, f'Text {number}')
                                 for number in range(1, 21)) + '</page>',
                       version='0.6')
    run, _report = cases.run(path, '-maxrevisions:19')
    assert run.status == 1
    assert 'send 20 revisions; the limit is 19' in run.output


def test_wiki_that_knows_no_parents_is_counted(cases: Cases) -> None:
    box, source = cases.box, cases.box.on_source()
    titles = ['Orphan one', 'Orphan two']
    for title in titles:
        for place in range(4):
            source.edit(title, f'{title}, {place}')
    # What came by an import long ago, or by one that a wiki damaged.
    maintenance(box.source_tree, box.folder / 'source/LocalSettings.php',
                'sql', '--query=UPDATE revision SET rev_parent_id = 0')
    assert {row['parentid'] for row in source.history(titles[0])} == {0}
    for asked in ([titles[0]], titles):
        run, report = box.importpages(
            '-simulate', *(f'-page:{title}' for title in asked))
        assert run.status == 0, run.output
        assert {page['revisions'] for page in report['pages']} == {4}
    run, _report = box.importpages('-page:Orphan one', '-maxrevisions:3')
    assert run.status == 1
    assert 'send 4 revisions; the limit is 3' in run.output


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    """Return what became of each page, or why it was not imported."""
    return {page['title']: page['outcome'] if page['decision'] == 'import'
            else f'{page["decision"]} ({page["reason"]})'
            for page in report['pages']}


def test_a_page_of_each_revision_is_one_page(cases: Cases) -> None:
    run, report = cases.run('01-page-per-revision.xml')
    assert run.status == 0, run.output
    assert outcomes(report) == {'Pier': 'verified', 'Mole': 'verified'}
    assert by_title(report)['Pier']['revisions'] == 2
    assert cases.target.text('Pier') == 'A longer pier.'
    assert [row['user'] for row in cases.target.history('Pier')][1:] == [
        'en>Reed', 'en>Quill']
    run, report = cases.run('01-page-per-revision.xml',
                            '-existingpages:update')
    assert outcomes(report) == {'Pier': 'skip (identical)',
                                'Mole': 'skip (identical)'}


def test_page_that_is_there_twice_is_merged(cases: Cases) -> None:
    path = cases.renamed('page-twice.xml', 'Mallet', 'Maul')
    run, report = cases.run(path, '-page:Plane')
    assert (run.status, outcomes(report)) == (0, {'Plane': 'verified'})
    run, report = cases.run(path, '-page:Maul')
    assert (run.status, outcomes(report)) == (0, {'Maul': 'verified'})
    assert cases.target.text('Maul') == 'A mallet is of timber.'
    assert len(cases.target.history('Maul')) == 3


def test_files_of_one_wiki_are_put_together(cases: Cases) -> None:
    """The newest text may be in the first, and a revision in both."""
    names = [cases.write(f'part-{place}.xml', '<page><title>Twofold</title>'
                         '<ns>0</ns>' + ''.join(
                             revision(number, f'Text {number}')
                             for number in numbers) + '</page>',
                         head=f'<base>http://{host}.example/</base>')
             for place, (numbers, host) in enumerate((
                 ((2, 3), 'a'), ((1, 2), 'a'), ((9, ), 'b')))]
    run, report = cases.run(names[0], names[1])
    assert (run.status, outcomes(report)) == (0, {'Twofold': 'verified'})
    assert by_title(report)['Twofold']['revisions'] == 3
    assert cases.target.text('Twofold') == 'Text 3'
    run, _report = cases.run(names[0], names[2])
    assert run.status == 1
    assert 'two wikis' in run.output


def test_number_of_the_namespace_counts(cases: Cases) -> None:
    run, report = cases.run('10-generic-namespace-names.xml')
    assert run.status == 0, run.output
    assert {page['title']: page['target'] for page in report['pages']} == {
        'Vorlage:Anker': 'Template:Anker', 'Vorlage:Seil': 'Template:Seil',
        'Altwiki:Regeln': 'Sandbox target:Regeln'}
    assert set(outcomes(report).values()) == {'verified'}
    assert cases.target.text('Template:Anker') == 'Anker.'
    path = cases.write('numbers.xml', ''.join(
        f'<page><title>{title}</title><ns>{number}</ns>'
        f'{revision(1, "Text.")}</page>' for title, number in (
            # an alias, no prefix at all, a namespace of no siteinfo, a
            # name with a colon, and what is spelled otherwise
            ('T:Bight', 10), ('Bowline', 10), ('WP:Rules', 4),
            ('Knots: all', 0), ('template:sheet_bend', 10),
            ('Special:Splice', -1), ('Portal:Rope', 100))))
    run, report = cases.run(path)
    assert outcomes(report) == {
        'Template:Bight': 'verified', 'Template:Bowline': 'verified',
        'WP:Rules': 'verified', 'Knots: all': 'verified',
        'Template:Sheet bend': 'verified',
        'Special:Splice': 'refuse (invalid-title)',
        'Portal:Rope': 'hold (no-namespace)'}
    assert '(-correspondingnamespace)' in ' '.join(run.output.split())
    for place in ('-rootpage:Project:Brought', '-correspondingnamespace:4'):
        run, found = cases.run(path, '-page:Portal:Rope', place)
        assert outcomes(found) == {'Portal:Rope': 'verified'}, run.output
    assert cases.target.history('Project:Brought/Portal:Rope')
    assert cases.target.history('Project:Rope')
    assert by_title(report)['WP:Rules']['target'] == 'Sandbox target:Rules'


def test_title_that_no_wiki_has_keeps_nobody_out(cases: Cases) -> None:
    run, report = cases.run('11-pipe-in-title.xml')
    assert outcomes(report) == {'Rope|knot': 'refuse (impossible-title)',
                                'Rope': 'verified'}, run.output
    # What it says about it does help.
    assert 'another title (-targettitle)' in ' '.join(run.output.split())
    run, report = cases.run('11-pipe-in-title.xml', '-page:Rope|knot',
                            '-targettitle:Rope knot')
    assert outcomes(report) == {'Rope|knot': 'verified'}, run.output
    assert by_title(report)['Rope|knot']['target'] == 'Rope knot'
    odd = ('A#b', 'A[b]', 'A{b}', 'A~~~~', 'a:b:', '../up', '%41', 'A&lt;b',
           'A&amp;amp;b', 'x' * 256, ':', '_', '#', '|')
    path = cases.write('odd.xml', ''.join(
        f'<page><title>{title}</title><ns>0</ns>{revision(1, "Text.")}'
        '</page>' for title in (*odd, 'Even')))
    for more in ((), ('-templates:mentioned', '-existingpages:update')):
        run, report = cases.run(path, *more)
        found = outcomes(report)
        assert found.pop('Even') in ('verified', 'skip (identical)')
        assert found.pop('A:b:') in ('verified', 'skip (identical)')
        assert found.pop(':') == 'refuse (invalid-title)'
        assert set(found.values()) == {'refuse (impossible-title)'}, found


def test_case_of_titles_is_the_rule_of_the_dump(cases: Cases) -> None:
    run, report = cases.run('case-sensitive.xml', '-page:chisel',
                            '-templates:mentioned')
    assert (run.status, outcomes(report)) == (
        0, {'Template:head': 'verified', 'chisel': 'verified'})
    both = ''.join(f'<page><title>{title}</title><ns>{number}</ns>'
                   f'{revision(1, "{{gouge}}")}</page>' for title, number in (
                       ('gouge', 0), ('Gouge', 0), ('template:gouge', 10)))
    path = cases.write('case.xml', both, head='<case>case-sensitive</case>')
    _run, report = cases.run(path, '-simulate', '-templates:mentioned')
    assert outcomes(report) == {
        'gouge': 'hold (same-target)', 'Gouge': 'hold (same-target)',
        'Template:gouge': None}
    path = cases.write('no-case.xml', both)
    _run, report = cases.run(path, '-simulate')
    assert set(outcomes(report)) == {'Gouge', 'Template:Gouge'}


def test_sha1_of_another_text_is_computed(cases: Cases) -> None:
    path = cases.renamed('sha1-of-another-text.xml', 'Lathe', 'Pole lathe')
    run, report = cases.run(path)
    assert (run.status, outcomes(report)) == (0, {'Pole lathe': 'verified'})
    note, = cases.notes(report, 'edited')
    assert note['titles'] == ['Pole lathe']
    before = cases.target.snapshot()
    for policy in ('update', 'force'):
        run, report = cases.run(path, f'-existingpages:{policy}')
        assert outcomes(report) == {'Pole lathe': 'skip (identical)'}
    assert cases.target.snapshot() == before


def test_model_goes_by_the_title(cases: Cases) -> None:
    run, report = cases.run('no-model.xml', '-page:Auger',
                            '-templates:mentioned')
    assert (run.status, outcomes(report)) == (0, {
        'Module:Tool/names': 'verified', 'Module:Tool': 'verified',
        'Auger': 'verified'})
    row, = cases.target.get(titles='Module:Tool', prop='info')['pages']
    assert row['contentmodel'] == 'Scribunto'
    path = cases.write('code.xml', ''.join(
        f'<page><title>{title}</title><ns>{number}</ns>'
        f'{revision(1, "x")}</page>' for title, number in (
            ('User:Quill/tool.js', 2), ('User:Quill/b', 2), ('Plain.js', 0))),
        version='0.7')
    run, report = cases.run(path)
    assert outcomes(report) == {
        'User:Quill/tool.js': 'refuse (runs-as-code)',
        'User:Quill/b': 'verified', 'Plain.js': 'verified'}
    # Under another title it would be no code; it is what it was.
    run, report = cases.run(path, '-page:User:Quill/tool.js',
                            '-targettitle:Sheet')
    assert outcomes(report) == {
        'User:Quill/tool.js': 'refuse (runs-as-code)'}


def test_ampersand_is_named(cases: Cases) -> None:
    run, _report = cases.run('bare-ampersand.xml')
    assert run.status == 1
    assert 'has an "&" that begins no entity' in run.output
    assert 'line 4' in run.output and '"&amp;"' in run.output
    # The parser's own name for what it reads.
    assert '<string>' not in run.output


def test_newer_dump_of_current_revisions_is_ahead(cases: Cases) -> None:
    cases.run('current-only-march.xml')
    run, report = cases.run('current-only-april.xml',
                            '-existingpages:update')
    assert (run.status, outcomes(report)) == (0, {'Mallet': 'verified'})
    page = by_title(report)['Mallet']
    assert (page['relation'], page['reason']) == ('behind', 'behind')
    assert cases.target.text('Mallet') == 'A mallet is of timber.'
    # Nothing is left to do, and an older one brings nothing back.
    for name, decision in (('april', 'skip (identical)'),
                           ('march', 'skip (nothing-to-bring)')):
        run, report = cases.run(f'current-only-{name}.xml',
                                '-existingpages:update')
        assert outcomes(report) == {'Mallet': decision}
    # What somebody wrote here is no text of the source.
    march, april = (cases.renamed(f'current-only-{month}.xml', 'Mallet',
                                  'Gavel') for month in ('march', 'april'))
    cases.run(march)
    cases.target.edit('Gavel', 'A mallet of our own.')
    run, report = cases.run(april, '-existingpages:update')
    assert outcomes(report) == {'Gavel': 'skip (local-changes)'}
    assert by_title(report)['Gavel']['relation'] == 'diverged'


def test_journal_knows_what_has_no_prefix(cases: Cases) -> None:
    """An address, or an account of this wiki, is the author."""
    older, newer = (cases.write(
        f'{month}.xml', ''.join(
            f'<page><title>{title}</title><ns>0</ns><revision><id>{month}'
            f'</id><parentid>1</parentid><timestamp>2021-{month:02}-01T00:00:'
            '00Z</timestamp><contributor><ip>192.0.2.7</ip></contributor>'
            f'<text>Text of {month}</text></revision></page>'
            for title in ('Adze', 'Bodkin'))) for month in (3, 4))
    cases.run(older, '-page:Adze')
    run, report = cases.run(newer, '-existingpages:update')
    assert (run.status, outcomes(report)) == (
        0, {'Adze': 'verified', 'Bodkin': 'verified'})
    # One that is older is no news, whatever brought the newer one.
    run, report = cases.run(older, '-existingpages:update')
    assert outcomes(report) == {'Adze': 'skip (nothing-to-bring)',
                                'Bodkin': 'skip (local-changes)'}


def test_names_are_spelled_as_mediawiki_does(cases: Cases) -> None:
    names = f'-authors:{CASES / "08-names.txt"}'
    run, _report = cases.run('08-author-spelling.xml', names)
    assert run.status == 1
    assert 'No accounts of the target' in run.output
    maintenance(cases.box.target_tree,
                cases.box.folder / 'target/LocalSettings.php',
                'createAndPromote', 'Reed Waters', 'a long pass word 9')
    more = cases.box.folder / 'names.txt'
    more.write_text('reed_Waters = Reed_Waters\nNo_body = Admin\n')
    # As whoever edits dumps may write one name.
    spelled = ('Reed_Waters', 'reed Waters', ' Reed  Waters_',
               'Reed\u200e Waters', 'Reed\xa0Waters')
    path = cases.write('names.xml', ''.join(
        f'<page><title>Winch {place}</title><ns>0</ns>'
        f'{revision(1, "First.", name)}</page>'
        for place, name in enumerate((*spelled, 'anna\u0301 lower'))))
    run, report = cases.run(path, f'-authors:{more}')
    assert run.status == 0, run.output
    note, = cases.notes(report, 'authors')
    assert {row['name']: row['becomes'] for row in note['authors']} == {
        'Reed Waters': 'Reed Waters', 'Ann\xe1 lower': 'en>Ann\xe1 lower'}
    note, = cases.notes(report, 'unmatched')
    assert note['names'] == ['No body']
    for place in range(len(spelled)):
        assert cases.target.history(f'Winch {place}')[-1]['user'] == (
            'Reed Waters')
    assert cases.target.history('Winch 5')[-1]['user'] == (
        'en>Ann\xe1 lower')
    run, report = cases.run('08-author-spelling.xml', names)
    assert (run.status, outcomes(report)) == (0, {'Winch': 'verified'})
    assert cases.target.history('Winch')[-1]['user'] == 'Reed Waters'
    assert not cases.notes(report, 'unmatched')


@pytest.mark.parametrize(('prefix', 'base', 'kinds'), [
    ('en', '', set()), ('en', 'HTTP://www.127.0.0.1/wiki/X', set()),
    ('en', 'http://old.example/', {'prefix-other'}),
    ('zz', 'http://old.example/', {'prefix-unknown'}),
    ('zz', '', {'prefix-unknown'}), ('en:x', 'http://old.example/', set())])
def test_prefix_is_held_against_the_wiki_of_the_file(
        cases: Cases, prefix: str, base: str, kinds: set[str]) -> None:
    path = cases.write('prefix.xml', '<page><title>Prefixed</title>'
                       f'<ns>0</ns>{revision(1, "Text.")}</page>',
                       head=f'<base>{base}</base>')
    run, report = cases.run(path, '-simulate', prefix=prefix)
    assert run.status == 0, run.output
    assert {note['kind'] for note in report['notes']
            if note['kind'].startswith('prefix-')} == kinds


def test_literals_of_lua_are_followed(cases: Cases) -> None:
    path = cases.renamed('lua-style.xml', 'Lathe', 'Turning lathe')
    run, report = cases.run(path, '-page:Turning lathe', '-simulate',
                            '-templates:mentioned')
    pages = by_title(report)
    assert pages['Module:Tool/styles.css']['needed_by'] == ['Module:Tool']
    assert pages['Template:Box']['role'] == 'template'
    found = pages['Module:Cite/Configuration']
    assert (found['needed_by'], found['evidence']) == (
        ['Module:Cite'], ['mentioned'])
    assert "'Module:Cite/Configuration' .. sandbox" in run.output


def test_redirect_out_of_the_dump_is_no_fault(cases: Cases) -> None:
    for options in (('-templates:mentioned', ), ()):
        path = cases.renamed('redirect-out-of-the-dump.xml', 'Spokeshave',
                             f'Spokeshave {len(options)}')
        run, report = cases.run(path, *options)
        assert run.status == 0, run.output
        found = outcomes(report)
        assert found.pop(f'Spokeshave {len(options)}') == 'verified'
        assert set(found.values()) <= {'skip (not-on-source)'}
        assert 'is taken too' not in run.output
        assert len(found) == len(options)
        note, = cases.notes(report, 'redirects-nowhere')
        assert note['titles'] == [
            f'Spokeshave {len(options)} → Drawing knife']


def test_texts_are_held_against_the_target(cases: Cases) -> None:
    text = ('&lt;music&gt;{{Note}}&lt;/music&gt; {{#lyre:}} {{Word}}'
            '&lt;nowiki&gt;{{No}}&lt;/nowiki&gt; [[File:Harp.ogg]]'
            '[[Category:Harps]] [[Category:Lyres]] {{Clef}}')
    path = cases.write('asking.xml', ''.join(
        f'<page><title>{title}</title><ns>{namespace}</ns>{more}'
        f'{revision(number, body)}</page>'
        for number, (title, namespace, more, body) in enumerate((
            ('Harp', 0, '', text), ('Zither', 0, '', '{{Clef}} &lt;br/&gt;'),
            ('Template:Word', 10, '', '{{#invoke:Word|x}}'),
            ('Category:Lyres', 14, '', 'x'),
            ('Cithara', 0, '<redirect title="Zither"/>',
             '#WEITERLEITUNG [[Zither]]'),
            ('Kithara', 0, '<redirect title="Lute"/>',
             '#WEITERLEITUNG [[Lute]]')), start=1)))
    cases.target.edit('Category:Harps', 'here')
    _run, report = cases.run(path, '-simulate')
    assert {(note['what'], note['name'], *note['needed_by'])
            for note in cases.notes(report, 'lacking')} == {
        ('tag', 'music', 'Harp'), ('function', 'lyre', 'Harp')}
    nowhere, = cases.notes(report, 'nowhere')
    assert nowhere['titles'] == ['Module:Word', 'Template:Clef',
                                 'Template:Note']
    assert nowhere['needed_by'] == ['Harp', 'Template:Word', 'Zither']
    assert not cases.notes(report, 'categories')
    file, = cases.notes(report, 'files')
    assert (file['page'], file['needed_by']) == ('File:Harp.ogg', ['Harp'])
    words, = cases.notes(report, 'words')
    assert (words['words'], words['needed_by']) == (
        ['#WEITERLEITUNG'], ['Cithara', 'Kithara'])
    redirects, = cases.notes(report, 'redirects-nowhere')
    assert redirects['titles'] == ['Kithara → Lute']
    assert not cases.notes(report, 'redirect')

    # What is in the dump and not asked for is another thing.
    _run, report = cases.run(path, '-simulate', '-page:Harp')
    left, = cases.notes(report, 'left-out')
    assert (left['page'], left['needed_by']) == ('Template:Word', ['Harp'])
    categories, = cases.notes(report, 'categories')
    assert categories['titles'] == ['Category:Lyres']


def test_functions_that_the_target_lacks_are_noted(cases: Cases) -> None:
    path = cases.renamed('09-module-in-dump.xml', 'Rope', 'Rope work')
    run, report = cases.run(path, '-simulate', '-page:Rope work',
                            '-templates:mentioned')
    assert 'Module:Knot' in by_title(report), run.output
    assert [note['name'] for note in cases.notes(report, 'lacking')] == [
        'dpl']


def song(number: int, title: str, text: str, namespace: int = 0) -> str:
    return (f'<page><title>{title}</title><ns>{namespace}</ns>'
            f'{revision(number, text)}</page>')


def test_raw_tags_are_not_as_planned(cases: Cases) -> None:
    path = cases.write('songs.xml', ''.join((
        song(1, 'Template:Song', '&lt;includeonly&gt;&lt;music&gt;{{{1}}}'
             '&lt;/music&gt;&lt;/includeonly&gt;', 10),
        song(2, 'Aria', '{{Song|x}} {{#lyre:a}}'),
        song(3, 'Quiet', '{{#if:|{{#lyre:x}}|y}}'))))
    run, report = cases.run(path)
    assert set(outcomes(report).values()) == {'verified'}
    assert run.status == 3, run.output
    assert {note['name']: note['titles']
            for note in cases.notes(report, 'raw-text')} == {
        '<music>': ['Aria'], '{{#lyre:}}': ['Aria']}
    assert 'does not know <music> and shows it as text' in run.output


def test_all_pages_of_a_run_are_looked_at(cases: Cases) -> None:
    def pages(name: str) -> str:
        return cases.write(f'{name}.xml', ''.join((
            song(1, f'Module:{name}', 'return {x = function() return '
                 'nothing.at_all end}', 828),
            song(2, f'{name} with an error', f'{{{{#invoke:{name}|x}}}}'),
            *(song(number, f'{name} {number}', '&lt;music&gt;x&lt;/music&gt;'
                   f' {{{{No {name}}}}}') for number in range(3, 56)))))

    run, report = cases.run(pages('Hymn'))
    assert run.status == 3, run.output
    raw, = cases.notes(report, 'raw-text')
    assert (raw['name'], raw['count']) == ('<music>', 53)
    errors, = cases.notes(report, 'script-errors')
    assert (errors['page'], errors['count']) == ('Hymn with an error', 1)
    missing = cases.notes(report, 'missing-template')
    assert Counter(note['template'] for note in missing) == {
        'Template:No Hymn': 53, 'Module:Hymn/doc': 1}
    # The plan said that the dump has none of them either.
    assert not any(note['on_source'] for note in missing)
    assert not cases.notes(report, 'looked-at')

    run, report = cases.run(pages('Psalm'), '-look:2')
    assert run.status == 0, run.output
    looked, = cases.notes(report, 'looked-at')
    assert (looked['count'], looked['total']) == (2, 55)
    assert 'the first 2 of 55 (-look)' in run.output


def test_files_of_a_dump_do_not_come(cases: Cases) -> None:
    run, report = cases.run('16-file-page.xml')
    assert (run.status, outcomes(report)) == (0, {'File:Bay.png':
                                                  'verified'})
    note, = cases.notes(report, 'file-pages')
    assert note['titles'] == ['File:Bay.png']
    assert 'Only the description' in run.output
