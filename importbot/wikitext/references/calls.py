"""What a text calls between double braces, and by which tags."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mwparserfromhell.nodes import Argument

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MODULE, TEMPLATE, Title
from importbot.wikitext.references.trees import (
    Part,
    arguments_of,
    is_plain,
    parts_of,
    views_of,
    written,
)
from importbot.wikitext.references.vocabulary import Vocabulary, decoded


__all__ = ('Calls',)

_BLANK = ' \t\n\r'

#: Stands for a value that nobody knows, to see whether a name that
#: depends on it can be a page at all.
_UNKNOWN = '0'

#: Functions of LabeledSectionTransclusion whose argument is a page.
_SECTIONS = frozenset({'lst', 'lsth', 'lstx'})
_STYLES = 'templatestyles'
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])([^\s=/>"']+)\s*=\s*"""
    r"""(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")

#: No title begins with such a sign.
_FUNCTION = re.compile(r'#([^\s#<>\[\]{|}]{1,60})')

_CLIMB = re.compile(r'(?:\.\./)+')


class Calls:

    """Gathers the calls that stand in the texts of one page.

    :param page: the page, for relative names
    :param siteinfo: settings of the wiki the texts come from
    """

    def __init__(self, page: Title, siteinfo: SiteInfo) -> None:
        self.titles: set[Title] = set()
        self.unresolved: set[str] = set()
        self.functions: set[str] = set()
        self.tags: set[str] = set()
        self.words: set[tuple[str, str]] = set()
        self._page = page
        self._siteinfo = siteinfo
        self._vocabulary = Vocabulary.of(siteinfo)

    def add_tag(self, name: str, attributes: str) -> None:
        """Note an extension tag.

        :param name: its name, lower case
        :param attributes: what stands between name and bracket
        """
        self.tags.add(name)
        if name != _STYLES:
            return
        sources = [match[2] or match[3] or match[4] or ''
                   for match in _ATTRIBUTE.finditer(attributes)
                   if match[1].lower() == 'src']
        for source in sources[-1:]:
            if '{{' in source:
                self.unresolved.add(written([source]))
            else:
                self._resolve([source], self._style)

    def add_template(self, node: Any) -> bool:
        """Note what stands between a pair of double braces.

        :param node: a ``Template`` of mwparserfromhell
        :return: whether its name is whole: False where an inclusion tag
            begins or ends inside and its partner stands elsewhere
        """
        views = views_of(parts_of(node.name))
        for parts in views:
            if parts is not None:
                self._add(parts, node)
        return None not in views

    def _add(self, parts: list[Part], node: Any) -> None:
        """Note a call.

        :param parts: what stands before the first pipe
        :param node: the ``Template`` of mwparserfromhell
        """
        parts = self._after_substitution(_trimmed(parts))
        head, *others = parts or ['']
        if type(head) is not str:
            self._resolve(parts, self._transcluded)
            return
        vocabulary = self._vocabulary
        if not others and not node.params and vocabulary.is_variable(head):
            self.words.add(('variable', head))
            return
        head = vocabulary.after_modifiers(head)
        parts = [head, *others]
        called = vocabulary.function(head)
        if called is None:
            self._add_unknown(head)
            self._resolve(parts, self._transcluded)
        else:
            function, start = called
            self.functions.add(function)
            self.words.add(('function', head[:start]))
            first = _trimmed([head[start:], *others])
            if function == 'tag':
                self._add_tag_function(first, arguments_of(node))
            elif function == 'invoke':
                self._resolve(first, self._module, parts)
            elif function in _SECTIONS:
                self._resolve(first, self._section, parts)

    def _add_unknown(self, head: str) -> None:
        """Note what may be a function that nobody told of.

        :param head: what stands before the first pipe
        """
        before, colon, _rest = head.partition(':')
        if not colon:
            return
        if self._siteinfo.namespace_number(before):
            self.words.add(('namespace', before.strip()))
        elif not self._siteinfo.knows_functions and (
                name := _FUNCTION.fullmatch(before)):
            self.functions.add(name[1])

    def _add_tag_function(self, name: list[Part],
                          arguments: list[list[Part]]) -> None:
        tag = _plain(name).lower()
        if tag in self._siteinfo.tags:
            self.tags.add(tag)
        if tag != _STYLES:
            return
        for argument in arguments[1:]:
            first, *others = argument or ['']
            if type(first) is str:
                key, _, value = first.partition('=')
                if key.strip(_BLANK) == 'src':
                    parts = _trimmed([value, *others])
                    self._resolve(_trimmed(parts, '"\''), self._style)

    def _after_substitution(self, parts: list[Part]) -> list[Part]:
        """Return parts without ``subst:``, plain or in a parameter.

        ``{{{|safesubst:}}}`` has the word as its default,
        ``{{{subst|}}}`` gets it from its name.
        """
        vocabulary = self._vocabulary
        while parts and type(parts[0]) is Argument:
            default = parts[0].default
            word = '' if default is None else _plain(parts_of(default))
            word = word or _plain(parts_of(parts[0].name)) + ':'
            if not vocabulary.is_substitution(word.strip(_BLANK)):
                return parts
            parts = _trimmed(parts[1:])
        if parts and type(parts[0]) is str:
            bare = vocabulary.after_substitution(parts[0])
            return [bare, *parts[1:]] if bare else parts[1:]
        return parts

    def _resolve(self, parts: list[Part],
                 resolver: Callable[[str], Title | None],
                 stands: list[Part] | None = None) -> None:
        """Note the page that a name leads to.

        :param parts: the name
        :param resolver: makes a title of a name
        :param stands: how the name is written where it stays unresolved
        """
        title = resolver(''.join(
            part if type(part) is str else _UNKNOWN for part in parts))
        if title is None or title.namespace < 0:
            return
        if (is_plain(parts)
                or type(parts[0]) is str and '#' in decoded(parts[0])):
            self.titles.add(title)
        else:
            self.unresolved.add(written(stands or parts))

    def _transcluded(self, name: str) -> Title | None:
        relative = self._relative(name)
        if relative is None:
            return self._siteinfo.title(decoded(name), TEMPLATE)
        return self._siteinfo.title(decoded(relative),
                                    self._page.namespace)

    def _relative(self, name: str) -> str | None:
        """Return the full name of a subpage or of a page above.

        As ``Linker::normalizeSubpageLink``.
        """
        path, sign, fragment = name.partition('#')
        path = path.strip(_BLANK)
        namespace = self._siteinfo.namespaces.get(self._page.namespace)
        if (not path.startswith(('/', '../')) or namespace is None
                or not namespace.subpages):
            return None
        above = str(self._page).split('/')
        climb = _CLIMB.match(path)
        if climb is None:
            above.append(path[1:].rstrip('/').strip(_BLANK))
        else:
            levels = climb.end() // len('../')
            if levels >= len(above):
                return None
            path = path[climb.end():].rstrip('/').strip(_BLANK)
            above = above[:-levels] + ([path] if path else [])
        return '/'.join(above) + sign + fragment

    def _module(self, name: str) -> Title | None:
        """Return a module, whatever namespace its name seems to have.

        As ``Title::makeTitleSafe``, which resolves no character
        references.
        """
        namespace = self._siteinfo.namespaces.get(MODULE)
        if namespace is None:
            return None
        return self._siteinfo.title(f'{namespace.name}:{name}')

    def _section(self, name: str) -> Title | None:
        return self._siteinfo.title(decoded(name))

    def _style(self, name: str) -> Title | None:
        return self._siteinfo.title(decoded(name), TEMPLATE)


def _plain(parts: list[Part]) -> str:
    """Return the text of parts, or nothing where they are dynamic."""
    return ''.join(parts) if is_plain(parts) else ''


def _trimmed(parts: list[Part], blank: str = _BLANK) -> list[Part]:
    """Return parts without blanks around them."""
    parts = list(parts)
    if parts and type(parts[0]) is str:
        parts[0] = parts[0].lstrip(blank)
    if parts and type(parts[-1]) is str:
        parts[-1] = parts[-1].rstrip(blank)
    return [part for part in parts if type(part) is not str or part]
