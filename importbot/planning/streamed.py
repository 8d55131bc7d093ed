"""What texts refer to, read one after the other in the order of a file.

Only what they refer to stays; the texts of a whole wiki need not fit into
memory.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from importbot.model.pages import SourcePage
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.planning.reference_cache import Reader, Text
from importbot.sources.source import Source
from importbot.wikitext.references import References


__all__ = ('streamed_references', )

#: Texts that are in memory at once.
_TOGETHER = 200

#: A redirect in the words of any language.
_REDIRECT = re.compile(r'\s*(#[^\s:\[\]]{1,40})\s*:?\s*\[\[([^\[\]|#]{1,300})')


def streamed_references(
        source: Source, siteinfo: SiteInfo, reader: Reader,
        pages: Mapping[Title, SourcePage],
) -> Iterator[dict[Title, References | None]]:
    """Yield what the texts of some pages refer to, some pages at a time.

    :param source: has the texts
    :param siteinfo: its settings
    :param reader: finds what texts refer to
    :param pages: by title, as the source has them
    :return: references, None of what cannot be read; pages whose text is
        hidden are left out
    """
    by_text = {str(title): title for title in pages}
    texts = source.texts({
        text: newest.id for text, title in by_text.items()
        if (newest := pages[title].newest)})
    while some := [*islice(texts, _TOGETHER)]:
        read = reader.read([
            Text(title, pages[title].model, newest.sha1, content)
            for text, content in some for title in [by_text[text]]
            if (newest := pages[title].newest)], siteinfo)
        for text, content in some:
            title = by_text[text]
            references = read[title]
            if references and pages[title].is_redirect:
                read[title] = _as_redirect(references, content, siteinfo)
        yield read


def _as_redirect(references: References, content: str,
                 siteinfo: SiteInfo) -> References:
    """Return references with where a page leads.

    The file says that it is a redirect; in which word nobody has to know.
    """
    match = _REDIRECT.match(content)
    if references.redirect or not match:
        return references
    return replace(references, redirect=siteinfo.title(match[2]),
                   words=references.words | {('redirect', match[1])})
