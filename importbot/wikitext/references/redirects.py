"""Where a page redirects to."""
from __future__ import annotations

import re
from urllib.parse import unquote

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.wikitext.references.vocabulary import decoded


__all__ = ('redirect_link', 'redirect_target')

_LINK = re.compile(r'\s*(?::\s*)?\[\[(.*?)\]\]')


def redirect_target(text: str, siteinfo: SiteInfo) -> Title | None:
    """Return where the page redirects to.

    As ``WikitextContentHandler::extractRedirectTargetAndText``.

    :param text: wikitext of the page
    :param siteinfo: settings of the wiki the text comes from
    :return: the target, or None where the page is no redirect or leads
        to another wiki or to a special page
    """
    link = redirect_link(text, siteinfo)
    return None if link is None else _target(link[1], siteinfo)


def redirect_link(text: str, siteinfo: SiteInfo) -> re.Match[str] | None:
    """Return the link that makes a text a redirect.

    :param text: wikitext of the page
    :return: the match of the link with its inside, None where the page is
        no redirect
    """
    word = siteinfo.magic_words.get('redirect')
    if word is None:
        return None
    begin = len(text) - len(text.lstrip(' \t\n\r\0\x0b'))
    for alias in word.aliases:
        end = begin + len(alias)
        start = text[begin:end]
        if (start == alias if word.case_sensitive
                else start.lower() == alias.lower()):
            return _LINK.match(text, end)
    return None


def _target(link: str, siteinfo: SiteInfo) -> Title | None:
    name = link.partition('|')[0]
    if '%' in name:
        name = unquote(name.lstrip(':'))
    title = siteinfo.title(decoded(name))
    return None if title is None or title.namespace < 0 else title
