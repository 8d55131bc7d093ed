"""Whether templates on a page keep the bot out: ``{{bots}}``, ``{{nobots}}``.

The judge is pywikibot, as for every other bot of it. Only its requests are
saved: it asks for the templates of every page and for its text.
"""
from __future__ import annotations

from typing import Any

import pywikibot
from pywikibot.site import APISite

from importbot.wikis.api_values import PageRead


__all__ = ('excludes_bot', 'exclusion_templates')


class _ReadPage(pywikibot.Page):

    """A page that was read already, with its text and its templates."""

    def __init__(self, site: APISite, read: PageRead) -> None:
        self._read = read
        super().__init__(site, read.title)

    def get(self, force: bool = False, get_redirect: bool = False) -> str:
        return self._read.text or ''

    def templates(self, **_options: Any) -> list[pywikibot.Page]:
        return [pywikibot.Page(self.site, title)
                for title in self._read.transcluded]


def exclusion_templates(site: APISite) -> list[str]:
    """Return full titles of the templates that can keep a bot out.

    Besides the two that every wiki may have these are the ones by which a
    wiki says that a page is being worked on, or is an archive.
    """
    return [f'Template:{name}' for name in dict.fromkeys((
        'Bots', 'Nobots', *site.get_edit_restricted_templates(),
        *site.get_archived_page_templates()))]


def excludes_bot(site: APISite, read: PageRead) -> bool:
    """Return whether a page keeps this bot out.

    Not if ``user-config.py`` has ``ignore_bot_templates = True``.

    :param read: the page with its text, and with those of
        :func:`exclusion_templates` that it transcludes
    """
    return bool(read.transcluded) and not _ReadPage(site, read).botMayEdit()
