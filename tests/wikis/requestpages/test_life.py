"""The life of a request in all its ways, on both releases."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from importbot.model.plan import Plan
from importbot.requestpages.passes.planner import Planned, Planner
from importbot.requestpages.passes.replies import Secretary
from importbot.requestpages.passes.spec import Wanted
from importbot.requestpages.passes.stop import Stop
from importbot.requestpages.passes.tracked import Case
from tests.kit.request_wiki import CONFIGURATION, Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

ANNA = 'Anna Petit'


@pytest.fixture(scope='module')
def anna(each_box: Box) -> Client:
    return Desk(each_box).person(ANNA)


@pytest.fixture(scope='module')
def specimens(each_box: Box) -> Iterator[str]:
    return put_specimens(each_box, 60)


@pytest.fixture
def desk(each_box: Box) -> Desk:
    return Desk(each_box)


OWN = {'name': 'own user space', 'ownuserspace': True, 'missing': True,
       'maxtemplates': 0, 'maxrevisions': 200, 'approval': False}


def test_new_review_approved_done(desk: Desk, anna: Client,
                                  specimens: Iterator[str]) -> None:
    title = next(specimens)
    desk.file(title, anna)
    clerk = desk.work()
    assert (clerk.treated, clerk.failed) == (1, 0)
    request, = desk.requests
    assert request.status_word == 'review'
    assert request.id and request.plan
    assert not desk.exists(title)
    assert request.plan in desk.answers()[0]

    assert desk.work().treated == 0
    desk.approve(desk.admin)
    assert desk.work().failed == 0
    request, = desk.requests
    assert request.status_word == 'done'
    assert desk.exists(title)
    review, result = desk.answers()
    newest = desk.admin.history(title)[0]['revid']
    assert f'Special:PermanentLink/{newest}' in result
    assert 'Special:Log' in result
    assert desk.work().treated == 0
    log = desk.admin.text(desk.log_page)
    assert log.count(request.id) == 2  # anchor and label of one link
    assert ANNA in log


def test_importing_is_seen_before_the_first_write(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    desk.file(title, anna)
    desk.work()
    desk.approve(desk.admin)
    seen: list[str] = []
    with desk.box.target.broken(hits=lambda exchange: bool(
            exchange.is_import and seen.append(desk.statuses[0]))):
        desk.work()
    assert seen == ['importing']
    states = [desk.admin._send(action='query', revids=row['revid'],
                               prop='revisions', rvprop='content',
                               rvslots='main')['query']['pages'][0][
        'revisions'][0]['slots']['main']['content'].partition(
        'status = ')[2].split()[0].rstrip('}')
        for row in desk.admin.history(desk.page)]
    assert states == ['done', 'importing', 'approved', 'review', 'new']


def test_nobody_has_to_agree_to_the_own_user_space(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.configure(rules=[OWN])
    title = next(specimens)
    desk.file(f'{title} → User:{ANNA}/{title}', anna)
    desk.work()
    assert desk.statuses == ['done']
    assert desk.exists(f'User:{ANNA}/{title}')


def test_somebody_has_to_agree_to_the_user_space_of_others(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.configure(rules=[OWN])
    title = next(specimens)
    desk.file(f'{title} → User:Admin/{title}', anna)
    desk.work()
    assert desk.statuses == ['review']
    assert not desk.exists(f'User:Admin/{title}')


@pytest.mark.parametrize(('status', 'next_status'), [
    ('declined', 'declined'), ('withdrawn', 'withdrawn'),
    ('manual', 'manual'), ('done', 'done'), ('importing', 'importing')])
def test_people_take_requests_over(
        desk: Desk, anna: Client, specimens: Iterator[str], status: str,
        next_status: str) -> None:
    desk.file(next(specimens), anna)
    desk.work()
    desk.edit(anna, 'status = review', f'status = {status}')
    before = desk.text
    assert desk.work().treated == 0
    assert desk.text == before
    assert desk.statuses == [next_status]


def test_broken_requests_are_answered_once(desk: Desk, anna: Client) -> None:
    desk.file('', anna)
    anna.edit(desk.page, '\n{{Import request|source=en|pages=Foo\n',
              section='new', sectiontitle='Unclosed')
    desk.file('Foo\n Bar', anna, source='xx', history='all')
    desk.work()
    answers = desk.answers()
    assert len(answers) == 3, desk.text
    assert sorted(desk.statuses) == ['', 'question', 'question']
    text = desk.text
    assert desk.work().failed == 0
    assert desk.text == text


def test_question_waits_for_an_edit(desk: Desk, anna: Client,
                                    specimens: Iterator[str]) -> None:
    title = next(specimens)
    desk.file('No such page', anna)
    desk.work()
    assert desk.statuses == ['question']
    assert desk.work().treated == 0
    desk.edit(anna, 'No such page', title)
    desk.work()
    assert desk.statuses == ['review']
    assert len(desk.answers()) == 2


def test_edited_request_goes_back_to_review(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    desk.file(title, anna)
    desk.work()
    desk.approve(desk.admin)
    desk.edit(anna, title, f'{title}\n  {other}')
    desk.work()
    assert desk.statuses == ['review']
    assert not desk.exists(title) and not desk.exists(other)
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['done']
    assert desk.exists(title) and desk.exists(other)


def test_plan_that_differs_goes_back_to_review(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    other = next(specimens)
    desk.file(f'{title}\n  {other}', anna)
    desk.work()
    desk.admin.edit(title, 'meanwhile here')
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['review']
    assert desk.admin.text(title) == 'meanwhile here'
    assert not desk.exists(other)
    assert title in desk.answers()[-1]
    desk.approve(desk.admin)
    desk.work()
    assert desk.exists(other)
    assert desk.admin.text(title) == 'meanwhile here'


def test_pages_on_hold_make_it_partial(desk: Desk, anna: Client,
                                       specimens: Iterator[str]) -> None:
    title, held = next(specimens), next(specimens)
    desk.admin.do('protect', title=held, protections='create=sysop')
    desk.file(f'{title}\n  {held}', anna)
    desk.work()
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['partial']
    assert desk.exists(title) and not desk.exists(held)
    assert held in desk.answers()[-1]


def test_ended_id_is_never_run_again(desk: Desk, anna: Client,
                                     specimens: Iterator[str]) -> None:
    title = next(specimens)
    desk.file(title, anna)
    desk.work()
    desk.approve(desk.admin)
    desk.work()
    desk.admin.do('delete', title=title)
    desk.edit(desk.admin, 'status = done', 'status = approved')
    desk.work()
    assert desk.statuses == ['question']
    assert not desk.exists(title)
    assert desk.work().treated == 0


def test_stop_page_stops_before_anything(desk: Desk, anna: Client,
                                         specimens: Iterator[str]) -> None:
    title = next(specimens)
    desk.file(title, anna)
    anna.edit(desk.stop_page, 'run <!-- no, wait --> stop')
    before = desk.text
    clerk = desk.work(stop := Stop())
    assert desk.stop_page.partition(':')[2] in stop.reason
    assert clerk.treated == 0
    assert desk.text == before
    anna.edit(desk.stop_page, '<noinclude>You can stop it here.</noinclude>\n'
              'run')
    desk.work()
    assert desk.statuses == ['review']


def test_stopped_between_pages_and_gone_on_with(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _number in range(3)]
    desk.file('\n  '.join(titles), anna)
    desk.work()
    desk.approve(desk.admin)
    done: list[str] = []

    def stop_after_the_first(exchange: object) -> bool:
        if getattr(exchange, 'is_import', False) and not done:
            done.append(anna.edit(desk.stop_page, 'stop') and 'x')
        return False

    with desk.box.target.broken(hits=stop_after_the_first):
        desk.work()
    assert desk.statuses == ['importing']
    assert [desk.exists(title) for title in titles].count(True) == 1
    desk.work()
    assert desk.statuses == ['importing']
    anna.edit(desk.stop_page, 'run')
    desk.work()
    assert desk.statuses == ['done']
    assert all(map(desk.exists, titles))
    assert len(desk.answers()) == 2
    for title in titles:
        assert len(desk.admin.imports(title)) == 1


LOCAL = {'name': 'Importwunsch',
         'parameters': {'source': ['Quelle'], 'pages': ['Seiten'],
                        'status': ['Stand'], 'plan': ['Plan'],
                        'templates': ['Vorlagen']},
         'statuses': {'review': ['wartet'], 'approved': ['genehmigt'],
                      'importing': ['läuft'], 'done': ['erledigt']},
         'values': {'none': ['keine']}}


def test_template_in_the_words_of_the_wiki(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    desk.configure(templates=[LOCAL], done={'done': '{{Erledigt}}'})
    desk.admin.edit('Template:Importbitte',
                    '#REDIRECT [[Template:Importwunsch]]')
    desk.admin.edit('Template:Importwunsch', 'x')
    anna.edit(desk.page, '{{importbitte|Quelle=en|Seiten=' + title
              + '|Vorlagen=keine}}', section='new', sectiontitle='Bitte')
    desk.work()
    assert '|Stand=wartet|id=' in desk.text, desk.text
    assert '|Plan=' in desk.text
    desk.edit(desk.admin, 'Stand=wartet', 'Stand=genehmigt')
    desk.work()
    assert '|Stand=erledigt|' in desk.text
    assert '{{Erledigt}} [[User:ImportBot' in desk.answers()[-1]
    assert desk.exists(title)


def test_plain_lines_of_links(desk: Desk, anna: Client,
                              specimens: Iterator[str]) -> None:
    desk.configure(lines=True, policy={'templates': 'none'})
    title = next(specimens)
    anna.edit(desk.page, f'* [[:en:{title}]] → [[{title} here]] --~~~~\n'
              '* [[:de:X]] → [[Y]]\n* [[A]] → [[B]]')
    desk.work()
    assert desk.statuses == ['review']
    assert desk.text.startswith(f'* [[:en:{title}]] → [[{title} here]] --')
    assert desk.work().treated == 0
    desk.edit(desk.admin, 'status=review', 'status=approved')
    desk.work()
    assert desk.statuses == ['done']
    assert desk.exists(f'{title} here')


def test_configuration_with_an_error_stops_the_bot(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.file(next(specimens), anna)
    desk.configure(limits={'pages': 'many'})
    run = desk.box.pwb('importrequests', f'-configpage:{CONFIGURATION}',
                       f'-journal:{desk.box.folder / "x.sqlite"}')
    assert run.status == 1
    assert '$.limits.pages: ' in run.output
    assert '"many"' in run.output
    assert 'Traceback' not in run.output
    assert desk.statuses == ['new']


def test_configuration_that_anybody_can_edit_is_not_read(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.file(next(specimens), anna)
    desk.admin.edit('Project:Import.json',
                    desk.admin.text(CONFIGURATION))
    arguments = ('importrequests', '-configpage:Project:Import.json',
                 f'-journal:{desk.box.folder / "x.sqlite"}')
    run = desk.box.pwb(*arguments)
    assert run.status == 1
    assert 'anybody can edit it' in run.output
    assert desk.statuses == ['new']
    desk.admin.do('protect', title='Project:Import.json',
                  protections='edit=sysop')
    assert desk.box.pwb(*arguments).status == 0
    assert desk.statuses == ['review']


def test_no_requested_page_can_come_so_nothing_else_does(
        desk: Desk, anna: Client) -> None:
    desk.file('Rover → MediaWiki:Rover', anna, templates='used')
    desk.work()
    assert desk.statuses == ['question']
    assert desk.work().treated == 0


def test_request_that_nobody_thought_of_keeps_no_other_out(
        desk: Desk, anna: Client, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title = next(specimens)
    desk.file('Odd', anna)
    desk.file(title, anna)
    plan = Planner.plan

    def fails(self: Planner, wanted: Wanted, summary: str) -> Planned:
        if 'Odd' in wanted.titles:
            raise RuntimeError('nobody thought of this')
        return plan(self, wanted, summary)

    monkeypatch.setattr(Planner, 'plan', fails)
    clerk = desk.work()
    assert (clerk.treated, clerk.failed) == (1, 1)
    assert desk.statuses == ['new', 'review']


def test_new_plan_is_not_covered_by_the_old_approval(
        desk: Desk, anna: Client, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title, other = next(specimens), next(specimens)
    desk.file(f'{title}\n  {other}', anna)
    desk.work()
    desk.approve(desk.admin)
    stop = Stop()
    announce = Secretary.announce

    def announced(self: Secretary, case: Case, plan: Plan) -> bool:
        seen = announce(self, case, plan)
        stop.reason = 'a signal'
        return seen

    with monkeypatch.context() as patch:
        patch.setattr(Secretary, 'announce', announced)
        desk.work(stop)
    assert desk.statuses == ['importing']
    desk.admin.edit(title, 'meanwhile here')
    # What shows the new plan does not get through.
    with desk.box.target.broken(
            hits=lambda exchange: exchange.parameters.get('action')
            == 'edit', forwards=False, times=10 ** 6):
        assert desk.work().failed == 1
    assert desk.statuses == ['importing']
    desk.work()
    assert desk.statuses == ['review']
    assert not desk.exists(other)
    desk.approve(desk.admin)
    desk.work()
    assert desk.exists(other)
    assert desk.admin.text(title) == 'meanwhile here'


def test_declined_import_is_not_taken_up_again_by_anybody(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _number in range(3)]
    desk.file('\n  '.join(titles), anna)
    desk.work()
    desk.approve(desk.admin)
    done: list[int] = []
    with desk.box.target.broken(hits=lambda exchange: bool(
            exchange.is_import and not done and done.append(
                anna.edit(desk.stop_page, 'stop')))):
        desk.work()
    desk.edit(desk.admin, 'status = importing', 'status = declined')
    anna.edit(desk.stop_page, 'run')
    desk.work()
    desk.edit(anna, 'status = declined', 'status = review')
    desk.work()
    assert desk.statuses == ['partial']
    assert [desk.exists(title) for title in titles].count(True) == 1


def test_group_that_may_not_approve_any_more(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    desk.configure(groups=['sysop', 'importer'])
    helper = desk.person('Helping Hand', 'importer')
    desk.file(title, anna)
    desk.work()
    desk.configure(groups=['sysop'])
    desk.approve(helper)
    desk.work()
    assert desk.statuses == ['review']
    assert not desk.exists(title)
