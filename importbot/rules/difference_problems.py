"""Differences as one sentence: each kind counted, the first of it named."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.rules.differences import Difference, Differing


__all__ = ('damage_of', 'problem_of')

#: Characters of an edit summary that a sentence shows.
_SHOWN = 60

_Some = Sequence[Difference]


def problem_of(found: _Some) -> Problem | None:
    """Return in what a page differs, None if it does in nothing.

    :param found: the oldest first
    """
    kinds: Mapping[Differing, list[Difference]] = defaultdict(list)
    for item in found:
        kinds[item.differing].append(item)
    problems = [_SENTENCES[kind](kinds[kind]) for kind in Differing
                if kinds.get(kind)]
    return reduce(lambda rest, problem: Problem(
        'both', problem=problem, other=rest), reversed(problems)
    ) if problems else None


def damage_of(found: _Some) -> Problem:
    """Return what to say of a page that :func:`is_damaged` found out.

    :param found: in what it differs
    """
    return Problem('damaged-by-another', count=sum(
        item.differing is Differing.PARENT for item in found))


def _counted(key: str) -> Callable[[_Some], Problem]:
    """Return what says how many there are, and of when the first is."""
    return lambda some: Problem(key, count=len(some), date=some[0].date)


def _compared(key: str) -> Callable[[_Some], Problem]:
    """Return what says besides what arrived instead of what."""
    return lambda some: Problem(
        key, count=len(some), date=some[0].date,
        arrived=_shown(some[0].arrived), planned=_shown(some[0].planned))


def _shown(text: str) -> str:
    return printable(text[:_SHOWN]) + ('…' if len(text) > _SHOWN else '')


def _missing(some: _Some) -> Problem:
    return Problem('target-lacks-revisions', count=len(some),
                   oldest=some[0].date)


def _authors(some: _Some) -> Problem:
    names = dict.fromkeys((item.arrived, item.planned) for item in some)
    return Problem('other-authors', names=tuple(
        Problem('name-for', here=printable(here), there=printable(
            there.removeprefix('>'))) for here, there in names))


def _of_import(key: str) -> Callable[[_Some], Problem]:
    """Return what says how many there are, and how many there should be."""
    return lambda some: Problem(key, arrived=some[0].arrived,
                                planned=some[0].planned)


_SENTENCES: Mapping[Differing, Callable[[_Some], Problem]] = {
    Differing.MISSING: _missing,
    Differing.DOUBLED: _counted('doubled-revisions'),
    Differing.TIME: _compared('other-times'),
    Differing.TEXT: _counted('other-texts'),
    Differing.AUTHOR: _authors,
    Differing.COMMENT: _compared('other-comments'),
    Differing.MINOR: _counted('other-minor'),
    Differing.SLOTS: _compared('other-kind'),
    Differing.PARENT: _compared('other-parents'),
    Differing.DUMMY: _of_import('lacks-dummies'),
    Differing.ENTRY: _of_import('lacks-entries'),
    Differing.COUNT: _of_import('other-count'),
    Differing.TAGS: lambda some: Problem('lacks-tags', tags=tuple(
        f'"{item.planned}"' for item in some)),
}
