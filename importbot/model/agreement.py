"""What was agreed to, and how a plan that is made again departs from it.

A person who says yes to a plan agrees to its decisions and to the texts
that it imports: to one revision of the source for each of its pages. Both
make the plan's id.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importbot.model.decisions import Decision, Reason, Relation
from importbot.model.implied import implied_by
from importbot.model.problems import Problem


__all__ = ('Departure', 'SourceEdit', 'departure', 'edited_since',
           'identity', 'is_edited_since')

#: A page as its JSON form has it.
_Page = Mapping[str, Any]


def identity(plan: Mapping[str, Any]) -> str:
    """Return the id of a plan: a digest of all that a yes to it covers.

    :param plan: its JSON form; of an older release there may be less
    """
    digest = hashlib.sha256(_text(_frame(plan)).encode())
    for page in plan['pages']:
        if implied_by(Decision(page['decision']),
                      Reason(page['reason']))['is_unasked']:
            # It came without having been planned.
            continue
        digest.update(_text([*_decided(page), *_pinned(page)]).encode())
    return digest.hexdigest()[:16]


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True) + '\n'


def _frame(plan: Mapping[str, Any]) -> list[Any]:
    """Return what holds for all pages, and what they say in public."""
    options = plan['options']
    return [plan['source']['api'], plan['target']['api'],
            options.get('summary', ''), list(options.get('tags', ())),
            *filter(None, [list(options.get('allow', ()))])]


def _decided(page: _Page) -> list[Any]:
    return [page['title'], page['target'], page['decision'], page['reason'],
            list(page['steps'])]


def _wanted(page: _Page) -> list[Any]:
    """Return what is to happen, without the way to it.

    By which calls a page gets its title, and where it lands meanwhile, is
    not what anybody says yes or no to; another release may know better.
    """
    calls = [step for step in page['steps'] if step['action'] == 'import']
    return [*_decided(page)[:-1],
            [{name: value for name, value in step.items()
              if name not in ('namespace', 'rootpage')}
             for step in calls[-1:]],
            [step for step in page['steps']
             if step['action'] not in ('import', 'move')]]


def _pinned(page: _Page) -> list[Any]:
    """Return what is known of the text that is imported."""
    return [page['latest'], page['sha1'], page.get('model'),
            page['revisions']] if page['steps'] else []


@dataclass(frozen=True, slots=True)
class SourceEdit:

    """A page of the source that was edited since a plan was made.

    :param title: full title there
    :param before: id of the revision that was agreed to
    :param after: id of the newest one by now, None if there is no page;
        the same where only what lies beneath it changed
    """

    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Departure:

    """How a plan that was made again departs from what was agreed to.

    :param decided: titles of the pages with which something else would
        happen
    :param edited: pages to import that the source has in another version
    :param elsewhere: whether wikis, summary, tags or the order differ
    """

    decided: tuple[str, ...] = ()
    edited: tuple[SourceEdit, ...] = ()
    elsewhere: bool = False

    @property
    def is_none(self) -> bool:
        """Whether everything is as it was agreed to."""
        return not (self.decided or self.edited or self.elsewhere)


def edited_since(before: int | None, after: int | None) -> Problem:
    """Return why a page is not sent that the source has otherwise by now.

    :param before: id of the revision that was agreed to
    :param after: id of the newest one, None if there is no page
    """
    return (Problem('source-changed', before=before or 0, after=after)
            if after else Problem('source-gone', before=before or 0))


def is_edited_since(problem: Problem | None) -> bool:
    """Return whether nothing (more) of a page was sent, because the source
    has it in another version than was agreed to.

    :param problem: what became of it
    """
    if problem is None:
        return False
    # Journals of older releases have the sentence alone.
    return (problem.key in ('source-changed', 'source-gone')
            or problem.is_quoted and str(problem).startswith(
                'the source changed since the plan: '))


def departure(agreed: Mapping[str, Any], now: Mapping[str, Any], *,
              trusted: bool = False) -> Departure:
    """Compare a plan with the one that was agreed to.

    What others have brought meanwhile, so that the target shows the same
    text as the source, needs nobody's consent any more: such a plan only
    shrank, and what is left of it still holds.

    :param agreed: the plan in its JSON form
    :param now: the plan that was made again, in its JSON form
    :param trusted: whether later edits of the source need no second look
    """
    old = {page['title']: page for page in agreed['pages']}
    new = {page['title']: page for page in now['pages']}
    decided, edited = [], []
    for title in sorted(old.keys() | new.keys()):
        was, by_now = old.get(title), new.get(title)
        if was and by_now and (_needs_nothing(by_now)
                               or _is_left_alone(was, by_now)):
            continue
        if (was is None or by_now is None
                or _wanted(was) != _wanted(by_now)):
            decided.append(title)
        if was and was['steps'] and not _is_same_text(was, by_now, trusted):
            edited.append(SourceEdit(title, was['latest'],
                                     by_now and by_now['latest']))
    return Departure(
        tuple(decided), tuple(edited), _frame(agreed) != _frame(now)
        or _order(agreed['pages'], new) != _order(now['pages'], old))


def _needs_nothing(page: _Page) -> bool:
    return not page['steps'] and page['relation'] == (
        Relation.IDENTICAL.value)


def _is_left_alone(was: _Page, now: _Page) -> bool:
    """Whether the target has got a page that was not taken anyway.

    A plan that was made together with this one may have brought it.
    """
    return (was['relation'] == Relation.MISSING.value
            and not was['steps'] and not now['steps']
            and (was['decision'], was['target'])
            == (now['decision'], now['target']))


def _is_same_text(was: _Page, now: _Page | None, trusted: bool) -> bool:
    """Whether a page is imported in the version that was agreed to."""
    if now is None:
        return True
    if trusted:
        # A later edit may change words, and not what kind of page it is.
        return bool(was.get('model') == now.get('model'))
    if not now['steps']:
        return (was['latest'], was['sha1']) == (now['latest'], now['sha1'])
    return _pinned(was) == _pinned(now)


def _order(pages: Sequence[_Page], others: Collection[str]) -> list[str]:
    """Return the pages that two plans have in common, in the order of one.
    """
    return [page['title'] for page in pages if page['title'] in others]
