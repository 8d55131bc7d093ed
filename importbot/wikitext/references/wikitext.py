"""What wikitext transcludes or loads."""
from __future__ import annotations

import re

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.wikitext.references.calls import Calls
from importbot.wikitext.references.elements import foreign_tags
from importbot.wikitext.references.links import Links
from importbot.wikitext.references.redirects import (
    redirect_link,
    redirect_target,
)
from importbot.wikitext.references.regions import Regions, View, read_regions
from importbot.wikitext.references.result import (
    References,
    UnreadableTextError,
)
from importbot.wikitext.references.trees import templates


__all__ = ('read_wikitext',)

#: More templates than that keep mwparserfromhell busy for seconds. The
#: largest pages of Wikimedia have some ten thousand.
_MAX_TEMPLATES = 20_000

_LINK_PREFIX = re.compile(r'\[\[\s*:?([^\[\]|{}<>#:\n]{1,80}):')
_CONTROL = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')


def read_wikitext(text: str, title: Title,
                  siteinfo: SiteInfo) -> References:
    """Return what wikitext refers to.

    :param title: the page it stands on
    :param siteinfo: settings of the wiki the text comes from
    :raises UnreadableTextError: the text holds too many templates, or
        mwparserfromhell cannot read it
    """
    if text.count('{{') > _MAX_TEMPLATES:
        raise UnreadableTextError(f'more than {_MAX_TEMPLATES} templates')
    calls, links = Calls(title, siteinfo), Links(siteinfo)
    tags = siteinfo.tags
    if not siteinfo.knows_functions and '<' in text:
        tags |= foreign_tags(text, tags)
    waiting = [_CONTROL.sub('\N{REPLACEMENT CHARACTER}', text)]
    while waiting:
        part = waiting.pop()
        if '{{' in part or '<' in part:
            waiting += _read(part, tags, calls, links)
        else:
            links.add_text(part)
    return References(
        titles=frozenset(calls.titles),
        unresolved=frozenset(calls.unresolved),
        redirect=redirect_target(text, siteinfo),
        functions=frozenset(calls.functions),
        tags=frozenset(calls.tags),
        words=frozenset(calls.words | _words(text, siteinfo)),
        files=frozenset(links.files),
        categories=frozenset(links.categories))


def _words(text: str, siteinfo: SiteInfo) -> set[tuple[str, str]]:
    """Return the words before which a link or redirect stands."""
    words = {('namespace', prefix) for prefix in {
        match[1].strip() for match in _LINK_PREFIX.finditer(text)}
        if siteinfo.namespace_number(prefix)}
    link = redirect_link(text, siteinfo)
    if link is not None:
        words.add(('redirect', text[:link.start()].strip()))
    return words


def _read(text: str, tags: frozenset[str], calls: Calls,
          links: Links) -> set[str]:
    """Note the calls of a text, and its links.

    Mostly it is enough to look at all parts of the page at once. Only
    its views tell what an inclusion tag does between a pair of braces or
    inside of another tag.

    :return: what stands inside of its extension tags
    """
    regions = read_regions(text, tags) if '<' in text else Regions(text)
    links.add_text(regions.text)
    for lines in regions.galleries:
        links.add_gallery(lines)
    inside, whole = _read_regions(regions, calls)
    if regions.is_cut or not whole:
        views = [View.PAGE, View.TRANSCLUSION]
    else:
        views = [View.TRANSCLUSION] if '<onlyinclude>' in text else []
    for view in views:
        inside |= _read_regions(read_regions(text, tags, view), calls)[0]
    return inside


def _read_regions(regions: Regions, calls: Calls) -> tuple[set[str], bool]:
    """Note the calls of a text without comments and tags.

    :return: what stands inside of its extension tags, and whether all
        names in it are whole
    """
    for name, attributes in regions.tags:
        calls.add_tag(name, attributes)
    whole = True
    if '{{' in regions.text:
        for node in templates(regions.text):
            whole = calls.add_template(node) and whole
    return set(regions.inside), whole
