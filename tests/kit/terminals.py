"""Scripts at a terminal, where a person watches."""
from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator

from tests.kit.commands import PWB, Popen
from tests.kit.support import Box


def at_a_terminal(box: Box, answer: str, *arguments: str,
                  script: str = 'importpages',
                  questions: tuple[str, ...] = (' these pages?', ),
                  ) -> tuple[int, str]:
    """Run a script where a person watches, who answers its questions."""
    master, slave = pty.openpty()
    process: Popen[bytes] = Popen(
        [str(PWB), script, *arguments], cwd=box.folder,
        stdin=slave, stdout=slave, stderr=slave, close_fds=True,
        env={**os.environ, 'PYWIKIBOT_DIR': str(box.config),
             'TERM': 'xterm', 'COLUMNS': '120'})
    os.close(slave)
    printed, asked = '', [*questions]
    for text in _read(master, process):
        printed += text
        if asked and asked[0] in printed:
            del asked[0]
            os.write(master, f'{answer}\n'.encode())
    os.close(master)
    return process.wait(timeout=60), printed


def _read(master: int, process: subprocess.Popen[bytes]) -> Iterator[str]:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.2)[0]:
            try:
                yield os.read(master, 65536).decode(errors='replace')
            except OSError:
                return
        elif process.poll() is not None:
            return
