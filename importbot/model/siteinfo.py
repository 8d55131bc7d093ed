"""What a wiki says of itself: namespaces, magic words, functions, tags.

Every name that stands in wikitext is resolved by these values and never
by English words (facts of :api:`Siteinfo`).
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from importbot.model.titles import MAIN, MODULE, TEMPLATE, Title


__all__ = ('MagicWord', 'Namespace', 'SiteInfo', 'tidy')

_SPACES = re.compile('[ _\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029'
                     '\u202f\u205f\u3000]+')
_BIDI = re.compile('[\u200e\u200f\u202a-\u202e]')
_ILLEGAL = re.compile(
    '[\x00-\x1f#<>[\\]|{}\x7f\ud800-\udfff\ufffd]'
    '|%[0-9A-Fa-f]{2}'
    '|&(?:[A-Za-z0-9\x80-\uffff]+|#[0-9]+|#x[0-9A-Fa-f]+);'
    '|~~~'
    r'|^\.{1,2}$|^\.{1,2}/|/\.{1,2}/|/\.{1,2}$')
_MAX_BYTES = 255
_TALK = 1

#: Languages whose "i" has a dotted capital: those of MediaWiki's
#: LanguageTr, LanguageAz, LanguageKaa, and those that fall back to them.
_DOTTED_I = frozenset({'az', 'gag', 'kaa', 'kiu', 'lez', 'lzz', 'tr'})


@dataclass(frozen=True)
class Namespace:

    """One namespace of a wiki.

    :param id: its number
    :param name: its local name, as it stands in titles
    :param canonical: its English name, understood on every wiki
    :param aliases: other names that lead to it
    :param capitalized: whether the first letter is always a capital
    :param subpages: whether a slash makes a subpage
    """

    id: int
    name: str
    canonical: str = ''
    aliases: tuple[str, ...] = ()
    capitalized: bool = True
    subpages: bool = False


@dataclass(frozen=True)
class MagicWord:

    """The local names of a variable, parser function or modifier.

    :param aliases: names as they may stand in wikitext
    :param case_sensitive: whether they must be written just so
    """

    aliases: tuple[str, ...]
    case_sensitive: bool = False

    def matches(self, word: str) -> bool:
        """Return whether *word* is one of the names."""
        if self.case_sensitive:
            return word in self.aliases
        return word.lower() in (alias.lower() for alias in self.aliases)


@dataclass(frozen=True)
class SiteInfo:

    """The settings of one wiki that decide what its wikitext means.

    :param wiki: the wiki's own identifier
    :param language: content language code
    :param version: MediaWiki release, as ``1.43.9``
    :param namespaces: namespaces by number
    :param interwiki_prefixes: prefixes that leave the wiki, lower case
    :param magic_words: magic words by their id
    :param functions: ids of the parser functions
    :param variables: ids of the variables
    :param tags: names of the extension tags, without brackets
    :param extensions: names of the extensions
    :param documentation: names of the subpages that document a template
        or module here
    :param knows_functions: whether there are no functions but these; a file
        does not tell which its wiki has
    :param language_prefixes: interwiki prefixes whose links stand beside
        the page instead of in it, lower case
    """

    wiki: str
    language: str
    version: str
    namespaces: Mapping[int, Namespace]
    interwiki_prefixes: frozenset[str] = frozenset()
    magic_words: Mapping[str, MagicWord] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()
    documentation: frozenset[str] = frozenset({'doc'})
    language_prefixes: frozenset[str] = frozenset()
    knows_functions: bool = True

    #: The ``siprop`` values that :meth:`from_query` reads.
    PROPERTIES = ('general', 'namespaces', 'namespacealiases',
                  'interwikimap', 'magicwords', 'functionhooks',
                  'variables', 'extensiontags', 'extensions')
    #: The messages it reads, in the content language, where there are any.
    MESSAGES = ('scribunto-doc-page-name', 'templatedata-doc-subpage')

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> SiteInfo:
        """Make the value from the answer of :api:`Siteinfo`.

        :param query: the ``query`` member of an answer in
            ``formatversion=2`` that holds :attr:`PROPERTIES` and may
            hold :attr:`MESSAGES`
        """
        general = query['general']
        return cls(
            wiki=general.get('wikiid', ''),
            language=general['lang'],
            version=general['generator'].removeprefix('MediaWiki '),
            namespaces=_namespaces(query),
            interwiki_prefixes=frozenset(
                row['prefix'].lower() for row in query['interwikimap']),
            magic_words={
                row['name']: MagicWord(tuple(row['aliases']),
                                       bool(row.get('case-sensitive')))
                for row in query['magicwords']},
            functions=frozenset(query['functionhooks']),
            variables=frozenset(query['variables']),
            tags=frozenset(tag.strip('<>').lower()
                           for tag in query['extensiontags']),
            extensions=frozenset(row['name'] for row in
                                 query.get('extensions', ())
                                 if 'name' in row),
            documentation=frozenset(
                row['content'].rpartition('/')[2]
                for row in query.get('allmessages', ())
                if row.get('content')) or frozenset({'doc'}),
            # A link by a prefix of the wiki's own is an ordinary one
            # (Parser::handleInternalLinks2, wasLocalInterwiki).
            language_prefixes=frozenset(
                row['prefix'].lower() for row in query['interwikimap']
                if ('language' in row or row.get('extralanglink'))
                and not row.get('localinterwiki')),
        )

    @cached_property
    def _namespace_numbers(self) -> dict[str, int]:
        """Return namespace numbers by every name, lower case."""
        numbers: dict[str, int] = {}
        for namespace in self.namespaces.values():
            if namespace.id != MAIN:
                for name in (namespace.canonical, *namespace.aliases,
                             namespace.name):
                    if name:
                        numbers[_tidy(name).lower()] = namespace.id
        return numbers

    def namespace_number(self, name: str) -> int | None:
        """Return the number of a namespace.

        :param name: local name, alias or English name, in any case
        :return: the number, or None where the wiki has no such namespace
        """
        return self._namespace_numbers.get(_tidy(name).lower())

    def title(self, text: str, default: int = MAIN) -> Title | None:
        """Read a title as MediaWiki does.

        :param text: a title as a person writes it, with or without
            namespace; a fragment is dropped
        :param default: namespace of a title that names none; a leading
            colon means the main namespace
        :return: the title, or None where the text is not the title of a
            page of this wiki: invalid, empty, or leading to another wiki
        """
        text = tidy(text)
        namespace = default
        if text.startswith(':'):
            namespace, text = MAIN, text[1:].lstrip(' ')
        prefix, colon, rest = text.partition(':')
        if colon:
            number = self.namespace_number(prefix)
            if number is not None:
                namespace, text = number, rest.lstrip(' ')
                if number == _TALK and self._has_prefix(text):
                    return None
            elif self._has_prefix(text):
                return None
        name, _, fragment = text.partition('#')
        name = name.rstrip(' ')
        if (name.startswith(':') or not is_name(name)
                or '\ufffd' in fragment):
            return None
        return self._stored(namespace, name)

    def _has_prefix(self, text: str) -> bool:
        """Return whether *text* starts with a namespace or a wiki."""
        prefix, colon, _ = text.partition(':')
        return bool(colon) and (
            self.namespace_number(prefix) is not None
            or _tidy(prefix).lower() in self.interwiki_prefixes)

    def normalized(self, title: Title) -> Title:
        """Return *title* as this wiki stores and spells it."""
        return self._stored(title.namespace, title.name)

    def _stored(self, number: int, name: str) -> Title:
        namespace = self.namespaces.get(number)
        if namespace is None:
            return Title(number, self._capitalized(name))
        return Title(number, self._capitalized(name)
                     if namespace.capitalized else name, namespace.name)

    def _capitalized(self, name: str) -> str:
        first = name[:1]
        if first == 'i' and self.language in _DOTTED_I:
            return 'İ' + name[1:]
        capital = first.title()
        return (capital if len(capital) == 1 else first) + name[1:]

    def documents(self, title: Title) -> bool:
        """Return whether a title is that of a documentation subpage."""
        _above, slash, last = title.name.rpartition('/')
        return (bool(slash) and last in self.documentation
                and title.namespace in (TEMPLATE, MODULE))

    def word(self, magic_id: str, text: str) -> bool:
        """Return whether *text* is a local name of a magic word.

        :param magic_id: id of the magic word, as ``redirect``
        :param text: the word as it stands in wikitext
        """
        word = self.magic_words.get(magic_id)
        return word is not None and word.matches(text)


def is_name(name: str) -> bool:
    """Return whether some wiki can have a page of a name.

    :param name: what follows the namespace
    """
    return bool(name) and not _ILLEGAL.search(name) and (
        len(name.encode()) <= _MAX_BYTES)


def tidy(text: str) -> str:
    """Return a name without what MediaWiki does not see in names.

    Underscores are spaces, some spaces are one, marks of direction none,
    and letters with accents one letter.

    :param text: a title or the name of a user
    """
    return _tidy(_BIDI.sub('', unicodedata.normalize('NFC', text)))


def _tidy(text: str) -> str:
    return _SPACES.sub(' ', text).strip(' ')


def _namespaces(query: Mapping[str, Any]) -> dict[int, Namespace]:
    aliases: dict[int, list[str]] = {}
    for row in query['namespacealiases']:
        aliases.setdefault(row['id'], []).append(row['alias'])
    rows: Iterable[Mapping[str, Any]] = query['namespaces'].values()
    return {
        row['id']: Namespace(
            id=row['id'],
            name=row['name'],
            canonical=row.get('canonical', ''),
            aliases=tuple(aliases.get(row['id'], ())),
            capitalized=row.get('case') != 'case-sensitive',
            subpages=bool(row.get('subpages')))
        for row in rows}
