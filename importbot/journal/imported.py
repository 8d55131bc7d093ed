"""The pages that a run brought, for other scripts."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, cast

import pywikibot
from pywikibot.site import APISite

from importbot.journal.journal import Journal
from importbot.journal.location import open_journal
from importbot.journal.reports import recorded_report
from importbot.journal.undos import undone_by
from importbot.model.decisions import Role
from importbot.model.errors import JournalError, UsageError
from importbot.model.printable import printable
from importbot.rules.page_lists import (
    FILES,
    LISTS,
    can_be_named,
    listed_titles,
)
from importbot.wikis.wiki import Wiki


__all__ = ('ImportedPages', 'ListName', 'imported_titles')

#: Which pages of a run: those of a role, or the files that they show.
ListName = Literal['requested', 'template', 'module', 'style',
                   'documentation', 'redirect', 'transcluded', 'category',
                   'files']


class ImportedPages:

    """The pages that a run brought, as they are called on the target.

    Use it where pywikibot takes a generator::

        for page in ImportedPages(role='requested'):
            ...

    Only pages that arrived as planned are among them. What became of them
    since does not count: a page that was moved or deleted is still there,
    by its title. An undo brings no pages.

    :param run: number of the run, None for the latest into the wiki
    :param role: of the pages, as the plan shows it, None for all;
        ``files`` gives the files that they show and the target lacked
    :param journal: where runs are recorded, None for the usual journal in
        pywikibot's directory
    :param site: the target, None for pywikibot's default site
    :raises JournalError: there is no such run, or no journal
    :raises UsageError: no such role, or the run went into another wiki
    """

    def __init__(self, run: int | None = None,
                 role: Role | ListName | None = None, *,
                 journal: Journal | None = None,
                 site: APISite | None = None) -> None:
        self.site = site or cast(APISite, pywikibot.Site())
        self._of = _list_named(role)
        opened = journal or open_journal(reads_only=True)
        try:
            #: Number of the run.
            self.run = _run_into(opened, run, Wiki(self.site).api)
            self._titles = imported_titles(opened, self.run, self._of)
        finally:
            if journal is None:
                opened.close()

    def __iter__(self) -> Iterator[pywikibot.Page]:
        """Yield the pages in the order of the plan."""
        kind = pywikibot.FilePage if self._of == FILES else pywikibot.Page
        for title in self._titles:
            yield kind(self.site, title)

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self._titles)


def imported_titles(journal: Journal, run: int,
                    of: str = '') -> tuple[str, ...]:
    """Return titles of pages that a run brought.

    A page that pywikibot cannot name is left out, with a warning.

    :param of: see :func:`listed_titles`
    :raises JournalError: there is no such run, or what it had to say of
        files was not written down
    """
    if undone_by(journal, run) is not None:
        return ()
    if of == FILES and not journal.plan_row(run).plan:
        raise JournalError(f'Run {run} is of a release that did not write '
                           'down which files the target lacks; plan the '
                           'pages again')
    titles = listed_titles(recorded_report(journal, run), of)
    for title in titles:
        if not can_be_named(title):
            pywikibot.warning(printable(
                f'"{title}" is left out: pywikibot takes the end of its '
                'name for a space and would find another page'))
    return tuple(filter(can_be_named, titles))


def _list_named(role: Role | str | None) -> str:
    of = role.value if isinstance(role, Role) else role or ''
    if of and of not in LISTS:
        raise UsageError(f'There are no pages of the role "{of}"; give one '
                         f'of {", ".join(LISTS)}')
    return of


def _run_into(journal: Journal, run: int | None, api: str) -> int:
    """Return the number of a run into a wiki."""
    if run is None:
        run = journal.latest_run(api)
        if run is None:
            raise JournalError(f'The journal has no run into {api}; see '
                               'whether site and journal are right')
        return run
    into = journal.run_row(run).target_api
    if into != api:
        raise UsageError(f'Run {run} went into {into}, not into {api}; give '
                         'site=')
    return run
