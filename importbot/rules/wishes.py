"""Wishes for pages of other wikis, one a line of a text.

A line is ``en:Rover → User:Anna/Rover``, a title, a link or an address
with or without a title that the page is to get, or cells of a table with
tabs between them: source, page, title. Lists may have been copied out of
a wiki page.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from importbot.model.problems import Problem, Value
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MAIN, Title
from importbot.rules.arrival import page_title
from importbot.rules.wanted import (
    ADDRESS,
    LINK,
    ForeignPage,
    ForeignWikis,
    link_title,
    sides_of,
    without_direction,
)


__all__ = ('Wish', 'WishedPages', 'Wishes', 'pages_of', 'read_wishes',
           'same_titles')

_BULLETS = '*:; '
_COMMENT = '#'
#: What the first line of a table may call its columns.
_COLUMNS = {'source': 'source', 'wiki': 'source', 'prefix': 'source',
            'from': 'source', 'title': 'page', 'page': 'page',
            'target': 'target', 'to': 'target'}
_ORDER = ('source', 'page', 'target')
#: Characters of a line that are shown again.
_SHOWN = 200


@dataclass(frozen=True)
class Wish:

    """A page that is wanted.

    :param line: number of the line, 0 for what is no line
    :param prefix: interwiki prefix of its wiki
    :param title: full title there, as it was written
    :param target: title that it is to get, None for the usual one
    """

    line: int
    prefix: str
    title: str
    target: Title | None = None


@dataclass(frozen=True)
class Wishes:

    """What a text wishes.

    :param wishes: in the order of the lines
    :param problems: lines that cannot be used, each with what is wrong
    :param comments: numbers of lines that are comments and begin with a
        link: they may be meant as a list
    :param revisions: numbers of lines with the address of a revision
    """

    wishes: tuple[Wish, ...] = ()
    problems: tuple[tuple[int, Problem], ...] = ()
    comments: tuple[int, ...] = ()
    revisions: tuple[int, ...] = ()

    def by_source(self) -> dict[str, list[Wish]]:
        """Return the wishes by the prefixes of their wikis."""
        found: dict[str, list[Wish]] = {}
        for wish in self.wishes:
            found.setdefault(wish.prefix, []).append(wish)
        return found


@dataclass(frozen=True)
class WishedPages:

    """The wishes for pages of one wiki, read by its settings.

    :param wishes: by title there
    :param repeats: lines that say what another one says, with its number
    :param problems: lines that cannot be used, each with what is wrong
    """

    wishes: Mapping[Title, Wish]
    repeats: tuple[tuple[int, int], ...] = ()
    problems: tuple[tuple[int, Problem], ...] = ()


def _shown(line: str) -> str:
    """Return a line as it is shown again, with no tab in it."""
    return ' '.join(line.split())[:_SHOWN]


class _LineError(Exception):

    """A line cannot be used.

    :ivar problem: what is wrong
    """

    def __init__(self, key: str, **values: Value) -> None:
        super().__init__(key)
        self.problem = Problem(key, **values)


def read_wishes(lines: Iterable[str], wikis: ForeignWikis, target: SiteInfo,
                source: str = '') -> Wishes:
    """Read wishes.

    :param lines: of a text
    :param wikis: the wikis that the target allows imports from
    :param target: settings of the target
    :param source: prefix of the wiki that pages without one are of; where
        imports are allowed from one wiki alone, it is that
    """
    return _Reading(wikis, target, source).run(lines)


class _Reading:

    """One reading of a text."""

    def __init__(self, wikis: ForeignWikis, target: SiteInfo,
                 source: str) -> None:
        self._wikis = wikis
        self._target = target
        only = wikis.prefixes if len(wikis.prefixes) == 1 else ('', )
        self._source = source or only[0]
        self._columns: Sequence[str] = ()
        self._revisions: list[int] = []

    def run(self, lines: Iterable[str]) -> Wishes:
        wishes, problems, comments = [], [], []
        is_first = True
        for number, text in enumerate(lines, 1):
            line = without_direction(text).strip(' \r\n')
            if not line.strip():
                continue
            if line.lstrip(_BULLETS).startswith(_COMMENT):
                if LINK.match(line.lstrip(_BULLETS + _COMMENT)):
                    comments.append(number)
                continue
            if is_first:
                is_first = False
                if self._is_header(line):
                    continue
            try:
                wishes.append(self._wish(number, line))
            except _LineError as error:
                problems.append((number, error.problem))
        return Wishes(tuple(wishes), tuple(problems), tuple(comments),
                      tuple(self._revisions))

    def _is_header(self, line: str) -> bool:
        """Whether a line names columns, which it does once."""
        columns = [_COLUMNS.get(cell.strip().casefold(), '')
                   for cell in line.split('\t')]
        named = list(filter(None, columns))
        if (len(named) < 2 or 'page' not in named
                or len(set(named)) < len(named)):
            return False
        self._columns = columns
        return True

    def _wish(self, number: int, line: str) -> Wish:
        if '\t' in line:
            source, here, there = self._cells(line)
        else:
            line = ' '.join(line.split()).lstrip(_BULLETS)
            here, *targets = sides_of(line)
            if len(targets) > 1 or targets == ['']:
                raise _LineError('line', line=_shown(line))
            source, there = '', ''.join(targets)
        page = self._page(here, source)
        if not page.title or '|' in page.title:
            raise _LineError('line', line=_shown(line))
        if page.revision:
            self._revisions.append(number)
        return Wish(number, self._prefix(page, source), page.title,
                    self._wanted(there) if there else None)

    def _cells(self, line: str) -> Sequence[str]:
        """Return source, page and title of a line of a table."""
        cells = [' '.join(cell.split()) for cell in line.split('\t')]
        if self._columns:
            named = dict(zip(self._columns, cells, strict=False))
            return [named.get(column, '') for column in _ORDER]
        while len(cells) > 2 and not cells[-1]:
            cells.pop()
        if len(cells) > len(_ORDER):
            raise _LineError('line', line=_shown(line))
        is_page = len(cells) == 2 and not self._is_source(cells[0])
        return ['', *cells] if is_page else [*cells, ''][:len(_ORDER)]

    def _is_source(self, cell: str) -> bool:
        """Whether a cell cannot be a page."""
        word = cell.rstrip(':')
        return not word or self._known(word) != '' or (
            self._wikis.other(f'{word}:') == word.lower())

    def _known(self, word: str) -> str:
        """Return a prefix as the target spells it, empty if it is none."""
        return next((prefix for prefix in self._wikis.prefixes
                     if prefix.lower() == word.strip(' :').lower()), '')

    def _page(self, text: str, source: str) -> ForeignPage:
        address = ADDRESS.fullmatch(text)
        if address:
            page = self._wikis.at(address[1])
            if page is None:
                raise _LineError('url', url=address[1][:_SHOWN],
                                 sources=self._allowed)
            if not page.title:
                raise _LineError('url-without-title',
                                 url=address[1][:_SHOWN])
            return page
        name = link_title(text)
        if not LINK.fullmatch(text) and ('[' in name or ']' in name):
            return ForeignPage((), '')
        # Cells have the wiki beside the title.
        return ForeignPage((), name) if source else self._wikis.named(name)

    def _prefix(self, page: ForeignPage, source: str) -> str:
        """Return the prefix of the wiki that a page is of."""
        named = self._known(source) if source else ''
        if source and (not named or page.prefixes
                       and named not in page.prefixes):
            raise _LineError('source', source=source[:_SHOWN],
                             sources=self._allowed)
        other = '' if source or page.prefixes else self._wikis.other(
            page.title)
        if other:
            raise _LineError('source', source=other, sources=self._allowed)
        best = (self._source if self._source in page.prefixes
                or not page.prefixes else page.prefixes[0])
        if not (named or best):
            raise _LineError('no-source', sources=self._allowed)
        return named or best

    @property
    def _allowed(self) -> Value:
        return ', '.join(self._wikis.prefixes) or Problem('none')

    def _wanted(self, text: str) -> Title:
        title = page_title(self._target, link_title(text))
        if title is None:
            raise _LineError('target', title=text[:_SHOWN])
        return title


def pages_of(wishes: Iterable[Wish], source: SiteInfo) -> WishedPages:
    """Return the pages that are wanted of one wiki.

    :param wishes: for its pages
    :param source: settings of the wiki
    """
    found: dict[Title, Wish] = {}
    repeats, problems = [], []
    for wish in wishes:
        title = source.title(f':{wish.title}')
        if title is None or title.namespace < MAIN:
            problems.append((wish.line, Problem(
                'title', title=wish.title[:_SHOWN])))
            continue
        first = found.setdefault(title, wish)
        if first is wish:
            continue
        if first.target == wish.target:
            repeats.append((wish.line, first.line))
        else:
            problems.append((wish.line, Problem(
                'wish-two-titles', title=str(title), line=first.line)))
    return WishedPages(found, tuple(repeats), tuple(problems))


def same_titles(wished: Iterable[WishedPages],
                ) -> list[tuple[int, Problem]]:
    """Return the lines that want a title that another page is to get.

    :param wished: of each wiki
    """
    first: dict[Title, int] = {}
    found = []
    for wish in sorted((wish for pages in wished
                        for wish in pages.wishes.values() if wish.target),
                       key=lambda wish: wish.line):
        assert wish.target is not None, 'it was asked for'
        if wish.target in first:
            found.append((wish.line, Problem(
                'wish-same-title', title=str(wish.target),
                line=first[wish.target])))
        first.setdefault(wish.target, wish.line)
    return found
