"""In whose names revisions arrive: one rule, listed in the plan.

MediaWiki's importer writes ``prefix>Name``, leaves IP addresses and names
with a ``>`` as they are, and breaks off with the whole upload on a name
that no account can have (measured on 1.39 and 1.43). It takes any name,
however odd, behind a prefix that is there already: so odd names get the
prefix from us.
"""
from __future__ import annotations

import ipaddress
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from importbot.model.errors import UsageError
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MAIN


__all__ = ('Authors', 'count_authors', 'disagreeing', 'is_odd',
           'read_mapping')

_MAX_BYTES = 255
_CUT = '…'
_NOBODY = 'Unknown user'

_OLD_ADDRESS = re.compile(r'(?:\d{1,3}\.){3}xxx')
_TEMPORARY = re.compile(r'~[0-9]{4}-[0-9-]+')
_ODD = re.compile(
    '[\x00-\x1f#<\\[\\]|{}/\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f'
    '\ufeff\ufffd\ud800-\udfff]'
    '|~~~|%[0-9A-Fa-f]{2}|&[^ ;]+;|^[\\s_]|[\\s_]$|^[:>]'
    r'|^\.{1,2}$')


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(_OLD_ADDRESS.fullmatch(name))
    return True


def _stays(name: str) -> bool:
    """Whether the importer leaves a name as it is."""
    return (_is_address(name) or bool(_TEMPORARY.fullmatch(name))
            or name.find('>') > 0)


def is_odd(name: str, prefix: str, target: SiteInfo) -> bool:
    """Return whether the importer may choke on a bare name.

    Rather one too many: a name that was not odd after all arrives as it
    would have anyway.

    :param name: on the source, not hidden
    :param prefix: interwiki prefix of the source
    :param target: settings of the target
    """
    if _stays(name):
        return len(name.encode()) > _MAX_BYTES
    before, colon, _rest = name.partition(':')
    return (not name or bool(_ODD.search(name))
            or len(f'{prefix}>{name}'.encode()) > _MAX_BYTES
            or bool(colon) and _means_something(before.strip(), target))


def _means_something(before: str, target: SiteInfo) -> bool:
    """Whether the target reads what stands before a colon as a prefix."""
    return (target.namespace_number(before) not in (None, MAIN)
            or before.lower() in target.interwiki_prefixes)


@dataclass(frozen=True)
class Authors:

    """What becomes of authors' names.

    :param mode: ``prefix``, ``local`` or ``file``; the values of
        ``-authors:``
    :param prefix: put before names
    :param mapping: names on the target by names on the source
    :param target: settings of the target
    """

    mode: str
    prefix: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    target: SiteInfo = field(repr=False, default=SiteInfo('', '', '', {}))

    @property
    def assigns_known_users(self) -> bool:
        """Whether names of local accounts become those accounts."""
        return self.mode in ('local', 'file')

    def written(self, name: str) -> str | None:
        """Return the name to write in an upload, None to leave it.

        With a file of names all others get the prefix from us, because
        the importer is told to look for local accounts.

        :param name: on the source, not hidden
        """
        if self.mode == 'file' and name in self.mapping:
            return self.mapping[name]
        if is_odd(name, self.prefix, self.target) or (
                self.mode == 'file' and not _stays(name)):
            return self._prefixed(name)
        return None

    def becomes(self, name: str, known: Set[str] = frozenset()) -> str:
        """Return the name that is shown on the target.

        :param name: on the source
        :param known: names of local accounts, where those count
        """
        written = self.written(name)
        if written is not None:
            return written
        if _stays(name) or (self.mode == 'local' and name in known):
            return name
        return self._prefixed(name)

    def needs_upload(self, names: Iterable[str]) -> bool:
        """Return whether an interwiki import cannot bring some names.

        :param names: on the source, without hidden ones
        """
        return any(self.written(name) is not None for name in names)

    def _prefixed(self, name: str) -> str:
        whole = name if _stays(name) else f'{self.prefix}>{name or _NOBODY}'
        raw = whole.encode()
        if len(raw) <= _MAX_BYTES:
            return whole
        room = _MAX_BYTES - len(_CUT.encode())
        return raw[:room].decode('utf-8', 'ignore') + _CUT


def count_authors(revisions: Iterable[Revision]) -> Counter[str]:
    """Return how many revisions each author has; hidden ones are nobody's.

    :param revisions: of one or more pages
    """
    return Counter(revision.user for revision in revisions
                   if revision.user or not revision.hidden)


def read_mapping(text: str, name: str) -> dict[str, str]:
    """Return the names of a file, as ``Source name = Target name`` a line.

    :param text: its content; a JSON object is understood as well
    :param name: of the file
    :raises UsageError: a line that makes no sense
    """
    text = text.removeprefix('\ufeff')
    if text.lstrip().startswith('{'):
        return _read_json(text, name)
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith('#'):
            continue
        here, sign, there = _split(line)
        where = f'Line {number} of {name}'
        if not sign:
            raise UsageError(f'{where} does not say what becomes of '
                             f'"{line.strip()}"; write: Name = Name here')
        _add(found, here, there, where)
    return found


def _split(line: str) -> tuple[str, str, str]:
    sign = next((sign for sign in ('\t', ' = ', '=') if sign in line), '')
    return line.partition(sign) if sign else (line, '', '')


def _read_json(text: str, name: str) -> dict[str, str]:
    try:
        data: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise UsageError(f'{name} is no JSON: {error}') from None
    found: dict[str, str] = {}
    for here, there in data.items():
        if not isinstance(there, str):
            raise UsageError(f'{name} says for "{here}" what is no name')
        _add(found, here, there, name)
    return found


def _add(found: dict[str, str], here: str, there: str, where: str) -> None:
    here, there = _normalized(here), _normalized(there)
    if not here or not there:
        raise UsageError(f'{where} lacks a name; write: Name = Name here')
    if _ODD.search(there) or '>' in there or _is_address(there):
        raise UsageError(f'{where}: "{there}" can be no account; give the '
                         'name of one on the target')
    if found.setdefault(here, there) != there:
        raise UsageError(f'{where} says for the second time what becomes of '
                         f'"{here}", and something else; leave one out')


def _normalized(name: str) -> str:
    name = ' '.join(name.replace('_', ' ').split())
    return name[:1].upper() + name[1:]


def disagreeing(source: Mapping[str, Mapping[str, int]],
                target: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return names that nothing proves to be the same person's, sorted.

    Names agree if a provider that both wikis share has one id for both;
    ``local`` is each wiki's own counting.

    :param source: central ids by name and provider
    :param target: the same; names without an account are left out
    """
    return sorted(name for name, ids in target.items()
                  if not _agree(source.get(name, {}), ids))


def _agree(ours: Mapping[str, int], theirs: Mapping[str, int]) -> bool:
    return any(number and provider != 'local'
               and ours.get(provider) == number
               for provider, number in theirs.items())
