"""The pages that a wiki needs for import requests, made from messages.

The template with its documentation, the form's beginning, start page, stop
page, log, categories and configuration, in the wiki's own language and by
the names of its own namespaces.
"""
from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from importbot.i18n import message
from importbot.model.siteinfo import SiteInfo
from importbot.reports.wikitext.escape import link
from importbot.requestpages.configuration import Configuration, Rule, StopPage
from importbot.requestpages.install.names import KitNames, KitWords
from importbot.requestpages.install.template import (
    documentation,
    preload,
    template,
)
from importbot.requestpages.page.markers import framed, with_between


__all__ = ('Kit', 'KitPage', 'first_configuration')

#: Roles of pages below whose text requests and runs come to stand.
_GROWING = 'start-page', 'log'
_EDITS, _DAYS, _REVISIONS = 10, 4, 200


@dataclass(frozen=True)
class KitPage:

    """A page of the kit.

    :param role: what it is for, a word
    :param title: full title
    :param text: its text
    :param model: content model, that of the title if empty
    """

    role: str
    title: str
    text: str
    model: str = ''

    def is_same(self, text: str) -> bool:
        """Return whether a page says the same as this one.

        MediaWiki takes space from the end of a text, and sets JSON in its
        own way.

        :param text: of the page
        """
        if not self.title.endswith('.json'):
            # What the bot writes there meanwhile is no other page.
            text, own = (with_between(each, '').rstrip()
                         for each in (text, self.text))
            return text == own or (self.role in _GROWING
                                   and text.startswith(f'{own}\n'))
        try:
            return bool(json.loads(text) == json.loads(self.text))
        except ValueError:
            return False


def first_configuration(names: KitNames, words: KitWords,
                        siteinfo: SiteInfo, sources: Collection[str],
                        groups: Collection[str]) -> Configuration:
    """Return a configuration to begin with.

    Whoever is not new may bring pages without templates to their own user
    space; for all else somebody has to agree.

    :param names: of the pages
    :param words: of the pages
    :param sources: interwiki prefixes that the wiki allows
    :param groups: user groups who may approve
    """
    ours = Configuration(
        pages=[names.requests], sources=list(sources),
        interwiki=list(sources), groups=list(groups),
        stop=StopPage(page=names.stop), log=names.log,
        overview=names.overview,
        templates=[words.template],
        rules=[Rule(name=words.say('rule'), ownuserspace=True, missing=True,
                    maxtemplates=0, maxrevisions=_REVISIONS,
                    minedits=_EDITS, mindays=_DAYS, approval=False)])
    return ours.model_copy(update={'namespaces': [
        number for number in ours.namespaces
        if number in siteinfo.namespaces]})


@dataclass(frozen=True)
class Kit:

    """The pages of one wiki.

    :param names: of the pages
    :param configuration: that they belong to
    :param siteinfo: settings of the wiki
    """

    names: KitNames
    configuration: Configuration
    siteinfo: SiteInfo

    @property
    def words(self) -> KitWords:
        """What the pages speak."""
        return KitWords(self.configuration.language
                        or self.siteinfo.language,
                        self.configuration.templates[0])

    @property
    def pages(self) -> list[KitPage]:
        """All pages, the configuration last: the bot works when it is there.
        """
        names, words = self.names, self.words
        requests = link(names.requests)
        pages = [
            KitPage('documentation', names.documentation, documentation(
                names, words, requests, self.siteinfo)),
            KitPage('template', names.template, template(names, words)),
            KitPage('form', names.preload, preload(words)),
            *self._categories(requests),
            KitPage('stop-page', names.stop, 'run<noinclude>\n' + self._said(
                words.say('stop', requests=requests, run='<code>run</code>'))
                + '\n</noinclude>')]
        if names.overview:
            pages.append(KitPage('overview', names.overview, self._overview(
                requests)))
        if names.log:
            pages.append(KitPage('log', names.log, self._said(
                words.say('log', requests=requests))))
        return [
            *pages, KitPage('start-page', names.requests, self._start()),
            KitPage('configuration', names.configuration, json.dumps(
                self.configuration.model_dump(mode='json'),
                ensure_ascii=False, indent='\t'),
                'json' if names.configuration.endswith('.json') else '')]

    def _overview(self, requests: str) -> str:
        """Return the page with the table of open requests."""
        name = self.names.overview
        said = self._said(self.words.say(
            'open', requests=requests,
            code=f'<code><nowiki>{{{{{name}}}}}</nowiki></code>'))
        none = message(self.words.language, 'open-none')
        return f'{framed(none)}<noinclude>\n{said}\n</noinclude>'

    def _said(self, text: str) -> str:
        """Return text in its own language and direction."""
        return f'<div {self.words.attributes}>\n{text}\n</div>'

    def _categories(self, requests: str) -> list[KitPage]:
        names, words = self.names, self.words
        above = f'[[{names.category}]]'
        return [
            KitPage('category', names.category, self._said(
                words.say('category', requests=requests))),
            *(KitPage('category', title, self._said(
                words.say(f'category-{key}')) + f'\n{above}')
              for key, title in (('review', names.review),
                                 ('question', names.question)))]

    def _start(self) -> str:
        """Return the text of the start page, which requests go below."""
        names, words = self.names, self.words
        see_also = {name: link(title) if title else '–' for name, title in (
            ('template', names.template), ('category', names.category),
            ('log', names.log), ('stop', names.stop),
            ('configuration', names.configuration))}
        text = '\n'.join((
            words.say('start-intro'), '',
            f"'''{words.say('start-how')}'''",
            *('# ' + words.say(f'start-{step}', **words.codes())
              for step in ('ask', 'plan', 'approve', 'answer')),
            self._button(), words.say('start-pages', **see_also)))
        table = f'\n{{{{{names.overview}}}}}' if names.overview else ''
        return f'{self._said(text)}{table}\n__TOC__'

    def _button(self) -> str:
        """Return wikitext of the button that opens a new request."""
        names, words = self.names, self.words
        label = words.say('start-button')
        if 'inputbox' in self.siteinfo.tags:
            return '\n'.join((
                '<inputbox>', 'type=commenttitle',
                f'page={names.requests}',
                f'preload={names.preload}', f'buttonlabel={label}',
                f'placeholder={words.say("start-heading")}', 'width=50',
                '</inputbox>'))
        return (f"\n'''[{{{{fullurl:{names.requests}|action=edit&section=new"
                f'&preload={{{{urlencode:{names.preload}|WIKI}}}}}}}} '
                f"{label}]'''\n")

    @property
    def lacks(self) -> list[str]:
        """What the wiki lacks for the pages, one sentence each."""
        sentences = []
        if not {'if', 'ifeq', 'switch'} <= self.siteinfo.functions:
            sentences.append('The wiki lacks the extension ParserFunctions; '
                             'until its operators install it, the template '
                             'shows its own code instead of requests')
        if 'inputbox' not in self.siteinfo.tags:
            sentences.append('The wiki lacks the extension InputBox; the '
                             'start page has a plain link for its button')
        if 'templatedata' not in self.siteinfo.tags:
            sentences.append('The wiki lacks the extension TemplateData; the '
                             'parameters of the template are written as a '
                             'list')
        return sentences
