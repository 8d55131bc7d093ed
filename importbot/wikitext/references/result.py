"""What a text refers to."""
from __future__ import annotations

from dataclasses import dataclass

from importbot.model.titles import Title


__all__ = ('References', 'UnreadableTextError')


class UnreadableTextError(ValueError):

    """A text that cannot be read, or not in reasonable time."""


@dataclass(frozen=True)
class References:

    """The pages that a text needs, and what it asks of its wiki.

    :param titles: pages that the text transcludes or loads: templates,
        modules, style sheets and any other page, resolved on the source;
        a page that names itself is among them
    :param unresolved: names that depend on a parameter or on another
        template, as they stand with whitespace collapsed; never guessed
    :param redirect: where the page redirects to; not among *titles*
    :param functions: ids of the parser functions
    :param tags: names of the extension tags, lower case; where nobody
        knows which tags there are, of all that can be one
    :param libraries: Lua libraries of MediaWiki, as ``mw.wikibase``
    :param prefixes: how titles begin of which a literal is put before
        something else
    :param words: words of the wiki's language that have a meaning, each
        with what it is: ``redirect``, ``namespace``, ``variable`` or
        ``function``
    :param files: files that are shown, resolved on the source
    :param categories: those that the page says it is in
    """

    titles: frozenset[Title] = frozenset()
    unresolved: frozenset[str] = frozenset()
    redirect: Title | None = None
    functions: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()
    prefixes: frozenset[Title] = frozenset()
    words: frozenset[tuple[str, str]] = frozenset()
    files: frozenset[Title] = frozenset()
    categories: frozenset[Title] = frozenset()
