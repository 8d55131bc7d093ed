"""SQL on a wiki's database, whichever it is."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa


__all__ = ('run_sql', )


def run_sql(url: str, statement: str, /,
            **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement in a transaction of its own.

    :param url: of the database
    :param statement: in SQL, with ``:name`` where a value goes
    :param values: by name
    :return: the rows, with text where MediaWiki has bytes
    """
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        done = connection.execute(sa.text(statement), values)
        return [tuple(map(_text, row)) for row in done
                ] if done.returns_rows else []


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value
