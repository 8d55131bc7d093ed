"""A forked import does and leaves what one does that was started."""
from __future__ import annotations

import os
import re
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.commands import PWB, Popen
from tests.kit.support import Box


TITLE = 'Template:Nowrap'
ASKED = ('importpages', '-source:en', f'-page:{TITLE}', '-always')


def without_numbers(text: str) -> str:
    """Leave out ids, times and digests."""
    return re.sub(r'\b[0-9a-f]*\d[0-9a-f]*', '0', text)


def contents(folder: Path) -> dict[str, str]:
    """Return what is compared of the files that a command left."""
    return {
        str(path.relative_to(folder)):
        without_numbers(re.sub(r'"sha1": "\w+"', '', path.read_text()))
        if path.suffix == '.json' else ''
        for path in folder.rglob('*') if path.is_file()}


@pytest.mark.parametrize('more', [
    ['-plan'], ['-simulate'], ['-report:report.json'],
    ['-report:report.json', '-via:upload'], ['-existing:nonsense']],
    ids=' '.join)
def test_import(tmp_path: Path, more: list[str]) -> None:
    did = []
    for start in (subprocess.Popen, Popen):
        folder = tmp_path / start.__module__
        folder.mkdir()
        with closing(Box(folder / 'wikis')) as box:
            process = start(
                [str(PWB), *ASKED, *more], cwd=box.config, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, 'COLUMNS': '200',
                     'PYWIKIBOT_DIR': str(box.config)})
            output, _ = process.communicate(timeout=120)
            # where a line of the terminal breaks depends on the port
            did.append((process.returncode, without_numbers(output).split(),
                        contents(box.config),
                        len(box.on_target().history(TITLE))))
        if isinstance(process, Popen):
            assert process.forked
    assert did[1] == did[0]
