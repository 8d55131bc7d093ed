"""What the operator wants: the options of an import."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from importbot.model.decisions import Role
from importbot.model.errors import UsageError


__all__ = ('EXISTING', 'EXISTING_PAGES', 'Policy', 'policy_from_json')


#: Values of ``-existing:`` and ``-existingpages:``, default first.
EXISTING = ('skip', 'update', 'ask', 'force')
EXISTING_PAGES = (*EXISTING, 'keep')
#: As the API writes times, to the second.
_TIMESTAMP = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')


@dataclass(frozen=True)
class Policy:

    """What the operator wants; the options of ``pwb importpages``.

    :param templates: which dependencies to take
    :param existing: what to do with dependencies that the target has
    :param existingpages: the same for requested pages
    :param history: of requested pages
    :param templatehistory: of dependencies
    :param namespace: target namespace number of the requested pages
    :param rootpage: target page below which requested pages arrive
    :param summary: for the logs; names source page and revision if empty
    :param tags: change tags
    :param only: patterns one of which a dependency's title has to match
    :param exclude: patterns none of which it may match
    :param nodocs: without documentation and what only that needs
    :param talk: requested pages with their talk pages
    :param nsmap: namespaces of the source with the target namespace in
        which their pages arrive, by name or number
    :param targettitle: title under which the one requested page arrives
    :param titlemap: the same for several: requested pages with the title
        under which they arrive, by full title on the source; others arrive
        where they otherwise would
    :param equivalents: what to do with a missing template for which the
        target has one of another name
    :param maxused: number of users on the target beyond which a
        dependency is not changed
    :param maxpages: number of pages to change beyond which a plan is
        refused, 0 for no limit
    :param maxrevisions: the same for revisions to send
    :param via: route of the imports
    :param order: of uploaded revisions
    :param before: only revisions up to this time, ISO 8601; empty for all
    :param pin: each page up to the revision that was planned, whenever
        the plan is applied
    :param authors: what becomes of authors' names
    :param authormap: names on the source with those on the target
    :param interwikiprefix: before authors' names in uploads; the prefix
        of the source if empty
    :param post: clean-ups of requested pages that get the source's text,
        in this order: names, some with an argument after a colon
    :raises UsageError: a value that the field does not know
    """

    templates: str = 'auto'
    existing: str = 'skip'
    existingpages: str = 'skip'
    history: str = 'full'
    templatehistory: str = 'current'
    namespace: int | None = None
    rootpage: str = ''
    summary: str = ''
    tags: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    nodocs: bool = False
    talk: bool = False
    nsmap: tuple[tuple[str, str], ...] = ()
    targettitle: str = ''
    titlemap: tuple[tuple[str, str], ...] = ()
    equivalents: str = 'note'
    maxused: int = 500
    maxpages: int = 500
    maxrevisions: int = 10000
    via: str = 'auto'
    order: str = 'auto'
    before: str = ''
    pin: bool = False
    authors: str = 'prefix'
    authormap: tuple[tuple[str, str], ...] = ()
    interwikiprefix: str = ''
    post: tuple[str, ...] = ()

    #: The values of the fields that have a fixed list, default first.
    CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        'templates': ('auto', 'used', 'mentioned', 'none'),
        'existing': EXISTING,
        'existingpages': EXISTING_PAGES,
        'history': ('full', 'current'),
        'templatehistory': ('current', 'full'),
        'equivalents': ('note', 'skip'),
        'via': ('auto', 'interwiki', 'upload'),
        'order': ('auto', 'fast', 'time'),
        'authors': ('prefix', 'local', 'file'),
    }

    def __post_init__(self) -> None:
        """Check the values."""
        for name, values in self.CHOICES.items():
            value = getattr(self, name)
            if value not in values:
                raise UsageError(f'-{name}:{value} is not known; give one of '
                                 f'{", ".join(values)}')
        places = (self.namespace is not None, bool(self.rootpage),
                  bool(self.targettitle), bool(self.titlemap))
        if sum(places) > 1:
            raise UsageError('Give only one of -correspondingnamespace, '
                             '-rootpage, -targettitle and titles for single '
                             'pages: each says where the pages go')
        if self.targettitle and self.talk:
            raise UsageError('-targettitle is for one page; leave out -talk '
                             'and import the talk page by itself')
        if self.before and not _TIMESTAMP.fullmatch(self.before):
            raise UsageError(f'-before:{self.before} is no time; write it '
                             'as 2024-12-31T23:59:59Z')
        if self.before and self.via == 'interwiki':
            raise UsageError('-before is for uploads: an interwiki import '
                             'takes all revisions or the current one; leave '
                             'out -via:interwiki')
        if self.pin and self.via == 'interwiki':
            raise UsageError('-pin is for uploads: an interwiki import takes '
                             'what the source has at that moment; leave out '
                             '-via:interwiki')
        for pattern in (*self.only, *self.exclude):
            try:
                re.compile(pattern)
            except re.error as error:
                raise UsageError(f'"{pattern}" is no regular expression: '
                                 f'{error}; see -only and -exclude'
                                 ) from None

    def existing_for(self, role: Role) -> str:
        """Return what to do with a page that the target has."""
        return (self.existingpages if role is Role.REQUESTED
                else self.existing)

    def history_of(self, role: Role) -> str:
        """Return ``full`` or ``current`` for pages of a role."""
        return (self.history if role is Role.REQUESTED
                else self.templatehistory)


def policy_from_json(options: Mapping[str, Any]) -> Policy:
    """Return the policy of a plan in its JSON form.

    :param options: the ``options`` of the plan
    :raises UsageError: an option that this release does not know
    """
    unknown = options.keys() - {item.name for item in fields(Policy)}
    if unknown:
        raise UsageError('The plan has options that this release of '
                         f'importbot does not know: {", ".join(unknown)}; '
                         'make it again')
    return Policy(**{name: _frozen(value)
                     for name, value in options.items()})


def _frozen(value: Any) -> Any:
    """Return lists, as JSON has them, as tuples again."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    return value
