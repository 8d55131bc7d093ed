"""Tables and lines for terminals and files: what came from a wiki is data."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from importbot.model.printable import printable
from importbot.reports.terminal.streams import Degrading


__all__ = ('filled_table', 'lines', 'plain_text', 'safe', 'show', 'table')

#: Columns where nobody is watching: a log file takes long lines.
_WIDTH_IN_A_FILE = 160


def safe(text: str, style: str = '') -> Text:
    """Return text of a wiki as data: no markup, no control characters.

    :param style: a colour or so
    """
    return Text(printable(text), style=style)


def lines(texts: Iterable[str]) -> list[RenderableType]:
    """Return lines that may stand beside tables.

    :param texts: the lines
    """
    return [safe(text) for text in texts]


def table(title: Text | None, names: Iterable[str],
          rows: Iterable[Sequence[str | Text]]) -> Table:
    """Return a table as all of them look.

    :param title: above it
    :param names: of the columns
    :param rows: cells; what is not styled is made safe
    """
    made = Table(title=title, title_justify='left', box=None,
                 header_style='bold', pad_edge=False)
    for name in names:
        made.add_column(name, overflow='fold')
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else safe(cell)
                       for cell in row))
    return made


def filled_table(title: str,
                 rows: Sequence[Mapping[str, str | Text]]) -> Table:
    """Return rows without the columns in which nothing stands.

    :param title: above the table, empty for none
    :param rows: cells by the name of their column
    """
    names = [name for name in (rows[0] if rows else ())
             if any(str(row[name]) for row in rows)]
    return table(safe(title) if title else None, names,
                 ([row[name] for name in names] for row in rows))


def show(*parts: RenderableType) -> None:
    """Print tables and lines to standard output.

    :param parts: one below the other
    """
    file: Any = Degrading(sys.stdout)
    console = Console(file=file)
    if not console.is_terminal:
        console = Console(file=file, width=_WIDTH_IN_A_FILE)
    _print(console, parts)


def plain_text(parts: Iterable[RenderableType]) -> str:
    """Return tables and lines as the text of a file.

    :param parts: one below the other
    """
    file = StringIO()
    _print(Console(file=file, width=_WIDTH_IN_A_FILE, color_system=None,
                   force_terminal=False), parts)
    return file.getvalue()


def _print(console: Console, parts: Iterable[RenderableType]) -> None:
    for part in parts:
        # A table without columns would be an empty line.
        if not isinstance(part, Table) or part.columns:
            console.print(part)
