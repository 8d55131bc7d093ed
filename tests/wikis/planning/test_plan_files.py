"""Plans that are saved, looked at, and applied another day."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kit.support import Box, by_title


def saved(box: Box, name: str, *arguments: str) -> Path:
    path = box.folder / name
    run = box.pwb('importpages', '-source:en', *arguments, f'-plan:{path}')
    assert run.status in (0, 2, 3), run.output
    return path


def applied(box: Box, path: Path) -> tuple[int, str, dict[str, object]]:
    report = box.folder / f'{path.stem}-report.json'
    run = box.pwb('importpages', f'-apply:{path}', '-always',
                  f'-report:{report}')
    return (run.status, ' '.join(run.output.split()),
            json.loads(report.read_text()) if report.exists() else {})


def test_saved_plan_is_applied(box: Box) -> None:
    path = saved(box, 'apply.json', '-page:Template:Nowrap',
                 '-summary:From a file')
    status, printed, report = applied(box, path)
    assert status == 0, printed
    assert report['id'] == json.loads(path.read_text())['id']
    assert by_title(report)['Template:Nowrap']['outcome'] == 'verified'
    entry = box.on_target().imports('Template:Nowrap')[0]
    assert entry['comment'].endswith('From a file')


def test_newer_revision_on_the_source_is_refused(box: Box) -> None:
    path = saved(box, 'newer.json', '-page:Template:Remark',
                 '-templates:none')
    agreed = by_title(json.loads(path.read_text()))['Template:Remark']
    box.on_source().edit('Template:Remark', 'Newer than the plan')
    newest = box.on_source().history('Template:Remark')[0]
    before = box.on_target().snapshot()
    status, printed, _report = applied(box, path)
    assert status == 1
    assert 'is not applied, because things changed' in printed
    assert (f'Template:Remark: revision {agreed["latest"]} of the source '
            f'then, {newest["revid"]} now') in printed
    assert box.on_target().snapshot() == before


@pytest.mark.parametrize('with_plan', [True, False])
def test_pinned_plan_brings_what_was_agreed_to(box: Box,
                                               with_plan: bool) -> None:
    title = f'Template:Pinned {with_plan}'
    box.on_source().edit(title, 'As planned.')
    path = saved(box, 'pinned.json', f'-page:{title}', '-templates:none',
                 '-pin' if with_plan else '-via:upload')
    page = by_title(json.loads(path.read_text()))[title]
    assert page['steps'][0]['because'] == ('pin' if with_plan else 'asked')
    box.on_source().edit(title, 'Exchanged {{afterwards}}')
    if not with_plan:
        assert applied(box, path)[0] == 1
        run = box.pwb('importpages', f'-apply:{path}', '-pin', '-always')
        assert run.status == 0, run.output
    else:
        status, printed, report = applied(box, path)
        assert status == 0, printed
        assert report['id'] == json.loads(path.read_text())['id']
    assert box.on_target().text(title) == 'As planned.'


def test_pin_is_for_uploads(box: Box) -> None:
    run = box.pwb('importpages', '-source:en', '-page:Template:Nowrap',
                  '-pin', '-via:interwiki', '-plan')
    assert run.status == 1
    assert '-pin is for uploads' in run.output


def test_plan_that_shrank_is_applied(box: Box) -> None:
    for name in ('Brought', 'Left'):
        box.on_source().edit(f'Template:{name}', f'A text: {name}')
    path = saved(box, 'shrank.json', '-page:Template:Brought',
                 '-page:Template:Left', '-templates:none')
    done = box.pwb('importpages', '-source:en', '-page:Template:Brought',
                   '-templates:none', '-always')
    assert done.status == 0, done.output
    status, printed, report = applied(box, path)
    assert status == 0, printed
    pages = by_title(report)
    assert pages['Template:Brought']['decision'] == 'skip'
    assert pages['Template:Left']['outcome'] == 'verified'


@pytest.mark.usefixtures('unharmed')
def test_plan_of_an_older_release_is_refused(box: Box) -> None:
    box.on_source().edit('Template:Of an older release', 'A text')
    path = saved(box, 'old.json', '-page:Template:Of an older release',
                 '-templates:none')
    data = json.loads(path.read_text())
    for page in data['pages']:
        del page['model']
    path.write_text(json.dumps(data))
    status, printed, _report = applied(box, path)
    assert (status, 'another release of importbot made it' in printed) == (
        1, True), printed


def test_changed_decision_is_refused_with_the_list(box: Box) -> None:
    path = saved(box, 'decision.json', '-page:Template:See also',
                 '-templates:none')
    box.on_target().edit('Template:See also', 'Ours by now')
    before = box.on_target().snapshot()
    status, printed, _report = applied(box, path)
    assert status == 1
    assert 'is not applied, because things changed' in printed
    assert ('Template:See also: import (requested) to "Template:See also" '
            'then, skip (exists) to "Template:See also" now') in printed
    assert box.on_target().snapshot() == before


def test_changed_target_page_is_refused(box: Box) -> None:
    path = saved(box, 'target.json', '-page:Template:Convert',
                 '-templates:none', '-existingpages:force')
    box.on_target().edit('Template:Convert', 'Edited after the plan')
    before = box.on_target().snapshot()
    status, printed, _report = applied(box, path)
    assert status == 1
    assert 'over revision' in printed
    assert box.on_target().snapshot() == before


@pytest.mark.usefixtures('unharmed')
@pytest.mark.parametrize(('content', 'sentence'), [
    ('not json', 'is no plan in JSON'),
    ('{"schema": 99}', 'is no plan of schema 1'),
    ('[]', 'is no plan of schema 1'),
])
def test_files_that_are_no_plans(box: Box, content: str,
                                 sentence: str) -> None:
    path = box.folder / 'broken.json'
    path.write_text(content)
    status, printed, _report = applied(box, path)
    assert (status, sentence in printed) == (1, True), printed


@pytest.mark.usefixtures('unharmed')
def test_plan_of_another_target(box: Box) -> None:
    path = saved(box, 'other.json', '-page:Template:No', '-templates:none')
    data = json.loads(path.read_text())
    data['target']['api'] = 'http://127.0.0.1:9/api.php'
    path.write_text(json.dumps(data))
    status, printed, _report = applied(box, path)
    assert (status, 'was made for' in printed) == (1, True), printed


@pytest.mark.usefixtures('unharmed')
def test_equal_input_gives_equal_bytes(box: Box) -> None:
    arguments = ('-page:Kestrel (rover)', '-templates:mentioned')
    assert saved(box, 'first.json', *arguments).read_bytes() == saved(
        box, 'second.json', *arguments).read_bytes()


@pytest.mark.usefixtures('unharmed')
def test_wikitext_renders_and_hides_nothing(box: Box) -> None:
    path = saved(box, 'plan.wiki', '-page:Dust mitigation')
    text = path.read_text()
    answer = box.on_target()._send(action='parse', text=text, prop='text',
                                   contentmodel='wikitext')
    html = answer['parse']['text']
    assert html.count('<a ') > 10
    assert 'Template:Quote box' in html
    # Every title is a link; nothing of the plan is transcluded.
    assert '{{' not in text


def test_page_on_hold_comes_with_a_diff(box: Box) -> None:
    box.on_target().edit('Template:Tl', 'A link template of the target')
    run = box.pwb('importpages', '-source:en', '-page:Template:Tl',
                  '-templates:none', '-existingpages:ask', '-plan')
    assert run.status == 3, run.output
    assert '--- target: Template:Tl' in run.output
    assert '-A link template of the target' in run.output
