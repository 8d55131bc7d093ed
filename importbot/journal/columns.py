"""Columns of the journal, by the annotations of the fields of its rows."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from functools import partial
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT

from importbot.model.plan import as_text


__all__ = ('KEY', 'LONG', 'ON_MARIADB', 'Digest', 'Flag', 'Id', 'Json',
           'JsonText', 'Name', 'Names', 'Number', 'Position', 'Run', 'Short',
           'Text', 'Title', 'Word', 'metadata', 'rows_of', 'table_of')

metadata = sa.MetaData()

#: What a MariaDB server may have other defaults for: rows are locked, all
#: of Unicode is kept, and titles that differ in case stay two.
ON_MARIADB: dict[str, Any] = {
    f'{dialect}_{name}': value for dialect in ('mysql', 'mariadb')
    for name, value in (('engine', 'InnoDB'), ('charset', 'utf8mb4'),
                        ('collate', 'utf8mb4_bin'))}

_AnyRow = TypeVar('_AnyRow')


# Columns

#: Of any length; TEXT of MariaDB ends at 64 kB.
LONG = sa.Text().with_variant(LONGTEXT(), 'mysql', 'mariadb')


class JsonText(sa.TypeDecorator[Any]):

    """JSON in a column for texts, as people read it."""

    impl = LONG
    cache_ok = True

    def process_bind_param(self, value: Any,
                           dialect: sa.Dialect) -> str | None:
        """Return it as it is written down."""
        return None if value is None else as_text(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        """Return what was written down."""
        return value and json.loads(value)


class Names(sa.TypeDecorator[tuple[str, ...]]):

    """Names in a JSON column."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Any,
                           dialect: sa.Dialect) -> list[str]:
        """Return them as they are written down."""
        return list(value or ())

    def process_result_value(self, value: Any,
                             dialect: sa.Dialect) -> tuple[str, ...]:
        """Return what was written down."""
        return tuple(value or ())


KEY: dict[str, Any] = {'primary_key': True, 'autoincrement': False}

Run: TypeAlias = Annotated[int, partial(
    sa.ForeignKey, 'importbot_runs.run'), KEY]
Position: TypeAlias = Annotated[int, sa.Integer(), KEY]
Number: TypeAlias = Annotated[int, sa.Integer()]
Id: TypeAlias = Annotated[int, sa.BigInteger()]
Flag: TypeAlias = Annotated[bool, sa.Boolean()]
Word: TypeAlias = Annotated[str, sa.String(16)]
Short: TypeAlias = Annotated[str, sa.String(32)]
Digest: TypeAlias = Annotated[str, sa.String(64)]
Name: TypeAlias = Annotated[str, sa.String(255)]
Title: TypeAlias = Annotated[str, sa.String(512)]
Text: TypeAlias = Annotated[str, LONG]
Json: TypeAlias = Annotated[Mapping[str, Any], sa.JSON(none_as_null=True)]


def table_of(name: str, row: type, *indexes: sa.Index) -> sa.Table:
    """Return the table that has the fields of a row as its columns."""
    hints = get_type_hints(row, include_extras=True)
    return sa.Table(
        f'importbot_{name}', metadata,
        *(_column(field, hints[field.name]) for field in fields(row)),
        *indexes, **ON_MARIADB)


def _column(field: Field[Any], hint: Any) -> sa.Column[Any]:
    is_optional = get_origin(hint) in (Union, UnionType)
    if is_optional:
        hint, = (kind for kind in get_args(hint) if kind is not NoneType)
    options: dict[str, Any] = {'nullable': is_optional}
    if field.default not in (MISSING, None):
        options['default'] = field.default
    parts: list[Any] = []
    for extra in get_args(hint)[1:]:
        if isinstance(extra, dict):
            options |= extra
        else:
            parts.append(extra() if isinstance(extra, partial) else extra)
    return sa.Column(field.name, *parts, **options)


def rows_of(kind: type[_AnyRow],
            found: Iterable[sa.Row[Any]]) -> list[_AnyRow]:
    """Return what a query found as rows of a type.

    :param found: with the columns of that type
    """
    return [kind(**row._mapping) for row in found]
