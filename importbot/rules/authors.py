"""In whose names revisions arrive: one rule, listed in the plan.

MediaWiki's importer writes ``prefix>Name``, leaves IP addresses and names
with a ``>`` as they are, and breaks off with the whole upload on a name
that no account can have (measured on 1.39 and 1.43). It takes any name,
however odd, after a prefix that is there already: so odd names get the
prefix from us.
"""
from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from importbot.model.addresses import is_address
from importbot.model.errors import UsageError
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo, tidy
from importbot.model.titles import MAIN


__all__ = ('Authors', 'canonical_name', 'count_authors', 'disagreeing',
           'is_odd', 'plain_name', 'read_mapping')

_MAX_BYTES = 255
_CUT = '…'
_NOBODY = 'Unknown user'

_TEMPORARY = re.compile(r'~[0-9]{4}-[0-9-]+')
_USER = re.compile('^user ?: ?', re.IGNORECASE)
#: Between two names, the plainest first: names have signs of their own.
_SIGNS = tuple(map(re.compile, (r'\s=\s', '=\t|\t=?', '=')))
#: What XML cannot carry; no wiki should have such a name.
_UNWRITABLE = re.compile('[\x00-\x1f\ud800-\udfff\ufffe\uffff]')
#: A ``~`` in front is bare on 1.43, which keeps it for temporary accounts,
#: and gets the prefix on 1.39.
_ODD = re.compile(
    '[\x00-\x1f#<\\[\\]|{}/\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f'
    '\ue000-\uf8ff\ufeff\ufffd-\uffff\ud800-\udfff]'
    '|~~~|%[0-9A-Fa-f]{2}|&[^ ;]+;|^[\\s_]|[\\s_]$|^[:>~]'
    r'|^\.{1,2}$')
#: ``$wgReservedUsernames``: the importer takes them for its own wiki's.
#: Some more are messages, in words that no API tells.
_SYSTEM = frozenset({
    'MediaWiki default', 'Conversion script', 'Maintenance script',
    'Template namespace initialisation script', 'ScriptImporter',
    'Delete page script', 'Move page script', 'Command line script',
    'Unknown user'})


def _is_range(name: str) -> bool:
    """Whether a name is two addresses; those with a slash are odd anyway."""
    first, _dash, last = name.partition('-')
    return is_address(first.strip()) and is_address(last.strip())


def _stays(name: str) -> bool:
    """Whether the importer leaves a name as it is."""
    return (is_address(name) or bool(_TEMPORARY.fullmatch(name))
            or _is_external(name))


def _is_external(name: str) -> bool:
    return name.find('>') > 0


def is_odd(name: str, prefix: str, target: SiteInfo) -> bool:
    """Return whether the importer may choke on a bare name.

    Rather one too many: a name that was not odd after all arrives as it
    would have anyway. An empty name is odd, for the importer takes it for
    the bot; that of a revision that hides its author is the caller's to
    leave alone.

    :param name: on the source, not hidden
    :param prefix: put before names
    :param target: settings of the target
    """
    if _stays(name):
        return (bool(_UNWRITABLE.search(name))
                or len(name.encode()) > _MAX_BYTES)
    before, colon, _rest = name.partition(':')
    return (not name or bool(_ODD.search(name)) or _is_range(name)
            or len(f'{prefix}>{name}'.encode()) > _MAX_BYTES
            or bool(colon) and _means_something(before, target))


def _means_something(before: str, target: SiteInfo) -> bool:
    """Whether the target reads what stands before a colon as a prefix."""
    before = before.replace('_', ' ').strip()
    return (target.namespace_number(before) not in (None, MAIN)
            or before.lower() in target.interwiki_prefixes)


@dataclass(frozen=True)
class Authors:

    """What becomes of authors' names.

    :param mode: ``prefix``, ``local`` or ``file``; the values of
        ``-authors:``
    :param prefix: put before names, without ``>``
    :param mapping: names on the target by names on the source
    :param target: settings of the target
    """

    mode: str
    prefix: str
    mapping: Mapping[str, str]
    target: SiteInfo

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
        if self.mode == 'file' and (
                there := self.mapping.get(canonical_name(name))):
            return there
        if is_odd(name, self.prefix, self.target) or (
                self.mode == 'file' and not _stays(name)):
            return self._prefixed(name)
        return None

    def becomes(self, name: str, accounts: Set[str] = frozenset()) -> str:
        """Return the name that is shown on the target.

        Temporary accounts are said to keep their names, as they do on
        1.43; 1.39 does not know them and puts the prefix before them.

        :param name: on the source, not hidden
        :param accounts: names of local accounts, where those count
        """
        written = self.written(name)
        if written is not None:
            return written
        if self.mode == 'local' and canonical_name(name) in accounts:
            return canonical_name(name)
        if _stays(name) or name in _SYSTEM:
            return name
        return self._prefixed(name)

    def expected(self, name: str,
                 accounts: Set[str] | None = None) -> frozenset[str]:
        """Return the names that may be shown on the target for one.

        They are several where the release of the target or the route
        decides: of temporary accounts, and of the software's own.

        :param name: on the source, not hidden; in front of it a ``>`` where
            it stood for an address and is none
        :param accounts: names of local accounts, None where nobody knows
        """
        plain = name.removeprefix('>')
        names = {self.becomes(name, accounts or frozenset())}
        if (plain != name or plain in _SYSTEM
                or _TEMPORARY.fullmatch(plain)):
            names |= {self.becomes(plain), self.becomes(f'>{plain}')}
        if self.mode == 'local' and accounts is None:
            names.add(self.becomes(plain, {canonical_name(plain)}))
        return frozenset(names)

    @property
    def nobody(self) -> str:
        """The name that is shown where the source hides one."""
        return self._prefixed('')

    def needs_upload(self, names: Iterable[str]) -> bool:
        """Return whether an interwiki import cannot bring some names.

        :param names: on the source, without hidden ones
        """
        return bool(self.odd(names))

    def odd(self, names: Iterable[str]) -> list[str]:
        """Return the names that an interwiki import cannot bring.

        With a file of names these are all: it is we who write them.

        :param names: on the source, without hidden ones
        """
        return [name for name in names if self.mode == 'file'
                or is_odd(name, self.prefix, self.target)]

    def _prefixed(self, name: str) -> str:
        # A name of another wiki, which is not said, has its sign in front.
        whole = (name if _is_external(name)
                 else f'{self.prefix}>{name.lstrip(">") or _NOBODY}')
        whole = _UNWRITABLE.sub('\ufffd', whole)
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
    mapping: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith('#'):
            continue
        where = f'Line {number} of {name}'
        sign = next(filter(None, (sign.search(line) for sign in _SIGNS)),
                    None)
        if sign is None:
            raise UsageError(f'{where} does not say what becomes of '
                             f'"{line.strip()}"; write: Name = Name here')
        _add(mapping, line[:sign.start()], line[sign.end():], where)
    return mapping


def _read_json(text: str, name: str) -> dict[str, str]:
    try:
        # As pairs, so that a name that is there twice is seen.
        pairs: list[tuple[str, Any]] = json.loads(text,
                                                  object_pairs_hook=list)
    except ValueError as error:
        raise UsageError(f'{name} is no JSON: {error}; mend it, or write '
                         'one Name = Name here a line') from None
    mapping: dict[str, str] = {}
    for here, there in pairs:
        if not isinstance(there, str):
            raise UsageError(f'{name} says for "{here}" what is no name; '
                             'write {"Name": "Name here"}')
        _add(mapping, here, there, name)
    return mapping


def _add(mapping: dict[str, str], here: str, there: str, where: str) -> None:
    # What nobody sees in it would be gone from a name that is tidy.
    unseen = _ODD.search(there.strip(' \t\r\n_'))
    here, there = _normalized(here), _normalized(there)
    if not here or not there:
        raise UsageError(f'{where} lacks a name; write: Name = Name here')
    if (unseen or '>' in there or is_address(there)
            or _is_range(there) or len(there.encode()) > _MAX_BYTES):
        raise UsageError(f'{where}: "{there}" can be no account; give the '
                         'name of one on the target')
    if mapping.setdefault(here, there) != there:
        raise UsageError(f'{where} says for the second time what becomes of '
                         f'"{here}", and something else; leave one out')


def _normalized(name: str) -> str:
    return canonical_name(_USER.sub('', tidy(name)))


def canonical_name(name: str) -> str:
    """Return a name as MediaWiki spells it, whoever wrote it down.

    Addresses and names with a prefix are what they are.

    :param name: of an account
    """
    if '>' in name or is_address(name):
        return name
    name = tidy(name)
    capital = name[:1].title()
    # MediaWiki leaves letters alone whose capitals are several.
    return capital + name[1:] if len(capital) == 1 else name


def plain_name(name: str) -> str:
    """Return a name so that two spellings of it are equal.

    A prefix is what it is: ``en>Anna`` and ``En>Anna`` are two.

    :param name: as a wiki shows it
    """
    name = ' '.join(normalize('NFC', name).replace('_', ' ').split())
    return name if _is_external(name) else name[:1].upper() + name[1:]


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
