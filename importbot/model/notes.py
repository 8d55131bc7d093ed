"""What a person should know of a plan, a report or an undo, as values."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, TypedDict


__all__ = ('AuthorEdits', 'Note', 'NoteKind', 'NoteValues',
           'notes_from_json', 'sorted_notes')


class NoteKind(str, Enum):

    """What a note says of its page; its sentence stands in ``i18n``."""

    #: what its notes always hold, of :class:`NoteValues`
    names: frozenset[str]
    #: what they may hold besides
    optional: frozenset[str]

    def __new__(cls, value: str, names: tuple[str, ...] = (),
                optional: tuple[str, ...] = ()) -> NoteKind:
        """Return a kind with what its notes hold."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.names, kind.optional = frozenset(names), frozenset(optional)
        return kind

    #: an imported page needs an existing one that is not the source's
    MIXED = 'mixed', ('relation', 'needed_by')
    #: an imported page needs one that the target lacks and that is not taken
    LEFT_OUT = 'left-out', ('needed_by', )
    #: pages that imported ones transclude or load, and that neither the
    #: source, a file, nor the target has
    NOWHERE = 'nowhere', ('count', 'titles', 'needed_by')
    #: redirects to pages that neither the source nor the target has
    REDIRECTS_NOWHERE = 'redirects-nowhere', ('count', 'titles')
    #: hidden categories that do not come with those of imported pages
    HIDDEN_CATEGORIES = 'hidden-categories', ('count', 'titles')
    #: categories of imported pages that have no page on the target
    CATEGORIES = 'categories', ('count', 'titles', 'needed_by')
    #: the closure uses what the target does not have
    LACKING = 'lacking', ('what', 'name', 'needed_by')
    #: the target has a page of another name that an interlanguage link names
    EQUIVALENT = 'equivalent', ('equivalent', )
    #: a file that neither the target nor its shared repository has
    FILES = 'files', ('needed_by', )
    #: a requested redirect, with the target that is taken for it
    REDIRECT = 'redirect', ('target', )
    #: how many pages are mentioned and not taken
    MENTIONED = 'mentioned', ('count', 'titles')
    #: how many pages of the target show a page that is to be changed
    USERS = 'users', ('count', )
    #: pages that run as code for others, or belong to the interface, and
    #: that the operator allows
    ALLOWED_CODE = 'allowed-code', ('count', 'titles')
    #: pages that the account may not write to, in the target's own words
    REFUSED = 'refused', ('says', 'count', 'titles')
    #: those of them that are pages of other users, which the target may
    #: keep to them, and the right that the account lacks
    USER_PAGES = 'user-pages', ('right', 'count', 'titles')

    #: words of the source's language that the target does not know:
    #: redirects that are none there, categories and files that are links
    WORDS = 'words', ('count', 'words', 'needed_by')
    #: a namespace of the source by whose name the target leads to another
    #: wiki
    OTHER_WIKI = 'other-wiki', ('prefix', 'needed_by')
    #: pages of files, of which the description comes and not the file
    FILE_PAGES = 'file-pages', ('count', 'titles')

    #: how many pages are uploaded for one reason
    ROUTE = 'route', ('because', 'count')
    #: pages whose move to their title leaves a redirect behind
    REDIRECT_STAYS = 'redirect-stays', ('count', 'titles')
    #: how many interwiki calls it takes
    CALLS = 'calls', ('count', )
    #: about how many uploads it takes
    UPLOADS = 'uploads', ('count', )
    #: about how many minutes it takes, for the pauses between writes
    DURATION = 'duration', ('minutes', 'count', 'pause')
    #: what becomes of the authors, and how many edits each has
    AUTHORS = 'authors', ('authors', )
    #: names that become local accounts, which nothing proves to be the same
    #: people on both wikis
    UNPROVED = 'unproved', ('count', 'names')
    #: names of -authors:FILE that no author has
    UNMATCHED = 'unmatched', ('count', 'names')
    #: the target does not know the prefix that goes before authors' names
    PREFIX_UNKNOWN = 'prefix-unknown', ('prefix', )
    #: the target has the prefix that goes before authors' names as that of
    #: another wiki
    PREFIX_OTHER = 'prefix-other', ('prefix', 'there', 'source')
    #: the target keeps the address of who imports; said before the first
    #: run into it
    ADDRESS = 'address', ('release', )
    #: how many revisions of a file have a sha1 that is not that of their
    #: text
    EDITED = 'edited', ('count', 'titles')
    #: how many revisions the source hides in part, so that only their time
    #: can be compared
    HIDDEN = 'hidden', ('count', )

    #: pages whose text keeps bots out, so that they are not cleaned up
    CLEANUP_NOBOTS = 'cleanup-nobots', ('count', 'titles')
    #: pages that are not cleaned up, because the wiki would sign or
    #: substitute in their text when it is saved
    CLEANUP_TRANSFORMED = 'cleanup-transformed', ('count', 'titles')
    #: the template of a source note, which the target does not have
    CLEANUP_TEMPLATE = 'cleanup-template'

    #: an imported page transcludes in vain on the target
    MISSING_TEMPLATE = 'missing-template', ('template', ), ('on_source', )
    #: how many script errors an imported page shows on the target
    SCRIPT_ERRORS = 'script-errors', ('count', )

    #: tags and functions that pages show on the target as text
    RAW_TEXT = 'raw-text', ('name', 'count', 'titles')
    #: how many of the imported pages were looked at on the target
    LOOKED_AT = 'looked-at', ('count', 'total')

    #: the run that is undone did not come to its end
    UNDO_UNFINISHED = 'undo-unfinished', ('run', )
    #: pages in whose history the source's revisions stay after an undo
    HISTORY_STAYS = 'history-stays', ('count', 'titles')
    #: pages out of whose history an undo moves the source's revisions
    HISTORY_LEAVES = 'history-leaves', ('count', 'titles')
    #: pages in whose history those revisions lie between the wiki's own in
    #: too many parts for that
    HISTORY_INTERWOVEN = 'history-interwoven', ('count', 'titles')
    #: a page that an undo leaves alone for revisions that no run brought
    OTHERS_BENEATH = 'others-beneath', ('count', 'revisions')
    #: a page that an undo deletes and that others go on using
    STILL_USED = 'still-used', ('count', 'needed_by'), ('more', )

    #: what another release wrote down and this one has no words for
    OTHER = 'other', ('said', )


@dataclass(frozen=True, slots=True)
class AuthorEdits:

    """An author of what is sent.

    :param name: on the source
    :param becomes: the name that the edits get on the target
    :param edits: how many there are
    """

    name: str
    becomes: str
    edits: int


class NoteValues(TypedDict, total=False):

    """All that notes can hold besides their kind and page."""

    #: those whose edits are sent
    authors: tuple[AuthorEdits, ...]
    #: why pages are uploaded
    because: str
    #: how many there are
    count: int
    #: the page that the target has instead
    equivalent: str
    #: that it takes
    minutes: int
    #: whether there are more than were counted
    more: bool
    #: of what the target lacks
    name: str
    #: of accounts
    names: tuple[str, ...]
    #: titles of the pages that use it
    needed_by: tuple[str, ...]
    #: whether the source has what the target lacks
    on_source: bool
    #: seconds between two writes
    pause: int
    #: of an interwiki link
    prefix: str
    #: of MediaWiki, as the wiki says it
    release: str
    #: of the target page to the source page
    relation: str
    #: their ids
    revisions: tuple[int, ...]
    #: name of a right
    right: str
    #: number of a run
    run: int
    #: the JSON of a note of another release
    said: str
    #: sentence of a wiki
    says: str
    #: host of the source
    source: str
    #: where a redirect leads
    target: str
    #: the page that is looked for
    template: str
    #: host that the target's prefix leads to
    there: str
    #: the first of the pages that it is about
    titles: tuple[str, ...]
    #: of how many it is the count
    total: int
    #: tag, function, library, content model or slot
    what: str
    #: of the source's language
    words: tuple[str, ...]


@dataclass(frozen=True)
class Note:

    """One thing that a person should know.

    :param kind: what it says
    :param page: full title of the page that it is about, the first of
        several, empty for none
    :param values: what else it holds, by names that its kind has
    :raises ValueError: its kind has other names
    """

    kind: NoteKind
    page: str
    values: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        names = {name for name, _value in self.values}
        if not (self.kind.names <= names
                <= self.kind.names | self.kind.optional):
            raise ValueError(f'a note "{self.kind.value}" does not hold '
                             f'{sorted(names)}')

    @classmethod
    def of(cls, kind: NoteKind, page: str,
           values: NoteValues | None = None) -> Note:
        """Return a note.

        :param kind: what it says
        :param page: full title of the page that it is about
        :param values: what else it holds
        """
        return cls(kind, page, tuple((values or {}).items()))

    def _holds(self) -> NoteValues:
        values: Any = dict(self.values)
        held: NoteValues = values
        return held

    @property
    def authors(self) -> tuple[AuthorEdits, ...]:
        """Those whose edits are sent."""
        return self._holds().get('authors', ())

    @property
    def because(self) -> str:
        """Why pages are uploaded."""
        return self._holds().get('because', '')

    @property
    def count(self) -> int:
        """How many there are, as far as they were counted."""
        return self._holds().get('count', 0)

    @property
    def has_more(self) -> bool:
        """Whether there are more than were counted."""
        return self._holds().get('more', False)

    @property
    def needed_by(self) -> tuple[str, ...]:
        """Titles of the pages that use what it is about."""
        return self._holds().get('needed_by', ())

    @property
    def titles(self) -> tuple[str, ...]:
        """The first of the pages that it is about."""
        return self._holds().get('titles', ())

    @property
    def is_news(self) -> bool:
        """Whether it came about by the import: the source shows it not."""
        return self._holds().get('on_source', True)

    @property
    def pages(self) -> tuple[str, ...]:
        """Titles of all pages that it names, on whichever wiki."""
        held = self._holds()
        first = (self.page, ) if self.page else ()
        return (*first, *held.get('titles', ()), *held.get('needed_by', ()))

    @property
    def said(self) -> str:
        """The JSON of a note of another release."""
        return self._holds().get('said', '')

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        if self.kind is NoteKind.OTHER:
            return dict(json.loads(self.said))
        return {'kind': self.kind.value, 'page': self.page,
                **{name: _plain(value) for name, value in self.values}}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [asdict(item) if isinstance(item, AuthorEdits) else item
                for item in value]
    return value


def sorted_notes(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes by kind and page."""
    return tuple(sorted(notes, key=lambda note: (
        note.kind.value, note.page, str(note.values))))


def notes_from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Note, ...]:
    """Return notes from their JSON form, whatever release wrote it.

    :param rows: the ``notes`` of a plan, report or undo
    """
    return tuple(map(_from_json, rows))


def _from_json(data: Mapping[str, Any]) -> Note:
    try:
        return Note(NoteKind(data['kind']), data['page'], tuple(
            (name, _frozen(name, value)) for name, value in data.items()
            if name not in ('kind', 'page')))
    except (KeyError, TypeError, ValueError):
        return Note.of(NoteKind.OTHER, '', {
            'said': json.dumps(data, ensure_ascii=False)})


def _frozen(name: str, value: Any) -> Any:
    if name == 'authors':
        return tuple(AuthorEdits(**row) for row in value)
    return tuple(value) if isinstance(value, list) else value
