"""One bad page sinks nobody else, and nothing is failed that arrived."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import Box, Run, by_title


pytestmark = pytest.mark.wiki

CASES = Path(__file__).with_name('cases')


def importdump(box: Box, path: Path,
               *arguments: str) -> tuple[Run, dict[str, Any]]:
    report = box.folder / 'bad-page.json'
    report.unlink(missing_ok=True)
    run = box.pwb('importdump', '-interwikiprefix:en', '-always',
                  f'-report:{report}', str(path), *arguments)
    return run, json.loads(report.read_text()) if report.exists() else {}


def users(box: Box, title: str) -> set[str]:
    """Return the authors of a page; the bot's own revision is on top."""
    return {row['user'] for row in box.on_target().history(title)[1:]}


def test_address_that_is_none(box: Box) -> None:
    run, report = importdump(box, CASES / '06-ip-that-is-none.xml')
    assert run.status == 0, run.output
    assert {page['outcome'] for page in report['pages']} == {'verified'}
    assert users(box, 'Buoy 2') == {'en>gate.example.org'}
    assert users(box, 'Buoy 3') == {'en>Quill'}


def test_model_of_an_older_revision_that_the_target_lacks(box: Box) -> None:
    run, report = importdump(box, CASES / '07-old-model-in-history.xml')
    assert run.status == 3, run.output
    pages = by_title(report)
    assert (pages['Ode 2']['decision'], pages['Ode 2']['reason']) == (
        'hold', 'no-content-model')
    assert pages['Ode 1']['outcome'] == pages['Ode 3']['outcome'] == (
        'verified')
    assert [(note['what'], note['name'], note['needed_by'])
            for note in report['notes'] if note['kind'] == 'lacking'] == [
        ('model', 'flow-board', ['Ode 2'])]
    assert not box.on_target().history('Ode 2')


def test_slot_that_the_target_lacks(box: Box) -> None:
    run, report = importdump(box, CASES / 'slot-the-target-lacks.xml')
    assert run.status == 3, run.output
    pages = by_title(report)
    assert pages['File:Spanner.jpg']['decision'] == 'hold'
    assert pages['Spanner']['outcome'] == 'verified'
    assert pages['Wrench']['outcome'] == 'verified'
    assert ('slot', 'mediainfo') in {
        (note['what'], note['name']) for note in report['notes']
        if note['kind'] == 'lacking'}
    assert not box.on_target().history('File:Spanner.jpg')


def test_address_that_is_the_name_of_an_account(box: Box) -> None:
    """Whatever becomes of authors, an address is nobody's account."""
    path = box.folder / 'forged.xml'
    path.write_text(
        '<mediawiki><page><title>Forged</title><revision><timestamp>'
        '2015-01-01T00:00:00Z</timestamp><contributor><ip>Admin</ip>'
        '</contributor><text>a</text></revision></page></mediawiki>')
    run, report = importdump(box, path, '-authors:local', '-templates:none')
    assert run.status == 0, run.output
    assert users(box, 'Forged') == {'en>Admin'}
    assert [(row['name'], row['becomes']) for note in report['notes']
            if note['kind'] == 'authors' for row in note['authors']] == [
        ('>Admin', 'en>Admin')]
