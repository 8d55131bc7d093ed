"""Plan how revisions of a run leave the histories that they went into.

Where a page was there before, its history and that of the source are one
after an import. A wiki that can move parts of a history (MediaWiki 1.45) has
those of the run moved to a page below the user page of who imported them,
which is then deleted, as pages are that a run created.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importbot.i18n import message
from importbot.journal.changes import brought_by
from importbot.journal.journal import Journal
from importbot.journal.tables import RunRow
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import USER, Title
from importbot.model.undo_plan import DiscardStep, UndoVerdict
from importbot.rules.undo import unmerged_verdict
from importbot.rules.unmerge import MOST_PARTS, parts_of, unmerge_steps
from importbot.wikis.api_values import Access
from importbot.wikis.wiki import Wiki
from importbot.wikitext.presave import sha1_of_saved


__all__ = ('Merged', 'Unmerging', 'brought_to', 'home_of', 'home_text',
           'others_at_home', 'unmerged', 'unmerges')

#: What an account needs: the page that revisions are moved to is created
#: before and deleted after.
_RIGHTS = frozenset({'createpage', 'delete', 'edit', 'mergehistory'})


@dataclass(frozen=True)
class Merged:

    """A page that was there before a run.

    :param title: its full title
    :param left: id of its newest revision when the run left it
    :param verdict: what an undo does to what it shows
    """

    title: str
    left: int
    verdict: UndoVerdict


@dataclass(frozen=True)
class Unmerging:

    """How the history of a page is taken apart.

    :param verdict: on the page, with the steps of that
    :param is_merged: whether revisions of the source stay in its history
    :param is_interwoven: whether they do so because they are in too many
        parts
    """

    verdict: UndoVerdict
    is_merged: bool
    is_interwoven: bool = False


def home_of(siteinfo: SiteInfo, user: str, left: int) -> str:
    """Return the full title of the page that revisions are moved to.

    It is the same whenever a run is undone, so that an undo that was cut
    is gone on with, and another one for each page and run of any journal.

    :param siteinfo: settings of the target
    :param user: the account that imported
    :param left: id of the newest revision when the run left the page
    """
    return str(siteinfo.normalized(Title(USER, f'{user}/undo-{left}')))


def unmerges(access: Access) -> bool:
    """Return whether a wiki moves parts of a history, for this account."""
    return access.unmerges and access.rights >= _RIGHTS


def brought_to(journal: Journal, run: int,
               position: int) -> frozenset[int]:
    """Return ids of the revisions that a run gave a page."""
    return frozenset(revision for span
                     in brought_by(journal, run).get(position, ())
                     for revision in span)


def unmerged(journal: Journal, row: RunRow, wiki: Wiki, siteinfo: SiteInfo,
             pages: Mapping[int, Merged]) -> dict[int, Unmerging]:
    """Return how the histories of some pages are taken apart.

    :param row: of the run that is undone
    :param pages: those that were there before, by their place in the plan
        of the run
    :return: by the same places; without those of which nobody knows what
        the run brought, or whose other page is somebody else's
    """
    brought = {place: frozenset(
        revision for span in spans for revision in span)
        for place, spans in brought_by(journal, row.run).items()}
    wanted = {place: page for place, page in pages.items()
              if place in brought and page.verdict.is_own}
    homes = {place: home_of(siteinfo, row.target_user, page.left)
             for place, page in wanted.items()}
    reads = wiki.pages(homes.values(), action='create')
    histories = wiki.histories([page.title for page in wanted.values()])
    found = {}
    for place, page in wanted.items():
        read, home = reads[homes[place]], homes[place]
        if read.newest is None:
            if not read.is_allowed:
                continue
        elif others_at_home(wiki.history(home), brought[place],
                            home_text(siteinfo, page.title, row.run)):
            continue
        found[place] = _apart(page.verdict, histories[page.title],
                              brought[place], home,
                              is_begun=read.newest is not None)
    return found


def home_text(siteinfo: SiteInfo, title: str, run: int) -> str:
    """Return the text of the page that revisions are moved to.

    :param siteinfo: settings of the target
    :param title: full title of the page that they are moved out of
    :param run: number of the run that is undone
    """
    return message(siteinfo.language, 'undo-home', title=title, run=run)


def others_at_home(history: Sequence[Revision], brought: frozenset[int],
                   text: str) -> tuple[int, ...]:
    """Return revisions of the page moved to that are somebody else's.

    :param history: of that page
    :param text: that an undo makes it with
    """
    sha1 = sha1_of_saved(text)
    rest = [item for item in history if item.id not in brought]
    return tuple(item.id for item in rest
                 if item.sha1 != sha1 or item is not rest[-1])


def _apart(verdict: UndoVerdict, history: Sequence[Revision],
           brought: frozenset[int], home: str, *,
           is_begun: bool) -> Unmerging:
    """Return a verdict with the steps that take the history apart."""
    newest = history[0].id
    # A text that is restored is the newest revision by then.
    top = 0 if verdict.step else newest
    parts = [*parts_of(history, brought, top)]
    if len(parts) > MOST_PARTS:
        return Unmerging(verdict, is_merged=True, is_interwoven=True)
    if not parts and not is_begun:
        return Unmerging(verdict, is_merged=False)
    return Unmerging(unmerged_verdict(verdict, (
        *unmerge_steps(parts, newest, home), DiscardStep(home))),
        is_merged=False)
