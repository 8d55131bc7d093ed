"""Choosing among what pages need, on the sample wiki."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from importbot.model.decisions import Decision, Role
from importbot.model.errors import UsageError
from importbot.model.plan import Plan
from importbot.model.policy import Policy
from importbot.planning.plan import plan_titles
from tests.kit.support import Box, by_title, transfer_of


@pytest.fixture(scope='module')
def wikis(box: Box) -> Iterator[Any]:
    source = box.on_source()
    source.edit('Rover car', '#REDIRECT [[Dust mitigation]]')
    source.edit('Talk:Longstride', 'Is it {{Check|yes}} or {{Talk box}}?')
    source.edit('Template:Talk box', 'For talk pages')
    yield transfer_of(box)


def plan(wikis: Any, *titles: str, **policy: Any) -> Plan:
    return plan_titles(
        wikis.under(Policy(**policy)),
        [wikis.source_info.title(title) for title in titles])


def titles(found: Plan) -> set[str]:
    return {str(page.title) for page in found.pages}


def notes(found: Plan, kind: str) -> list[dict[str, Any]]:
    return [note.as_json() for note in found.notes
            if note.kind.value == kind]


def test_exclude_drops_what_only_the_excluded_need(wikis: Any) -> None:
    whole = titles(plan(wikis, 'Rover'))
    found = plan(wikis, 'Rover', exclude=('^Template:Infobox rover$', ))
    pages = {str(page.title): page for page in found.pages}
    excluded = pages['Template:Infobox rover']
    assert (excluded.decision.value, excluded.reason.value) == (
        'skip', 'excluded')
    assert 'Module:Infobox' in whole - titles(found)
    assert 'Template:Infobox rover/styles.css' in whole - titles(found)
    # What others need too stays.
    assert 'Module:Arguments' in titles(found)


def test_what_is_left_out_and_missed_is_noted(wikis: Any) -> None:
    found = plan(wikis, 'Longstride', exclude=('Cite web', ))
    assert [(note['page'], bool(note['needed_by']))
            for note in notes(found, 'left-out')] == [
        ('Template:Cite web', True)]


def test_only_takes_what_matches(wikis: Any) -> None:
    found = plan(wikis, 'Rover', only=('Cite', '^Module:'))
    taken = {str(page.title) for page in found.pages
             if page.decision is Decision.IMPORT}
    assert 'Template:Cite web' in taken
    assert {'Rover'} == {title for title in taken
                         if 'Cite' not in title and 'Module:' not in title}


def test_nodocs_drops_documentation_and_its_own_needs(wikis: Any) -> None:
    whole = plan(wikis, 'Template:Convert')
    found = plan(wikis, 'Template:Convert', nodocs=True)
    assert any(page.role is Role.DOCUMENTATION for page in whole.pages)
    assert not any(page.role is Role.DOCUMENTATION
                   and page.decision is not Decision.SKIP
                   for page in found.pages)
    assert 'Template:Tl' in titles(whole) - titles(found)
    assert 'Module:Units' in titles(found)


def test_talk_pages_come_along_with_what_they_need(wikis: Any) -> None:
    found = plan(wikis, 'Longstride', 'Zvěst 🜨', talk=True)
    roles = {str(page.title): page.role for page in found.pages}
    assert roles['Talk:Longstride'] is Role.REQUESTED
    assert 'Template:Talk box' in roles
    assert 'Talk:Zvěst 🜨' not in roles


def test_target_of_a_requested_redirect_is_taken_and_said(
        wikis: Any) -> None:
    found = plan(wikis, 'Rover car')
    roles = {str(page.title): page.role for page in found.pages}
    assert roles['Dust mitigation'] is Role.REQUESTED
    assert 'Template:Quote box' in roles
    assert notes(found, 'redirect') == [{
        'kind': 'redirect', 'page': 'Rover car',
        'target': 'Dust mitigation'}]


def test_what_auto_leaves_out_is_counted(wikis: Any) -> None:
    found = plan(wikis, 'Rover')
    [note] = notes(found, 'mentioned')
    more = plan(wikis, 'Rover', templates='mentioned')
    assert 0 < note['count'] <= len(more.pages) - len(found.pages)
    assert len(note['titles']) == note['count']
    assert not notes(more, 'mentioned')


@pytest.mark.parametrize('root', [
    'Rover', 'Template:Infobox rover', 'Module:Infobox',
    'Template:Infobox rover/styles.css', 'Template:Infobox rover/doc',
    'Template:Unit', 'Category:Rovers', 'Help:Writing about rovers'])
def test_any_page_can_be_the_root(wikis: Any, root: str) -> None:
    found = plan(wikis, root, templates='mentioned')
    assert root in titles(found)
    assert not any(page.decision is Decision.REFUSE for page in found.pages)
    for page in found.pages:
        assert page.role is Role.REQUESTED or page.needed_by
        assert page.role is Role.REQUESTED or page.evidence


def test_limits_refuse_the_plan(wikis: Any) -> None:
    with pytest.raises(UsageError, match='change .* pages; the limit is 10'):
        plan(wikis, 'Rover', maxpages=10)
    with pytest.raises(UsageError, match='send .* revisions; .* is 100'):
        plan(wikis, 'Rover', maxrevisions=100)
    assert plan(wikis, 'Rover', maxpages=0, maxrevisions=0).pages


def test_revisions_are_counted(wikis: Any) -> None:
    pages = {str(page.title): page for page in plan(wikis, 'Rover').pages}
    assert pages['Rover'].revisions == 300
    assert pages['Template:Cite web'].revisions == 1
    assert pages['Template:Yes'].revisions is None


def test_title_deleted_on_the_target_is_on_hold(box: Box) -> None:
    target = box.on_target()
    target.edit('Template:Stub', 'to go')
    target.do('delete', title='Template:Stub', reason='not wanted here')
    run, report = box.importpages('-page:Template:Stub', '-templates:none')
    assert run.status == 3, run.output
    assert by_title(report)['Template:Stub']['reason'] == 'deleted-here'


def test_template_that_many_pages_use_is_on_hold(box: Box) -> None:
    target = box.on_target()
    for number in range(3):
        target.edit(f'User of Convert {number}', '{{Convert|1|km}}')
    _run, report = box.importpages(
        '-page:Kestrel (rover)', '-existing:force', '-maxused:2',
        '-only:Convert', '-simulate')
    page = by_title(report)['Template:Convert']
    assert (page['decision'], page['reason']) == ('hold', 'widely-used')
    users = [note for note in report['notes'] if note['kind'] == 'users']
    assert users[0]['count'] > 2


def test_page_beyond_reading_is_on_hold(box: Box) -> None:
    box.on_source().edit('Braces', '{{' * 30_000)
    run, report = box.importpages('-page:Braces')
    assert run.status == 3, run.output
    assert by_title(report)['Braces']['reason'] == 'unreadable'
    assert not box.on_target().history('Braces')


def test_title_on_the_blacklist_is_on_hold(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    box = Box(tmp_path_factory.mktemp('blacklist'), empty=True, settings=(
        "wfLoadExtension( 'TitleBlacklist' );\n"
        "$wgTitleBlacklistSources = [ [ 'type' => 'localpage', "
        "'src' => 'MediaWiki:Titleblacklist' ] ];"))
    try:
        box.on_target().edit('MediaWiki:Titleblacklist', 'Forbidden.*')
        box.on_source().edit('Forbidden name', 'text')
        run, report = box.importpages('-page:Forbidden name')
        assert run.status == 3, run.output
        assert by_title(report)['Forbidden name']['reason'] == (
            'not-creatable')
        assert not box.on_target().history('Forbidden name')
    finally:
        box.close()


def test_capitals_are_those_of_the_wiki(box: Box) -> None:
    box.on_source().edit('ß klein', 'sharp')
    run, report = box.importpages('-page:ß klein')
    assert run.status == 0, run.output
    [page] = report['pages']
    assert page['outcome'] == 'verified'
    assert box.on_target().imports(page['target'])
