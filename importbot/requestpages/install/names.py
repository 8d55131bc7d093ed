"""What the pages of the kit are called, and in which words they speak."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from importbot.i18n import LANGUAGES, message, spoken
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import CATEGORY, PROJECT, TEMPLATE, Title
from importbot.requestpages.configuration import Configuration, TemplateWords
from importbot.requestpages.status import Status
from importbot.requestpages.words import Vocabulary, words_of


__all__ = ('KitNames', 'KitWords')


@dataclass(frozen=True)
class KitNames:

    """Full titles of the pages of the kit, as their wiki spells them.

    :param template: the template that makes a request
    :param documentation: of the template
    :param preload: what the form button begins with
    :param requests: start page and request page
    :param category: pages with open requests
    :param review: pages with requests that wait for approval
    :param question: pages with requests that wait for an edit
    :param stop: the page that stops the bot
    :param log: the public log, empty for none
    :param overview: the table of open requests, empty for none
    :param configuration: the configuration page
    """

    template: str
    documentation: str
    preload: str
    requests: str
    category: str
    review: str
    question: str
    stop: str
    log: str
    overview: str
    configuration: str

    @classmethod
    def of_wiki(cls, siteinfo: SiteInfo, configuration_page: str, doc: str,
                former: Configuration | None = None) -> KitNames:
        """Return the names for a wiki.

        What is configured already keeps its name, so that nothing is set
        up a second time under another.

        :param configuration_page: full title
        :param doc: name of the subpage that documents a template there
        :param former: the configuration, if there is one
        """
        language = (former.language if former else '') or siteinfo.language

        def named(namespace: int, name: str, *below: str) -> str:
            return str(siteinfo.normalized(Title(
                namespace, '/'.join((name, *below)))))

        def word(key: str) -> str:
            return message(language, f'kit-name-{key}')

        requests = word('requests')
        template = former.templates[0].name if former else word('template')
        return cls(
            named(TEMPLATE, template), named(TEMPLATE, template, doc),
            named(TEMPLATE, template, word('preload')),
            former.pages[0] if former else named(PROJECT, requests),
            named(CATEGORY, requests), named(CATEGORY, word('review')),
            named(CATEGORY, word('question')),
            former.stop.page if former
            else named(PROJECT, requests, word('stop')),
            former.log if former else named(PROJECT, requests, word('log')),
            former.overview if former
            else named(PROJECT, requests, word('open')),
            configuration_page)


@dataclass(frozen=True)
class KitWords:

    """Writes what the pages say, in the language of the wiki.

    :param language: code of the language
    :param template: the template in the words of the wiki
    """

    language: str
    template: TemplateWords

    def say(self, key: str, **values: str) -> str:
        """Return a message of the kit.

        :param key: without ``kit-``
        :param values: wikitext for its parameters
        """
        return message(self.language, f'kit-{key}', **values)

    def state(self, status: Status) -> str:
        """Return what people call a state."""
        return message(self.language, f'status-{status.value}')

    def word(self, status: Status) -> str:
        """Return how a state is written in a request."""
        return self.vocabulary.shown_status(status.value)

    def code(self, status: Status) -> str:
        """Return wikitext that shows how a state is written."""
        return (f'<code style="white-space: nowrap">'
                f'{self.parameter("status")} = {self.word(status)}</code>')

    def codes(self) -> dict[str, str]:
        """Return :meth:`code` of the states that people set, by ours."""
        return {status.value: self.code(status) for status in Status
                if status.is_for_people}

    def parameter(self, name: str) -> str:
        """Return what the wiki calls a parameter.

        :param name: of ours
        """
        return self.vocabulary.shown(name)

    def aliases(self, name: str) -> list[str]:
        """Return names of a parameter, the one to use first.

        Those of the wiki's language, as they are and in lower case: a
        template takes them as they are written.
        """
        own = self.template.parameters.get(name, ())
        # The last one is the label of the box, which is no name.
        theirs = words_of('parameter', name, spoken(self.language))[:-1]
        return list(dict.fromkeys((*own, name, *(
            spelled for word in (*own, *theirs)
            for spelled in (word, word.lower())))))

    def spellings(self, status: Status) -> list[str]:
        """Return all words for a state, in lower case."""
        return list(dict.fromkeys(word.lower() for word in (
            *self.template.statuses.get(status.value, ()), status.value,
            *(word for language in LANGUAGES for word in words_of(
                'status', status.value, language)))))

    def next(self, status: Status) -> str:
        """Return who may do what next."""
        return self.say(f'next-{status.value}', **self.codes())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What words of a request mean."""
        return Vocabulary(self.template)

    @cached_property
    def attributes(self) -> str:
        """HTML attributes for what is written in this language."""
        return f'lang="{spoken(self.language)}" dir="ltr"'
