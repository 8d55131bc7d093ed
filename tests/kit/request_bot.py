"""A ``pwb importrequests`` that can be killed, and what it has to leave."""
from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing

from importbot.journal.holders import shown
from tests.kit.commands import PWB, Popen
from tests.kit.proxy import Exchange
from tests.kit.request_wiki import CONFIGURATION, RequestWiki
from tests.kit.support import Box, Client, Run, texts


ANNA = 'Anna Petit'
#: The rule by which Anna asks nobody.
OWN = {'name': 'own user space', 'ownuserspace': True, 'missing': True,
       'maxtemplates': 0, 'maxrevisions': 200, 'approval': False}


class Bot:

    """A ``pwb importrequests`` on the pages and the journal of a request wiki.

    :param wiki: the wiki with request pages
    :param options: of the command line
    """

    def __init__(self, wiki: RequestWiki, *options: str) -> None:
        self._process = Popen(
            [str(PWB), 'importrequests', *options_of(wiki), *options],
            cwd=wiki.box.folder, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, 'COLUMNS': '200',
                 'PYWIKIBOT_DIR': str(wiki.box.config)})

    def kill(self) -> None:
        self._process.kill()

    def tell(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self) -> Run:
        """Wait for its end."""
        output, _ = self._process.communicate(timeout=120)
        return Run(self._process.returncode, output)


def options_of(wiki: RequestWiki) -> list[str]:
    """Return the options that every ``importrequests`` of it needs."""
    return [f'-configpage:{CONFIGURATION}', f'-journal:{wiki.journal_path}',
            '-serverlimit:1']


def passes(wiki: RequestWiki, *options: str) -> Run:
    """Let pwb make one pass."""
    return Bot(wiki, *options).end()


def edits(title: str) -> Callable[[Exchange], bool]:
    """Return what tells the edits of a page from other requests."""
    def is_edit(exchange: Exchange) -> bool:
        return (exchange.parameters.get('action') == 'edit'
                and exchange.parameters.get('title') == title)

    return is_edit


def settle(wiki: RequestWiki, approves: bool = True, most: int = 6) -> None:
    """Make passes until nothing is left to do, approving what waits."""
    for _pass in range(most):
        request_pass = wiki.work()
        assert not request_pass.failed
        if approves and 'status = review' in wiki.text:
            wiki.edit(wiki.admin, 'status = review', 'status = approved')
        elif not request_pass.treated:
            return
    raise AssertionError(f'{most} passes and still at work: {wiki.text}')


def is_over(wiki: RequestWiki, *titles: str, answers: int = 2) -> bool:
    """Check that one request came to its one end, whatever happened.

    :param wiki: the wiki with request pages
    :param titles: pages that it asked for
    :param answers: that it got
    """
    request, = wiki.requests
    assert request.status_word == 'done', wiki.text
    found = wiki.answers()
    assert len(found) == answers, wiki.text
    assert wiki.text.count('-run-') == 1
    source = wiki.box.on_source()
    for title in titles:
        assert was_imported_once(wiki.box, title)
        assert texts(wiki.admin.history(title)) >= texts(
            source.history(title))
    assert logged(wiki) == 1
    assert left_open(wiki) == []
    assert wiki.work().treated == 0
    return True


def was_imported_once(box: Box, title: str) -> bool:
    """Check that the wiki got a page once, and says so once."""
    sent = [item for item in box.target.imports_done
            if item.parameters.get('interwikipage') == title]
    assert len(sent) == 1, title
    assert len(box.on_target().imports(title)) == 1, title
    return True


def logged(wiki: RequestWiki) -> int:
    """Return how many lines the public log has."""
    if not wiki.exists(wiki.log_page):
        return 0
    return wiki.admin.text(wiki.log_page).count('<span id="import-run-')


def is_alive(holder: str) -> bool:
    """Return whether the holder of a lease is a process that is at work."""
    try:
        os.kill(int(shown(holder).rpartition(':')[2]), 0)
    except ProcessLookupError:
        return False
    return True


def left_open(wiki: RequestWiki) -> list[str]:
    """Return what the journal has that could keep anything else out.

    An id that never stood on a page is no such thing.
    """
    with closing(sqlite3.connect(wiki.journal_path)) as connection:
        found = [f'lease: {row}' for row in connection.execute(
            'SELECT * FROM importbot_leases') if is_alive(row[2])]
        found += [f'pending: {row}' for row in connection.execute(
            'SELECT run, position, title FROM importbot_pages '
            'WHERE sent IS NOT NULL AND outcome IS NULL')]
    standing = {request.id for request in wiki.requests}
    return found + [f'request: {record}' for id, record
                    in wiki.log.open().items()
                    if id in standing or record.run]


def imported(wiki: RequestWiki, *titles: str,
             by: Client | None = None) -> None:
    """Have a request for some pages come to its end."""
    wiki.file('\n  '.join(titles), by)
    wiki.work()
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses[-1] == 'done', wiki.text


def take(specimens: Iterator[str], count: int = 1) -> list[str]:
    return [next(specimens) for _number in range(count)]


def killed_at(wiki: RequestWiki, hits: Callable[[Exchange], bool],
              arrives: bool) -> None:
    """Make a pass that dies at a request, before or after the wiki.

    :param hits: whether it is this request
    :param arrives: whether the wiki gets it
    """
    bot: Bot
    with wiki.box.target.broken(hits=hits, forwards=arrives,
                                meanwhile=lambda: bot.kill()):
        bot = Bot(wiki)
        run = bot.end()
    assert run.status == -signal.SIGKILL, run.output


def killed_twice(wiki: RequestWiki, hits: Callable[[Exchange], bool]) -> None:
    """Die before the wiki gets a request, then after it did it."""
    killed_at(wiki, hits, arrives=False)
    killed_at(wiki, hits, arrives=True)


def imports(title: str) -> Callable[[Exchange], bool]:
    return lambda exchange: (
        exchange.parameters.get('interwikipage') == title)


def says(wiki: RequestWiki, word: str) -> Callable[[Exchange], bool]:
    """Return what tells the edit that sets a request to a state."""
    is_edit = edits(wiki.page)
    return lambda exchange: is_edit(exchange) and (
        f'status = {word}' in exchange.parameters.get('text', ''))
