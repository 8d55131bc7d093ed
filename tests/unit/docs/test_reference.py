"""Documentation and code say the same; the documentation is built."""
from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from enum import Enum
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import importbot
from importbot.journal.tables import metadata
from importbot.model import errors
from importbot.model.decisions import (
    REASONS,
    Decision,
    Evidence,
    Outcome,
    Reason,
    Relation,
    Role,
)
from importbot.model.notes import NoteKind
from importbot.requestpages.configuration import Configuration
from importbot.requestpages.status import FIELDS, Status
from importbot.rules.decide import Verdict
from tests.kit.building import ROOT, run


DOCS = ROOT / 'docs'


@pytest.fixture(scope='module')
def reference() -> Iterator[Any]:
    """Return the extension that makes tables from the code."""
    sys.path.insert(0, str(DOCS / '_ext'))
    try:
        yield import_module('importbot_reference')
    finally:
        sys.path.remove(str(DOCS / '_ext'))


@pytest.fixture
def help_reader(reference: Any) -> Any:
    """Return the module of the extension that reads helps."""
    return import_module('importbot_reference.commands')


@pytest.fixture(scope='module')
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the documentation as ``make docs`` does, without network."""
    folder = tmp_path_factory.mktemp('html')
    line = re.search(r'\$\(BIN\)/sphinx-build (.*) docs docs/_build/html$',
                     (ROOT / 'Makefile').read_text(), re.MULTILINE)
    assert line, 'make docs calls sphinx-build'
    options = line[1].split()
    assert {'-W', '-n', '-E'} <= set(options)
    nowhere = 'http://127.0.0.1:9'
    done = run(sys.executable, '-m', 'sphinx', *options, '-d',
               folder / 'doctrees', DOCS, folder, cwd=ROOT,
               http_proxy=nowhere, https_proxy=nowhere)
    assert done.status == 0, done.output
    return folder


def rows_of(text: str, first_head: str) -> list[list[str]]:
    """Return the cells of the Markdown table that begins with a head."""
    found = re.search(rf'^\| {re.escape(first_head)} \|.*\n\|[-| ]+\|\n'
                      r'((?:\|.*\n)+)', text, re.MULTILINE)
    assert found, f'there is a table of {first_head}'
    return [[cell.strip() for cell in re.split(r'(?<!\\)\|', row)[1:-1]]
            for row in found[1].splitlines()]


def names_in(text: str) -> list[str]:
    """Return what is written as code."""
    return re.findall(r'`([^`]+)`', text)


def values(words: type[Enum]) -> list[str]:
    return [str(word.value) for word in words]


def page_of_words(reference: Any) -> str:
    """Return the page that explains the words, with its tables."""
    return str(reference.filled((DOCS / 'reference' / 'words.md').read_text(),
                                'words'))


def test_page_names_every_reason_of_a_decision_once(reference: Any) -> None:
    parts = re.split('^### `(.+)`$', page_of_words(reference),
                     flags=re.MULTILINE)[1:]
    told = {decision: [names_in(row[0])[0]
                       for row in rows_of(section, 'reason')]
            for decision, section in zip(parts[::2], parts[1::2],
                                         strict=True)}
    assert told == {decision.value: [reason.value for reason in given]
                    for decision, given in REASONS.items()}


def test_page_says_what_a_decision_means(reference: Any) -> None:
    parts = re.split('^### `(.+)`$', page_of_words(reference),
                     flags=re.MULTILINE)[1:]
    assert parts[::2] == values(Decision)
    assert all(re.match(r'\n\n[A-Z].+\.\n\n', section)
               for section in parts[1::2])


def test_every_reason_belongs_to_a_decision() -> None:
    assert {reason for given in REASONS.values()
            for reason in given} == set(Reason)


def test_no_decision_has_a_reason_of_another() -> None:
    Verdict(Decision.HOLD, Reason.ASK)
    with pytest.raises(ValueError, match='"ask" is no reason to import'):
        Verdict(Decision.IMPORT, Reason.ASK)


def test_page_names_every_outcome_once(reference: Any) -> None:
    part = page_of_words(reference).partition('## What becomes of a page')[2]
    rows = rows_of(part, 'word')
    assert [names_in(row[0])[0] for row in rows] == values(Outcome)


def test_page_says_what_every_note_means(reference: Any) -> None:
    part = page_of_words(reference).partition('## Notes')[2]
    rows = rows_of(part, 'kind')
    assert [names_in(row[0])[0] for row in rows] == sorted(values(NoteKind))
    assert all(row[1] and row[2] for row in rows)


@pytest.mark.parametrize(('page', 'head', 'words'), [
    ('policies.md', 'relation', Relation), ('operators.md', 'state', Status)])
def test_page_names_every_word_once(page: str, head: str,
                                    words: type[Enum]) -> None:
    rows = rows_of((DOCS / page).read_text(), head)
    assert sorted(name for row in rows for name in names_in(row[0])) \
        == sorted(values(words))


def test_tables_of_policies_are_those_of_the_code(reference: Any) -> None:
    policies = import_module('importbot_reference.policies')
    page = (DOCS / 'policies.md').read_text()
    assert policies.policy_table(requested=False) in page
    assert policies.policy_table(requested=True) in page


def test_operators_read_of_every_name_of_a_configuration() -> None:
    rows = rows_of((DOCS / 'operators.md').read_text(), 'name')
    assert sorted(names_in(row[0])[0] for row in rows) == sorted(
        Configuration.model_fields)


def test_requesters_read_of_every_parameter() -> None:
    rows = rows_of((DOCS / 'requesters.md').read_text(), 'parameter')
    assert sorted(names_in(row[0])[0] for row in rows) == sorted(FIELDS)


@pytest.mark.parametrize(('part', 'head', 'words'), [
    ('outcomes', 'word', Outcome), ('relations', 'word', Relation),
    ('roles', 'word', Role), ('evidence', 'word', Evidence),
    ('states', 'state', Status)])
def test_generated_table_has_all_words(reference: Any, part: str, head: str,
                                       words: type[Enum]) -> None:
    rows = rows_of(reference.PARTS[part](), head)
    assert [names_in(row[0])[0] for row in rows] == values(words)
    assert all(row[1] for row in rows)


def test_errors_are_listed_with_what_they_mean(reference: Any) -> None:
    listed = re.findall(r'^ *- \{py:exc\}`~importbot\.model\.errors\.(\w+)`'
                        r': \w.+\.$', reference.PARTS['errors'](),
                        re.MULTILINE)
    assert sorted(listed) == sorted(
        name for name in errors.__all__ if name.endswith('Error'))


def test_tree_of_errors_in_the_code_is_the_real_one() -> None:
    drawn = re.findall(r'^ {4}([│ ├└─]*)(\w+Error)', errors.__doc__ or '',
                       re.MULTILINE)
    parents: list[str] = []
    for branch, name in drawn:
        parents[len(branch) // 4:] = [name]
        above = parents[-2] if len(parents) > 1 else 'Exception'
        assert getattr(errors, name).__base__.__name__ == above, name
    assert {name for _branch, name in drawn} == {
        name for name in errors.__all__ if name.endswith('Error')}


def test_every_command_has_its_options_and_statuses(help_reader: Any,
                                                    ) -> None:
    found = {command.name: command
             for command in help_reader.scripts()}
    assert found.keys() == {
        path.stem for path in
        (ROOT / 'scripts' / 'importbot_scripts').glob('[!_]*.py')}
    for command in found.values():
        # Nothing that begins a line of a help as an option is lost.
        first = [line.split()[0] for paragraph in command.paragraphs
                 if paragraph.startswith('-')
                 for line in paragraph.splitlines() if line.startswith('-')]
        assert [name.split()[0] for name, _text in command.options] == first
        assert first
        assert all(text for _name, text in command.options), command.name
        statuses = rows_of(command.as_markdown(), 'exit status')
        assert [row[0] for row in statuses][0] == '0'
        assert '&params;' not in command.as_markdown()


def test_options_that_stand_together_share_their_text(help_reader: Any,
                                                      ) -> None:
    command = help_reader.Command('x', (
        'What it is.\n\n'
        '-a:NAME           one line\n'
        '-b:SOMETHING-LONG-AS-IT-IS\n'
        '                  on the next,\n'
        '                  and on, see -a:NAME\n\n'
        'Exit status: 0 all well - 1 not\n'
        'well.'))
    assert command.options == [('-a:NAME', 'one line'), (
        '-b:SOMETHING-LONG-AS-IT-IS', 'on the next, and on, see -a:NAME')]
    text = command.as_markdown()
    assert '| `-a:NAME` | one line |' in text
    assert 'and on, see `-a:NAME` |' in text
    assert '| 1 | not well |' in text


def test_journal_is_described_table_by_table(reference: Any) -> None:
    text = reference.PARTS['journal']()
    sections = re.split(r'^## `(.+)`$', text, flags=re.MULTILINE)[1:]
    found = dict(zip(sections[::2], sections[1::2], strict=True))
    assert list(found) == list(metadata.tables)
    for name, table in metadata.tables.items():
        assert re.match(r'\n\n[A-Z`].+\.\n', found[name]), name
        assert [names_in(row[0])[0] for row in rows_of(
            found[name], 'column')] == [column.name
                                        for column in table.columns]


def test_configuration_is_described_name_by_name(reference: Any) -> None:
    text = reference.PARTS['configuration']()
    rows = {names_in(row[0])[0]: row[1:] for row in rows_of(text, 'name')}
    assert list(rows) == list(Configuration.model_fields)
    assert rows['sources'] == ['list of text', 'must be given',
                               'interwiki prefixes that requests may name']
    assert rows['lines'][1] == '`false`'
    assert all(meaning for *_rest, meaning in rows.values())
    assert '| `missing` | `"stop"`, `"run"` | `"stop"` |' in text


def test_unknown_part_is_an_error(reference: Any) -> None:
    with pytest.raises(Exception, match='nothing generates "nonsense"'):
        reference.filled('<!-- generated: nonsense -->', 'page')


def test_readme_is_a_page_with_links_to_pages(reference: Any) -> None:
    text = reference.PARTS['readme']()
    local = set(re.findall(r'\]\((?!https:)([^)#]+)', text))
    assert {'policies.md', 'changes.md', 'sample.md'} <= local
    assert all((DOCS / name).is_file() for name in local)


class _Links(HTMLParser):

    """Collects ids and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str,
                        attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (name := given.get('id')):
            self.ids.add(name)
        if tag == 'a' and (link := given.get('href')):
            self.links.append(link)


@pytest.mark.programs
def test_documentation_is_built_with_all_links(html: Path) -> None:
    pages: dict[Path, _Links] = {}
    for path in html.rglob('*.html'):
        pages[path] = _Links()
        pages[path].feed(path.read_text(encoding='utf-8'))
    assert {path.relative_to(html).as_posix() for path in pages} >= {
        'index.html', 'requesters.html', 'importers.html', 'operators.html',
        'authors.html', 'recipes.html', 'reference/commands.html',
        'reference/python.html'}
    for path, page in pages.items():
        for link in page.links:
            if re.match('[a-z]+:', link):
                continue
            name, _hash, fragment = link.partition('#')
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), (path, link)
            if fragment and target in pages:
                assert fragment in pages[target].ids, (path, link)


def test_built_pages_have_what_the_code_says(html: Path) -> None:
    def shown(name: str) -> str:
        text = (html / 'reference' / f'{name}.html').read_text('utf-8')
        return re.sub(r'\s+', ' ', re.sub('<[^>]+>', '', text))

    assert all(reason in shown('words') for reason in values(Reason))
    assert 'the target has its own; left alone' in shown('words')
    assert all(f'class {name}(' in shown('python')
               or f'{name}(' in shown('python')
               or name in errors.__all__ and f'{name}(' in shown('errors')
               for name in importbot.__all__)
    assert 'pwb importpages' in shown('commands')
    assert not re.search('generated: ', ''.join(
        path.read_text('utf-8') for path in html.rglob('*.html')))


def test_built_pages_need_no_network(html: Path) -> None:
    for path in html.rglob('*.html'):
        text = path.read_text('utf-8')
        assert not re.findall(r'<(?:script|img|link|iframe)\b[^>]*'
                              r'(?:src|href)="(?:https?:)?//[^"]*"', text), \
            path.name
