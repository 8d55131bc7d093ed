"""What the text of a page refers to: templates, modules, style sheets.

The reading is static: it finds what the text *mentions* in any view of
the page, taken branches or not. What the wiki's own parser *uses* in
the current rendering is :api:`templates`; neither holds the other.
"""
from __future__ import annotations

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.wikitext.references.lua import read_lua
from importbot.wikitext.references.result import (
    References,
    UnreadableTextError,
)
from importbot.wikitext.references.wikitext import read_wikitext


__all__ = ('References', 'UnreadableTextError', 'find_references')


def find_references(text: str, model: str, title: Title,
                    siteinfo: SiteInfo) -> References:
    """Return what the text of a page refers to.

    Sanitized CSS can name no page (TemplateStyles drops ``@import``),
    and the other content models are not known to load any.

    :param text: the text of a revision
    :param model: its content model, as :api:`Revisions` names it
    :param title: the page it stands on, for relative names
    :param siteinfo: settings of the wiki the text comes from
    :raises UnreadableTextError: the text cannot be read, or not in a time
        that any honest page would take
    """
    if model == 'wikitext':
        return read_wikitext(text, title, siteinfo)
    if model == 'Scribunto':
        return read_lua(text, title, siteinfo)
    return References()
