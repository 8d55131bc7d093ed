"""All relations × all policies × both kinds of page, on real wikis.

Each case gets a page of its own; the difference between the snapshots of
the whole target before and after must be the plan's, and nothing else.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from importbot.model.options import OPTIONS
from tests.kit.relations import CASES, C
from tests.kit.support import RELEASES, Box, by_title, texts, write_histories


# What one test brought the next looks at.
pytestmark = pytest.mark.every


EXISTING = OPTIONS.field('existing').values
EXISTING_PAGES = OPTIONS.field('existingpages').values

#: Decision, reason, and whose text is shown afterwards; what is not named
#: is skipped as ``exists`` and keeps its text.
IMPORTED = {'missing': ('import', 'needed', 'source'),
            'identical': ('skip', 'identical', 'target'),
            'identical copy': ('skip', 'identical', 'target')}
AHEAD = {'ahead': ('skip', 'nothing-to-bring', 'target')}
DIFFERENT = ('behind', 'behind late', 'diverged', 'diverged late',
             'unrelated', 'unrelated late')
CHANGED = DIFFERENT[2:]

DEPENDENCIES: dict[str, dict[str, tuple[str, str, str]]] = {
    'skip': IMPORTED,
    'update': {**IMPORTED, **AHEAD,
               'behind': ('import', 'behind', 'source'),
               'behind late': ('import', 'behind', 'source'),
               **dict.fromkeys(CHANGED, ('skip', 'local-changes',
                                         'target'))},
    'ask': {**IMPORTED, **AHEAD,
            **dict.fromkeys(DIFFERENT, ('hold', 'ask', 'target'))},
    'force': {**IMPORTED, **AHEAD,
              **dict.fromkeys(DIFFERENT, ('import', 'forced', 'source'))},
}
_ASKED_FOR = {'missing': ('import', 'requested', 'source')}
_COPY = {'identical copy': ('import', 'history-missing', 'target')}
REQUESTED: dict[str, dict[str, tuple[str, str, str]]] = {
    'skip': {**DEPENDENCIES['skip'], **_ASKED_FOR,
             'identical copy': ('skip', 'history-missing', 'target')},
    **{policy: {**DEPENDENCIES[policy], **_ASKED_FOR, **_COPY}
       for policy in ('update', 'ask', 'force')},
    'keep': {**IMPORTED, **_ASKED_FOR, **_COPY, **AHEAD,
             **dict.fromkeys(DIFFERENT, ('import', 'history-beneath',
                                         'target'))},
}


def title_of(case: str, policy: str, kind: str) -> str:
    return f'Template:{case.capitalize()} {policy} {kind}'


@pytest.fixture(scope='module', params=RELEASES)
def matrix(request: pytest.FixtureRequest,
           tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis with a page for each case, policy and kind."""
    with Box(tmp_path_factory.mktemp('matrix'), request.param,
             empty=True) as box:
        here: dict[str, Any] = {}
        there: dict[str, Any] = {}
        for kind, policies in (('dependency', EXISTING),
                               ('requested', EXISTING_PAGES)):
            for policy in policies:
                calls = []
                for case, (source, target) in CASES.items():
                    title = title_of(case, policy, kind)
                    here[title] = source
                    if target:
                        there[title] = target
                    calls.append(f'{{{{{title}}}}}')
                if kind == 'dependency':
                    here[f'Uses {policy}'] = [(C[0], ' '.join(calls))]
        write_histories(box.source_tree, box.folder / 'source', 'old', here)
        write_histories(box.target_tree, box.folder / 'target', 'en', there)
        yield box


def check(box: Box, kind: str, policy: str,
          expected: dict[str, tuple[str, str, str]],
          *arguments: str) -> None:
    source, target = box.on_source(), box.on_target()
    before = target.snapshot()
    run, report = box.importpages(*arguments)
    after = target.snapshot()
    held = any(row[0] == 'hold' for row in expected.values())
    assert run.status == (3 if held else 0), run.output
    pages = by_title(report)
    changed = set()
    for case, (theirs, ours) in CASES.items():
        title = title_of(case, policy, kind)
        page = pages[title]
        decision, reason, shown = expected.get(
            case, ('skip', 'exists', 'target'))
        assert (page['decision'], page['reason']) == (decision, reason), case
        assert page['relation'] == case.split()[0], case
        if decision == 'import':
            changed.add(title)
            assert page['outcome'] == 'verified', case
            there, here = source.history(title), target.history(title)
            if kind == 'requested':
                assert texts(there) <= texts(here), case
            else:
                assert texts(there[:1]) <= texts(here), case
        else:
            assert page['outcome'] == 'unchanged', case
        text = (theirs if shown == 'source' else ours)[-1][1]
        assert target.text(title) == text, case
    touched = {title for title in after
               if before.get(title) != after[title]}
    assert touched == changed | {page for page in pages
                                 if page.startswith('Uses')}
    assert not before.keys() - after.keys()


@pytest.mark.parametrize('policy', EXISTING)
def test_dependencies(matrix: Box, policy: str) -> None:
    check(matrix, 'dependency', policy, DEPENDENCIES[policy],
          f'-page:Uses {policy}', f'-existing:{policy}')


@pytest.mark.parametrize('policy', EXISTING_PAGES)
def test_requested_pages(matrix: Box, policy: str) -> None:
    check(matrix, 'requested', policy, REQUESTED[policy],
          *(f'-page:{title_of(case, policy, "requested")}'
            for case in CASES),
          f'-existingpages:{policy}', '-templates:none')


def test_forward_edit_names_author_and_revision(matrix: Box) -> None:
    title = title_of('behind late', 'update', 'requested')
    newest = matrix.on_source().history(title)[0]
    top = matrix.on_target().history(title)[0]
    assert f'revision {newest["revid"]}' in top['comment']
    assert newest['user'] in top['comment']
