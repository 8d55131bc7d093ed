"""What a wiki answers, as values."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from importbot.model.revisions import MAIN_SLOT, Revision


__all__ = ('Access', 'PageRead', 'PagesNow', 'Rendering', 'ShownPage',
           'access', 'interwiki', 'page_read', 'revision')


#: Deletions that a first look reads, for an account without special limits.
_DELETIONS = 500
#: Letters that are kept of why a wiki refuses something.
_MOST_SAID = 300


@dataclass(frozen=True, slots=True)
class PageRead:

    """A page as one wiki answers it.

    :param title: full title as the wiki spells it
    :param is_valid: whether the wiki can have such a page
    :param newest: its newest revision, None where there is no page
    :param model: content model
    :param is_redirect: whether it leads to another page
    :param text: current text, None where hidden or not asked for
    :param transcluded: full titles that its current rendering transcludes
    :param images: full titles of the files that it shows
    :param langlink: title of the page in the language asked about
    :param categories: full titles of those that its rendering puts it
        into, where asked
    :param hidden_categories: the hidden ones of them
    :param is_hidden: whether it is a hidden category, where asked
    :param redirects: full titles of the pages that lead to it, where asked
    :param is_protected: whether editing or creating it is restricted
    :param is_allowed: whether the account may do what was asked about
    :param refusal: why not, in the wiki's own words
    :param excludes_bot: whether a template on it keeps the bot from editing,
        where that was asked about
    """

    title: str
    is_valid: bool = True
    newest: Revision | None = None
    model: str = 'wikitext'
    is_redirect: bool = False
    text: str | None = None
    transcluded: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    langlink: str = ''
    categories: tuple[str, ...] = ()
    hidden_categories: tuple[str, ...] = ()
    is_hidden: bool = False
    redirects: tuple[str, ...] = ()
    is_protected: bool = False
    is_allowed: bool = True
    refusal: str = ''
    excludes_bot: bool = False


@dataclass(frozen=True)
class PagesNow:

    """Some pages at one moment.

    :param pages: by the titles asked for
    :param time: the wiki's own time, ISO 8601
    :param deleted: full titles that were deleted since the time asked for
    :param last_log: id of the latest entry of any log, 0 if unknown
    """

    pages: Mapping[str, PageRead]
    time: str
    deleted: frozenset[str] = frozenset()
    last_log: int = 0


@dataclass(frozen=True)
class Rendering:

    """What is wrong with a page as its wiki shows it.

    :param missing: full titles of pages that it transcludes in vain
    :param script_errors: number of script errors that it shows
    :param left: what of its wikitext it shows as text
    """

    missing: tuple[str, ...]
    script_errors: int
    left: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShownPage:

    """A page as far as many of them can be looked at in one request.

    :param text: its current text, None if there is none
    :param model: its content model
    :param transcluded: full titles of the pages that it transcludes
    :param is_tracked: whether it is in a category that was asked for
    """

    text: str | None = None
    model: str = 'wikitext'
    transcluded: tuple[str, ...] = ()
    is_tracked: bool = False


@dataclass(frozen=True)
class Access:

    """What the account may do on a wiki, and what the wiki offers.

    :param user: account name
    :param rights: rights of the account
    :param block: who blocked the account and why; empty if nobody did
    :param sources: interwiki prefixes that imports are allowed from
    :param models: content models
    :param tags: change tags that may be added by hand
    :param deleted: full titles that the wiki deleted, the latest 500
    :param knows_deletions: whether those are all there ever were
    :param now: the wiki's own time, ISO 8601
    :param interwiki: address pattern by interwiki prefix
    :param max_text: bytes of the largest text that it takes
    :param roles: roles of slots that it knows
    :param known_rights: rights that the wiki knows, whoever has them
    :param groups: user groups that it knows, none where it does not say
    :param unmerges: whether it can move parts of a history to another
        page, by time and id of the revisions at their ends
    """

    user: str
    rights: frozenset[str]
    block: str
    sources: tuple[str, ...]
    models: frozenset[str]
    tags: frozenset[str]
    deleted: frozenset[str]
    now: str
    interwiki: Mapping[str, str]
    max_text: int = 2 ** 21
    knows_deletions: bool = False
    roles: frozenset[str] = frozenset({MAIN_SLOT})
    unmerges: bool = False
    known_rights: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


def page_read(row: Mapping[str, Any]) -> PageRead:
    """Return a page from its row of a query.

    :param row: a member of ``pages``, answers of a continued query merged
    """
    # Nothing is stored under Special: and Media:.
    if row.get('invalid') or row.get('ns', 0) < 0:
        return PageRead(row['title'], is_valid=False)
    newest = row.get('revisions', [None])[0]
    slot = (newest or {}).get('slots', {}).get('main', {})
    refusals = [error for errors in row.get('actions', {}).values()
                for error in errors]
    return PageRead(
        title=row['title'],
        newest=revision(newest) if newest else None,
        # A text that was not asked for leaves the slot without a model.
        model=slot.get('contentmodel') or row.get('contentmodel',
                                                  'wikitext'),
        is_redirect=bool(row.get('redirect')),
        text=slot.get('content'),
        transcluded=tuple(item['title'] for item in row.get('templates',
                                                            ())),
        images=tuple(item['title'] for item in row.get('images', ())),
        langlink=row.get('langlinks', [{'title': ''}])[0]['title'],
        categories=tuple(item['title'] for item
                         in row.get('categories', ())),
        hidden_categories=tuple(item['title'] for item
                                in row.get('categories', ())
                                if item.get('hidden')),
        is_hidden='hiddencat' in row.get('pageprops', ()),
        redirects=tuple(item['title'] for item in row.get('redirects', ())),
        is_protected=any(item['type'] in ('edit', 'create')
                         for item in row.get('protection', ())),
        is_allowed=not refusals,
        refusal=_said(refusals[0]['text']) if refusals else '')


def _said(text: str) -> str:
    """Return the beginning of what a wiki says: some say all they know."""
    return ' '.join(text.split())[:_MOST_SAID]


def revision(row: Mapping[str, Any]) -> Revision:
    """Return a revision from its row.

    :param row: a member of ``revisions``
    """
    return Revision(id=row['revid'], parent=row.get('parentid', 0),
                    timestamp=row['timestamp'],
                    sha1='' if row.get('sha1hidden') else row.get('sha1',
                                                                  ''),
                    user=row.get('user', ''), size=row.get('size', 0),
                    hidden=not row.keys().isdisjoint(
                        ('sha1hidden', 'userhidden', 'commenthidden')),
                    slots=_slots(row), comment=row.get('comment'),
                    is_minor=row.get('minor'), tags=_tags(row))


@cache
def _shared(value: Any) -> Any:
    """Return equal values as one object: most revisions have the same."""
    return value


def _tags(row: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the change tags of a revision, if they were asked for."""
    if 'tags' not in row:
        return None
    tags: tuple[str, ...] = _shared(tuple(sorted(row['tags'])))
    return tags


def _slots(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return role and model of the slots that a revision has."""
    models = {str(role): '' for role in row.get('roles', ())}
    models |= {str(role): str(slot.get('contentmodel', ''))
               for role, slot in row.get('slots', {}).items()
               if 'missing' not in slot}
    slots: tuple[tuple[str, str], ...] = _shared(
        tuple(sorted(models.items())))
    return slots


def interwiki(query: Mapping[str, Any]) -> dict[str, str]:
    """Return the address pattern of each interwiki prefix.

    :param query: the ``query`` member of an answer
    """
    return {row['prefix']: row['url'] for row in query['interwikimap']}


def access(query: Mapping[str, Any],
           modules: Mapping[str, Any]) -> Access:
    """Return what an account may do and a wiki offers.

    :param query: the ``query`` member of an answer
    :param modules: answer of :api:`Parameter information`
    """
    user = query['userinfo']
    types = {(module['name'], parameter['name']): parameter.get('type', ())
             for module in modules['paraminfo']['modules']
             for parameter in module['parameters']}
    block = ''
    if 'blockid' in user and not user.get('blockpartial'):
        reason = user.get('blockreason') or 'no reason given'
        block = f'{user.get("blockedby", "?")}: {reason}'
    return Access(
        user=user['name'], rights=frozenset(user['rights']), block=block,
        sources=tuple(types['import', 'interwikisource']),
        models=frozenset(types['edit', 'contentmodel']),
        tags=frozenset(row['name'] for row in query['tags']
                       if row.get('active')
                       and 'manual' in row.get('source', ())),
        deleted=frozenset(row['title'] for row in query['logevents']
                          if 'title' in row),
        now=query['general']['time'],
        interwiki=interwiki(query),
        max_text=query['general'].get('maxarticlesize', 2 ** 21),
        knows_deletions=len(query['logevents']) < _DELETIONS,
        roles=frozenset(types.get(('revisions', 'slots'), ())) | {MAIN_SLOT},
        groups=frozenset(row['name'] for row in query.get('usergroups', ())),
        known_rights=frozenset(types.get(('allusers', 'rights'), ())),
        # One that were a timestamp alone could not tell those of a second.
        unmerges=types.get(('mergehistory', 'starttimestamp')) == 'string')
