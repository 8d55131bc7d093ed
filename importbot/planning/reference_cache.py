"""What texts refer to, each text read once: kept in the journal.

A revision never changes, so what it refers to does not either, as long as
its wiki means the same by its words and this code reads them the same.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import importbot
from importbot.journal.journal import Journal
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.wikitext.references import (
    References,
    UnreadableTextError,
    find_references,
)


__all__ = ('CachedReader', 'Reader', 'Text')

#: Raised whenever more is found in texts, or something else.
_FORMAT = 5


@dataclass(frozen=True)
class Text:

    """The text of a page.

    :param title: title of the page; relative names depend on it
    :param model: content model
    :param sha1: of the text
    :param content: the text itself
    """

    title: Title
    model: str
    sha1: str
    content: str


class Reader:

    """Finds what texts refer to."""

    def read(self, texts: Iterable[Text],
             siteinfo: SiteInfo) -> dict[Title, References | None]:
        """Return the references of some texts, None for unreadable ones.

        :param texts: at most one for each title
        :param siteinfo: settings of their wiki
        """
        return {text.title: self._parse(text, siteinfo) for text in texts}

    @staticmethod
    def _parse(text: Text, siteinfo: SiteInfo) -> References | None:
        try:
            return find_references(text.content, text.model, text.title,
                                   siteinfo)
        except UnreadableTextError:
            return None


class CachedReader(Reader):

    """The same with the journal as a memory across runs.

    :param journal: the memory
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def read(self, texts: Iterable[Text],
             siteinfo: SiteInfo) -> dict[Title, References | None]:
        """Return the references of some texts, None for unreadable ones."""
        texts, mark = list(texts), _mark(siteinfo)
        keys = {text.title: _key(text, mark) for text in texts if text.sha1}
        rows = self._journal.readings(keys.values())
        cached = {title: _from_json(rows[key])
                  for title, key in keys.items() if key in rows}
        fresh = super().read((text for text in texts
                              if text.title not in cached), siteinfo)
        self._journal.remember_readings({
            keys[title]: _as_json(references)
            for title, references in fresh.items() if title in keys})
        return cached | fresh


def _mark(siteinfo: SiteInfo) -> str:
    """Return what changes with the settings and with this release."""
    settings = {name: _sorted(value) for name, value
                in vars(siteinfo).items() if not name.startswith('_')}
    return hashlib.sha256(
        f'{importbot.__version__} {_FORMAT} {settings}'.encode()).hexdigest()


def _sorted(value: Any) -> Any:
    """Return sets and mappings in an order that is the same every time."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return sorted(value.items())
    return value


def _key(text: Text, mark: str) -> str:
    return hashlib.sha256('\0'.join((
        mark, text.model, str(text.title), text.sha1)).encode()).hexdigest()


def _as_json(references: References | None) -> str:
    if references is None:
        return 'null'
    redirect = references.redirect
    return json.dumps({
        'titles': sorted(map(_parts, references.titles)),
        'unresolved': sorted(references.unresolved),
        'redirect': _parts(redirect) if redirect else None,
        'functions': sorted(references.functions),
        'tags': sorted(references.tags),
        'libraries': sorted(references.libraries),
        'prefixes': sorted(map(_parts, references.prefixes)),
        'words': sorted(references.words),
        'files': sorted(map(_parts, references.files)),
        'categories': sorted(map(_parts, references.categories))})


def _parts(title: Title) -> tuple[int, str, str]:
    return title.namespace, title.name, title.prefix


def _from_json(text: str) -> References | None:
    data: dict[str, Any] | None = json.loads(text)
    if data is None:
        return None
    redirect = data['redirect']
    return References(
        titles=_titles(data['titles']),
        unresolved=frozenset(data['unresolved']),
        redirect=Title(*redirect) if redirect else None,
        functions=frozenset(data['functions']),
        tags=frozenset(data['tags']),
        libraries=frozenset(data['libraries']),
        prefixes=_titles(data['prefixes']),
        words=frozenset((kind, word) for kind, word in data['words']),
        files=_titles(data['files']),
        categories=_titles(data['categories']))


def _titles(rows: Iterable[tuple[int, str, str]]) -> frozenset[Title]:
    return frozenset(Title(*parts) for parts in rows)
