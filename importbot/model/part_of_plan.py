"""Part of a plan: what is left when somebody wants less of it."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from importbot.model.decisions import Role
from importbot.model.errors import UsageError
from importbot.model.problems import Problem
from importbot.model.titles import Title


if TYPE_CHECKING:
    from importbot.model.plan import Plan


__all__ = ('only', 'without')


def without(plan: Plan, titles: Collection[str | Title]) -> Plan:
    """Return a plan without some pages and what only they need.

    :param plan: all of it
    :param titles: full titles on the source
    :raises UsageError: it has no such page
    """
    unwanted = _titles_of(plan, titles)
    return _part(plan, _reached(
        plan, lambda title, is_requested: is_requested, unwanted))


def only(plan: Plan, titles: Collection[str | Title]) -> Plan:
    """Return a plan of some pages and what they need.

    :param plan: all of it
    :param titles: full titles on the source
    :raises UsageError: it has no such page
    """
    wanted = _titles_of(plan, titles)
    return _part(plan, _reached(
        plan, lambda title, is_requested: title in wanted))


def _titles_of(plan: Plan, titles: Collection[str | Title]) -> set[Title]:
    known = {str(page.title): page.title for page in plan.pages}
    absent = [str(title) for title in titles if str(title) not in known]
    if absent:
        raise UsageError(Problem('plan-has-no-page', titles=tuple(absent)))
    return {known[str(title)] for title in titles}


def _reached(plan: Plan, begins: Callable[[Title, bool], bool],
             unwanted: Collection[Title] = ()) -> set[Title]:
    """Return the pages where a way begins, and those that they lead to."""
    leads_to: dict[Title, list[Title]] = {}
    for page in plan.pages:
        for title in page.needed_by:
            leads_to.setdefault(title, []).append(page.title)
    found: set[Title] = set()
    ahead = [page.title for page in plan.pages
             if begins(page.title, page.role is Role.REQUESTED)]
    while ahead:
        title = ahead.pop()
        if title not in found and title not in unwanted:
            found.add(title)
            ahead += leads_to.get(title, ())
    return found


def _part(plan: Plan, kept: Collection[Title]) -> Plan:
    def left(titles: Iterable[Title]) -> tuple[Title, ...]:
        return tuple(title for title in titles if title in kept)

    gone = {text for page in plan.pages if page.title not in kept
            for text in (str(page.title), page.target_text)}
    return replace(
        plan,
        pages=tuple(replace(page, needed_by=left(page.needed_by))
                    for page in plan.pages if page.title in kept),
        unresolved=tuple(replace(name, needed_by=left(name.needed_by))
                         for name in plan.unresolved if left(name.needed_by)),
        notes=tuple(note for note in plan.notes
                    if not note.pages or not gone.issuperset(note.pages)))
