"""Files of page lists, and the options that name them."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from importbot_scripts import importdump, importpages

from importbot.commands.command_line import read_command_line
from importbot.commands.files import PageList, read_page_list
from importbot.model.decisions import Decision, Outcome, Reason, Relation, Role
from importbot.model.errors import UsageError
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Endpoint, Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.report import PageResult, Report
from importbot.model.steps import ImportStep, Step
from importbot.model.titles import FILE, Title
from importbot.rules.page_lists import LISTS, listed_titles
from tests.kit.options import name_of
from tests.kit.plans import titled


each_script = pytest.mark.parametrize('script', [importpages, importdump])


# What is on a list


def planned(target: str, role: Role = Role.REQUESTED,
            steps: tuple[Step, ...] = (ImportStep('interwiki'), ),
            ) -> PlannedPage:
    """Return a page as plans have it."""
    return PlannedPage(
        titled(f'Source of {target}'), titled(target), role, (), (),
        Relation.MISSING, Decision.IMPORT if steps else Decision.SKIP,
        Reason.REQUESTED, steps, None)


def report(*pages: tuple[PlannedPage, Outcome | None],
           **said: Any) -> Report:
    """Return the report of a run that did so with some pages."""
    plan = Plan(Endpoint('', ''), Endpoint('', ''), Policy(),
                tuple(page for page, _outcome in pages), **said)
    return Report(plan, 1, tuple(PageResult(outcome)
                                 for _page, outcome in pages))


@pytest.mark.parametrize('outcome', [None, *Outcome])
def test_what_arrived_as_planned_is_listed(outcome: Outcome | None) -> None:
    arrived = outcome in (Outcome.IMPORTED, Outcome.VERIFIED)
    assert listed_titles(report((planned('A'), outcome))) == (
        ('A', ) if arrived else ())
    assert listed_titles(report((planned('A', steps=()), outcome))) == ()


@pytest.mark.parametrize('role', Role)
def test_list_of_a_role_has_no_other(role: Role) -> None:
    found = report(*((planned(f'A {each.value}', each), Outcome.VERIFIED)
                     for each in Role))
    assert listed_titles(found, role.value) == (f'A {role.value}', )
    assert len(listed_titles(found)) == len(Role)


def test_files_are_spelled_as_every_wiki_reads_them() -> None:
    notes = (Note.of(NoteKind.FILES, 'Datei:Rover: a view.jpg', {
        'needed_by': ('Source of A', 'Source of B')}),
        Note.of(NoteKind.FILES, 'Datei:B alone.jpg', {
            'needed_by': ('Source of B', )}),
        Note.of(NoteKind.MENTIONED, 'Source of A', {
            'count': 1, 'titles': ()}))
    found = report((planned('A'), Outcome.VERIFIED),
                   (planned('B'), Outcome.FAILED), notes=notes)
    assert listed_titles(found, 'files') == ('File:Rover: a view.jpg', )
    assert listed_titles(replace(found, plan=replace(
        found.plan, notes=())), 'files') == ()


def test_files_that_were_asked_for_are_among_them() -> None:
    def described(name: str) -> PlannedPage:
        return replace(planned('A'), title=Title(FILE, name, 'Datei'))

    notes = (Note.of(NoteKind.FILES, 'Datei:B.jpg', {
        'needed_by': ('Source of A', )}),
        Note.of(NoteKind.FILES, 'Datei:A.jpg', {
            'needed_by': ('Source of A', )}))
    found = report((planned('A'), Outcome.VERIFIED),
                   (described('A.jpg'), Outcome.VERIFIED),
                   (described('C.jpg'), Outcome.REJECTED), notes=notes)
    assert listed_titles(found, 'files') == ('File:A.jpg', 'File:B.jpg')


# Where it is written


@pytest.mark.parametrize(('value', 'of', 'path'), [
    ('rovers.txt', '', 'rovers.txt'),
    ('requested:rovers.txt', 'requested', 'rovers.txt'),
    ('files:files.txt', 'files', 'files.txt'),
    ('template:a: b.txt', 'template', 'a: b.txt'),
    ('./files', '', './files'),
    ('./template:x.txt', '', './template:x.txt'),
    ('C:rovers.txt', '', 'C:rovers.txt'),
    ('2026-11-24T12:30.txt', '', '2026-11-24T12:30.txt'),
    ('all pages: rovers.txt', '', 'all pages: rovers.txt'),
    ('module:C:rovers.txt', 'module', 'C:rovers.txt'),
])
def test_role_and_file_are_told_apart(
        value: str, of: str, path: str, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_page_list(value) == PageList(of, Path(path))


def test_path_of_windows_is_no_role(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = read_page_list(r'requested:C:\lists\rovers.txt')
    assert wanted == PageList('requested', Path(r'C:\lists\rovers.txt'))


@pytest.mark.parametrize(('arguments', 'words'), [
    (['-savelist'], ['-savelist:FILE']),
    (['-savelist:'], ['-savelist:FILE']),
    (['-savelist:files'], ['-savelist:files:FILE']),
    (['-savelist:module:'], ['-savelist:module:FILE']),
    (['-savelist:templates:x.txt'], ['"templates"', './templates:x.txt',
                                     *LISTS]),
    (['-savelist:Requested:x.txt'], ['"Requested"', *LISTS]),
    (['-savelist:nowhere/x.txt'], ['nowhere/x.txt', 'cannot be written',
                                   '-savelist']),
    (['-savelist:files:nowhere/x.txt'], ['nowhere/x.txt',
                                         'cannot be written']),
    (['-savelist:folder'], ['folder', 'cannot be written']),
    (['-savelist:x.txt', '-savelist:files:./x.txt'], ['x.txt', 'twice']),
    (['-savelist:x.txt', '-report:x.txt'], ['x.txt', 'twice']),
])
@each_script
def test_list_that_cannot_be_is_refused(
        script: ModuleType, arguments: list[str], words: list[str],
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / 'folder').mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        read_command_line(name_of(script), arguments)
    for word in words:
        assert word in str(caught.value)
    assert str(caught.value).count('\n') == 0


@pytest.mark.parametrize('alone', ['-apply:plan.json', '-resume'])
@each_script
def test_lists_go_with_saved_plans_and_cut_runs(
        script: ModuleType, alone: str, tmp_path: Path) -> None:
    path = tmp_path / 'x.txt'
    options = read_command_line(name_of(script), [
        alone, f'-savelist:{path}', f'-savelist:style:{tmp_path}/y.txt'])
    assert options.lists == [PageList('', path),
                             PageList('style', tmp_path / 'y.txt')]
    assert 'savelist' not in options.given
