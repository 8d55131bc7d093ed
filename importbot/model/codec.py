"""Plans from the JSON that they were written as."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from importbot.model.decisions import (
    Decision,
    Evidence,
    Reason,
    Relation,
    Role,
)
from importbot.model.implied import implied_by
from importbot.model.plan import PlannedPage, Unresolved
from importbot.model.revisions import Revision
from importbot.model.steps import steps_from_json
from importbot.model.titles import Title


__all__ = ('planned_page_from_json', 'planned_pages_from_json',
           'unresolved_from_json')

#: Returns the title of a text, None where it is none on the wiki.
ReadTitle = Callable[[str], Title | None]


def planned_page_from_json(data: Mapping[str, Any],
                           read: ReadTitle = Title.unread) -> PlannedPage:
    """Return one page by itself; see :func:`planned_pages_from_json`.

    :param data: a member of the ``pages`` of a plan
    :param read: returns titles of the target
    """
    page, = planned_pages_from_json([data], read)
    return page


def planned_pages_from_json(rows: Sequence[Mapping[str, Any]],
                            read: ReadTitle = Title.unread,
                            ) -> tuple[PlannedPage, ...]:
    """Return pages from their JSON form; of revisions only what is there.

    :param rows: the ``pages`` of a plan
    :param read: returns titles of the target
    """
    titles = _titles_of(rows)
    return tuple(_page(row, titles, read) for row in rows)


def _titles_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Title]:
    return {row['title']: Title.known(row['title'], row['ns'])
            for row in rows}


def _page(data: Mapping[str, Any], titles: Mapping[str, Title],
          read: ReadTitle) -> PlannedPage:
    newest, relation = data['latest'], data['relation']
    decision, reason = Decision(data['decision']), Reason(data['reason'])
    page = PlannedPage(
        titles[data['title']], _read(data['target'], read),
        Role(data['role']),
        _needing(data['needed_by'], titles),
        tuple(map(Evidence, data['evidence'])),
        relation and Relation(relation), decision, reason,
        steps_from_json(data['steps']),
        None if newest is None else Revision(newest, 0, '',
                                             data['sha1'] or ''),
        data['revisions'], data.get('bytes'),
        model=data.get('model') or 'wikitext',
        is_redirect=data.get('redirect', False),
        **implied_by(decision, reason))
    return replace(page, replaced=Revision(page.replaces, 0, '', '')
                   ) if page.replaces else page


def _read(text: str, read: ReadTitle) -> Title | None:
    return (read(text) or Title.unread(text)) if text else None


def _needing(texts: Iterable[str],
             titles: Mapping[str, Title]) -> tuple[Title, ...]:
    return tuple(titles.get(text) or Title.unread(text) for text in texts)


def unresolved_from_json(rows: Iterable[Mapping[str, Any]],
                         pages: Iterable[Mapping[str, Any]],
                         ) -> tuple[Unresolved, ...]:
    """Return unresolved names from their JSON form.

    :param rows: the ``unresolved`` of a plan
    :param pages: its ``pages``
    """
    titles = _titles_of(pages)
    return tuple(Unresolved(row['name'], _needing(row['needed_by'], titles))
                 for row in rows)
