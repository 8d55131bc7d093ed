"""What time it is for what decides: the database's time.

The clocks of machines differ. A server has one clock for all who use it. A
SQLite file has none: there, the kernel's stands for it, which is the same
for all processes of a machine, whatever time each of them is shown.
"""
from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


__all__ = ('database_time', 'has_clock', 'time_of')

_UPTIME = Path('/proc/uptime')
_STATE = Path('/proc/stat')
_BOOTED = 'btime '

#: Names that SQLAlchemy has for MariaDB.
_SERVERS = ('mysql', 'mariadb')
#: ISO 8601, as MariaDB spells the parts.
_FORMAT = '%Y-%m-%dT%H:%i:%s.%f+00:00'


class _Now(FunctionElement[str]):

    """The time within a statement, ISO 8601."""

    name = 'importbot_now'
    type = sa.String(32)
    inherit_cache = True


def database_time() -> sa.ColumnElement[str]:
    """Return the database's time, as a part of a statement.

    It is a text in ISO 8601 with microseconds, in UTC.
    """
    return _Now()


def time_of(connection: sa.Connection) -> str:
    """Return the database's time to the second, ISO 8601.

    :param connection: to that database
    """
    when = connection.execute(sa.select(database_time())).scalar_one()
    return datetime.fromisoformat(when).isoformat(timespec='seconds')


def has_clock(connection: sa.Connection) -> bool:
    """Return whether a database has one clock for all who use it.

    :param connection: to that database
    """
    return connection.dialect.name in _SERVERS


@compiles(_Now, *_SERVERS)
def _of_server(_now: _Now, compiler: Any, **options: Any) -> str:
    now = sa.func.utc_timestamp(sa.literal_column('6'))
    return str(compiler.process(
        sa.func.date_format(now, sa.literal(_FORMAT)), **options))


@compiles(_Now)
def _of_kernel(_now: _Now, compiler: Any, **options: Any) -> str:
    return str(compiler.process(sa.bindparam(
        None, callable_=_kernel_time, type_=_Now.type), **options))


def _kernel_time() -> str:
    """Return the kernel's time, to the second.

    What the C library says may be shifted for a process alone.
    """
    try:
        booted = next(int(line.removeprefix(_BOOTED)) for line
                      in _STATE.read_text(encoding='ascii').splitlines()
                      if line.startswith(_BOOTED))
        up = float(_UPTIME.read_text(encoding='ascii').split()[0])
        now = datetime.fromtimestamp(booted + up, timezone.utc)
    except (OSError, OverflowError, StopIteration, ValueError):
        now = datetime.now(timezone.utc)
    return now.isoformat(timespec='microseconds')
