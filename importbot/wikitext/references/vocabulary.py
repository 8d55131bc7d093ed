"""What a name between double braces means on a wiki.

The order of the questions is that of ``Parser::braceSubstitution``:
substitution, variable, modifier, parser function, page.
"""
from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Iterable
from html.entities import html5
from typing import ClassVar

from importbot.model.siteinfo import SiteInfo


__all__ = ('Vocabulary', 'decoded')

#: Functions called without a number sign: the hooks that MediaWiki core
#: registers with ``SFH_NO_HASH`` (``CoreParserFunctions::register``, 1.39
#: to master), and those of Wikibase, FlaggedRevs and WikidataPageBanner.
#: The API does not tell which functions these are.
_HASHLESS = frozenset({
    'anchorencode', 'basepagename', 'basepagenamee', 'bcp47', 'bidi',
    'canonicalurl', 'canonicalurle', 'cascadingsources', 'contentmodel',
    'defaultsort', 'dir', 'displaytitle', 'filepath', 'formal', 'formatnum',
    'fullpagename', 'fullpagenamee', 'fullurl', 'fullurle', 'gender',
    'grammar', 'int', 'interlanguagelink', 'interwikilink', 'isbn', 'language',
    'lc', 'lcfirst', 'localurl', 'localurle', 'namespace', 'namespacee',
    'namespacenumber', 'ns', 'nse', 'numberingroup', 'numberofactiveusers',
    'numberofadmins', 'numberofarticles', 'numberofedits', 'numberoffiles',
    'numberofpages', 'numberofusers', 'numberofviews', 'padleft', 'padright',
    'pageid', 'pagename', 'pagenamee', 'pagesincategory', 'pagesinnamespace',
    'pagesize', 'plural', 'protectionexpiry', 'protectionlevel', 'revisionday',
    'revisionday2', 'revisionid', 'revisionmonth', 'revisionmonth1',
    'revisiontimestamp', 'revisionuser', 'revisionyear', 'rootpagename',
    'rootpagenamee', 'subjectpagename', 'subjectpagenamee', 'subjectspace',
    'subjectspacee', 'subpagename', 'subpagenamee', 'talkpagename',
    'talkpagenamee', 'talkspace', 'talkspacee', 'uc', 'ucfirst', 'urlencode',
    # extensions
    'PAGEBANNER', 'noexternallanglinks', 'pagesusingpendingchanges',
    'pendingchangelevel', 'shortdesc'})

_COLONS = ':\N{FULLWIDTH COLON}'
#: Releases after 1.43 take the full-width colon, too; on older wikis no
#: page is named like a function and such a colon.
_COLON = re.compile(f'[{_COLONS}]')

_ENTITY = re.compile(
    '&(#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,9}|[A-Za-z0-9]{1,40});')


class Vocabulary:

    """The words with a meaning between the braces of one wiki."""

    _ready: ClassVar[deque[Vocabulary]] = deque(maxlen=4)

    def __init__(self, siteinfo: SiteInfo) -> None:
        self.siteinfo = siteinfo
        self._variables = _Words(siteinfo, siteinfo.variables)
        self._functions = _Words(siteinfo, siteinfo.functions - _HASHLESS,
                                 '#')
        self._functions.update(siteinfo, siteinfo.functions & _HASHLESS)
        self._substitution = _prefix(siteinfo, 'subst', 'safesubst')
        self._message = _prefix(siteinfo, 'msgnw', 'msg')
        self._raw = _prefix(siteinfo, 'raw')

    @classmethod
    def of(cls, siteinfo: SiteInfo) -> Vocabulary:
        """Return the vocabulary of a wiki, made once for many pages."""
        for ready in cls._ready:
            if ready.siteinfo is siteinfo:
                return ready
        vocabulary = cls(siteinfo)
        cls._ready.append(vocabulary)
        return vocabulary

    def is_variable(self, word: str) -> bool:
        """Return whether *word* is a variable, as ``PAGENAME``."""
        return self._variables.id(word) is not None

    def function(self, name: str) -> tuple[str, int] | None:
        """Return the parser function that *name* calls.

        :param name: what stands before the first pipe, without modifiers
        :return: id of the function and where its first argument starts
        """
        colon = _COLON.search(name)
        if colon is None:
            return None
        function = self._functions.id(name[:colon.start()])
        return None if function is None else (function, colon.end())

    def is_substitution(self, word: str) -> bool:
        """Return whether *word* is ``subst:`` or ``safesubst:``."""
        return self._substitution.fullmatch(word) is not None

    def after_substitution(self, name: str) -> str:
        """Return *name* without a leading ``subst:`` or ``safesubst:``."""
        return self._substitution.sub('', name, count=1).lstrip()

    def after_modifiers(self, name: str) -> str:
        """Return *name* without leading ``msg:``, ``msgnw:``, ``raw:``."""
        name = self._message.sub('', name, count=1)
        return self._raw.sub('', name, count=1)


class _Words:

    """Magic words by their local names, each in its own case rule."""

    def __init__(self, siteinfo: SiteInfo, ids: Iterable[str],
                 sign: str = '') -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self.update(siteinfo, ids, sign)

    def update(self, siteinfo: SiteInfo, ids: Iterable[str],
               sign: str = '') -> None:
        for magic_id in sorted(ids):
            word = siteinfo.magic_words.get(magic_id)
            if word is None:
                continue
            for alias in word.aliases:
                alias = sign + alias.rstrip(_COLONS)
                if word.case_sensitive:
                    self._exact[alias] = magic_id
                else:
                    self._folded[alias.lower()] = magic_id

    def id(self, word: str) -> str | None:
        return self._exact.get(word) or self._folded.get(word.lower())


def _prefix(siteinfo: SiteInfo, *ids: str) -> re.Pattern[str]:
    """Return a pattern for any of the magic words at the start."""
    choices = []
    for magic_id in ids:
        word = siteinfo.magic_words.get(magic_id)
        if word is not None:
            case = '' if word.case_sensitive else 'i'
            choices += [f'(?{case}:{re.escape(alias)})'
                        for alias in word.aliases]
    return re.compile(r'\A(?:' + '|'.join(choices or ['(?!)']) + ')')


def decoded(text: str) -> str:
    """Return *text* with its character references resolved.

    As ``Sanitizer::decodeCharReferences``, a reference needs its
    semicolon.
    """
    return _ENTITY.sub(_character, text) if '&' in text else text


def _character(match: re.Match[str]) -> str:
    reference = match[1]
    if reference[0] != '#':
        return html5.get(f'{reference};', match[0])
    number = (int(reference[2:], 16) if reference[1] in 'xX'
              else int(reference[1:]))
    if number > sys.maxunicode or 0xD800 <= number <= 0xDFFF:
        return '\N{REPLACEMENT CHARACTER}'
    return chr(number)
