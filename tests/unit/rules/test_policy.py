"""The rules that decide: examples of every reason, and what never is."""
from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.model.codec import policy_from_json
from importbot.model.decisions import Decision, Reason, Role
from importbot.model.errors import UsageError
from importbot.model.implied import implied_by
from importbot.model.options import OPTIONS
from importbot.model.pages import SourcePage, TargetPage
from importbot.model.policy import Policy
from importbot.model.revisions import Revision
from importbot.model.titles import Title
from importbot.rules.code import allowance_of, rights_for, runs_as_code
from importbot.rules.decide import Circumstances, decide
from tests.kit.references import wiki


EXISTING = OPTIONS.field('existing').values
EXISTING_PAGES = OPTIONS.field('existingpages').values
NOW = '2024-01-01T00:00:00Z'
CIRCUMSTANCES = Circumstances(
    frozenset({'wikitext', 'Scribunto', 'sanitized-css'}), NOW)
PAGE = Title(10, 'Box')
OLD = Revision(6, 5, '2019-01-01T00:00:00Z', 'c' * 40)
TEXT = Revision(7, 6, '2020-01-01T00:00:00Z', 'a' * 40)
OTHER = Revision(8, 7, '2020-01-01T00:00:00Z', 'b' * 40)
FUTURE = Revision(7, 6, '2024-01-02T00:00:00Z', 'a')
HERE = SourcePage(PAGE, (TEXT, OLD))
NONE = TargetPage()


def verdict(source: SourcePage, target: TargetPage | None,
            title: Title | None = PAGE, role: Role = Role.TEMPLATE,
            **policy: Any) -> tuple[str, str, str | None]:
    found = decide(role, source, title, target, Policy(**policy),
                   CIRCUMSTANCES)
    return (found.decision.value, found.reason.value,
            found.relation and found.relation.value)


@pytest.mark.parametrize(('source', 'title', 'target', 'expected'), [
    (HERE, PAGE, NONE, ('import', 'needed', 'missing')),
    (HERE, PAGE, TargetPage((TEXT, )), ('skip', 'identical', 'identical')),
    (HERE, PAGE, TargetPage((OTHER, )), ('skip', 'exists', 'unrelated')),
    (SourcePage(PAGE), PAGE, NONE, ('skip', 'not-on-source', None)),
    (SourcePage(PAGE, (FUTURE, )), PAGE, NONE,
     ('refuse', 'future-revision', None)),
    (HERE, None, None, ('hold', 'no-namespace', None)),
    (HERE, PAGE, None, ('refuse', 'invalid-title', None)),
    (HERE, Title(8, 'Sidebar'), NONE, ('refuse', 'runs-as-code', None)),
    (SourcePage(PAGE, (TEXT, ), 'NoSuchModel'), PAGE, NONE,
     ('hold', 'no-content-model', 'missing')),
    (HERE, PAGE, TargetPage(is_protected=True),
     ('hold', 'protected', 'missing')),
    (HERE, PAGE, TargetPage(is_creatable=False),
     ('hold', 'not-creatable', 'missing')),
    (HERE, PAGE, TargetPage(was_deleted=True),
     ('hold', 'deleted-here', 'missing')),
    (SourcePage(PAGE, (TEXT, ), is_readable=False), PAGE, NONE,
     ('hold', 'unreadable', 'missing')),
])
def test_reasons(source: SourcePage, title: Title | None,
                 target: TargetPage | None,
                 expected: tuple[str, str, str | None]) -> None:
    assert verdict(source, target, title) == expected


@pytest.mark.parametrize(('target', 'options', 'expected'), [
    (TargetPage((OLD, )), {'existing': 'update'},
     ('import', 'behind', 'behind')),
    (TargetPage((OLD, ), is_protected=True), {'existing': 'update'},
     ('hold', 'protected', 'behind')),
    (TargetPage((OLD, ), is_editable=False), {'existing': 'update'},
     ('hold', 'not-editable', 'behind')),
    (TargetPage((OLD, ), excludes_bot=True), {'existing': 'update'},
     ('hold', 'nobots', 'behind')),
    (TargetPage((OTHER, ), excludes_bot=True), {'existing': 'force'},
     ('hold', 'nobots', 'unrelated')),
    (TargetPage((OTHER, ), excludes_bot=True), {},
     ('skip', 'exists', 'unrelated')),
    (TargetPage((OLD, ), users=501), {'existing': 'update'},
     ('hold', 'widely-used', 'behind')),
    (TargetPage((OLD, ), users=500), {'existing': 'update'},
     ('import', 'behind', 'behind')),
    (TargetPage((OLD, ), users=11), {'existing': 'force', 'maxused': 10},
     ('hold', 'widely-used', 'behind')),
    (TargetPage((OLD, ), was_deleted=True), {'existing': 'update'},
     ('import', 'behind', 'behind')),
])
def test_what_keeps_an_existing_page_from_being_changed(
        target: TargetPage, options: dict[str, Any],
        expected: tuple[str, str, str | None]) -> None:
    assert verdict(HERE, target, **options) == expected


@pytest.mark.parametrize(('there', 'wish'), [
    ((TEXT, ), 'update'), ((OTHER, ), 'keep'), ((OTHER, ), 'force')])
def test_history_is_not_for_pages_that_keep_bots_out(
        there: tuple[Revision, ...], wish: str) -> None:
    for excludes_bot in (False, True):
        assert (verdict(HERE, TargetPage(there, excludes_bot=excludes_bot),
                        role=Role.REQUESTED, existingpages=wish)[:2]
                == ('hold', 'nobots')) is excludes_bot


def test_requested_page_that_is_not_there_is_refused() -> None:
    assert verdict(SourcePage(PAGE), NONE, role=Role.REQUESTED)[0] == 'refuse'


def test_hidden_text_is_never_taken_for_identical() -> None:
    hidden = Revision(7, 6, TEXT.timestamp, '')
    assert verdict(SourcePage(PAGE, (hidden, )),
                   TargetPage((hidden, )))[2] == 'unrelated'


@given(st.sampled_from(Role), st.booleans(), st.booleans(), st.booleans(),
       st.sampled_from([(), (TEXT, ), (OTHER, ), (OLD, )]),
       st.sampled_from([(), (TEXT, OLD)]), st.sampled_from(EXISTING),
       st.sampled_from(EXISTING_PAGES))
def test_what_exists_is_changed_by_a_policy_only(
        role: Role, protected: bool, creatable: bool, readable: bool,
        there: tuple[Revision, ...], here: tuple[Revision, ...],
        existing: str, existingpages: str) -> None:
    found = decide(
        role, SourcePage(PAGE, here, is_readable=readable), PAGE,
        TargetPage(there, protected, creatable),
        Policy(existing=existing, existingpages=existingpages),
        CIRCUMSTANCES)
    if found.decision is Decision.IMPORT:
        assert here and readable and not protected
        wish = existingpages if role is Role.REQUESTED else existing
        assert not there and creatable or there and wish in (
            'update', 'force', 'keep', 'ask')


@given(st.sampled_from(Role), st.builds(
           SourcePage, st.just(PAGE), st.sampled_from([(), (TEXT, OLD)]),
           is_readable=st.booleans(), is_too_new=st.booleans()),
       st.builds(TargetPage, st.sampled_from([(), (TEXT, ), (OTHER, ),
                                              (OLD, )]),
                 is_protected=st.booleans(), is_editable=st.booleans(),
                 excludes_bot=st.booleans()),
       st.sampled_from(EXISTING), st.sampled_from(EXISTING_PAGES))
def test_json_implies_what_was_decided(
        role: Role, source: SourcePage, target: TargetPage, existing: str,
        existingpages: str) -> None:
    """A page that was read back is treated as one that was just planned."""
    found = decide(
        role, source, PAGE, target,
        Policy(existing=existing, existingpages=existingpages),
        CIRCUMSTANCES)
    implied = implied_by(found.decision, found.reason)
    assert implied.pop('is_unasked') is False
    assert implied == {name: getattr(found, name) for name in implied}


@pytest.mark.parametrize(('title', 'model', 'expected'), [
    (Title(8, 'Common.js'), 'javascript', True),
    (Title(8, 'Sidebar'), 'wikitext', True),
    (Title(2, 'Anna/common.js'), 'javascript', True),
    (Title(2, 'Anna/common.css'), 'css', True),
    (Title(2, 'Anna/settings.json'), 'json', True),
    (Title(2, 'Anna/Draft'), 'wikitext', False),
    (Title(2, 'Anna.js'), 'wikitext', False),
    (Title(2300, 'Tool'), 'wikitext', True),
    (Title(2302, 'Tool'), 'GadgetDefinition', True),
    (Title(0, 'Code'), 'javascript', True),
    (Title(828, 'Box'), 'Scribunto', False),
    (Title(828, 'Box.json'), 'json', False),
    (Title(10, 'Box/styles.css'), 'sanitized-css', False),
    (Title(0, 'Common.js'), 'wikitext', False),
])
def test_what_runs_as_code(title: Title, model: str,
                           expected: bool) -> None:
    assert runs_as_code(title, model) is expected


@pytest.mark.parametrize(('allowed', 'covered'), [
    ((), set()),
    (('8', ), {Title(8, 'Common.js'), Title(8, 'Sidebar')}),
    (('mediawiki', ), {Title(8, 'Common.js'), Title(8, 'Sidebar')}),
    ((' MediaWiki_: ', ), {Title(8, 'Common.js'), Title(8, 'Sidebar')}),
    (('MediaWiki:sidebar', ), {Title(8, 'Sidebar')}),
    (('mediawiki:_common.js', ), {Title(8, 'Common.js')}),
    (('MediaWiki:common.JS', ), set()),
    (('MediaWiki talk', 'MediaWiki:Common.js/a'), set()),
    (('Common.js', 'Sidebar'), set()),
    (('User', '2'), {Title(2, 'Anna/a.js')}),
    (('User:Bot/a.js', ), set()),
    (('0', ), {Title(0, 'Code')}),
])
def test_what_an_operator_allows(allowed: tuple[str, ...],
                                 covered: set[Title]) -> None:
    # The scripts of the bot's own account are not to be had.
    allowance = allowance_of(allowed, wiki('en'), 'Bot')
    titles = (Title(8, 'Common.js'), Title(8, 'Sidebar'), Title(0, 'Code'),
              Title(2, 'Anna/a.js'), Title(2, 'Bot/a.js'))
    assert {title for title in titles if allowance.covers(title)} == covered
    circumstances = replace(CIRCUMSTANCES, allowance=allowance, models={
        'javascript', 'wikitext'})
    for title in titles:
        model = 'wikitext' if title.name == 'Sidebar' else 'javascript'
        found = decide(Role.REQUESTED, SourcePage(title, (TEXT, ), model),
                       title, NONE, Policy(), circumstances)
        assert (found.decision is Decision.IMPORT) is (title in covered)
        assert (found.reason is Reason.RUNS_AS_CODE) is (
            title not in covered)


@pytest.mark.parametrize('name', ['', '99', 'A|B', 'Special:Version',
                                  '{{x}}', '<'])
def test_what_nobody_can_allow(name: str) -> None:
    with pytest.raises(UsageError, match='neither a title nor a namespace'):
        allowance_of([name], wiki('en'))


def test_rights_that_an_allowance_needs() -> None:
    def rights(*names: str) -> set[str]:
        return set(rights_for(allowance_of(names, wiki('en'))))

    assert rights('2', '0') == set()
    assert rights('8') == {'editinterface'}
    assert rights('MediaWiki:Common.js', 'MediaWiki:A.css') == {
        'editinterface', 'editsitejs', 'editsitecss'}


def test_no_request_and_no_configuration_allows_code() -> None:
    option = OPTIONS.field('allow')
    assert not option.wiki and not option.request


REQUESTS = Title(4, 'Import requests')


@pytest.mark.parametrize('target', [
    NONE, TargetPage((TEXT, )), TargetPage((OLD, )), TargetPage((OTHER, ))])
@pytest.mark.parametrize('role', [Role.REQUESTED, Role.TEMPLATE])
@pytest.mark.parametrize('wish', EXISTING)
def test_pages_of_the_bot_are_never_written_to(
        target: TargetPage, role: Role, wish: str) -> None:
    for title, expected in (
            (REQUESTS, True), (Title(4, 'Import requests/2024/May'), True),
            (Title(4, 'Import requests 2'), False),
            (Title(5, 'Import requests'), False),
            (Title(4, 'Import'), False)):
        found = decide(
            role, HERE, title, target,
            Policy(existing=wish, existingpages=wish),
            replace(CIRCUMSTANCES, reserved={REQUESTS}))
        assert (found.reason is Reason.RESERVED) is expected
        assert not expected or found.decision is Decision.REFUSE


def test_policy_names_the_values_that_it_knows() -> None:
    with pytest.raises(UsageError, match="history='some' is not known; give "
                                         'one of full, current'):
        Policy(history='some')


def test_policy_takes_one_place_only() -> None:
    with pytest.raises(UsageError, match='only one'):
        Policy(namespace=4, rootpage='A')


@pytest.mark.parametrize('place', [
    {'namespace': 4}, {'rootpage': 'A'}, {'targettitle': 'A'}])
def test_titles_of_single_pages_are_a_place(place: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match='only one'):
        Policy(titlemap=(('A', 'B'), ), **place)


def test_policy_survives_json() -> None:
    policy = Policy(titlemap=(('A', 'B'), ('C', 'D')), tags=('x', ))
    assert policy_from_json(json.loads(json.dumps(asdict(policy)))) == policy


SLOTTED = replace(OLD, slots=(('main', 'wikitext'), ('extra', 'wikitext')))
LUA = replace(OLD, slots=(('main', 'Scribunto'), ))
SCRIPT = replace(OLD, slots=(('main', 'javascript'), ))
ODD = replace(OLD, slots=(('main', 'flow-board'), ))
EXTRA_SCRIPT = replace(OLD, slots=(('extra', 'css'), ('main', 'wikitext')))


@pytest.mark.parametrize(('older', 'expected'), [
    (SLOTTED, ('hold', 'no-slot', 'missing')),
    (ODD, ('hold', 'no-content-model', 'missing')),
    (LUA, ('hold', 'content-model-not-there', 'missing')),
    (SCRIPT, ('refuse', 'runs-as-code', 'missing')),
    (EXTRA_SCRIPT, ('refuse', 'runs-as-code', 'missing'))])
def test_older_revisions_count_if_they_are_sent(
        older: Revision, expected: tuple[str, str, str | None]) -> None:
    source = SourcePage(PAGE, (TEXT, older))
    assert verdict(source, NONE, role=Role.REQUESTED) == expected
    assert verdict(source, NONE, role=Role.REQUESTED,
                   history='current')[0] == 'import'
    # What stays as it is may have been anything.
    assert verdict(source, TargetPage((TEXT, older)),
                   role=Role.REQUESTED)[:2] == ('skip', 'identical')


def test_settings_of_user_scripts_are_code() -> None:
    assert runs_as_code(Title(2, 'A/settings'), 'json')
    assert not runs_as_code(Title(0, 'A/settings'), 'json')
