"""Subpages with a whole table that a request page could not bear."""
from __future__ import annotations

from collections.abc import Callable

from importbot.model.plan import Plan
from importbot.model.report import Report, UndoReport
from importbot.model.undo_plan import UndoPlan
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.reply_text import MOST_FOLDED, MOST_SHOWN


__all__ = ('plan_subpage', 'undo_subpage')


def plan_subpage(context: PassContext, title: str, id: str, plan: Plan,
                 report: Report | None = None) -> str:
    """Write a whole plan where a request page could not bear it.

    :param title: full title of the request page
    :param id: of the request
    :param report: of its run, None before
    :return: full title of the subpage; empty if there is none, or somebody
        else has written it
    """
    return _put(context, title, id, f'{title}/{id}', len(plan.pages),
                lambda: context.reply_text.whole(report or plan))


def undo_subpage(context: PassContext, title: str, id: str, plan: UndoPlan,
                 report: UndoReport | None = None) -> str:
    """Write a whole undo where a request page could not bear it.

    :param title: full title of the request page
    :param id: of the request
    :param report: what became of it, None before
    :return: as :func:`plan_subpage`
    """
    return _put(context, title, id, f'{title}/{id}/undo', len(plan.pages),
                lambda: context.reply_text.whole(report or plan))


def _put(context: PassContext, title: str, id: str, subpage: str,
         pages: int, text: Callable[[], str]) -> str:
    if pages <= MOST_SHOWN + MOST_FOLDED:
        return ''
    return subpage if context.store.put(
        subpage, text(), context.reply_text.asked_summary(title, id)) else ''
