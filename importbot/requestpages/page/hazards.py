"""What in wikitext says another thing after somebody else's next edit.

MediaWiki expands ``{{subst:…}}`` whenever a page is saved, whoever saves
it and wherever they edit; while there is no such template it stays as it
is. A tag that is not closed hides nothing until somebody closes it.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from importbot.model.siteinfo import SiteInfo


__all__ = ('Hazards', )

_COMMENT = re.compile('<!--.*?-->', re.DOTALL)
#: Tags that the parser knows without any extension, and that hide.
_TAGS = frozenset({'nowiki', 'pre', 'html', 'includeonly'})
_WORDS = {'subst': 'subst:', 'safesubst': 'safesubst:'}


@dataclass(frozen=True)
class Hazards:

    """Finds what may change by itself, in the words of a wiki.

    :param words: finds what makes a template be expanded on saving
    :param tags: finds tags whose content is no wikitext
    """

    words: re.Pattern[str]
    tags: re.Pattern[str]

    @classmethod
    def of_wiki(cls, siteinfo: SiteInfo) -> Hazards:
        """Return what is dangerous on a wiki."""
        words = {alias for name, word in _WORDS.items() for alias in (
            word, *(siteinfo.magic_words[name].aliases
                    if name in siteinfo.magic_words else ()))}
        return cls(
            re.compile(rf'(?<!\w)(?:{_any(words)})', re.IGNORECASE),
            re.compile(rf'<(/?)({_any(_TAGS | siteinfo.tags)})(?=[\s/>])'
                       r'([^<>]*)>?', re.IGNORECASE))

    def flaws(self, code: str, names: Iterable[str]) -> tuple[str, ...]:
        """Return what is wrong with a request, by keys of problems.

        :param code: wikitext of its template
        :param names: of its parameters, as they are understood
        """
        plain = _COMMENT.sub('', code)
        signs = {
            'subst': any(map(self.words.search, (code, plain))),
            'tags': '<!--' in plain or not self._is_closed(plain),
            'parameters': any(count > 1
                              for count in Counter(names).values())}
        return tuple(key for key, is_there in signs.items() if is_there)

    def _is_closed(self, code: str) -> bool:
        opened: Counter[str] = Counter()
        for slash, name, rest in self.tags.findall(code):
            if slash:
                opened[name.lower()] -= 1
            elif not rest.endswith('/'):
                opened[name.lower()] += 1
            if opened[name.lower()] < 0:
                return False
        return not any(opened.values())

    def substitutions(self, text: str) -> list[int]:
        """Return where the next edit may expand something.

        Whatever hides it now: that edit may show it.

        :param text: wikitext of a page
        :return: indices of the words that make the wiki do so
        """
        places = []
        for match in self.words.finditer(text):
            before = text[max(0, match.start() - _NEAR):match.start()].rstrip()
            if before.endswith(('{{', '-->')) or not before:
                places.append(match.start())
        return places


#: Space between braces and a word; nobody writes more.
_NEAR = 1_000


def _any(words: Iterable[str]) -> str:
    return '|'.join(re.escape(word)
                    for word in sorted(words, key=lambda word: -len(word)))
