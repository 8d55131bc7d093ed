"""The life of a request in all its ways, on both releases."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from importbot.model.plan import Plan
from importbot.requestpages.passes.planner import Planned, Planner
from importbot.requestpages.passes.replies import Replies
from importbot.requestpages.passes.spec import RequestSpec
from importbot.requestpages.passes.stop import Stop
from importbot.requestpages.passes.tracked import TrackedRequest
from tests.kit.request_bot import ANNA
from tests.kit.request_wiki import CONFIGURATION, RequestWiki
from tests.kit.support import Box, Client


@pytest.fixture(scope='module')
def box(any_box: Box) -> Box:
    return any_box


OWN = {'name': 'own user space', 'ownuserspace': True, 'missing': True,
       'maxtemplates': 0, 'maxrevisions': 200, 'approval': False}


@pytest.mark.parametrize('any_box', ['1.43', '1.39'], indirect=True)
def test_new_review_approved_done(wiki: RequestWiki, anna: Client,
                                  specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.file(title, anna)
    request_pass = wiki.work()
    assert (request_pass.treated, request_pass.failed) == (1, 0)
    request, = wiki.requests
    assert request.status_word == 'review'
    assert request.id and request.plan
    assert not wiki.exists(title)
    assert request.plan in wiki.answers()[0]

    assert wiki.work().treated == 0
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    request, = wiki.requests
    assert request.status_word == 'done'
    assert wiki.exists(title)
    review, result = wiki.answers()
    newest = wiki.admin.history(title)[0]['revid']
    assert f'Special:PermanentLink/{newest}' in result
    assert 'Special:Log' in result
    assert wiki.work().treated == 0
    log = wiki.admin.text(wiki.log_page)
    assert log.count(request.id) == 2  # anchor and label of one link
    assert ANNA in log


def test_importing_is_seen_before_the_first_write(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.file(title, anna)
    wiki.work()
    wiki.approve(wiki.admin)
    seen: list[str] = []
    with wiki.box.target.broken(hits=lambda exchange: bool(
            exchange.is_import and seen.append(wiki.statuses[0]))):
        wiki.work()
    assert seen == ['importing']
    states = [wiki.admin._send(action='query', revids=row['revid'],
                               prop='revisions', rvprop='content',
                               rvslots='main')['query']['pages'][0][
        'revisions'][0]['slots']['main']['content'].partition(
        'status = ')[2].split()[0].rstrip('}')
        for row in wiki.admin.history(wiki.page)]
    assert states == ['done', 'importing', 'approved', 'review', 'new']


def test_nobody_has_to_agree_to_the_own_user_space(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.configure(rules=[OWN])
    title = next(specimens)
    wiki.file(f'{title} → User:{ANNA}/{title}', anna)
    wiki.work()
    assert wiki.statuses == ['done']
    assert wiki.exists(f'User:{ANNA}/{title}')


def test_somebody_has_to_agree_to_the_user_space_of_others(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.configure(rules=[OWN])
    title = next(specimens)
    wiki.file(f'{title} → User:Admin/{title}', anna)
    wiki.work()
    assert wiki.statuses == ['review']
    assert not wiki.exists(f'User:Admin/{title}')


@pytest.mark.parametrize(('status', 'next_status'), [
    ('declined', 'declined'), ('withdrawn', 'withdrawn'),
    ('manual', 'manual'), ('done', 'done'), ('importing', 'importing')])
def test_people_take_requests_over(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str], status: str,
        next_status: str) -> None:
    wiki.file(next(specimens), anna)
    wiki.work()
    wiki.edit(anna, 'status = review', f'status = {status}')
    before = wiki.text
    assert wiki.work().treated == 0
    assert wiki.text == before
    assert wiki.statuses == [next_status]


def test_broken_requests_are_answered_once(wiki: RequestWiki,
                                           anna: Client) -> None:
    wiki.file('', anna)
    anna.edit(wiki.page, '\n{{Import request|source=en|pages=Foo\n',
              section='new', sectiontitle='Unclosed')
    wiki.file('Foo\n Bar', anna, source='xx', history='all')
    wiki.work()
    answers = wiki.answers()
    assert len(answers) == 3, wiki.text
    assert sorted(wiki.statuses) == ['', 'question', 'question']
    text = wiki.text
    assert wiki.work().failed == 0
    assert wiki.text == text


def test_question_waits_for_an_edit(wiki: RequestWiki, anna: Client,
                                    specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.file('No such page', anna)
    wiki.work()
    assert wiki.statuses == ['question']
    assert wiki.work().treated == 0
    wiki.edit(anna, 'No such page', title)
    wiki.work()
    assert wiki.statuses == ['review']
    assert len(wiki.answers()) == 2


def test_edited_request_goes_back_to_review(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    wiki.file(title, anna)
    wiki.work()
    wiki.approve(wiki.admin)
    wiki.edit(anna, title, f'{title}\n  {other}')
    wiki.work()
    assert wiki.statuses == ['review']
    assert not wiki.exists(title) and not wiki.exists(other)
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['done']
    assert wiki.exists(title) and wiki.exists(other)


def test_plan_that_differs_goes_back_to_review(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    other = next(specimens)
    wiki.file(f'{title}\n  {other}', anna)
    wiki.work()
    wiki.admin.edit(title, 'meanwhile here')
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.admin.text(title) == 'meanwhile here'
    assert not wiki.exists(other)
    assert title in wiki.answers()[-1]
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.exists(other)
    assert wiki.admin.text(title) == 'meanwhile here'


def test_pages_on_hold_make_it_partial(wiki: RequestWiki, anna: Client,
                                       specimens: Iterator[str]) -> None:
    title, held = next(specimens), next(specimens)
    wiki.admin.do('protect', title=held, protections='create=sysop')
    wiki.file(f'{title}\n  {held}', anna)
    wiki.work()
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['partial']
    assert wiki.exists(title) and not wiki.exists(held)
    assert held in wiki.answers()[-1]


def test_ended_id_is_never_run_again(wiki: RequestWiki, anna: Client,
                                     specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.file(title, anna)
    wiki.work()
    wiki.approve(wiki.admin)
    wiki.work()
    wiki.admin.do('delete', title=title)
    wiki.edit(wiki.admin, 'status = done', 'status = approved')
    wiki.work()
    assert wiki.statuses == ['question']
    assert not wiki.exists(title)
    assert wiki.work().treated == 0


def test_stop_page_stops_before_anything(wiki: RequestWiki, anna: Client,
                                         specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.file(title, anna)
    anna.edit(wiki.stop_page, 'run <!-- no, wait --> stop')
    before = wiki.text
    request_pass = wiki.work(stop := Stop())
    assert wiki.stop_page.partition(':')[2] in stop.reason
    assert request_pass.treated == 0
    assert wiki.text == before
    anna.edit(wiki.stop_page, '<noinclude>You can stop it here.</noinclude>\n'
              'run')
    wiki.work()
    assert wiki.statuses == ['review']


def test_stopped_between_pages_and_gone_on_with(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _number in range(3)]
    wiki.file('\n  '.join(titles), anna)
    wiki.work()
    wiki.approve(wiki.admin)
    done: list[str] = []

    def stop_after_the_first(exchange: object) -> bool:
        if getattr(exchange, 'is_import', False) and not done:
            done.append(anna.edit(wiki.stop_page, 'stop') and 'x')
        return False

    with wiki.box.target.broken(hits=stop_after_the_first):
        wiki.work()
    assert wiki.statuses == ['importing']
    assert [wiki.exists(title) for title in titles].count(True) == 1
    wiki.work()
    assert wiki.statuses == ['importing']
    anna.edit(wiki.stop_page, 'run')
    wiki.work()
    assert wiki.statuses == ['done']
    assert all(map(wiki.exists, titles))
    assert len(wiki.answers()) == 2
    for title in titles:
        assert len(wiki.admin.imports(title)) == 1


LOCAL = {'name': 'Importwunsch',
         'parameters': {'source': ['Quelle'], 'pages': ['Seiten'],
                        'status': ['Stand'], 'plan': ['Plan'],
                        'templates': ['Vorlagen']},
         'statuses': {'review': ['wartet'], 'approved': ['genehmigt'],
                      'importing': ['läuft'], 'done': ['erledigt']},
         'values': {'none': ['keine']}}


def test_template_in_the_words_of_the_wiki(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.configure(templates=[LOCAL], done={'done': '{{Erledigt}}'})
    wiki.admin.edit('Template:Importbitte',
                    '#REDIRECT [[Template:Importwunsch]]')
    wiki.admin.edit('Template:Importwunsch', 'x')
    anna.edit(wiki.page, '{{importbitte|Quelle=en|Seiten=' + title
              + '|Vorlagen=keine}}', section='new', sectiontitle='Bitte')
    wiki.work()
    assert '|Stand=wartet|id=' in wiki.text, wiki.text
    assert '|Plan=' in wiki.text
    wiki.edit(wiki.admin, 'Stand=wartet', 'Stand=genehmigt')
    wiki.work()
    assert '|Stand=erledigt|' in wiki.text
    assert '{{Erledigt}} [[User:ImportBot' in wiki.answers()[-1]
    assert wiki.exists(title)


def test_plain_lines_of_links(wiki: RequestWiki, anna: Client,
                              specimens: Iterator[str]) -> None:
    wiki.configure(lines=True, policy={'templates': 'none'})
    title = next(specimens)
    anna.edit(wiki.page, f'* [[:en:{title}]] → [[{title} here]] --~~~~\n'
              '* [[:de:X]] → [[Y]]\n* [[A]] → [[B]]')
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.text.startswith(f'* [[:en:{title}]] → [[{title} here]] --')
    assert wiki.work().treated == 0
    wiki.edit(wiki.admin, 'status=review', 'status=approved')
    wiki.work()
    assert wiki.statuses == ['done']
    assert wiki.exists(f'{title} here')


def test_configuration_with_an_error_stops_the_bot(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.file(next(specimens), anna)
    wiki.configure(limits={'pages': 'many'})
    run = wiki.box.pwb('importrequests', f'-configpage:{CONFIGURATION}',
                       f'-journal:{wiki.box.folder / "x.sqlite"}')
    assert run.status == 1
    assert '$.limits.pages: ' in run.output
    assert '"many"' in run.output
    assert 'Traceback' not in run.output
    assert wiki.statuses == ['new']


def test_configuration_that_anybody_can_edit_is_not_read(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.file(next(specimens), anna)
    wiki.admin.edit('Project:Import.json',
                    wiki.admin.text(CONFIGURATION))
    arguments = ('importrequests', '-configpage:Project:Import.json',
                 f'-journal:{wiki.box.folder / "x.sqlite"}')
    run = wiki.box.pwb(*arguments)
    assert run.status == 1
    assert 'anybody can edit it' in run.output
    assert wiki.statuses == ['new']
    wiki.admin.do('protect', title='Project:Import.json',
                  protections='edit=sysop')
    assert wiki.box.pwb(*arguments).status == 0
    assert wiki.statuses == ['review']


def test_no_requested_page_can_come_so_nothing_else_does(
        wiki: RequestWiki, anna: Client) -> None:
    wiki.file('Rover → MediaWiki:Rover', anna, templates='used')
    wiki.work()
    assert wiki.statuses == ['question']
    assert wiki.work().treated == 0


def test_request_that_nobody_thought_of_keeps_no_other_out(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title = next(specimens)
    wiki.file('Odd', anna)
    wiki.file(title, anna)
    plan = Planner.plan

    def fails(self: Planner, wanted: RequestSpec, summary: str) -> Planned:
        if 'Odd' in wanted.titles:
            raise RuntimeError('nobody thought of this')
        return plan(self, wanted, summary)

    monkeypatch.setattr(Planner, 'plan', fails)
    request_pass = wiki.work()
    assert (request_pass.treated, request_pass.failed) == (1, 1)
    assert wiki.statuses == ['new', 'review']


def test_new_plan_is_not_covered_by_the_old_approval(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title, other = next(specimens), next(specimens)
    wiki.file(f'{title}\n  {other}', anna)
    wiki.work()
    wiki.approve(wiki.admin)
    stop = Stop()
    announce = Replies.announce

    def announced(self: Replies, case: TrackedRequest, plan: Plan) -> bool:
        seen = announce(self, case, plan)
        stop.reason = 'a signal'
        return seen

    with monkeypatch.context() as patch:
        patch.setattr(Replies, 'announce', announced)
        wiki.work(stop)
    assert wiki.statuses == ['importing']
    wiki.admin.edit(title, 'meanwhile here')
    # What shows the new plan does not get through.
    with wiki.box.target.broken(
            hits=lambda exchange: exchange.parameters.get('action')
            == 'edit', forwards=False, times=10 ** 6):
        assert wiki.work().failed == 1
    assert wiki.statuses == ['importing']
    wiki.work()
    assert wiki.statuses == ['review']
    assert not wiki.exists(other)
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.exists(other)
    assert wiki.admin.text(title) == 'meanwhile here'


def test_declined_import_is_not_taken_up_again_by_anybody(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _number in range(3)]
    wiki.file('\n  '.join(titles), anna)
    wiki.work()
    wiki.approve(wiki.admin)
    done: list[int] = []
    with wiki.box.target.broken(hits=lambda exchange: bool(
            exchange.is_import and not done and done.append(
                anna.edit(wiki.stop_page, 'stop')))):
        wiki.work()
    wiki.edit(wiki.admin, 'status = importing', 'status = declined')
    anna.edit(wiki.stop_page, 'run')
    wiki.work()
    wiki.edit(anna, 'status = declined', 'status = review')
    wiki.work()
    assert wiki.statuses == ['partial']
    assert [wiki.exists(title) for title in titles].count(True) == 1


def test_group_that_may_not_approve_any_more(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.configure(groups=['sysop', 'importer'])
    helper = wiki.person('Helping Hand', 'importer')
    wiki.file(title, anna)
    wiki.work()
    wiki.configure(groups=['sysop'])
    wiki.approve(helper)
    wiki.work()
    assert wiki.statuses == ['review']
    assert not wiki.exists(title)
