"""The rules that decide: examples of every reason, and what never is."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.model.errors import UsageError
from importbot.model.policy import (
    Policy,
    SourcePage,
    TargetPage,
    decide,
    runs_as_code,
)
from importbot.model.revisions import Revision
from importbot.model.titles import Title
from importbot.model.words import Decision, Reason, Relation, Role


NOW = '2024-01-01T00:00:00Z'
MODELS = frozenset({'wikitext', 'Scribunto', 'sanitized-css'})
PAGE = Title(10, 'Box')
TEXT = Revision(7, 6, '2020-01-01T00:00:00Z', 'a' * 40)
OTHER = Revision(8, 7, '2020-01-01T00:00:00Z', 'b' * 40)
HERE = SourcePage(PAGE, TEXT)
NONE = TargetPage(None)


@pytest.mark.parametrize(('source', 'title', 'target', 'expected'), [
    (HERE, PAGE, NONE, ('import', 'needed', 'missing')),
    (HERE, PAGE, TargetPage(TEXT), ('skip', 'identical', 'identical')),
    (HERE, PAGE, TargetPage(OTHER), ('skip', 'exists', None)),
    (SourcePage(PAGE, None), PAGE, NONE, ('skip', 'not-on-source', None)),
    (SourcePage(PAGE, Revision(7, 6, '2024-01-02T00:00:00Z', 'a')), PAGE,
     NONE, ('refuse', 'future-revision', None)),
    (HERE, None, None, ('hold', 'no-namespace', None)),
    (HERE, PAGE, None, ('refuse', 'invalid-title', None)),
    (HERE, Title(8, 'Sidebar'), NONE, ('refuse', 'runs-as-code', None)),
    (SourcePage(PAGE, TEXT, 'NoSuchModel'), PAGE, NONE,
     ('hold', 'no-content-model', 'missing')),
    (HERE, PAGE, TargetPage(None, is_protected=True),
     ('hold', 'protected', 'missing')),
    (HERE, PAGE, TargetPage(None, is_creatable=False),
     ('hold', 'not-creatable', 'missing')),
    (SourcePage(PAGE, TEXT, is_readable=False), PAGE, NONE,
     ('hold', 'unreadable', 'missing')),
])
def test_reasons(source: SourcePage, title: Title | None,
                 target: TargetPage | None,
                 expected: tuple[str, str, str | None]) -> None:
    verdict = decide(Role.TEMPLATE, source, title, target, MODELS, NOW)
    assert (verdict.decision.value, verdict.reason.value,
            verdict.relation and verdict.relation.value) == expected


def test_requested_page_that_is_not_there_is_refused() -> None:
    verdict = decide(Role.REQUESTED, SourcePage(PAGE, None), PAGE, NONE,
                     MODELS, NOW)
    assert verdict.decision is Decision.REFUSE


def test_hidden_text_is_never_taken_for_identical() -> None:
    hidden = Revision(7, 6, TEXT.timestamp, '')
    verdict = decide(Role.TEMPLATE, SourcePage(PAGE, hidden), PAGE,
                     TargetPage(hidden), MODELS, NOW)
    assert verdict.reason is Reason.EXISTS


@given(st.sampled_from(Role), st.booleans(), st.booleans(), st.booleans(),
       st.sampled_from([None, TEXT, OTHER]), st.sampled_from([None, TEXT]))
def test_import_only_where_the_target_has_nothing(
        role: Role, protected: bool, editable: bool, readable: bool,
        there: Revision | None, here: Revision | None) -> None:
    verdict = decide(
        role, SourcePage(PAGE, here, is_readable=readable), PAGE,
        TargetPage(there, protected, editable), MODELS, NOW)
    if verdict.decision is Decision.IMPORT:
        assert there is None and here is not None
        assert editable and not protected and readable
        assert verdict.relation is Relation.MISSING


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


def test_policy_names_the_values_that_it_knows() -> None:
    with pytest.raises(UsageError, match='-history:some is not known; give '
                                         'one of full, current'):
        Policy(history='some')


def test_policy_takes_one_place_only() -> None:
    with pytest.raises(UsageError, match='only one'):
        Policy(namespace=4, rootpage='A')
