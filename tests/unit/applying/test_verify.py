"""Which revisions have arrived is told by all that says which they are."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.applying.verify import expected_of, verify
from importbot.model.decisions import (
    Decision,
    Outcome,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.plan import PlannedPage
from importbot.model.report import PageResult
from importbot.model.revisions import Revision, lacking
from importbot.model.steps import ImportStep
from importbot.rules.authors import Authors
from importbot.rules.difference_problems import problem_of
from importbot.rules.differences import Differing, Terms, differences
from tests.kit.authors import TARGET
from tests.kit.plans import titled


def sha1(letter: str) -> str:
    """Return a sha1 for a text of one letter; empty for a hidden one."""
    return letter.replace('?', '') and letter * 40


def history(*moments: str) -> list[Revision]:
    """Return revisions, newest first: ``2a`` is text a at second 2."""
    return [Revision(int(moment[0]), 0, f'2020-01-01T00:00:0{moment[0]}Z',
                     sha1(moment[1])) for moment in moments]


# What one history lacks of another

@pytest.mark.parametrize(('source', 'target', 'expected'), [
    (['2b', '1a'], ['2b', '1a'], []),
    (['2b', '1a'], [], ['2b', '1a']),
    (['2b', '1a'], ['2b'], ['1a']),
    (['2b', '1a'], ['3b', '2b', '1a'], []),
    # The same text at another time, another text at the same time.
    (['2b', '1a'], ['3b', '2a', '1a'], ['2b']),
    # Two of one second with the same text are one to MediaWiki.
    (['1a', '1a'], ['1a'], []),
    (['1b', '1a'], ['1a'], ['1b']),
    # What the source hides arrives as an empty text.
    (['2?', '1a'], ['2e', '1a'], []),
    (['2?', '1a'], ['1a'], ['2?']),
    (['2b', '1a'], ['2?', '1a'], []),
])
def test_lacking(source: list[str], target: list[str],
                 expected: list[str]) -> None:
    assert lacking(history(*source), history(*target)) == history(*expected)


revisions = st.builds(
    Revision, st.integers(1, 3), st.just(0),
    st.sampled_from(['2020-01-01T00:00:01Z', '2020-01-01T00:00:02Z',
                     '2020-01-01T00:00:03Z']),
    st.sampled_from([sha1('a'), sha1('b'), '']))
histories = st.lists(revisions, max_size=5)


@given(histories, histories)
def test_lacking_is_what_no_revision_of_the_target_can_be(
        source: list[Revision], target: list[Revision]) -> None:
    def may_be_same(one: Revision, other: Revision) -> bool:
        return one.timestamp == other.timestamp and (
            one.sha1 == other.sha1 or '' in (one.sha1, other.sha1))

    assert lacking(source, target) == [
        one for one in source
        if not any(may_be_same(one, other) for other in target)]


@given(histories, histories, histories)
def test_more_on_the_target_never_makes_it_lack_more(
        source: list[Revision], target: list[Revision],
        more: list[Revision]) -> None:
    less = lacking(source, target + more)
    assert [one for one in lacking(source, target) if one in less] == less


# The judgement, as pure logic

def planned(newest: Revision, kind: str) -> PlannedPage:
    return PlannedPage(
        titled('Rover'), titled('Rover'), Role.REQUESTED, (), (),
        Relation.MISSING, Decision.IMPORT, Reason.REQUESTED,
        (ImportStep('interwiki', history=kind), ), newest,
        text_after=TextAfter.SOURCE)


def judged(newest: str, kind: str, source: Sequence[Revision],
           target: Sequence[Revision]) -> PageResult:
    (revision, ) = history(newest)
    page = planned(revision, kind)
    # Of all fields, only times and texts are those of an import.
    found = [item for item in differences(
        expected_of(page, source) if source else [], target,
        Terms(Authors('prefix', 'en', {}, TARGET), 'Bot'))
        if item.differing in (Differing.MISSING, Differing.TEXT)]
    return verify(page, PageResult(Outcome.IMPORTED, 1), source, target,
                  differing=problem_of(found))


@pytest.mark.parametrize(('kind', 'source', 'target'), [
    ('full', ['3c', '2b', '1a'], ['9c', '3c', '2b', '1a']),
    ('current', ['3c', '2b', '1a'], ['9c', '3c']),
    # More than asked for was there before.
    ('current', ['3c', '2b', '1a'], ['9c', '3c', '2d']),
    # The source went on since the plan.
    ('full', ['4d', '3c', '2b', '1a'], ['9c', '3c', '2b', '1a']),
    ('current', ['4d', '3c', '2b', '1a'], ['9c', '3c']),
    # Hidden on the source: compared by time.
    ('full', ['3?', '2b', '1a'], ['9e', '3e', '2b', '1a']),
    ('full', ['3c', '2?', '1a'], ['9c', '3c', '2e', '1a']),
])
def test_verified(kind: str, source: list[str], target: list[str]) -> None:
    result = judged('3c', kind, history(*source), history(*target))
    assert result == PageResult(Outcome.VERIFIED, 1)


@pytest.mark.parametrize(('kind', 'source', 'target', 'says'), [
    ('full', ['3c', '2b', '1a'], ['9c', '3c', '2b'],
     'revisions of the source that the target lacks: 1, the oldest of '
     '2020-01-01T00:00:01Z'),
    ('full', ['3c', '2b', '1a'], ['9c', '3c'],
     'revisions of the source that the target lacks: 2, the oldest of '
     '2020-01-01T00:00:01Z'),
    ('current', ['3c', '2b', '1a'], ['9b', '2b'], 'lacks: 1, '),
    ('full', ['3c', '2b', '1a'], ['9x'], 'lacks: 3, '),
    ('current', ['3c', '2b', '1a'], ['9x'], 'lacks: 1, '),
    ('full', ['3c', '2b', '1a'], [], 'the target shows no such page'),
    ('current', ['3c', '2b', '1a'], [], 'the target shows no such page'),
    ('full', ['4d', '3c', '2b', '1a'], ['9d', '4d'], 'lacks: 3, '),
    ('full', ['3c', '2b', '1a'], ['9x', '3c', '2b', '1a'],
     'the text shown is not the newest of the source'),
    ('current', ['3c'], ['9x', '3c'], 'the text shown is not the newest'),
    # What came is not what was agreed to.
    ('full', ['4d', '3c', '2b', '1a'], ['9d', '4d', '3c', '2b', '1a'],
     'the text shown is not the newest of the source'),
    ('current', ['4d', '3c', '2b', '1a'], ['9d', '4d'], 'lacks: 1, '),
    ('full', [], ['9c', '3c'], 'the source has the page no more'),
    ('full', [], [], 'the source has the page no more'),
])
def test_differs(kind: str, source: list[str], target: list[str],
                 says: str) -> None:
    result = judged('3c', kind, history(*source), history(*target))
    assert (result.outcome, result.imported) == (Outcome.DIFFERS, 1)
    assert result.error
    assert says in str(result.error)


@given(st.lists(st.sampled_from('abc'), min_size=1, max_size=8), st.data())
def test_every_single_revision_counts(letters: list[str],
                                      data: st.DataObject) -> None:
    source = history(*(f'{second}{letter}' for second, letter
                       in enumerate(letters, 1)))[::-1]
    newest = f'{len(letters)}{letters[-1]}'
    dummy = replace(source[0], id=99, timestamp='2020-01-01T00:00:09Z')
    assert judged(newest, 'full', source, [dummy, *source]).outcome is (
        Outcome.VERIFIED)
    gone = data.draw(st.sampled_from(source))
    rest = [revision for revision in source if revision != gone]
    assert judged(newest, 'full', source, [dummy, *rest]).outcome is (
        Outcome.DIFFERS)
