"""Commands within the text of the documentation are understood."""
from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from pywikibot.bot import _GLOBAL_HELP as GLOBAL_HELP
from pywikibot.pagegenerators import parameterHelp

from importbot.commands.command_line import read_command_line
from importbot.commands.importruns.options import read_runs_options
from importbot.model.option import DUMP, PAGES, REQUESTS, RUNS, UNDO
from tests.kit.codeblocks import ROOT


#: What a command takes besides its options.
TAKES = {PAGES: f'{GLOBAL_HELP}{parameterHelp}', DUMP: GLOBAL_HELP,
         UNDO: GLOBAL_HELP, RUNS: GLOBAL_HELP, REQUESTS: GLOBAL_HELP}
#: What is no option: a dump, the number of a run.
NAMES = {DUMP: r'-|.*\.xml(\.bz2)?', UNDO: r'\d+'}


def inline_commands() -> Iterator[tuple[str, str]]:
    """Yield command lines with the pages where they stand in a sentence."""
    for path in (ROOT / 'README.md', *sorted((ROOT / 'docs').glob('*.md'))):
        tokens = MarkdownIt().enable('table').parse(path.read_text('utf-8'))
        for token in tokens:
            for part in token.children or ():
                if part.type == 'code_inline' and re.match(
                        r'pwb import\w+ [^…]+$', part.content):
                    yield path.name, part.content


FOUND = list(dict.fromkeys(inline_commands()))


@pytest.mark.parametrize(('page', 'command'), FOUND)
def test_command_is_understood(page: str, command: str, tmp_path: Path,
                               monkeypatch: pytest.MonkeyPatch) -> None:
    # Files that it names are looked at, as far as their folder goes.
    monkeypatch.chdir(tmp_path)
    script, *arguments = shlex.split(command)[1:]
    line = read_command_line(script, arguments)
    for word in line.rest:
        name = word.partition(':')[0]
        assert (re.search(rf'(?<!\S){re.escape(name)}\b', TAKES[script])
                if re.match('-[a-z]', word)
                else re.fullmatch(NAMES[script], word)), (page, word)
    if script == RUNS:
        assert read_runs_options(arguments)


def test_every_way_is_tried() -> None:
    ways = [command for page, command in FOUND if page == 'which-way.md']
    assert len(ways) > 20
    assert {command.split()[1] for command in ways} == set(TAKES)
