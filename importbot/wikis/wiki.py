"""Batched reads of one wiki through pywikibot's session and throttle."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import pywikibot
import requests
from pywikibot.comms import http
from pywikibot.data.api import Request
from pywikibot.site import APISite

from importbot.model.errors import ImportbotError, SourceError, TargetError
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo


__all__ = ('Access', 'ImportLogEntry', 'PageRead', 'Wiki', 'reach',
           'resolve_source')

#: Reads are repeated by pywikibot, but not for the twenty minutes of its
#: default: a person is waiting.
_RETRIES = 3
_RETRY_WAIT = 2
#: Titles in a request; ten times as many with ``apihighlimits``.
_TITLES = 50


@dataclass(frozen=True)
class PageRead:

    """A page as one wiki answers it.

    :param title: full title as the wiki spells it
    :param is_valid: whether the wiki can have such a page
    :param newest: its newest revision, None where there is no page
    :param model: content model
    :param is_redirect: whether it leads to another page
    :param text: current text, None where hidden or not asked for
    :param transcluded: full titles that its current rendering transcludes
    :param is_protected: whether editing or creating it is restricted
    :param is_creatable: whether the account may create it
    """

    title: str
    is_valid: bool = True
    newest: Revision | None = None
    model: str = 'wikitext'
    is_redirect: bool = False
    text: str | None = None
    transcluded: tuple[str, ...] = ()
    is_protected: bool = False
    is_creatable: bool = True


@dataclass(frozen=True)
class Access:

    """What the account may do on a wiki, and what the wiki offers.

    :param user: account name
    :param rights: rights of the account
    :param block: who blocked the account and why; empty if nobody did
    :param sources: interwiki prefixes that imports are allowed from
    :param models: content models
    :param tags: change tags that may be added by hand
    :param now: the wiki's own time, ISO 8601
    :param interwiki: address pattern by interwiki prefix
    """

    user: str
    rights: frozenset[str]
    block: str
    sources: tuple[str, ...]
    models: frozenset[str]
    tags: frozenset[str]
    now: str
    interwiki: Mapping[str, str]


@dataclass(frozen=True)
class ImportLogEntry:

    """An entry of the import log.

    :param timestamp: when, ISO 8601
    :param title: full title on the wiki
    :param user: who imported
    :param count: number of revisions
    """

    timestamp: str
    title: str
    user: str
    count: int


def reach(url: str, name: str, error: type[ImportbotError]) -> None:
    """Make sure that somebody answers at an address, before pywikibot asks.

    pywikibot retries a dead wiki for many minutes and prints a stack at
    each try; one look of our own gives one sentence at once.

    :param url: address to look at
    :param name: what to call the wiki
    :param error: exception to raise
    :raises ImportbotError: nobody answers
    """
    answer = http.fetch(url, default_error_handling=False)
    if isinstance(answer, requests.RequestException):
        raise error(f'{name} cannot be reached at {url} '
                    f'({_cause(answer)}); see whether the address is right '
                    'and the wiki is up')


def _cause(error: BaseException) -> str:
    """Return the innermost cause, without the objects around it."""
    while error.__context__ is not None:
        error = error.__context__
    return str(error).rpartition('>: ')[2] or type(error).__name__


def resolve_source(target: Wiki, access: Access,
                   prefix: str) -> APISite:
    """Return the site of an interwiki prefix, compound ones included.

    The first part of ``w:de`` is looked up on the target, the next on the
    wiki that it leads to.

    :param target: the wiki whose interwiki map counts
    :param access: what that wiki offers
    :param prefix: the prefix, as ``-source:`` has it
    :raises SourceError: the prefix leads nowhere
    """
    interwiki, name, site = access.interwiki, 'the target wiki', None
    for part in prefix.split(':'):
        if site is not None:
            interwiki = Wiki(site, SourceError).interwiki()
        if part not in interwiki:
            known = ', '.join(access.sources) or 'none'
            raise SourceError(
                f'"{part}" is no interwiki prefix of {name}, so '
                f'-source:{prefix} leads nowhere; sources that the target '
                f'allows: {known}')
        site = _site_at(interwiki[part], f'The source wiki "{prefix}"')
        name = f'the wiki behind "{part}"'
    assert site is not None
    return site


def _site_at(url: str, name: str) -> APISite:
    reach(url.replace('$1', ''), name, SourceError)
    try:
        return cast(APISite, pywikibot.Site(url=url))
    except Exception as error:  # AutoFamily lets many kinds through
        raise SourceError(
            f'{name} at {url} does not answer as a MediaWiki does '
            f'({type(error).__name__}: {error}); see whether the address '
            'in the interwiki table is right') from error


class Wiki:

    """Reads of one wiki, many pages a request.

    :param site: pywikibot's site
    :param error: exception for a wiki that does not answer
    """

    def __init__(self, site: APISite,
                 error: type[ImportbotError] = TargetError) -> None:
        """Initializer."""
        self.site = site
        self._error = error

    def __str__(self) -> str:
        return str(self.site)

    @property
    def api(self) -> str:
        """Address of the API."""
        return str(self.site.base_url(self.site.apipath()))

    def _ask(self, **parameters: Any) -> dict[str, Any]:
        """Send one request and return the answer.

        :raises ImportbotError: the wiki does not answer as it should
        """
        request = Request(
            site=self.site, max_retries=_RETRIES, retry_wait=_RETRY_WAIT,
            parameters={'formatversion': 2, **parameters})
        try:
            return request.submit()
        except (pywikibot.exceptions.Error, requests.RequestException,
                ConnectionError) as error:
            raise self._error(
                f'The wiki at {self.api} does not answer as a MediaWiki '
                f'does ({type(error).__name__}: {error}); see whether it is '
                'up and its api.php is there') from error

    def _query(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the ``query`` member of each answer until all is read."""
        more: dict[str, Any] = {}
        while True:
            answer = self._ask(action='query', **parameters, **more)
            yield answer.get('query', {})
            if 'continue' not in answer:
                return
            more = answer['continue']

    def siteinfo(self) -> SiteInfo:
        """Return what the wiki says of itself, uncached."""
        query = next(self._query(
            meta='siteinfo|allmessages', siprop=SiteInfo.PROPERTIES,
            ammessages=SiteInfo.MESSAGES, amlang=self.site.lang))
        return SiteInfo.from_query(query)

    def interwiki(self) -> dict[str, str]:
        """Return the address pattern of each interwiki prefix."""
        query = next(self._query(meta='siteinfo', siprop='interwikimap'))
        return _interwiki(query)

    def siteinfo_and_access(self) -> tuple[SiteInfo, Access]:
        """Return siteinfo and what the account may do, uncached.

        pywikibot keeps such answers for 30 days; a right that was given
        or taken this morning must count now.
        """
        query = next(self._query(
            meta='siteinfo|allmessages|userinfo',
            siprop=SiteInfo.PROPERTIES, ammessages=SiteInfo.MESSAGES,
            amlang=self.site.lang, uiprop='rights|blockinfo', list='tags',
            tgprop='source|active', tglimit='max'))
        modules = self._ask(action='paraminfo', modules='import|edit')
        return SiteInfo.from_query(query), _access(query, modules)

    def pages(self, titles: Iterable[str], *, text: bool = False,
              transcluded: bool = False,
              permissions: bool = False) -> dict[str, PageRead]:
        """Read pages, as many a request as the wiki allows.

        :param titles: full titles
        :param text: with the current text
        :param transcluded: with what the current rendering transcludes
        :param permissions: with protection and what the account may do
        :return: pages by the titles asked for
        """
        prop = ['info', 'revisions']
        parameters: dict[str, Any] = {
            'rvprop': 'ids|timestamp|sha1|user' + ('|content' if text
                                                   else ''),
            'rvslots': 'main'}
        if transcluded:
            prop.append('templates')
            parameters['tllimit'] = 'max'
        if permissions:
            # One action for each of 50 titles is what an answer holds.
            parameters.update(inprop='protection', intestactions='create')
        found: dict[str, PageRead] = {}
        for batch in _batches(titles, _TITLES):
            rows = self._rows(titles=batch, prop=prop, **parameters)
            found.update((title, _page_read(rows[title]))
                         for title in batch)
        return found

    def _rows(self, titles: Sequence[str],
              **parameters: Any) -> dict[str, dict[str, Any]]:
        """Return the merged answers for some titles, by title asked for."""
        merged: dict[str, dict[str, Any]] = {}
        spelled: dict[str, str] = {}
        for query in self._query(titles=titles, **parameters):
            spelled.update((row['from'], row['to'])
                           for row in query.get('normalized', ()))
            for row in query.get('interwiki', ()):
                merged[row['title']] = {**row, 'invalid': True}
            for row in query.get('pages', ()):
                _merge(merged.setdefault(row['title'], {}), row)
        return {title: merged[spelled.get(title, title)] for title in titles}

    def page_now(self, title: str) -> tuple[PageRead, str]:
        """Return a page with the wiki's own time when it was read.

        :param title: full title
        """
        answer = self._ask(
            action='query', titles=title, prop='info|revisions',
            rvprop='ids|timestamp|sha1|user', curtimestamp=True)
        return (_page_read(answer['query']['pages'][0]),
                answer['curtimestamp'])

    def history(self, title: str,
                until: int | None = None) -> list[Revision]:
        """Return a page's revisions, newest first.

        :param title: full title
        :param until: id of the newest revision to return; all if None
        """
        start = {} if until is None else {'rvstartid': until}
        return [_revision(row)
                for query in self._query(
                    titles=title, prop='revisions', rvlimit='max',
                    rvprop='ids|timestamp|sha1|user', **start)
                for page in query.get('pages', ())
                for row in page.get('revisions', ())]

    def import_log(self, title: str, since: str) -> list[ImportLogEntry]:
        """Return the import log of a title, newest first.

        :param title: full title
        :param since: only entries not older, ISO 8601
        """
        return [ImportLogEntry(row['timestamp'], row['title'],
                               row.get('user', ''),
                               row.get('params', {}).get('count', 0))
                for query in self._query(
                    list='logevents', letype='import', letitle=title,
                    leend=since, lelimit='max',
                    leprop='title|timestamp|user|details')
                for row in query.get('logevents', ())]


def _batches(titles: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(dict.fromkeys(titles))
    while batch := list(islice(rest, size)):
        yield batch


def _merge(row: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Add one answer of a continued query to what came before."""
    for key, value in part.items():
        if isinstance(value, list) and key in row:
            row[key] = row[key] + value
        else:
            row[key] = value


def _page_read(row: Mapping[str, Any]) -> PageRead:
    if row.get('invalid'):
        return PageRead(row['title'], is_valid=False)
    revision = row.get('revisions', [None])[0]
    slot = (revision or {}).get('slots', {}).get('main', {})
    return PageRead(
        title=row['title'],
        newest=_revision(revision) if revision else None,
        # A text that was not asked for leaves the slot without a model.
        model=slot.get('contentmodel') or row.get('contentmodel',
                                                  'wikitext'),
        is_redirect=bool(row.get('redirect')),
        text=slot.get('content'),
        transcluded=tuple(item['title'] for item in row.get('templates',
                                                            ())),
        is_protected=any(item['type'] in ('edit', 'create')
                         for item in row.get('protection', ())),
        is_creatable=bool(row.get('actions', {}).get('create', True)))


def _revision(row: Mapping[str, Any]) -> Revision:
    return Revision(id=row['revid'], parent=row.get('parentid', 0),
                    timestamp=row['timestamp'],
                    sha1='' if row.get('sha1hidden') else row.get('sha1',
                                                                  ''),
                    user=row.get('user', ''))


def _interwiki(query: Mapping[str, Any]) -> dict[str, str]:
    return {row['prefix']: row['url'] for row in query['interwikimap']}


def _access(query: Mapping[str, Any],
            modules: Mapping[str, Any]) -> Access:
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
        now=query['general']['time'],
        interwiki=_interwiki(query))
