"""Names across languages and configurations, on real wikis."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from importbot import Journal, apply_plan
from importbot.model.decisions import Decision, Reason
from importbot.model.plan import Plan, as_text
from importbot.model.policy import Policy
from importbot.model.steps import ImportStep
from importbot.planning.plan import plan_titles
from importbot.sandbox.wikis import write_interwiki
from importbot.sources.preflight import problems
from tests.kit.support import Box, by_title, texts, transfer_of


PORTAL = '$wgExtraNamespaces[3000] = "Portal"; ' \
    '$wgExtraNamespaces[3001] = "Portal_talk";'
WORDS = '$wgExtraNamespaces[3004] = "Words"; ' \
    '$wgExtraNamespaces[3005] = "Words_talk"; ' \
    '$wgCapitalLinkOverrides[3004] = false;'
MOVES = '$wgGroupPermissions["importer"]["suppressredirect"] = true;'


@pytest.fixture(scope='module')
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A German source with namespaces of its own, an English target."""
    box = Box(tmp_path_factory.mktemp('german'), source_lang='de',
              empty=True, source_settings=PORTAL + WORDS,
              settings=PORTAL.replace('3000', '3010').replace(
                  '3001', '3011') + MOVES)
    write_interwiki(box.databases['source'],
                    {'en': box.target_base})
    try:
        yield box
    finally:
        box.close()


@pytest.fixture(scope='module')
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('japanese'), lang='de',
             source_lang='ja', empty=True) as box:
        yield box


def planned(wikis: Any, *titles: str, **policy: Any) -> Plan:
    return plan_titles(
        wikis.under(Policy(**policy)),
        [wikis.source_info.title(title) for title in titles])


def test_german_module_arrives_as_a_module(german: Box) -> None:
    source = german.on_source()
    source.edit('Modul:Zahl', 'return { x = function() return "7" end }')
    source.edit('Vorlage:Kasten', '{{#aufrufen:Zahl|x}}{{#invoke:Zahl|x}}')
    source.edit('Seite', '{{kasten}}')
    run, report = german.importpages('-page:Seite')
    # The target shows {{#aufrufen: as text.
    assert run.status == 3, run.output
    pages = by_title(report)
    assert pages['Modul:Zahl']['target'] == 'Module:Zahl'
    assert pages['Vorlage:Kasten']['target'] == 'Template:Kasten'
    assert pages['Modul:Zahl']['steps'][0]['namespace'] == 828
    target = german.on_target()
    assert target.history('Module:Zahl')
    assert not target.history('Modul:Zahl')


def test_custom_namespace_is_found_by_its_name(german: Box) -> None:
    german.on_source().edit('Portal:Technik', 'Ein Portal')
    run, report = german.importpages('-page:Portal:Technik')
    assert run.status == 0, run.output
    assert german.on_target().history('Portal:Technik')


def test_namespace_that_the_target_lacks_is_on_hold(german: Box) -> None:
    german.on_source().edit('Words:klein', 'Ein Wort')
    before = german.on_target().snapshot()
    run, report = german.importpages('-page:Words:klein')
    assert run.status == 3, run.output
    page = by_title(report)['Words:klein']
    assert (page['reason'], page['target']) == ('no-namespace', '')
    assert german.on_target().snapshot() == before


def test_nsmap_says_where_a_namespace_goes(german: Box) -> None:
    german.on_source().edit('Words:gross', 'Noch ein Wort')
    run, report = german.importpages('-page:Words:gross',
                                     '-nsmap:Words=Project')
    assert run.status == 0, run.output
    page = by_title(report)['Words:gross']
    # The target stores a capital where the source does not.
    assert page['target'].endswith(':Gross')
    assert german.on_target().history('Project:Gross')


def test_another_title_is_reached_by_a_move(german: Box) -> None:
    german.on_source().edit('Fahrzeug', 'Ein Fahrzeug')
    run, report = german.importpages('-page:Fahrzeug',
                                     '-targettitle:Help:Vehicle')
    assert run.status == 0, run.output
    page = by_title(report)['Fahrzeug']
    assert [step['action'] for step in page['steps']] == ['import', 'move']
    assert page['steps'][1] == {
        'action': 'move', 'landing': 'User:ImportBot/importing/Fahrzeug'}
    target = german.on_target()
    assert target.history('Help:Vehicle')
    assert not target.history('Fahrzeug')
    assert not target.history('User:ImportBot/importing/Fahrzeug')


def test_page_of_the_source_s_title_is_no_obstacle(german: Box) -> None:
    german.on_source().edit('Rad', 'Ein Rad')
    target = german.on_target()
    target.edit('Rad', 'A page of our own')
    # Whoever has a page where it would land has not met it.
    target.edit('User:ImportBot/importing/Rad', 'Somebody was here')
    before = target.snapshot()
    run, report = german.importpages('-page:Rad', '-targettitle:Wheel')
    assert run.status == 0, run.output
    assert by_title(report)['Rad']['steps'][1]['landing'] == (
        'User:ImportBot/importing 2/Rad')
    after = target.snapshot()
    assert after.pop('Wheel') and after == before


@pytest.mark.parametrize(('wanted', 'rootpage'), [
    ('User:Anna/Winde', 'User:Anna'),
    ('User:Anna/Entwürfe/Winde', 'User:Anna/Entwürfe'),
    ('Project:Winde', '')])
def test_title_that_an_import_gives_needs_no_move(
        german: Box, wanted: str, rootpage: str) -> None:
    """With the right to import alone, whatever else stands there."""
    german.on_source().edit('Winde', 'Eine Winde')
    german.on_target().edit('Winde', 'A page of our own')
    wikis = transfer_of(german, targettitle=wanted)
    plan = planned(replace(wikis, access=replace(
        wikis.access, rights=frozenset({'import', 'edit', 'createpage'}))),
        'Winde', targettitle=wanted)
    page, = plan.pages
    assert page.target_text.endswith(wanted.partition(':')[2])
    step, = page.steps
    assert isinstance(step, ImportStep)
    assert (step.via, step.rootpage) == ('interwiki', rootpage)
    before = german.on_target().snapshot()
    run, report = german.importpages('-page:Winde', f'-targettitle:{wanted}')
    assert run.status == 0, run.output
    after = german.on_target().snapshot()
    assert after.pop(page.target_text) and after == before


def test_redirect_that_a_move_leaves_is_told(box: Box) -> None:
    target = box.on_target()
    before = target.snapshot()
    run, report = box.importpages(
        '-page:Template:Yes', '-targettitle:Template:Jawohl', '-via:interwiki',
        '-templates:none')
    assert run.status == 0, run.output
    landing = 'User:ImportBot/importing/Template:Yes'
    assert by_title(report)['Template:Yes']['steps'][1] == {
        'action': 'move', 'landing': landing, 'redirect': True}
    assert 'Redirects that moves leave' in ' '.join(run.output.split())
    after = target.snapshot()
    assert after.keys() - before.keys() == {'Template:Jawohl', landing}
    assert target.text(landing).startswith('#REDIRECT [[Template:Jawohl]]')
    # It lies in nobody's way.
    wikis = transfer_of(box)
    page = planned(wikis, 'Template:Yes', via='interwiki', templates='none',
                   targettitle='Template:Oui').pages[-1]
    assert page.move and page.move.landing == (
        'User:ImportBot/importing 2/Template:Yes')


def test_page_that_cannot_be_moved_is_on_hold(box: Box) -> None:
    wikis = transfer_of(box)
    access = replace(wikis.access, rights=wikis.access.rights
                     - {'move', 'importupload'})
    held = planned(replace(wikis, access=access), 'Template:Yes',
                   templates='none', targettitle='User:Anna/Ja').pages[-1]
    assert (held.decision, held.reason) == (
        Decision.HOLD, Reason.NEEDS_MOVE)
    access = replace(access, rights=access.rights | {'move'})
    wikis = replace(wikis, access=access)
    for wanted, decision in (('User:Anna/Ja', Decision.IMPORT),
                             ('User:Anna', Decision.HOLD)):
        access = replace(access, rights=access.rights
                         - {'move-rootuserpages'})
        assert planned(replace(wikis, access=access), 'Template:Yes',
                       templates='none', targettitle=wanted,
                       ).pages[-1].decision is decision
    # Below a root page there are no 255 bytes left.
    long = 'Long ' + 'x' * 245
    box.on_source().edit(long, 'It is long.')
    page = planned(wikis, long, targettitle='Short').pages[-1]
    assert (page.decision, page.reason) == (
        Decision.HOLD, Reason.NEEDS_UPLOAD)


def test_title_is_reached_by_an_upload_where_moves_are_not_allowed(
        box: Box) -> None:
    run, report = box.importpages('-page:Template:Yes', '-templates:none',
                                  '-targettitle:Template:Ja')
    assert run.status == 0, run.output
    page = by_title(report)['Template:Yes']
    assert [(step['action'], step['via'], step['because'])
            for step in page['steps']] == [('import', 'upload', 'title')]
    assert (page['target'], page['outcome']) == ('Template:Ja', 'verified')
    source, target = box.on_source(), box.on_target()
    assert texts(source.history('Template:Yes')) <= texts(
        target.history('Template:Ja'))
    assert target.text('Template:Ja') == source.text('Template:Yes')


@pytest.mark.parametrize(('via', 'lacking', 'named'), [
    ('auto', {'move'}, ''),
    ('upload', {'move'}, ''),
    ('interwiki', {'move'}, '"move"'),
    ('auto', {'importupload'}, ''),
    ('auto', {'importupload', 'move'}, '"move"')])
def test_moves_are_needed_where_nothing_can_be_uploaded(
        box: Box, via: str, lacking: set[str], named: str) -> None:
    wikis = transfer_of(box)
    assert {'move', 'importupload'} <= wikis.access.rights
    assert 'suppressredirect' not in wikis.access.rights
    access = replace(wikis.access, rights=wikis.access.rights - lacking)
    for policy in (Policy(via=via, targettitle='Help:Elsewhere'),
                   Policy(via=via, titlemap=(('A', 'Help:A'), ('B', 'C')))):
        found = problems('en', policy, wikis.target_info, access)
        assert [sentence for sentence in found
                if sentence.key == 'start-may-not-move'] == found
        assert len(found) == bool(named)
        if named:
            assert f'lacks the right {named} on' in str(found[0])
    # Of these the page tells.
    assert not problems('en', Policy(via=via, targettitle='Help:A/b'),
                        wikis.target_info, access)


def test_every_title_that_cannot_be_given_is_named(box: Box) -> None:
    wikis = transfer_of(box)
    found = problems('en', Policy(titlemap=(
        ('A', 'A[b'), ('B', 'B'), ('C', 'Special:C'))),
        wikis.target_info, wikis.access)
    assert [str(sentence).partition(' is no valid title on the target')[0]
            for sentence in found] == ['"A[b"', '"Special:C"']


@pytest.mark.parametrize('via', ['interwiki', 'upload'])
def test_every_page_under_a_title_of_its_own(german: Box, tmp_path: Path,
                                             via: str) -> None:
    source, target = german.on_source(), german.on_target()
    for name in ('eins', 'zwei'):
        source.edit(f'Words:{name} {via}', f'Das Wort {name}, einmal')
        source.edit(f'Words:{name} {via}', f'{{{{Wort {via}}}}} {name}')
    source.edit(f'Vorlage:Wort {via}', 'Ein Wort:')
    for name in ('Drei', 'Vier'):
        source.edit(f'{name} {via}', f'{{{{Wort {via}}}}} {name}')
    wikis = transfer_of(german)
    # The target has no such namespace, and a page is given a title there.
    titles = {f'Words:eins {via}': f'Help:One {via}',
              f'words:zwei {via}': f'template:zwei {via}',
              f'Drei {via}': f'Three {via}'}
    plan = planned(wikis, *titles, f'Vier {via}', via=via,
                   titlemap=tuple(titles.items()))
    report = apply_plan(plan, wikis.target.site,
                        Journal(str(tmp_path / 'journal.sqlite')),
                        transfer=wikis)
    assert report.went_as_planned, report.results
    assert {str(page.title): page.target_text for page in plan.pages} == {
        f'Words:eins {via}': f'Help:One {via}',
        f'Words:zwei {via}': f'Template:Zwei {via}',
        f'Vorlage:Wort {via}': f'Template:Wort {via}',
        f'Drei {via}': f'Three {via}', f'Vier {via}': f'Vier {via}'}
    for page in plan.pages:
        assert texts(source.history(str(page.title))) <= texts(
            target.history(page.target_text))
    # The second one only needs the namespace.
    assert {str(page.title) for page in plan.pages if page.follow_ups} == {
        'interwiki': {f'Words:eins {via}', f'Drei {via}'},
        'upload': set()}[via]
    for title in (f'Words:eins {via}', f'Help:Eins {via}', f'Drei {via}'):
        assert not target.history(title)


def test_saved_plan_with_titles_is_applied(german: Box) -> None:
    for name in ('Auto', 'Boot'):
        german.on_source().edit(name, 'Ein Fahrzeug')
    plan = planned(transfer_of(german), 'Auto', 'Boot', titlemap=(
        ('Auto', 'Help:Car'), ('Boot', 'Help:Boat')))
    path = german.folder / 'titles.json'
    path.write_text(as_text(plan.as_json()))
    run = german.pwb('importpages', f'-apply:{path}', '-always')
    assert run.status == 0, run.output
    for title in ('Help:Car', 'Help:Boat'):
        assert german.on_target().history(title)


def test_titles_that_meet_each_other_are_on_hold(german: Box) -> None:
    source, target = german.on_source(), german.on_target()
    for name in ('Links', 'Rechts', 'Mitte'):
        source.edit(name, f'{name} am Wagen')
    wikis = transfer_of(german)

    def reasons(*titles: tuple[str, str], **policy: Any) -> dict[str, str]:
        plan = planned(wikis, 'Links', 'Rechts', 'Mitte', titlemap=titles,
                       **policy)
        return {str(page.title): page.reason.value for page in plan.pages
                if page.decision is not Decision.IMPORT}

    assert reasons(('Links', 'Side'), ('Rechts', 'side')) == {
        'Links': 'same-target', 'Rechts': 'same-target'}
    change = ('Links', 'Rechts'), ('Rechts', 'Links')
    for via in ('auto', 'upload'):
        assert reasons(*change, via=via) == {}
    # One would land where the other one is to arrive.
    assert reasons(('Links', 'User:ImportBot/importing/Rechts'),
                   ('Rechts', 'Right')) == {'Rechts': 'landing-taken'}
    target.edit('Left', 'A page of our own')
    for policy in ('update', 'force'):
        assert reasons(('Links', 'Left'), existingpages=policy) == {
            'Links': {'update': 'local-changes', 'force': 'exists'}[policy]}


def test_target_title_is_for_one_page(german: Box) -> None:
    run = german.pwb('importpages', '-source:de', '-page:Seite',
                     '-page:Fahrzeug', '-targettitle:Wheel', '-always')
    assert run.status == 1
    assert 'One title was given for 2 pages' in ' '.join(run.output.split())


def test_japanese_names_become_german_ones(japanese: Box) -> None:
    source = japanese.on_source()
    source.edit('テンプレート:箱', '{{#もし:x|{{:車輪}}}}{{#if:x|{{:車輪}}}}'
                '<noinclude>{{テンプレート:箱/doc}}</noinclude>')
    source.edit('テンプレート:箱/doc', '説明')
    source.edit('車輪', '輪')
    source.edit('探査車', '{{箱}} {{PAGENAME}} {{ページ名}}')
    run, report = japanese.importpages('-page:探査車',
                                       '-templates:mentioned')
    # The target shows {{#もし: as text.
    assert run.status == 3, run.output
    assert {page['title']: page['target'] for page in report['pages']} == {
        '車輪': '車輪', 'テンプレート:箱': 'Vorlage:箱',
        'テンプレート:箱/doc': 'Vorlage:箱/doc', '探査車': '探査車'}
    target = japanese.on_target()
    for page in report['pages']:
        assert target.history(page['target'])


def test_equivalents_are_noted_or_skipped(german: Box) -> None:
    source = german.on_source()
    source.edit('Vorlage:Absatz', 'Absatz<noinclude>[[en:Template:Clear]]'
                '</noinclude>')
    source.edit('Text', '{{Absatz}}')
    german.on_target().edit('Template:Clear', 'clear')
    _run, report = german.importpages('-page:Text', '-simulate')
    notes = [note for note in report['notes']
             if note['kind'] == 'equivalent']
    assert notes == [{'kind': 'equivalent', 'page': 'Vorlage:Absatz',
                      'equivalent': 'Template:Clear'}]
    assert by_title(report)['Vorlage:Absatz']['decision'] == 'import'
    run, report = german.importpages('-page:Text', '-equivalents:skip')
    assert run.status == 0, run.output
    page = by_title(report)['Vorlage:Absatz']
    assert (page['decision'], page['reason']) == ('skip', 'equivalent')
    assert not german.on_target().history('Template:Absatz')
