"""Batched reads of one wiki: what it is, its pages, its logs."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from importbot.model.capabilities import ALL_CAPABILITIES
from importbot.model.import_log import ImportLogEntry
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.wikis.api import FIELDS, batches
from importbot.wikis.api_values import (
    Access,
    PageRead,
    PagesNow,
    Rendering,
    ShownPage,
    access,
    interwiki,
    page_read,
)
from importbot.wikis.exclusion import excludes_bot, exclusion_templates
from importbot.wikis.histories import WikiHistories


__all__ = ('Wiki', )

#: What is in no title, whatever a wiki's settings are.
_NO_TITLE = re.compile(r'[\x00-\x1f\x7f#<>[\]{|}]|&[A-Za-z0-9#]+;')


class Wiki(WikiHistories):

    """Reads of one wiki, many pages a request.

    :param site: pywikibot's site
    :param error: exception for a wiki that does not answer
    """

    #: What it can do as a source.
    capabilities = ALL_CAPABILITIES

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
            siprop=(*SiteInfo.PROPERTIES, 'usergroups'),
            ammessages=SiteInfo.MESSAGES, uselang='content',
            uiprop='rights|blockinfo',
            list='tags|logevents', tgprop='source|active', tglimit='max',
            leaction='delete/delete', leprop='title', lelimit='max'))
        modules = self.ask(action='paraminfo',
                           modules='import|edit|mergehistory|query+revisions'
                           '|query+allusers')
        return self._known(query), access(query, modules)

    def pages(self, titles: Iterable[str], *, text: bool = False,
              transcluded: bool = False, language: str = '',
              categories: bool = False, redirects: str = '',
              action: str = '') -> dict[str, PageRead]:
        """Read pages, as many a request as the wiki allows.

        :param titles: full titles
        :param text: with the current text
        :param transcluded: with what the current rendering transcludes
        :param language: with the interlanguage link to this language
        :param categories: with the categories that they are in
        :param redirects: with the pages of these namespaces, as ``10|828``,
            that lead to them
        :param action: with protection and whether the account may do
            this: ``create`` or ``edit``; for the latter also with the text
            and whether that keeps the bot out
        :return: pages by the titles asked for
        """
        prop = ['info', 'revisions']
        edits = action == 'edit'
        parameters: dict[str, Any] = {
            'rvprop': FIELDS + ('|content' if text or edits else ''),
            'rvslots': '*'}
        if transcluded:
            prop += ['templates', 'images']
            parameters.update(tllimit='max', imlimit='max')
        elif edits:
            prop.append('templates')
            parameters.update(tllimit='max', tltemplates=exclusion_templates(
                self.site))
        if categories:
            prop += ['categories', 'pageprops']
            parameters.update(cllimit='max', clprop='hidden',
                              ppprop='hiddencat')
        if redirects:
            prop.append('redirects')
            parameters.update(rdnamespace=redirects, rdprop='title',
                              rdlimit='max')
        if language:
            prop.append('langlinks')
            parameters.update(lllang=language, lllimit='max')
        if action:
            # One action for each of 50 titles is what an answer holds.
            parameters.update(
                inprop='protection', intestactionsdetail='full',
                # An import asks for that of what it creates as well
                # (WikiImporter), and it asks whether one may create.
                intestactions='edit' if action == 'create' else action)
        reads: dict[str, PageRead] = {}
        for batch in batches(titles):
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

    def central_ids(self, names: Iterable[str]) -> dict[str, dict[str, int]]:
        """Return the central ids of accounts, by name and provider.

        :param names: user names; those without an account are left out
        """
        return {row['name']: row.get('centralids', {})
                for batch in batches(name for name in names
                                     if '|' not in name)
                for query in self.query(
                    list='users', ususers=batch, usprop='centralids')
                for row in query.get('users', ()) if 'userid' in row}

    def people(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of some names that are accounts of people.

        Those of the software itself are told apart since MediaWiki 1.40.

        :param names: user names
        """
        return frozenset(
            row['name'] for batch in batches(names)
            for query in self.query(list='users', ususers=batch)
            for row in query.get('users', ())
            if 'userid' in row and not row.get('systemuser'))

    def pages_now(self, titles: Sequence[str],
                  since: str = '') -> PagesNow:
        """Return some pages as they are at this moment.

        :param titles: full titles; of more than one request holds, time and
            logs are those of the first
        :param since: with what was deleted from then on, ISO 8601
        """
        first, *others = [self._some_now(some, since)
                          for some in batches(titles)]
        return replace(
            first, pages={title: page for some in (first, *others)
                          for title, page in some.pages.items()},
            deleted=first.deleted.union(*(some.deleted for some in others)))

    def _some_now(self, titles: Sequence[str], since: str) -> PagesNow:
        """Return the same of at most 50 pages."""
        deletions = {'leaction': 'delete/delete', 'leend': since,
                     'lelimit': 'max', 'leprop': 'title'} if since else {}
        answer = self.ask(
            action='query', titles=titles, prop='info|revisions',
            rvprop=FIELDS, rvslots='*', inprop='protection',
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
        """Return whether a page of a title was ever deleted."""
        query = next(self.query(
            list='logevents', leaction='delete/delete', letitle=title,
            lelimit=1, leprop='ids'))
        return bool(query['logevents'])

    def files(self, titles: Iterable[str]) -> frozenset[str]:
        """Return those of some files that the wiki or its shared one has.

        :param titles: full titles in the file namespace
        """
        files: set[str] = set()
        for batch in batches(titles):
            rows = self._rows(titles=batch, prop='imageinfo', iiprop='sha1')
            files.update(title for title in batch
                         if rows[title].get('imagerepository'))
        return frozenset(files)

    def rendering(
            self, title: str, left: Callable[[str], frozenset[str]]
            = lambda html: frozenset()) -> Rendering:
        """Parse a page and return what is wrong with it.

        :param title: full title
        :param left: finds in HTML what is shown as text
        """
        answer = self.ask(action='parse', page=title,
                          prop='text|templates').get('parse')
        if answer is None:  # larger than an answer may be
            answer = {**self.ask(action='parse', page=title,
                                 prop='templates')['parse'], 'text': ''}
        return Rendering(
            tuple(sorted(row['title'] for row in answer['templates']
                         if not row['exists'])),
            answer['text'].count('class="scribunto-error'),
            left(answer['text']))

    def shown(self, titles: Sequence[str],
              category: str = '') -> dict[str, ShownPage]:
        """Return some pages as they are shown, as far as a query tells.

        :param titles: full titles, at most 50
        :param category: full title of a category, empty for none
        :return: by the titles asked for
        """
        tracked = {'cllimit': 'max', 'clcategories': category} if (
            category) else {}
        rows = self._rows(
            titles=titles, prop=['info', 'revisions', 'templates',
                                 *['categories'] * bool(category)],
            rvprop=f'{FIELDS}|content', rvslots='main', tllimit='max',
            **tracked)
        return {title: ShownPage(read.text, read.model, read.transcluded,
                                 bool(row.get('categories')))
                for title, row in rows.items() for read in [page_read(row)]}

    def script_error_category(self) -> str:
        """Return the category of pages with script errors, empty for none.
        """
        query = next(self.query(
            meta='allmessages', uselang='content',
            ammessages='scribunto-common-error-category'))
        name = query['allmessages'][0].get('content', '-')
        return '' if name == '-' else f'Category:{name}'

    def users(self, title: str, enough: int) -> int:
        """Return how many pages transclude a page.

        :param enough: stop counting beyond this number
        """
        users = 0
        for query in self.query(list='embeddedin', eititle=title,
                                eilimit=min(500, enough + 1)):
            users += len(query.get('embeddedin', ()))
            if users > enough:
                break
        return users

    def import_log(self, user: str, since: str, until: str = '', *,
                   with_hidden: bool = False) -> list[ImportLogEntry]:
        """Return what an account has imported, newest first.

        :param user: who imported
        :param since: only entries not older, ISO 8601
        :param until: only entries not newer, empty for all
        :param with_hidden: whether entries count whose page somebody hid;
            they have no title
        """
        begins = {'lestart': until} if until else {}
        entries = [ImportLogEntry(
            # Of what is hidden ApiQueryLogEvents leaves the title out.
            row['timestamp'], row.get('title', '') if 'actionhidden' in row
            else row['title'], row.get('user', ''),
            row.get('params', {}).get('count', 0), row['logid'],
            row.get('revid', 0), row.get('comment'),
            tuple(row.get('tags', ())))
            for query in self.query(
                list='logevents', letype='import', leuser=user,
                leend=since, lelimit='max',
                leprop='ids|title|timestamp|user|comment|details|tags',
                **begins)
            for row in query.get('logevents', ())]
        return [entry for entry in entries if entry.title or with_hidden]


def _merge(row: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Add one answer of a continued query to what came before."""
    for key, value in part.items():
        if isinstance(value, list) and key in row:
            row[key] = row[key] + value
        else:
            row[key] = value
