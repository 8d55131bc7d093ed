"""Histories in the memory, packed into a few bytes a revision."""
from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import overload

from importbot.model.errors import BundleError
from importbot.model.revisions import Revision


__all__ = ('PackedHistory', 'Packer')

#: Role and content model of the slots of a revision.
_Slots = tuple[tuple[str, str], ...]

#: id, parent, time, size, numbers of the author and of the slots, flags,
#: SHA-1, place of the edit summary
_ROW = struct.Struct('<QQqIIHB20sQ')
_HIDDEN, _MINOR, _COMMENT = 1, 2, 4
#: Kinds of slots beyond which a file is none that MediaWiki writes.
_MOST_KINDS = 2 ** 16
_NO_SHA1 = bytes(20)


class PackedHistory(Sequence[Revision]):

    """Revisions in some 60 bytes each and their comment, newest first.

    :param rows: packed rows in the order of time
    :param users: names of the authors by number
    :param slots: roles and models of their slots by number
    :param comments: edit summaries in UTF-8, each ended by a NUL, which no
        XML can have
    """

    __slots__ = ('_comments', '_rows', '_slots', '_users')

    def __init__(self, rows: bytes, users: Sequence[str],
                 slots: Sequence[_Slots], comments: bytearray) -> None:
        self._rows = rows
        self._users = users
        self._slots = slots
        self._comments = comments

    def __len__(self) -> int:
        return len(self._rows) // _ROW.size

    @overload
    def __getitem__(self, index: int) -> Revision: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Revision]: ...

    def __getitem__(self,
                    index: int | slice) -> Revision | Sequence[Revision]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(
                len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        place = (len(self) - 1 - index) * _ROW.size
        (number, parent, when, size, user, slots, flags, sha1,
         comment) = _ROW.unpack_from(self._rows, place)
        return Revision(
            number, parent, _time(when), '' if sha1 == _NO_SHA1
            else sha1.hex(), self._users[user], bool(flags & _HIDDEN), size,
            self._slots[slots], self._comment(comment)
            if flags & _COMMENT else None, bool(flags & _MINOR))

    def _comment(self, place: int) -> str:
        end = self._comments.index(b'\0', place)
        return self._comments[place:end].decode()


def _time(when: int) -> str:
    return datetime.fromtimestamp(when, timezone.utc).strftime(
        '%Y-%m-%dT%H:%M:%SZ')


def _seconds(timestamp: str) -> int:
    return int(datetime.strptime(timestamp, '%Y-%m-%dT%H:%M:%SZ').replace(
        tzinfo=timezone.utc).timestamp())


class Packer:

    """Packs the histories of one source; names stand in it once.

    :param name: of the source, for sentences
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._users: list[str] = []
        self._numbers: dict[str, int] = {}
        self._slots: list[_Slots] = []
        self._kinds: dict[_Slots, int] = {}
        self._comments = bytearray(b'\0')
        self._last = '', 0

    def row(self, revision: Revision) -> bytes:
        """Return a revision as a row.

        :raises BundleError: it is made to fill the memory
        """
        number = self._numbers.setdefault(revision.user, len(self._users))
        if number == len(self._users):
            self._users.append(revision.user)
        return _ROW.pack(
            revision.id, revision.parent, _seconds(revision.timestamp),
            revision.size, number, self._kind(revision.slots),
            _HIDDEN * revision.hidden | _MINOR * bool(revision.is_minor)
            | _COMMENT * (revision.comment is not None),
            bytes.fromhex(revision.sha1) if revision.sha1 else _NO_SHA1,
            self._comment(revision.comment or ''))

    def _comment(self, text: str) -> int:
        """Return the place of an edit summary; bots repeat theirs."""
        if text and text != self._last[0]:
            self._last = text, len(self._comments)
            self._comments += text.encode() + b'\0'
        return self._last[1] if text else 0

    def _kind(self, slots: _Slots) -> int:
        number = self._kinds.setdefault(slots, len(self._slots))
        if number == len(self._slots):
            if number == _MOST_KINDS:
                raise BundleError(f'{self._name} has revisions of more than '
                                  f'{_MOST_KINDS} kinds of content; do not '
                                  'trust it')
            self._slots.append(slots)
        return number

    def history(self, rows: bytes) -> PackedHistory:
        """Return a history.

        :param rows: its rows in the order of time
        """
        return PackedHistory(rows, self._users, self._slots, self._comments)
