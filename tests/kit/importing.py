"""A ``pwb importpages`` at work, to be stopped in the middle."""
from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
from typing import Any

from tests.kit.commands import PWB, Popen
from tests.kit.support import Box, by_title


_numbers = itertools.count(1)


class Process:

    """A ``pwb importpages`` that can be killed."""

    def __init__(self, box: Box, *titles: str) -> None:
        self.report = box.folder / f'report-{next(_numbers)}.json'
        self._process = Popen(
            [str(PWB), 'importpages', '-source:en', '-templates:none',
             '-always', f'-report:{self.report}',
             *(f'-page:{title}' for title in titles)],
            cwd=box.folder, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, 'COLUMNS': '200',
                 'PYWIKIBOT_DIR': str(box.config)})

    def kill(self) -> None:
        self._process.kill()

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """Wait for the end; return status and output."""
        output, _ = self._process.communicate(timeout=120)
        return self._process.returncode, output

    def pages(self) -> dict[str, dict[str, Any]]:
        """Return the pages of the report."""
        return by_title(json.loads(self.report.read_text()))
