"""What an import has left that broke off, or that nobody planned."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from importbot.journal.changes import ARRIVAL, Change
from importbot.model.decisions import Decision, Outcome, Reason, Role
from importbot.model.plan import PlannedPage
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.revisions import Revision, lacking
from importbot.model.titles import Title
from importbot.wikis.importer import ImportedPage
from importbot.wikis.wiki import Wiki


__all__ = ('Unasked', 'as_it_stands', 'left_of', 'unasked')


def left_of(sent: Sequence[Revision], history: Sequence[Revision],
            before: int, why: Problem) -> PageResult:
    """Return what became of a page whose import broke off.

    :param sent: revisions of the source that were on their way
    :param history: history of the target page, read back
    :param before: id of the newest revision that it had before, 0 for none
    :param why: what the wiki said
    :return: no outcome where nothing of it is there
    """
    came = [revision for revision in history if revision.id > before]
    brought = len(came) - len(lacking(came, sent))
    if history and not lacking(sent, history):
        return PageResult(Outcome.IMPORTED if brought else Outcome.UNCHANGED,
                          brought)
    if not brought:
        return PageResult(error=why)
    return PageResult(Outcome.FAILED, brought, Problem(
        'by-half', problem=why, arrived=brought, sent=len(sent),
        count=len(came)))


def as_it_stands(page: PlannedPage, target: Wiki) -> PlannedPage:
    """Return a page under the title where it landed, if it still is there.

    :param page: as it was planned
    :param target: the wiki that it was imported into
    """
    if page.move is None or page.move.is_done(
            target.newest(page.move.landing)):
        return page
    return replace(page, target=Title.unread(page.move.landing),
                   steps=page.import_steps)


@dataclass(frozen=True)
class Unasked:

    """A page that arrived although nobody had asked for it.

    :param page: as the page of a plan: refused, and never part of it
    :param result: that it is there all the same
    :param change: how the target page changed
    """

    page: PlannedPage
    result: PageResult
    change: Change


def unasked(imported: ImportedPage, history: Sequence[Revision], position: int,
            user: str) -> Unasked:
    """Return what is to be recorded of a page that nobody asked for.

    What it had before is what is left without the revisions of the call,
    which have the highest ids, and the one that the importer puts on top.

    :param imported: as the target answered or logged it
    :param history: history of the target page, the current revision first
    :param position: place after the pages of the plan
    :param user: the bot's account
    """
    newest = history[0] if history else None
    ours = imported.revisions + 1 if imported.revisions else 0
    before = max(sorted(history, key=lambda revision: revision.id)[:-ours or
                                                                   None],
                 key=lambda revision: (revision.timestamp, revision.id),
                 default=None)
    after = newest.id if newest else 0
    title = Title.known(imported.title, imported.namespace)
    page = PlannedPage(
        title, title, Role.TRANSCLUDED, (), (), None, Decision.REFUSE,
        Reason.UNASKED, (), None, replaced=before, is_unasked=True)
    return Unasked(
        page, PageResult(
            Outcome.DIFFERS, imported.revisions, Problem(
                'unasked', title=printable(imported.title),
                count=imported.revisions)),
        Change(position, ARRIVAL, (before.id if before else 0) if ours
               else after, after, newest is not None and newest.user != user))
