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


def _read(text: str, tags: frozenset[str], calls: Calls) -> list[str]:
    """Note the calls of a text.

    :return: the texts inside of its extension tags
    """
    regions = read_regions(text, tags) if '<' in text else Regions(text)
    inside = regions.contents
    for name, attributes in regions.attributes:
        calls.add_tag(name, attributes)
        if '{{' in attributes:
            inside.append(attributes)
    whole = _read_braces(regions.text, calls)
    if not whole or is_cut(regions.text):
        # Only the views themselves tell what an inclusion tag between
        # a pair of braces does.
        for view in (View.PAGE, View.TRANSCLUSION):
            _read_braces(read_regions(text, tags, view).text, calls)
    return inside


def _read_braces(text: str, calls: Calls) -> bool:
    """Note the calls of a text without comments and extension tags.

    :return: whether all names in it are whole
    """
    if '{{' not in text:
        return True
    return all([calls.add_template(node) for node in templates(text)])
