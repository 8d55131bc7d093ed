"""What is wrong with a bot is told once, and again only after a day."""
from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.journal import Journal, now
from importbot.journal.tables import AlarmRow, rows_of


__all__ = ('REMINDED', 'Alarms')

#: After so long the same is told again.
REMINDED = timedelta(days=1)
#: What was not seen for so long is over, and news when it comes back; a wiki
#: that is up and down by turns is not.
_OVER = timedelta(hours=1)

#: What differs each time that the same is said: numbers, and ids.
_VARIES = re.compile(r'[0-9a-f]*\d[0-9a-f]*', re.IGNORECASE)


class Alarms:

    """What is wrong with the work on a wiki, and was told.

    It is read once and written down by :meth:`save`, so that something may
    be told at any moment, also while the journal is being written to.

    :param journal: where it is kept
    :param target_api: address of the wiki's API
    """

    def __init__(self, journal: Journal, target_api: str) -> None:
        self._journal = journal
        self._target_api = target_api
        self._known = {alarm.digest: alarm for alarm in self._read()}
        self._former = dict(self._known)

    def _read(self) -> list[AlarmRow]:
        table = tables.alarms
        with self._journal.transaction() as connection:
            return rows_of(AlarmRow, connection.execute(
                sa.select(table).where(
                    table.c.target_api == self._target_api).order_by(
                    table.c.since, table.c.digest)))

    @property
    def standing(self) -> tuple[AlarmRow, ...]:
        """All that was wrong lately, the oldest first."""
        return tuple(self._known.values())

    def is_news(self, text: str) -> bool:
        """Note that something is wrong; return whether to tell it now.

        It is told for the first time, and again when that was long ago.

        :param text: what is wrong; numbers in it may differ
        """
        digest, at = _digest(text), now()
        known = self._known.get(digest)
        if known is None:
            self._known[digest] = AlarmRow(
                target_api=self._target_api, digest=digest, text=text,
                since=at, seen=at, told=at)
            return True
        is_due = _age(known.told, at) >= REMINDED
        self._known[digest] = replace(
            known, text=text, seen=at, told=at if is_due else known.told,
            times=known.times + 1)
        return is_due

    def known(self, text: str) -> AlarmRow | None:
        """Return what is known of something that is wrong.

        :param text: as for :meth:`is_news`
        """
        return self._known.get(_digest(text))

    def is_unsaid(self, text: str, page: str) -> bool:
        """Note that a page of the wiki says that something is wrong.

        :param text: what is wrong
        :param page: full title
        :return: whether it did not say so yet
        """
        digest, at = _digest(f'{page}: {text}'), now()
        known = self._known.get(digest)
        self._known[digest] = replace(
            known, seen=at, times=known.times + 1) if known else AlarmRow(
            target_api=self._target_api, digest=digest, text=text, since=at,
            seen=at, told=at, said_at=page)
        return known is None

    def said_no_more(self, text: str = '', page: str = '') -> list[str]:
        """Return the pages that say that something is wrong; it is over.

        :param text: what is wrong as before, empty for nothing
        :param page: full title of the page that says so
        """
        still = _digest(f'{page}: {text}') if text else ''
        over = [alarm for alarm in self._known.values()
                if alarm.said_at and alarm.digest != still]
        for alarm in over:
            del self._known[alarm.digest]
        return list(dict.fromkeys(alarm.said_at for alarm in over))

    def save(self) -> None:
        """Write it down, without what is over."""
        at, table = now(), tables.alarms
        self._known = {
            digest: alarm for digest, alarm in self._known.items()
            if alarm.said_at or _age(alarm.seen, at) < _OVER}
        if self._known == self._former:
            return
        with self._journal.transaction() as connection:
            connection.execute(table.delete().where(
                table.c.target_api == self._target_api))
            if self._known:
                connection.execute(table.insert(), [
                    vars(alarm) for alarm in self._known.values()])
        self._former = dict(self._known)


def _digest(text: str) -> str:
    return hashlib.sha256(_VARIES.sub('#', text).encode(
        'utf-8', 'replace')).hexdigest()


def _age(then: str, at: str) -> timedelta:
    return datetime.fromisoformat(at) - datetime.fromisoformat(then)
