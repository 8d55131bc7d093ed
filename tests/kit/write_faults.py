"""A job that writes in every way the bot has, and faults for its writes."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from importbot.planning import steps
from tests.kit.proxy import Exchange, Proxy
from tests.kit.relations import A, B, C
from tests.kit.support import Box, write_histories
from tests.kit.undo_wikis import Bench, bench_of


#: Revisions above which one takes two calls here, so that they are few.
_LONG = 9
#: An interwiki import of it takes more than one call.
LONG = [(f'2015-01-01T00:{minute:02}:00Z', f'Text {minute}.')
        for minute in range(_LONG + 1)]
#: Jobs whose pages are made together.
_AT_ONCE = 15
#: Actions of the API that write, of those that the bot uses.
WRITES = frozenset({'delete', 'edit', 'import', 'mergehistory', 'move',
                    'undelete'})


def _says(code: str, status: int = 200) -> dict[str, Any]:
    """Return an error of the API, nothing done or all of it taken back."""
    return {'forwards': False, 'status': status, 'headers': {
        'Content-Type': 'application/json', 'MediaWiki-API-Error': code},
        'body': json.dumps({'error': {'code': code, 'info': 'No.'}}).encode()}


#: What is done to a write, by name. The first three let it be done.
FAULTS: Mapping[str, Mapping[str, Any]] = {
    'the answer is lost': {},
    'the answer is cut': {'part': 10},
    'HTTP 503, done': {'status': 503},
    'reset': {'forwards': False},
    'HTTP 429': {'forwards': False, 'status': 429,
                 'headers': {'Retry-After': '1'}},
    'HTTP 500': {'forwards': False, 'status': 500},
    'HTTP 503': {'forwards': False, 'status': 503},
    'deadlock': _says('databaseerror-text', 500),
    'broken off': _says('internal_api_error_DBQueryError', 500),
    'maxlag': _says('maxlag'),
    'readonly': _says('readonly'),
    'token': _says('badtoken'),
}


def is_write(exchange: Exchange) -> bool:
    """Return whether a request is to change the wiki."""
    return (exchange.method == 'POST'
            and exchange.parameters.get('action') in WRITES)


@dataclass
class NthWrite:

    """Hits the nth write that comes by, and no other.

    :param number: which, the first is 1
    """

    number: int
    _seen: int = field(default=0, init=False)

    def __call__(self, exchange: Exchange) -> bool:
        """Return whether this is the one."""
        self._seen += is_write(exchange)
        return is_write(exchange) and self._seen == self.number


@dataclass(frozen=True)
class Done:

    """What a job left, without what differs from one to the next.

    :param imported: every page of it after the import
    :param undone: the same after the undo
    :param writes: actions that the wiki carried out or answered
    """

    imported: Any
    undone: Any
    writes: tuple[str, ...]


class Jobs:

    """The same import and undo, as often as wanted, of new pages.

    :param box: two empty wikis
    """

    def __init__(self, box: Box) -> None:
        self._box = box
        self._made = 0
        self._numbers: list[int] = []
        box.on_target().edit('Template:Imported', 'From {{{1}}}:{{{2}}}')

    def _number(self) -> int:
        """Return the number of the next job; there are pages for it."""
        if not self._numbers:
            more = range(self._made, self._made + _AT_ONCE)
            folder, box = self._box.folder, self._box
            write_histories(box.source_tree, folder / 'source', 'old', {
                title: history for number in more for title, history
                in zip(_titles(number), ([A, B, C], [A, B, C], LONG),
                       strict=False)})
            write_histories(box.target_tree, folder / 'target', 'en', {
                _titles(number)[1]: [A, B] for number in more})
            self._made += _AT_ONCE
            self._numbers += more
        return self._numbers.pop(0)

    @property
    def proxy(self) -> Proxy:
        """What stands before the target."""
        return self._box.target

    def run(self, folder: Path, **policy: Any) -> Done:
        """Import some pages and undo it.

        A new page, and one with a long history that gets another title, are
        cleaned up; of a third, the text of the target stays.
        """
        number = self._number()
        titles: tuple[str, ...]
        plain, kept, moved, there = titles = _titles(number)
        before = len(self.proxy.reached)
        with bench_of(self._box, 'user', folder) as bench, patch.object(
                steps, 'TWO_CALLS_ABOVE', _LONG):
            bench.server_limit = 1  # this wiki answers within one
            report = bench.run(
                plain, kept, moved, templates='none', existingpages='keep',
                titlemap=((moved, there), ), post=('note:Imported', ),
                **policy)
            assert report.went_as_planned, report.results
            titles = *titles, f'User:{bench.account}/importing/{moved}'
            imported = _state(bench, titles, number)
            undo = bench.undo(report.run)
            assert undo.went_as_planned, undo.results
            return Done(imported, _state(bench, titles, number), tuple(
                exchange.parameters['action']
                for exchange in self.proxy.reached[before:]
                if is_write(exchange)))

    @contextmanager
    def fault(self, name: str, number: int) -> Iterator[Any]:
        """Let a fault strike at a write; yield it.

        :param name: of :data:`FAULTS`
        :param number: of the write, the first is 1
        """
        with self.proxy.broken(hits=NthWrite(number), **FAULTS[name]):
            yield self.proxy.faults[-1]


def _titles(number: int) -> tuple[str, str, str, str]:
    plain, kept, moved, there = (
        f'{name} {_letters(number)}'
        for name in ('Plain', 'Kept', 'Moved', 'There'))
    return plain, kept, moved, there


def _letters(number: int) -> str:
    """Return a number so that it is told from ids of revisions."""
    return 'X' + ''.join('abcdefghij'[int(digit)] for digit in str(number))


def _state(bench: Bench, titles: tuple[str, ...], number: int) -> Any:
    """Return pages with histories and log entries, less what differs."""
    def bare(value: Any) -> str:
        text = re.sub(rf'\b(\w+[ _]){_letters(number)}\b', r'\1N', str(value))
        # An upload that failed is sent again in parts: of a single page the
        # summary names that.
        text = re.sub(r'Import from \[\[:en:\]\], same titles, run \d+',
                      'Import of [[:en:Several N]], revision #', text)
        text = re.sub(r'Import of \[\[:en:(Plain|Kept) N\]\], revision \d+',
                      'Import of [[:en:Several N]], revision #', text)
        return re.sub(r'(revision |\|)\d+', r'\1#', text)

    pages = []
    for title in titles:
        history = bench.admin.history(title)
        places = {row['revid']: place for place, row in enumerate(history)}
        pages.append((
            bare(title),
            [(row['user'], bare(row['comment']),
              row['user'] == bench.account or row['timestamp'],
              places.get(row['parentid'], bool(row['parentid'])))
             for row in history],
            bare(bench.admin.text(title)) if history else '',
            [(row['type'], row['action'], bare(row['comment']),
              bare(row['params']))
             for row in bench.admin.all('logevents', list='logevents',
                                        letitle=title, lelimit='max')]))
    return pages
