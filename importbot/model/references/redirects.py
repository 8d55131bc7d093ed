"""Where a page redirects to."""
from __future__ import annotations

import re
from urllib.parse import unquote

from importbot.model.references.names import decoded
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title


__all__ = ('redirect_target',)

_LINK = re.compile(r'\s*(?::\s*)?\[\[(.*?)\]\]')


def redirect_target(text: str, siteinfo: SiteInfo) -> Title | None:
    """Return where the page redirects to.

    As ``WikitextContentHandler::extractRedirectTargetAndText``.

    :param text: wikitext of the page
    :param siteinfo: settings of the wiki the text comes from
    :return: the target, or None where the page is no redirect or leads
        to another wiki or to a special page
    """
    word = siteinfo.magic_words.get('redirect')
    if word is None:
        return None
    text = text.lstrip(' \t\n\r\0\x0b')
    for alias in word.aliases:
        start = text[:len(alias)]
        if (start == alias if word.case_sensitive
                else start.lower() == alias.lower()):
            link = _LINK.match(text, len(alias))
            return None if link is None else _target(link[1], siteinfo)
    return None


def _target(link: str, siteinfo: SiteInfo) -> Title | None:
    name = link.partition('|')[0]
    if '%' in name:
        name = unquote(name.lstrip(':'))
    title = siteinfo.title(decoded(name))
    return None if title is None or title.namespace < 0 else title
