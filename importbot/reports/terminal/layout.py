"""What stands on a terminal of any width, and in a file that has none.

On a terminal lines break at words. In a file each row, sentence or list is
one line, whatever its length: whoever reads it has tools for that.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.table import Table
from rich.text import Text


__all__ = ('Names', 'Paragraph', 'Unbroken', 'WordTable')

#: Cells between two columns.
_GAP = 2
#: Cells of a word that a column makes room for; a longer one is cut, if
#: there is no room for it, and so are letters that do without spaces.
_WORD, _WIDE_LETTERS = 40, 12
#: Cells to which the columns of a file are aligned; what is longer goes on.
_ALIGNED = 60
#: Lines of a row whose cells stand side by side, about.
_TALLEST = 3
#: Cells that continued lines begin further to the right.
_INDENT = 2
#: Cells that a text gets on the narrowest terminal.
_NARROWEST = 10
#: Cells that count as a line of a list in a file.
_LINE_OF_A_FILE = 160

_Rendered = Iterator[Text | Table]


@dataclass(frozen=True)
class Paragraph:

    """A text whose later lines begin further to the right.

    :param text: without line ends
    :param indent: of its first line, in cells
    """

    text: Text
    indent: int = 0

    def __rich_console__(self, console: Console,
                         options: ConsoleOptions) -> _Rendered:
        """Yield the lines, as rich asks for them."""
        yield from _lines(self.text, self.indent, console,
                          options.max_width)


@dataclass(frozen=True)
class Unbroken:

    """A line that is to be copied whole, as an address is.

    :param text: of the line
    :param indent: in cells
    """

    text: Text
    indent: int = 0

    def __rich_console__(self, _console: Console,
                         _options: ConsoleOptions) -> _Rendered:
        """Yield the line, as rich asks for it."""
        yield _one_line(Text(' ' * self.indent) + self.text)


@dataclass(frozen=True)
class Names:

    """Names after some words, as many as a few lines hold.

    :param words: what they are
    :param names: one or more; what is cut off is their end
    :param lines: the most lines, of a terminal or as long
    :param more: says how many names are cut off
    :param indent: of the first line, in cells
    """

    words: Text
    names: Sequence[str]
    lines: int
    more: Callable[[int], str]
    indent: int = 0

    def __rich_console__(self, console: Console,
                         options: ConsoleOptions) -> _Rendered:
        """Yield the lines, as rich asks for them."""
        width = options.max_width
        # What does not fit for sure need not be tried.
        room = self.lines * (width if console.is_terminal
                             else _LINE_OF_A_FILE)
        low, high = 1, min(len(self.names), room)
        while low < high:
            count = (low + high + 1) // 2
            if self._fits(self._text(count), console, width):
                low = count
            else:
                high = count - 1
        yield from _lines(self._text(low), self.indent, console, width)

    def _fits(self, text: Text, console: Console, width: int) -> bool:
        if not console.is_terminal:
            return cell_len(text.plain) <= self.lines * _LINE_OF_A_FILE
        return sum(1 for _ in _lines(text, self.indent, console, width)
                   ) <= self.lines

    def _text(self, count: int) -> Text:
        more = len(self.names) - count
        return Text.assemble(self.words, ' ', ', '.join([
            f'"{name}"' if ', ' in name else name
            for name in self.names[:count]]), *(
                (' ', (self.more(more), 'dim')) if more else ()))


def _lines(text: Text, indent: int, console: Console,
           width: int) -> Iterator[Text]:
    start = Text(' ' * indent)
    if not console.is_terminal:
        yield _one_line(start + text)
        return
    wrapped = text.wrap(console, max(width - indent - _INDENT, _NARROWEST))
    for number, line in enumerate(wrapped):
        line.rstrip()
        yield start + Text(' ' * _INDENT if number else '') + line


def _one_line(text: Text) -> Text:
    text.rstrip()
    text.no_wrap, text.overflow = True, 'ignore'
    return text


@dataclass(frozen=True)
class WordTable:

    """A table whose cells break at words and are never cut off.

    Where the words have no room side by side, the cells of a row stand
    below its first one.

    :param title: above it, None for none
    :param names: of the columns
    :param rows: cells
    """

    title: Text | None
    names: Sequence[str]
    rows: Sequence[Sequence[Text]]

    def __rich_console__(self, console: Console,
                         options: ConsoleOptions) -> _Rendered:
        """Yield the lines, as rich asks for them."""
        if self.title:
            yield from _lines(self.title, 0, console, options.max_width)
        if not self.names:
            return
        if not console.is_terminal:
            yield from self._for_a_file()
            return
        widths = self._widths(options.max_width)
        if widths is None:
            yield from self._stacked(console, options.max_width)
        else:
            yield self._side_by_side(widths)

    def _columns(self) -> list[list[str]]:
        return [[name, *(row[place].plain for row in self.rows)]
                for place, name in enumerate(self.names)]

    def _widths(self, room: int) -> list[int] | None:
        """Return the widths of the columns, None if there is no room."""
        room -= _GAP * (len(self.names) - 1)
        columns = self._columns()
        wanted = [max(map(cell_len, column)) for column in columns]
        words = [max(map(_longest_word, column)) for column in columns]
        for lines in range(1, _TALLEST + 1):
            widths = [max(word, -(-want // lines)) for word, want
                      in zip(words, wanted, strict=True)]
            left = room - sum(widths)
            if left >= 0:
                return _widened(widths, wanted, left)
        return None

    def _side_by_side(self, widths: Sequence[int]) -> Table:
        made = Table(box=None, header_style='bold', pad_edge=False,
                     padding=(0, _GAP, 0, 0))
        for name, width in zip(self.names, widths, strict=True):
            made.add_column(name, width=width, overflow='fold')
        for row in self.rows:
            made.add_row(*row)
        return made

    def _stacked(self, console: Console, width: int) -> Iterator[Text]:
        for first, *more in self.rows:
            yield from _lines(first, 0, console, width)
            parts = [Text.assemble((f'{name}: ', 'dim'), cell) for name, cell
                     in zip(self.names[1:], more, strict=True) if cell.plain]
            if parts:
                yield from _lines(Text('; ').join(parts), _INDENT, console,
                                  width)

    def _for_a_file(self) -> Iterator[Text]:
        widths = [min(max(map(cell_len, column)), _ALIGNED)
                  for column in self._columns()]
        for row in ([*map(Text, self.names)], *self.rows):
            yield _one_line(Text(' ' * _GAP).join(
                cell + Text(' ' * (width - cell_len(cell.plain)))
                for cell, width in zip(row, widths, strict=True)))


def _widened(widths: Sequence[int], wanted: Sequence[int],
             left: int) -> list[int]:
    """Return widths with room that was left over, first to those that lack
    least."""
    given = [*widths]
    lacking = sorted(range(len(given)),
                     key=lambda place: wanted[place] - given[place])
    for number, place in enumerate(lacking):
        more = min(max(0, wanted[place] - given[place]),
                   left // (len(lacking) - number))
        given[place] += more
        left -= more
    return given


def _longest_word(text: str) -> int:
    """Return the cells of the longest word that is not to be cut."""
    return max((_cells(word) for word in text.split()), default=0)


def _cells(word: str) -> int:
    cells = cell_len(word)
    return min(cells, _WIDE_LETTERS if cells > len(word) else _WORD)
