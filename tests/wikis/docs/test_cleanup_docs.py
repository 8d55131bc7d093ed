"""docs/cleanups.md: the package of its reader, installed and used."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.kit.codeblocks import ROOT, code_blocks, command_lines
from tests.kit.support import Box


PAGE = ROOT / 'docs' / 'cleanups.md'


def test_package_of_the_page(box: Box, tmp_path: Path) -> None:
    module, setup, command = (
        block for block in code_blocks(PAGE)
        if block.section == 'A function of your own')
    folder = tmp_path / 'package'
    folder.mkdir()
    (folder / 'rover_cleanups.py').write_text(module.text)
    (folder / 'setup.cfg').write_text(setup.text)
    (folder / 'setup.py').write_text('import setuptools\nsetuptools.setup()')
    subprocess.run(
        [sys.executable, '-m', 'pip', 'install', '-q', '--no-index',
         '--no-deps', '--no-build-isolation', '--target',
         str(tmp_path / 'installed'), str(folder)], check=True, timeout=120)
    words, = command_lines(command)
    title, post = 'Kestrel', '-post:rename:Infobox=Box'
    assert words[1:] == ['importpages', '-source:en', f'-page:{title}', post]
    box.on_source().edit(title, 'A {{Infobox|x}} and an {{infobox}}.')
    run = box.pwb(*words[1:], '-always',
                  PYTHONPATH=str(tmp_path / 'installed'))
    assert run.status == 0, run.output
    assert box.on_target().text(title) == 'A {{Box|x}} and an {{infobox}}.'


def test_command_of_the_page(box: Box) -> None:
    first = next(code_blocks(PAGE))
    words, = command_lines(first)
    source = box.on_source().history('Hopper')[0]['revid']
    run = box.pwb(*words[1:], '-always')
    assert run.status == 0, run.output
    text = box.on_target().text('Hopper')
    assert f'{{{{Imported|en|Hopper|{source}}}}}\n' in text
    assert '<!-- [[Category:' in text
    assert '\n[[Category:' not in text
