"""What somebody has to look at, by what the journal knows."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from importbot.model.health import (
    LACKS_RIGHT,
    Finding,
    HealthKind,
    JournalHealth,
    WikiHealth,
)


__all__ = ('ago', 'findings_of_journal', 'findings_of_wiki')

#: Bytes beside a SQLite file below which a run may come to no end.
_LITTLE = 200_000_000
#: The state of requests that wait for a right of the bot.
_FOR_OPERATOR = 'operator'
#: Errors of a configuration that is not as it should be.
_OF_CONFIGURATION = frozenset({'ConfigurationError', 'UntrustedTextError'})


def findings_of_journal(journal: JournalHealth,
                        schema: int) -> Iterator[Finding]:
    """Yield what is not as it should be with the journal.

    :param journal: as it is
    :param schema: that this release writes
    """
    if journal.schema is not None and journal.schema != schema:
        yield Finding(HealthKind.SCHEMA, (
            f'the journal has schema {journal.schema}, and this release '
            f'writes {schema}: the next pass lifts it'))
    if journal.free is not None and journal.free < max(
            _LITTLE, journal.size or 0):
        yield Finding(HealthKind.SPACE, (
            f'only {journal.free // 1_000_000} MB are free beside the '
            f'journal of {(journal.size or 0) // 1_000_000} MB'))


def findings_of_wiki(wiki: WikiHealth, at: str,
                     hours: int) -> Iterator[Finding]:
    """Yield what is not as it should be with the work on a wiki.

    :param wiki: as it is
    :param at: the time now, ISO 8601
    :param hours: since the last good pass, that are too many
    """
    yield from _of_passes(wiki, at, hours)
    waiting = wiki.waiting.get(_FOR_OPERATOR, 0)
    if wiki.latest and wiki.latest.cause == LACKS_RIGHT:
        yield Finding(HealthKind.RIGHT, (
            'the account is blocked or lacks a right, so that it can import '
            'nothing'))
    elif waiting:
        yield Finding(HealthKind.RIGHT, (
            f'{_counted(waiting, "request")} wait for a right of the bot'
            if waiting > 1 else '1 request waits for a right of the bot'))
    if wiki.unfinished:
        numbers = ', '.join(map(str, wiki.unfinished[:5]))
        yield Finding(HealthKind.UNFINISHED, (
            f'{_counted(len(wiki.unfinished), "run")} did not come to an '
            f'end: {numbers}'))
    for lease in wiki.lapsed:
        what = f'run {lease.run}' if lease.run else 'a pass'
        yield Finding(HealthKind.LEASE, (
            f'{lease.holder} holds the lease of {what} and shows no sign of '
            'life'))


def _of_passes(wiki: WikiHealth, at: str, hours: int) -> Iterator[Finding]:
    latest = wiki.latest
    if latest is None:
        yield Finding(HealthKind.NO_PASS,
                      'no pass of importrequests is recorded')
        return
    if latest.state == 'error':
        kind = (HealthKind.CONFIGURATION if latest.cause in _OF_CONFIGURATION
                else HealthKind.FAILING)
        count = _counted(wiki.failing, 'pass', 'passes')
        yield Finding(kind, (
            f'{count} failed since {_short(wiki.failing_since)}: '
            f'{latest.detail}'))
    elif latest.state == 'stopped':
        yield Finding(HealthKind.STOPPED,
                      f'the last pass was stopped: {latest.detail}')
    # Told to stop, it is not late; a job that does not start is.
    if _age(latest.ended, at) > timedelta(hours=hours) or (
            latest.state == 'error' and (wiki.good is None or _age(
                wiki.good.ended, at) > timedelta(hours=hours))):
        good = (f'the last good pass was {ago(wiki.good.ended, at)} ago'
                if wiki.good else 'no pass was ever good')
        yield Finding(HealthKind.LATE, good)


def ago(then: str, at: str) -> str:
    """Return how long ago something was, for people.

    :param then: when it was, ISO 8601
    :param at: the time now, ISO 8601
    """
    minutes = int(_age(then, at).total_seconds() // 60)
    if minutes < 2 * 60:
        return f'{minutes} min'
    return (f'{minutes // 60} h' if minutes < 48 * 60
            else f'{minutes // (24 * 60)} days')


def _age(then: str, at: str) -> timedelta:
    return datetime.fromisoformat(at) - datetime.fromisoformat(then)


def _short(time: str) -> str:
    return time.partition('+')[0].replace('T', ' ')


def _counted(count: int, one: str, many: str = '') -> str:
    return f'{count} {one if count == 1 else many or one + "s"}'
