"""What wikitext transcludes or loads."""
from __future__ import annotations

import re

from importbot.model.references.calls import Calls
from importbot.model.references.redirects import redirect_target
from importbot.model.references.regions import (
    Regions,
    View,
    is_cut,
    read_regions,
)
from importbot.model.references.trees import templates
from importbot.model.references.values import References
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title


__all__ = ('read_wikitext',)

_CONTROL = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')


def read_wikitext(text: str, title: Title,
                  siteinfo: SiteInfo) -> References:
    """Return what wikitext refers to.

    :param text: the text
    :param title: the page it stands on
    :param siteinfo: settings of the wiki the text comes from
    :raises UnreadableText: mwparserfromhell cannot read the text
    """
    redirect = redirect_target(text, siteinfo)
    if '{{' not in text and '<' not in text:
        return References(redirect=redirect)
    calls = Calls(title, siteinfo)
    waiting = [_CONTROL.sub('\N{REPLACEMENT CHARACTER}', text)]
    while waiting:
        waiting += _read(waiting.pop(), siteinfo.tags, calls)
    return References(
        titles=frozenset(calls.titles),
        unresolved=frozenset(calls.unresolved),
        redirect=redirect,
        functions=frozenset(calls.functions),
        tags=frozenset(calls.tags))


def _read(text: str, tags: frozenset[str], calls: Calls) -> set[str]:
    """Note the calls of a text.

    Mostly it is enough to look at all parts of the page at once. Only
    its views tell what an inclusion tag does that stands between a pair
    of braces or inside of another tag.

    :return: the texts inside of its extension tags
    """
    if '<' not in text:
        _read_braces(text, calls)
        return set()
    regions = read_regions(text, tags)
    whole = _read_braces(regions.text, calls) and regions.whole
    inside = _read_tags(regions, calls)
    if not whole or is_cut(regions.text):
        views = [View.PAGE, View.TRANSCLUSION]
    else:
        views = [View.TRANSCLUSION] if '<onlyinclude>' in text else []
    for view in views:
        regions = read_regions(text, tags, view)
        _read_braces(regions.text, calls)
        inside |= _read_tags(regions, calls)
    return inside


def _read_tags(regions: Regions, calls: Calls) -> set[str]:
    """Note the extension tags, and return the texts inside of them."""
    inside = set(regions.contents)
    for name, attributes in regions.tags:
        calls.add_tag(name, attributes)
        if '{{' in attributes:
            inside.add(attributes)
    return inside


def _read_braces(text: str, calls: Calls) -> bool:
    """Note the calls of a text without comments and extension tags.

    :return: whether all names in it are whole
    """
    if '{{' not in text:
        return True
    return all([calls.add_template(node) for node in templates(text)])
