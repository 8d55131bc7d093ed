"""Tables and lines for terminals and files: what came from a wiki is data."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from importbot.model.printable import printable
from importbot.reports.terminal.layout import Paragraph, WordTable
from importbot.reports.terminal.streams import Degrading


__all__ = ('filled_table', 'lines', 'plain_text', 'safe', 'show',
           'show_on', 'table')

#: Columns where nobody is watching: no line of a file is wrapped.
_WIDTH_IN_A_FILE = 1_000_000


def safe(text: str, style: str = '') -> Text:
    """Return text of a wiki as data: no markup, no control characters.

    :param style: a colour or so
    """
    return Text(printable(text), style=style)


def lines(texts: Iterable[str]) -> list[RenderableType]:
    """Return lines that may stand beside tables.

    :param texts: the lines
    """
    return [Paragraph(safe(text)) for text in texts]


def table(title: Text | None, names: Iterable[str],
          rows: Iterable[Sequence[str | Text]]) -> WordTable:
    """Return a table as all of them look.

    :param title: above it
    :param names: of the columns
    :param rows: cells; what is not styled is made safe
    """
    return WordTable(title, [*names], [
        [cell if isinstance(cell, Text) else safe(cell) for cell in row]
        for row in rows])


def filled_table(title: str,
                 rows: Sequence[Mapping[str, str | Text]]) -> WordTable:
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
    show_on(console, parts)


def plain_text(parts: Iterable[RenderableType]) -> str:
    """Return tables and lines as the text of a file.

    :param parts: one below the other
    """
    file = StringIO()
    show_on(Console(file=file, width=_WIDTH_IN_A_FILE, color_system=None,
                   force_terminal=False), parts)
    return file.getvalue()


def show_on(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print tables and lines.

    :param console: where
    :param parts: one below the other
    """
    for part in parts:
        console.print(part, crop=False)
