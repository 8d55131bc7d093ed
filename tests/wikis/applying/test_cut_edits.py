"""A run that is cut between an import and the edit that belongs to it."""
from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.commands import PWB, Popen
from tests.kit.proxy import Exchange
from tests.kit.relations import LATE_B, A, B, C
from tests.kit.support import Box, write_histories


@pytest.fixture(scope='module')
def cut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('cut'), empty=True) as box:
        write_histories(box.source_tree, box.folder / 'source', 'old', {
            title: [A, B, C] for title in (
                'Kept', 'Forward', 'Kept later', 'Kept last', 'Conflict')})
        write_histories(box.target_tree, box.folder / 'target', 'en', {
            'Kept': [A, B], 'Kept later': [A, B], 'Kept last': [A, B],
            'Forward': [LATE_B], 'Conflict': [LATE_B]})
        yield box


def is_edit(exchange: Exchange) -> bool:
    return exchange.parameters.get('action') == 'edit'


def command(title: str, policy: str) -> list[str]:
    return ['importpages', '-source:en', '-always', f'-page:{title}',
            f'-existingpages:{policy}', '-templates:none']


@pytest.mark.parametrize(('title', 'policy', 'text'), [
    ('Kept', 'keep', B[1]), ('Forward', 'update', C[1])])
def test_killed_before_its_edit(cut: Box, title: str, policy: str,
                                text: str) -> None:
    with cut.target.broken(hits=is_edit, forwards=False,
                           meanwhile=lambda: process.kill()):
        process = Popen(
            [str(PWB), *command(title, policy)], cwd=cut.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, 'PYWIKIBOT_DIR': str(cut.config)})
        process.wait(timeout=120)
    assert cut.on_target().text(title) != text
    run = cut.pwb(*command(title, policy))
    assert run.status == 0, run.output
    assert cut.on_target().text(title) == text
    assert len(cut.on_target().imports(title)) == 1


@pytest.mark.parametrize(('title', 'status', 'says'), [
    ('Kept later', 502, 'did not answer to an edit'),
    ('Kept last', 429, 'the wiki answered HTTP 429')])
def test_target_gone_before_its_edit(cut: Box, title: str, status: int,
                                     says: str) -> None:
    with cut.target.broken(hits=is_edit, forwards=False, status=status,
                           times=100):
        run = cut.pwb(*command(title, 'keep'))
    assert run.status == 1, run.output
    assert says in ' '.join(run.output.split())
    assert cut.on_target().text(title) == C[1]
    run = cut.pwb(*command(title, 'keep'))
    assert run.status == 0, run.output
    assert cut.on_target().text(title) == B[1]


def test_edit_of_somebody_else_is_not_lost(cut: Box, tmp_path: Path) -> None:
    def somebody_edits() -> None:
        cut.on_target().edit('Conflict', 'an edit in between')

    with cut.target.broken(hits=is_edit, meanwhile=somebody_edits,
                           forwards=False, status=502, times=1):
        run = cut.pwb(*command('Conflict', 'update'))
    assert run.status == 1, run.output
    assert cut.on_target().text('Conflict') == 'an edit in between'
