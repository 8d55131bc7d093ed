"""Times and durations as people read them in every language."""
from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timezone


__all__ = ('duration', 'moment')


def moment(time: str) -> str:
    """Return a time to the second, in UTC.

    :param time: ISO 8601; anything else is returned as it is
    """
    with suppress(ValueError):
        return f'{_read(time):%Y-%m-%d %H:%M:%S} UTC'
    return time


def duration(start: str, end: str) -> str:
    """Return how long something took, empty where nobody knows.

    :param start: ISO 8601
    :param end: the same
    """
    try:
        seconds = int((_read(end) - _read(start)).total_seconds())
    except ValueError:
        return ''
    hours, minutes = seconds // 3600, seconds // 60 % 60
    parts = ((hours, 'h'), (minutes, 'min'), (seconds % 60, 's'))
    return ' '.join(f'{number} {unit}' for number, unit in parts
                    if number or unit == 's') if seconds >= 0 else ''


def _read(time: str) -> datetime:
    # Python 3.10 knows no Z.
    read = datetime.fromisoformat(time.replace('Z', '+00:00'))
    return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)
            ).astimezone(timezone.utc)
