"""``pwb importruns -prune``: forget texts, never decisions."""
from __future__ import annotations

import sys

import pywikibot
from rich.filesize import decimal

from importbot.commands.exit_status import INTERRUPTED
from importbot.commands.prompt import says_yes
from importbot.journal.journal import Journal
from importbot.journal.leases import is_in_use
from importbot.journal.location import open_journal
from importbot.journal.pruning import Forgettable, forget, forgettable
from importbot.model.errors import UsageError
from importbot.reports.terminal.progress import ProgressBar


__all__ = ('prune', )


def prune(url: str, days: int, *, always: bool) -> int:
    """Say what there is to be forgotten, ask, and forget it.

    Under ``-simulate`` nothing is written.

    :param url: of the journal
    :param days: since runs and requests came to their end
    :param always: whether nobody is asked
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    journal = open_journal(url, reads_only=True)
    try:
        kinds = [kind for kind in forgettable(journal, days) if kind.count]
    finally:
        journal.close()
    if not kinds:
        pywikibot.info('There is nothing to forget.')
        return 0
    pywikibot.info('To be forgotten:')
    for kind in kinds:
        pywikibot.info(f'  {kind.what}: {kind.count} ({decimal(kind.size)})')
    pywikibot.info('Every decision, outcome and change stays, and every run '
                   'can be shown and undone as before.')
    if pywikibot.config.simulate or not (always or _is_wanted()):
        pywikibot.info('Nothing was forgotten.')
        return 0
    journal = open_journal(url)
    try:
        return _forget(journal, kinds)
    finally:
        journal.close()


def _is_wanted() -> bool:
    if not sys.stdin.isatty():
        raise UsageError('Nobody is there to confirm it: give -always to '
                         'forget without asking, or -simulate to stop here')
    return says_yes('Forget that?')


def _forget(journal: Journal, kinds: list[Forgettable]) -> int:
    """Forget, and make the file smaller; a cut leaves nothing half."""
    done = 0
    try:
        with ProgressBar() as bar:
            for kind in kinds:
                done += forget(journal, kind, bar.show)
            _compact(journal)
    except KeyboardInterrupt:
        pywikibot.info('\nStopped; what was forgotten so far stays so, and '
                       'the same command goes on.')
        return INTERRUPTED
    pywikibot.info(f'Forgotten: {done}.')
    return 0


def _compact(journal: Journal) -> None:
    if not journal.is_file:
        return
    if is_in_use(journal):
        pywikibot.info('The file stays as large as it is, as a bot is at '
                       'work; what follows is written into the room that is '
                       'free now. Prune again when none is.')
    else:
        journal.compact()
