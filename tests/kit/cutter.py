"""Runs that are killed, and what they have to leave when resumed."""
from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence

from tests.kit.commands import PWB, Popen
from tests.kit.histories import fill_source
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Run, texts


#: Seconds; the wikis here answer within one.
LIMIT = 3
PAGES = 50
#: Pages of a run in ``make test``.
FEW = 20
#: Seconds from the first import within which the kills fall; about what
#: a run of all pages takes.
LONGEST = {'upload': 2.5, 'interwiki': 9}
#: What share of that a run of so many pages takes.
SHARES = {FEW: .2, PAGES: 1}
LONG = [(f'2015-01-01T00:{number // 60:02}:{number % 60:02}Z',
         f'Revision {number}. ' + 'y' * 9000) for number in range(400)]
#: As much text in fewer revisions.
LARGE = [(time, text * 4) for time, text in LONG[:100]]
ROUTES = {'upload': ('-via:upload', ), 'interwiki': ('-via:interwiki', )}
_numbers = itertools.count(1)


class Cutter:

    """Runs of the same shape, each with pages of its own, cut or not.

    :param box: two wikis
    :param runs: how many runs there can be
    :param pages: how many pages of two revisions a run has
    """

    def __init__(self, box: Box, runs: int, pages: int = PAGES) -> None:
        self.box = box
        self.pages = pages
        self.source = box.on_source()
        self.target = box.on_target()
        self._titles = put_specimens(box, runs * pages)
        self._numbers = itertools.count()
        history = LONG if pages == PAGES else LARGE
        fill_source(box, ((f'Long {number}', history)
                          for number in range(runs)))

    def new_titles(self) -> list[str]:
        """Return the pages of a run, the last one of them long."""
        return [*(next(self._titles) for _ in range(self.pages)),
                f'Long {next(self._numbers)}']

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the bot without asking."""
        return Popen(
            [str(PWB), 'importpages', '-always', f'-serverlimit:{LIMIT}',
             *arguments], cwd=self.box.folder, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={
                **os.environ, 'COLUMNS': '200',
                'PYWIKIBOT_DIR': str(self.box.config)})

    def arguments(self, titles: Sequence[str], route: str) -> list[str]:
        file = self.box.folder / f'titles-{next(_numbers)}.txt'
        file.write_text('\n'.join(f'[[{title}]]' for title in titles))
        return ['-source:en', f'-file:{file}', '-templates:none',
                *ROUTES[route]]

    def cut_and_resumed(self, titles: Sequence[str], route: str,
                        delay: float) -> Run:
        """Kill a run some time behind its first import; go on.

        :param delay: seconds, if it were a run of all pages
        """
        sent = len(self.box.target.imports)
        process = self.start(*self.arguments(titles, route))
        while (len(self.box.target.imports) == sent
               and process.poll() is None):
            time.sleep(.002)
        try:
            process.wait(delay * SHARES[self.pages])
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        if process.returncode == 0:
            return Run(0, 'it was done before the kill')
        resumed = self.start('-resume')
        output, _ = resumed.communicate(timeout=300)
        # The run may have come to its end, and only the process had not.
        is_over = 'the latest one came to its end' in output
        return Run(0 if is_over else resumed.returncode, output)

    def faults_of(self, titles: Sequence[str], route: str) -> list[str]:
        """Return what is not as an undisturbed run leaves it."""
        found = []
        for title in titles:
            theirs = self.source.history(title)
            ours = self.target.history(title)
            entries = self.target.imports(title)
            calls = 2 if route == 'interwiki' and len(theirs) > 50 else 1
            own = [row for row in ours if row['user'] == 'ImportBot']
            if not (texts(theirs) <= texts(ours)
                    and len(ours) == len(theirs) + len(own)
                    and len(own) == len(entries) <= calls
                    and self.source.text(title) == self.target.text(title)):
                found.append(f'{title}: {len(ours)} revisions of '
                             f'{len(theirs)}, {len(entries)} entries')
        return found


def delays(route: str, count: int, seed: int) -> list[float]:
    """Return moments, the same for each seed."""
    moments = random.Random(seed)
    return [moments.uniform(0, LONGEST[route]) for _number in range(count)]
