"""Batched reads of one wiki through pywikibot's session and throttle."""
from __future__ import annotations

import re
import sys
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from itertools import islice
from typing import Any, NoReturn, TypeVar

import pywikibot
from pywikibot.data.api import Request
from pywikibot.site import APISite

from importbot.exports.exported import ExportedPage
from importbot.model.errors import (
    BundleError,
    HiddenTextError,
    ImportbotError,
    SourceError,
    TargetError,
    first_line,
)
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.wikis.api_values import (
    Access,
    ImportLogEntry,
    PageRead,
    PagesNow,
    Rendering,
    access,
    interwiki,
    page_read,
    revision,
)
from importbot.wikis.checked import checked
from importbot.wikis.exclusion import excludes_bot, exclusion_templates
from importbot.wikis.exports import export_pages, gives_history
from importbot.wikis.network import (
    RETRIES,
    RETRY_WAIT,
    NetworkError,
    briefly,
    cause,
    guard,
)


__all__ = ('Wiki', )

_Value = TypeVar('_Value')

#: Tries of a read, and seconds between them.
_RETRIES, _RETRY_WAIT = RETRIES, RETRY_WAIT
#: Answers to one request, waiting for a lag of its databases included.
_TRIES = 2 * _RETRIES
#: Answers of a source that continue each other: a million revisions.
_MOST_ANSWERS = 2000
#: What is asked of revisions.
_FIELDS = 'ids|timestamp|sha1|user|size|contentmodel|roles'
#: Titles in a request; ten times as many with ``apihighlimits``.
_TITLES = 50
#: What is in no title, whatever a wiki's settings are.
_NO_TITLE = re.compile(r'[\x00-\x1f\x7f#<>[\]{|}]|&[A-Za-z0-9#]+;')
#: Bytes of texts from which asking for histories alone is cheaper.
_LONG_EXPORT = 8_000_000


class _ReadRequest(Request):

    """A request that reads, and does not do so for ever.

    pywikibot counts the tries of each kind of trouble by itself, of some
    not at all.
    """

    _tries = 0

    def _http_request(self, *arguments: Any, **options: Any) -> Any:
        """Send the request once more, unless that was often enough."""
        self._tries += 1
        if self._tries > _TRIES:
            raise NetworkError('it finds one more reason after the other '
                               'for asking again')
        return super()._http_request(*arguments, **options)


class _SourceRequest(_ReadRequest):

    """A request to a wiki that does not say when the bot logs in."""

    def _logged_in(self, code: str) -> bool:
        """Take what it says for an error."""
        return True

    def _userinfo_query(self, result: Any) -> bool:
        """Do not care who it says that the bot is."""
        return False


class Wiki:

    """Reads of one wiki, many pages a request.

    :param site: pywikibot's site
    :param error: exception for a wiki that does not answer
    """

    def __init__(self, site: APISite,
                 error: type[ImportbotError] = TargetError) -> None:
        guard()
        self.site = site
        self._error = error
        self._is_source = error is SourceError
        self._request = _SourceRequest if self._is_source else _ReadRequest

    def __str__(self) -> str:
        return str(self.site)

    @property
    def api(self) -> str:
        """Address of the API."""
        return str(self.site.base_url(self.site.apipath()))

    @property
    def is_file(self) -> bool:
        """Return False: see :class:`importbot.sources.dump.Dump`."""
        return False

    def ask(self, **parameters: Any) -> dict[str, Any]:
        """Send one request and return the answer.

        :raises ImportbotError: the wiki does not answer as it should
        """
        try:
            with briefly() if self._is_source else nullcontext():
                answer = self._request(
                    site=self.site, max_retries=_RETRIES,
                    retry_wait=_RETRY_WAIT, parameters={
                        'formatversion': 2, **parameters}).submit()
        except (ImportbotError, KeyboardInterrupt):
            raise
        except Exception as error:
            # pywikibot takes what it reads for what MediaWiki answers.
            pywikibot.log(f'{self.api}: {error!r}')
            raise self._error(
                f'The wiki at {self.api} does not answer as a MediaWiki '
                f'does ({self._cause(error)}); see whether it is up and its '
                'api.php is there') from error
        return checked(answer, self._odd)

    def _cause(self, error: Exception) -> str:
        """Return what went wrong; a source is not quoted."""
        if not self._is_source and isinstance(
                error, pywikibot.exceptions.APIError):
            return first_line(error)
        return cause(error)

    def _odd(self, what: str) -> NoReturn:
        """Say what is odd about an answer.

        :raises ImportbotError: always
        """
        raise self._error(
            f'The wiki at {self.api} does not answer as a MediaWiki does '
            f'(its answer {what}); see whether the address is that of its '
            'api.php')

    def query(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the ``query`` member of each answer until all is read.

        :raises ImportbotError: the wiki does not answer as it should, or
            finds no end
        """
        more: dict[str, Any] = {}
        seen: set[str] = set()
        most = _MOST_ANSWERS if self._is_source else sys.maxsize
        while True:
            answer = self.ask(action='query', **parameters, **more)
            yield (answer['query'] if 'query' in answer
                   else checked({}, self._odd))
            if 'continue' not in answer:
                return
            more = answer['continue']
            state = repr(sorted(more.items()))
            if state in seen or len(seen) >= most or not all(
                    isinstance(value, (str, int)) for value in more.values()):
                self._odd('is continued without end')
            seen.add(state)

    def siteinfo(self) -> SiteInfo:
        """Return what the wiki says of itself, uncached."""
        query = next(self.query(
            meta='siteinfo|allmessages', siprop=SiteInfo.PROPERTIES,
            ammessages=SiteInfo.MESSAGES, uselang='content'))
        return self._known(query)

    def _known(self, query: Mapping[str, Any]) -> SiteInfo:
        """Return settings that have what every wiki has."""
        numbers = {row['id'] for row in query['namespaces'].values()}
        if not numbers.issuperset(range(16)):
            self._odd('lacks namespaces that every MediaWiki has')
        return SiteInfo.from_query(query)

    def interwiki(self) -> dict[str, str]:
        """Return the address pattern of each interwiki prefix."""
        query = next(self.query(meta='siteinfo', siprop='interwikimap'))
        return interwiki(query)

    def siteinfo_and_access(self) -> tuple[SiteInfo, Access]:
        """Return siteinfo and what the account may do, uncached.

        pywikibot keeps such answers for 30 days; a right that was given
        or taken this morning must count now.
        """
        query = next(self.query(
            meta='siteinfo|allmessages|userinfo',
            siprop=SiteInfo.PROPERTIES, ammessages=SiteInfo.MESSAGES,
            uselang='content', uiprop='rights|blockinfo',
            list='tags|logevents', tgprop='source|active', tglimit='max',
            leaction='delete/delete', leprop='title', lelimit='max'))
        modules = self.ask(action='paraminfo',
                           modules='import|edit|query+revisions')
        return self._known(query), access(query, modules)

    def pages(self, titles: Iterable[str], *, text: bool = False,
              transcluded: bool = False, language: str = '',
              action: str = '') -> dict[str, PageRead]:
        """Read pages, as many a request as the wiki allows.

        :param titles: full titles
        :param text: with the current text
        :param transcluded: with what the current rendering transcludes
        :param language: with the interlanguage link to this language
        :param action: with protection and whether the account may do
            this: ``create`` or ``edit``; for the latter also with the text
            and whether that keeps the bot out
        :return: pages by the titles asked for
        """
        prop = ['info', 'revisions']
        edits = action == 'edit'
        parameters: dict[str, Any] = {
            'rvprop': _FIELDS + ('|content' if text or edits else ''),
            'rvslots': '*'}
        if transcluded:
            prop += ['templates', 'images']
            parameters.update(tllimit='max', imlimit='max')
        elif edits:
            prop.append('templates')
            parameters.update(tllimit='max', tltemplates=exclusion_templates(
                self.site))
        if language:
            prop.append('langlinks')
            parameters.update(lllang=language, lllimit='max')
        if action:
            # One action for each of 50 titles is what an answer holds.
            parameters.update(inprop='protection', intestactions=action)
        reads: dict[str, PageRead] = {}
        for batch in _batches(titles, _TITLES):
            rows = self._rows(titles=batch, prop=prop, **parameters)
            reads.update((title, page_read(rows[title]))
                         for title in batch)
        return {title: replace(read,
                               excludes_bot=excludes_bot(self.site, read))
                for title, read in reads.items()} if edits else reads

    def beginning(self, prefix: Title) -> Iterable[Title]:
        """Return nothing: a wiki may have any number of them.

        :param prefix: how titles begin
        """
        return ()

    def _rows(self, titles: Sequence[str],
              **parameters: Any) -> dict[str, dict[str, Any]]:
        """Return the merged answers for some titles, by title asked for.

        What can be no title on any wiki is not asked about: a request
        would read several titles in it, or another one.
        """
        merged: dict[str, dict[str, Any]] = {
            title: {'title': title, 'invalid': True}
            for title in titles if _NO_TITLE.search(title)}
        spelled: dict[str, str] = {}
        asked = [title for title in titles if title not in merged]
        for query in self.query(titles=asked, **parameters) if asked else ():
            spelled.update((row['from'], row['to'])
                           for row in query.get('normalized', ()))
            for row in query.get('interwiki', ()):
                merged[row['title']] = {**row, 'invalid': True}
            for row in query.get('pages', ()):
                _merge(merged.setdefault(row['title'], {}), row)
        return {title: self._asked(merged, spelled.get(title, title))
                for title in titles}

    def _asked(self, values: Mapping[str, _Value], title: str) -> _Value:
        """Return what a wiki says of a page that it was asked about."""
        if title not in values:
            self._odd('leaves out a page that it was asked about')
        return values[title]

    def export(self, titles: Sequence[str],
               history: bool) -> Generator[ExportedPage, None, None]:
        """Yield pages as the wiki exports them, streamed.

        :param titles: full titles; one alone if its history is long
        :param history: all revisions instead of the current one
        :raises SourceError: the wiki does not answer, or breaks off
        """
        return export_pages(self.site, titles, history)

    def gives_history(self, title: str) -> bool:
        """Return whether the wiki exports more than current revisions.

        :param title: a page that has more than one
        """
        return gives_history(self.site, title)

    def central_ids(self, names: Iterable[str]) -> dict[str, dict[str, int]]:
        """Return the central ids of accounts, by name and provider.

        :param names: user names; those without an account are left out
        """
        return {row['name']: row.get('centralids', {})
                for batch in _batches((name for name in names
                                       if '|' not in name), _TITLES)
                for query in self.query(
                    list='users', ususers=batch, usprop='centralids')
                for row in query.get('users', ()) if 'userid' in row}

    def people(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of some names that are accounts of people.

        Those of the software itself are told apart since MediaWiki 1.40.

        :param names: user names
        """
        return frozenset(
            row['name'] for batch in _batches(names, _TITLES)
            for query in self.query(list='users', ususers=batch)
            for row in query.get('users', ())
            if 'userid' in row and not row.get('systemuser'))

    def pages_now(self, titles: Sequence[str],
                  since: str = '') -> PagesNow:
        """Return some pages as they are at this moment.

        :param titles: full titles, at most 50
        :param since: with what was deleted from then on, ISO 8601
        """
        deletions = {'leaction': 'delete/delete', 'leend': since,
                     'lelimit': 'max', 'leprop': 'title'} if since else {}
        answer = self.ask(
            action='query', titles=titles, prop='info|revisions',
            rvprop=_FIELDS, rvslots='*', inprop='protection',
            curtimestamp=True, rctype='log', rclimit=1, rcprop='loginfo',
            list='recentchanges|logevents' if since else 'recentchanges',
            **deletions)
        query = answer['query']
        spelled = {row['from']: row['to']
                   for row in query.get('normalized', ())}
        rows = {row['title']: page_read(row) for row in query['pages']}
        return PagesNow(
            {title: self._asked(rows, spelled.get(title, title))
             for title in titles},
            answer['curtimestamp'],
            frozenset(row['title'] for row in query.get('logevents', ())
                      if 'title' in row),
            max((row.get('logid', 0) for row
                 in query.get('recentchanges', ())), default=0))

    def newest(self, title: str) -> Revision | None:
        """Return the newest revision of a page now, None if there is none.

        :param title: full title
        """
        return self.pages_now([title]).pages[title].newest

    def few_titles(self) -> frozenset[str] | None:
        """Return all titles of a wiki that has next to nothing.

        :return: None if one answer does not hold all of its revisions
        """
        answer = self.ask(action='query', list='allrevisions',
                           arvlimit='max', arvprop='ids')
        if 'continue' in answer:
            return None
        return frozenset(row['title']
                         for row in answer['query']['allrevisions'])

    def was_deleted(self, title: str) -> bool:
        """Return whether a page of a title was ever deleted.

        :param title: full title
        """
        query = next(self.query(
            list='logevents', leaction='delete/delete', letitle=title,
            lelimit=1, leprop='ids'))
        return bool(query['logevents'])

    def revision_text(self, title: str, revision: int) -> tuple[str, str]:
        """Return text and author of a revision, as everybody sees them.

        :param title: full title of its page, which a wiki need not know
        :param revision: its id
        :return: the author empty where hidden
        :raises HiddenTextError: the wiki hides it or no longer has it
        """
        query = next(self.query(
            revids=revision, prop='revisions', rvprop='content|user',
            rvslots='main'))
        for page in query.get('pages', ()):
            for row in page.get('revisions', ()):
                text = _shown(row)
                if text is not None:
                    return text, ('' if 'userhidden' in row
                                  else row.get('user', ''))
        raise HiddenTextError(f'The wiki at {self.api} does not show the '
                              f'text of revision {revision}')

    def transcluded_by(self, title: str, revision: int) -> tuple[str, ...]:
        """Return the pages that the rendering of a revision transcludes.

        :param title: full title of its page, which a wiki need not know
        :param revision: its id
        """
        answer = self.ask(action='parse', oldid=revision, prop='templates')
        return tuple(row['title'] for row in answer['parse']['templates'])

    def texts(self, revisions: Mapping[str, int],
              ) -> Iterator[tuple[str, str]]:
        """Yield the texts of one revision each of some pages, by title.

        Those that the wiki hides or no longer has are left out.

        :param revisions: their ids, by full title of the page
        """
        titles = {str(revision): title
                  for title, revision in revisions.items()}
        for batch in _batches(titles, _TITLES):
            for query in self.query(
                    revids=batch, prop='revisions', rvprop='ids|content',
                    rvslots='main'):
                for page in query.get('pages', ()):
                    for row in page.get('revisions', ()):
                        text = _shown(row)
                        if text is not None:
                            yield self._asked(titles, str(row['revid'])), text

    def comment(self, revision: int) -> str:
        """Return the edit summary of a revision, empty where hidden.

        :param revision: its id
        """
        query = next(self.query(revids=revision, prop='revisions',
                                rvprop='comment'))
        return next((str(row.get('comment', ''))
                     for page in query.get('pages', ())
                     for row in page.get('revisions', ())), '')

    def history(self, title: str) -> list[Revision]:
        """Return a page's revisions, the current one first.

        The others follow from new to old; where a wiki dates a revision
        in the future, the current one is not the newest.

        :param title: full title
        """
        revisions: list[Revision] = []
        current = 0
        for query in self.query(
                titles=title, prop='info|revisions', rvlimit='max',
                rvprop=f'{_FIELDS}|comment', rvslots='*'):
            for page in query.get('pages', ()):
                current = page.get('lastrevid', current)
                revisions += map(revision, page.get('revisions', ()))
        return sorted(revisions, key=lambda item: item.id != current)

    def histories(self, titles: Sequence[str],
                  newest: Mapping[str, int] | None = None,
                  ) -> dict[str, list[Revision]]:
        """Return the revisions of some pages, the newest first.

        ``prop=revisions`` takes one title a request; an export takes many.
        A history out of an export counts if the parents of its revisions
        are all in it, up to the newest; else it is asked for by itself.
        So are all that are left when an export becomes long.

        :param titles: full titles
        :param newest: ids of the newest revisions, where known
        """
        histories: dict[str, list[Revision]] = {}
        if len(titles) > 1:
            # What breaks here is asked for once more below.
            with suppress(BundleError, SourceError):
                for batch in _batches(titles, _TITLES):
                    histories.update(self._exported_histories(batch))
        return {title: histories[title] if title in histories and (
            newest is None or histories[title][0].id == newest[title])
            else self.history(title) for title in titles}

    def _exported_histories(
            self, titles: Sequence[str],
            ) -> Iterator[tuple[str, list[Revision]]]:
        """Yield those histories that an export proves to be whole."""
        size = 0
        with closing(self.export(titles, history=True)) as pages:
            for page in pages:
                read = []
                for item in page.revisions():
                    read.append(item.revision)
                    size += item.revision.size
                    if size > _LONG_EXPORT:
                        return
                if {item.parent for item in read} <= {
                        0, *(item.id for item in read)}:
                    yield page.title, sorted(
                        read, reverse=True,
                        key=lambda item: (item.timestamp, item.id))

    def files(self, titles: Iterable[str]) -> frozenset[str]:
        """Return those of some files that the wiki or its shared one has.

        :param titles: full titles in the file namespace
        """
        files: set[str] = set()
        for batch in _batches(titles, _TITLES):
            rows = self._rows(titles=batch, prop='imageinfo', iiprop='sha1')
            files.update(title for title in batch
                         if rows[title].get('imagerepository'))
        return frozenset(files)

    def rendering(self, title: str) -> Rendering:
        """Parse a page and return what is wrong with it.

        :param title: full title
        """
        answer = self.ask(action='parse', page=title,
                           prop='text|templates').get('parse')
        if answer is None:  # larger than an answer may be
            answer = {**self.ask(action='parse', page=title,
                                  prop='templates')['parse'], 'text': ''}
        return Rendering(
            tuple(sorted(row['title'] for row in answer['templates']
                         if not row['exists'])),
            answer['text'].count('class="scribunto-error'))

    def users(self, title: str, enough: int) -> int:
        """Return how many pages transclude a page.

        :param title: full title
        :param enough: stop counting beyond this number
        """
        users = 0
        for query in self.query(list='embeddedin', eititle=title,
                                 eilimit=min(500, enough + 1)):
            users += len(query.get('embeddedin', ()))
            if users > enough:
                break
        return users

    def import_log(self, user: str, since: str) -> list[ImportLogEntry]:
        """Return what an account has imported, newest first.

        :param user: who imported
        :param since: only entries not older, ISO 8601
        """
        return [ImportLogEntry(row['timestamp'], row['title'],
                               row.get('user', ''),
                               row.get('params', {}).get('count', 0),
                               row['logid'])
                for query in self.query(
                    list='logevents', letype='import', leuser=user,
                    leend=since, lelimit='max',
                    leprop='ids|title|timestamp|user|details')
                for row in query.get('logevents', ())]


def _shown(row: Mapping[str, Any]) -> str | None:
    """Return the text of a revision that everybody may see, if any."""
    slot = row['slots']['main']
    return None if 'texthidden' in slot else slot.get('content')


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
