"""Ways in which a page could be hurt, and is not."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from importbot.model.decisions import Reason
from importbot.model.policy import Policy
from importbot.model.titles import Title
from importbot.planning.plan import plan_titles
from importbot.planning.steps import decide_again
from importbot.sources.transfer import connect
from tests.kit.proxy import Exchange
from tests.kit.support import (
    Box,
    by_title,
    site_of,
    transfer_of,
    write_histories,
)


A = ('2020-01-01T00:00:00Z', 'first text')
B = ('2020-02-01T00:00:00Z', 'second text')
C = ('2020-03-01T00:00:00Z', 'third text')
LATE_B = ('2021-01-01T00:00:00Z', 'second text')
FUTURE = ('2099-01-01T00:00:00Z', 'from the future')
RIGHTS = ('$wgGroupPermissions["importer"]["suppressredirect"] = true;'
          '$wgGroupPermissions["importer"]["editinterface"] = true;'
          '$wgGroupPermissions["importer"]["editprotected"] = true;')
#: What keeps the bot out on its page, and what does not. The last one does
#: so where it is transcluded, not where it stands.
EXCLUSIONS = {
    'Nobots': ('{{nobots}}', True),
    'Nobots named': ('{{Nobots|ImportBot, OtherBot}}', True),
    'Nobots others': ('{{nobots|OtherBot}}', False),
    'Deny script': ('{{bots|denyscript=importpages}}', True),
    'Deny another script': ('{{bots|denyscript=replace}}', False),
    'Allow': ('{{bots|allow=OtherBot}}', True),
    'Allowed': ('{{bots|allow=ImportBot}}', False),
    'Comment': ('<!-- {{nobots}} --> <nowiki>{{nobots}}</nowiki>', False),
    'Template:Elsewhere': ('<includeonly>{{nobots}}</includeonly>', False),
}
PAGES = ('Forward', 'Kept', 'Kept late', 'Protected', 'Deleted', 'Script',
         'Move', 'Conflict of models')


@pytest.fixture(scope='module')
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('attacked'), empty=True,
             settings=RIGHTS) as box:
        write_histories(box.source_tree, box.folder / 'source', 'old',
                        {title: [A, B, C] for title in PAGES})
        write_histories(box.target_tree, box.folder / 'target', 'en', {
            'Forward': [LATE_B], 'Kept': [A, B], 'Kept late': [A, LATE_B]})
        yield box


def just_before_the_import(event: Callable[[], object],
                           ) -> Callable[[Exchange], bool]:
    """Let something happen when the import is on its way to the wiki."""
    happened: list[bool] = []

    def hits(exchange: Exchange) -> bool:
        if exchange.is_import and not happened:
            happened.append(True)
            event()
        return False

    return hits


@pytest.mark.parametrize(('title', 'policy'), [
    ('Forward', 'update'), ('Kept', 'keep')])
def test_edit_between_look_and_import_is_not_overwritten(
        attacked: Box, title: str, policy: str) -> None:
    target = attacked.on_target()
    hits = just_before_the_import(
        lambda: target.edit(title, 'an edit of a person'))
    with attacked.target.broken(hits=hits):
        run, report = attacked.importpages(
            f'-page:{title}', f'-existingpages:{policy}')
    assert run.status == 1, run.output
    assert by_title(report)[title]['outcome'] == 'failed'
    assert attacked.on_target().text(title) == 'an edit of a person'


def test_kept_text_stays_though_the_source_is_edited_just_before(
        attacked: Box) -> None:
    source = attacked.on_source()
    hits = just_before_the_import(
        lambda: source.edit('Kept late', 'an edit of the source'))
    with attacked.target.broken(hits=hits):
        attacked.importpages('-page:Kept late', '-existingpages:keep')
    assert attacked.on_target().text('Kept late') == LATE_B[1]


@pytest.mark.parametrize(('title', 'action', 'parameters'), [
    ('Protected', 'protect', {'protections': 'create=sysop'}),
    ('Deleted', 'delete', {}),
])
def test_what_happens_to_a_title_after_the_plan_counts(
        attacked: Box, title: str, action: str,
        parameters: dict[str, str]) -> None:
    path = attacked.folder / 'attacked.json'
    attacked.pwb('importpages', '-source:en', f'-page:{title}',
                 f'-plan:{path}')
    target = attacked.on_target()

    def event() -> None:
        if action == 'delete':
            target.edit(title, 'to be deleted')
        target.do(action, title=title, reason='a test', **parameters)

    seen: list[bool] = []

    def hits(exchange: Exchange) -> bool:
        if 'curtimestamp' in exchange.parameters and not seen:
            seen.append(True)
            event()
        return False

    with attacked.target.broken(hits=hits):
        run = attacked.pwb('importpages', f'-apply:{path}', '-always')
    assert run.status == 1, run.output
    assert not attacked.on_target().history(title)


def test_future_revision_that_is_not_the_current_one(attacked: Box) -> None:
    write_histories(attacked.source_tree, attacked.folder / 'source', 'old',
                    {'Future': [A, FUTURE]})
    attacked.on_source().edit('Future', 'the current text')
    run, report = attacked.importpages('-page:Future')
    assert run.status == 1, run.output
    assert by_title(report)['Future']['reason'] == 'future-revision'
    assert not attacked.on_target().history('Future')


def test_page_of_the_target_that_runs_as_code(attacked: Box) -> None:
    target = attacked.on_target()
    target.edit('Script', 'alert( 1 )')
    target.do('changecontentmodel', title='Script', model='javascript')
    before = target.snapshot()
    run, report = attacked.importpages('-page:Script',
                                       '-existingpages:force')
    assert run.status == 1, run.output
    assert by_title(report)['Script']['reason'] == 'runs-as-code'
    assert target.snapshot() == before


def test_page_of_the_target_with_another_model(attacked: Box) -> None:
    target = attacked.on_target()
    target.edit('Conflict of models', '{}')
    target.do('changecontentmodel', title='Conflict of models', model='json')
    before = target.snapshot()
    run, report = attacked.importpages('-page:Conflict of models',
                                       '-existingpages:force')
    assert run.status == 3, run.output
    assert by_title(report)['Conflict of models']['reason'] == (
        'other-content-model')
    assert target.snapshot() == before


def test_no_way_through_the_namespace_of_messages(attacked: Box) -> None:
    attacked.on_source().edit('MediaWiki:Attack', 'a message')
    run, report = attacked.importpages('-page:MediaWiki:Attack',
                                       '-targettitle:Project:Attack')
    assert run.status == 0, run.output
    assert by_title(report)['MediaWiki:Attack']['outcome'] == 'verified'
    target = attacked.on_target()
    assert not target.imports('MediaWiki:Attack')
    assert target.imports('Project:Attack')


def test_no_way_to_a_page_of_the_bot(attacked: Box) -> None:
    source, target = attacked.on_source(), attacked.on_target()
    for title in ('Project:Requests', 'Project:Requests/Config',
                  'Template:Log', 'Request', 'Way'):
        source.edit(title, '{{Log}}')
    target.edit('Project:Requests', '{{Log}}')
    before = target.snapshot()
    site_of(attacked.source)
    wikis = connect(
        site_of(attacked.target), 'en', Policy(),
        # Spelled by nobody who looked.
        frozenset({Title(4, 'requests'), Title(10, 'log'), Title(0, 'way')}))

    def planned(*titles: str, **policy: Any) -> dict[str, tuple[str, str]]:
        found = plan_titles(
            wikis.under(Policy(**policy)),
            [wikis.source_info.title(title) for title in titles])
        return {str(page.title): (page.decision.value, page.reason.value)
                for page in found.pages}

    never = ('refuse', 'reserved')
    for existing in ('skip', 'force'):
        assert list(planned(
            'Project:Requests', 'Project:Requests/Config',
            existing=existing, existingpages=existing).values()) == 3 * [never]
    for place in ({'titlemap': (('Request', 'project:requests/Archive'), )},
                  {'rootpage': 'Project:Requests'},
                  {'targettitle': 'Project:Requests', 'via': 'upload'},
                  {'targettitle': 'Project:Requests', 'via': 'interwiki'},
                  {'targettitle': 'Wanted', 'via': 'interwiki',
                   'landing': 'Project:Requests'}):
        assert planned('Request', templates='none', **place) == {
            'Request': never}
    # Neither way leads over the title that it has on the source.
    for via in ('interwiki', 'upload'):
        assert planned('Way', templates='none', targettitle='Wayside',
                       via=via) == {'Way': ('import', 'requested')}
    assert target.snapshot() == before


def test_what_became_a_page_of_the_bot_is_judged_again(
        attacked: Box) -> None:
    attacked.on_target().edit('Request 2', C[1])
    attacked.on_source().edit('Request 2', C[1])
    attacked.on_source().edit('Request 2', 'the text of the source')
    wikis = transfer_of(attacked)
    policy = Policy(existingpages='update')
    [page] = plan_titles(wikis.under(policy), [Title(0, 'Request 2')]).pages
    assert page.steps
    again = decide_again(page, replace(
        wikis, reserved=frozenset({Title(0, 'Request 2')})).under(policy))
    assert (again.reason, again.steps) == (Reason.RESERVED, ())


@pytest.fixture(scope='module')
def excluding(attacked: Box) -> dict[str, bool]:
    """Pages that are behind, by whether they keep the bot out."""
    source, target = attacked.on_source(), attacked.on_target()
    for title, (text, _bars) in EXCLUSIONS.items():
        for wiki in (source, target):
            wiki.edit(title, text)
        source.edit(title, 'the text of the source')
    return {title: bars for title, (_text, bars) in EXCLUSIONS.items()}


def test_pages_that_keep_the_bot_out_are_on_hold(
        attacked: Box, excluding: dict[str, bool]) -> None:
    before = attacked.on_target().snapshot()
    for policy in ('update', 'force', 'keep'):
        run, report = attacked.importpages(
            *(f'-page:{title}' for title in excluding), '-simulate',
            '-templates:none', f'-existingpages:{policy}')
        assert run.status == 3, run.output
        assert {title: page['reason'] == 'nobots' for title, page
                in by_title(report).items()} == excluding
    run, report = attacked.importpages('-page:Nobots', '-templates:none',
                                       '-existingpages:update')
    assert by_title(report)['Nobots']['decision'] == 'hold'
    assert attacked.on_target().snapshot() == before


def test_it_takes_no_request_a_page_to_see_whether_they_do(
        attacked: Box, excluding: dict[str, bool]) -> None:
    def requests(*titles: str) -> int:
        wikis = transfer_of(attacked)
        attacked.target.exchanges.clear()
        wikis.target.pages(titles, action='edit')
        return len(attacked.target.exchanges)

    assert requests(*excluding) == requests('Kept') == 1


def test_page_that_keeps_the_bot_out_since_the_plan(
        attacked: Box, excluding: dict[str, bool]) -> None:
    wikis = transfer_of(attacked)
    policy = Policy(existingpages='update', templates='none')
    [page] = plan_titles(
        wikis.under(policy), [Title(0, 'Nobots others')]).pages
    assert page.steps
    for wiki in (attacked.on_source(), attacked.on_target()):
        wiki.edit('Nobots others', '{{nobots|OtherBot}} {{nobots}}')
    attacked.on_source().edit('Nobots others', 'the next text')
    again = decide_again(page, wikis.under(policy))
    assert (again.reason, again.steps) == (Reason.NOBOTS, ())


def test_operator_may_have_the_bot_ignore_it(
        attacked: Box, excluding: dict[str, bool],
        tmp_path: Path) -> None:
    config = tmp_path / 'pywikibot'
    copytree(attacked.config, config)
    with (config / 'user-config.py').open('a') as file:
        file.write('ignore_bot_templates = True\n')
    run, report = attacked.importpages(
        '-page:Nobots', '-templates:none', '-existingpages:update',
        config=config)
    assert run.status == 0, run.output
    assert by_title(report)['Nobots']['outcome'] == 'verified'
    assert attacked.on_target().text('Nobots') == 'the text of the source'


def test_page_of_a_person_is_never_moved_away(attacked: Box) -> None:
    target = attacked.on_target()
    seen: list[bool] = []
    landing = 'User:ImportBot/importing/Move'

    def hits(exchange: Exchange) -> bool:
        if 'curtimestamp' in exchange.parameters and not seen:
            seen.append(True)
            target.edit(landing, C[1])  # the very text of the source
        return False

    with attacked.target.broken(hits=hits):
        run, report = attacked.importpages('-page:Move',
                                           '-targettitle:Moved')
    assert run.status == 1, run.output
    assert by_title(report)['Move']['outcome'] == 'rejected'
    assert target.history(landing) and not target.history('Moved')


def test_lost_answer_of_a_move_is_found_out(attacked: Box) -> None:
    attacked.on_source().edit('Lost move', 'text')
    with attacked.target.broken(
            hits=lambda exchange: exchange.parameters.get('action') == 'move',
            status=504):
        run, report = attacked.importpages('-page:Lost move',
                                           '-targettitle:Found move')
    assert run.status == 0, run.output
    assert attacked.on_target().history('Found move')


def test_saved_plan_does_not_depend_on_the_order_of_the_request(
        attacked: Box) -> None:
    source = attacked.on_source()
    source.edit('Template:C', 'c')
    source.edit('Template:B', '{{C}}')
    source.edit('Template:A', 'a')
    source.edit('Order', '{{A}} {{B}}')
    path = attacked.folder / 'order.json'
    attacked.pwb('importpages', '-source:en', '-page:Order',
                 '-page:Template:B', f'-plan:{path}')
    run = attacked.pwb('importpages', f'-apply:{path}', '-always')
    assert run.status == 0, run.output


@pytest.mark.parametrize('damage', [
    {'source': None}, {'options': []}, {'pages': [{}]},
    {'options': {'maxused': 'many'}}, {'options': {'nsmap': ['abc']}}])
def test_damaged_plan_files_get_a_sentence(
        attacked: Box, damage: dict[str, object]) -> None:
    path = attacked.folder / 'damaged.json'
    attacked.pwb('importpages', '-source:en', '-page:Order',
                 f'-plan:{path}')
    data = json.loads(path.read_text())
    for name, value in damage.items():
        if isinstance(value, dict):
            data[name].update(value)
        else:
            data[name] = value
    path.write_text(json.dumps(data))
    run = attacked.pwb('importpages', f'-apply:{path}', '-always')
    assert run.status == 1
    assert 'Traceback' not in run.output
    assert 'is damaged' in run.output, run.output


def test_summary_of_a_saved_plan_cannot_be_exchanged(attacked: Box) -> None:
    path = attacked.folder / 'summary.json'
    attacked.on_source().edit('Summary', 'text')
    attacked.pwb('importpages', '-source:en', '-page:Summary',
                 f'-plan:{path}')
    data = json.loads(path.read_text())
    data['options']['summary'] = 'something else'
    path.write_text(json.dumps(data))
    run = attacked.pwb('importpages', f'-apply:{path}', '-always')
    assert run.status == 1, run.output
    assert not attacked.on_target().history('Summary')
