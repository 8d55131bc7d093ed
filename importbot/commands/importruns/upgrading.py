"""``pwb importruns -upgrade``: lift a journal to the schema of now."""
from __future__ import annotations

from contextlib import closing

import pywikibot

from importbot.journal import tables
from importbot.journal.location import open_journal


__all__ = ('upgrade', )


def upgrade(url: str) -> int:
    """Lift a journal, even where that takes a person who says so.

    Under ``-simulate`` nothing is written.

    :param url: of the journal
    :return: exit status
    :raises JournalError: it cannot be done
    """
    with closing(open_journal(url, reads_only=True)) as journal:
        former, runs = journal.schema, journal.count_runs()
    if former == tables.SCHEMA_VERSION:
        pywikibot.info(f'The journal has schema {former} already, with '
                       f'{_counted(runs)}; there is nothing to do.')
        return 0
    if pywikibot.config.simulate:
        pywikibot.info(f'The journal would be lifted from schema {former} to '
                       f'{tables.SCHEMA_VERSION}, with {_all(runs)}.')
        return 0
    with closing(open_journal(url, upgrades=True)) as journal:
        pywikibot.info(f'The journal is lifted from schema {former} to '
                       f'{journal.schema}, with '
                       f'{_all(journal.count_runs())}.')
    return 0


def _counted(runs: int) -> str:
    return '1 run' if runs == 1 else f'{runs} runs'


def _all(runs: int) -> str:
    return 'its run' if runs == 1 else f'all its {runs} runs'
