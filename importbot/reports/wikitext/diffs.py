"""What stands against what, on wikis: small diffs, folded and escaped."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import commonprefix

from importbot.i18n import message, said
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.reports.terminal.diffs import unified
from importbot.reports.texts import HeldTexts, texts_of
from importbot.reports.wikitext.escape import link, plain
from importbot.reports.words.changes import is_replaced
from importbot.sources.transfer import Transfer


__all__ = ('Compared', 'compared_diffs', 'replaced_diffs', 'wiki_diffs')

#: Characters of all diffs of an answer, and of one of them.
_ROOM = 20_000
_PAGE_ROOM = 6_000
#: Characters of a line, and those that are kept around what changed in it.
_LINE = 240
_AROUND = 40
#: Characters around a diff.
_HEAD = 200
_SIGNS = frozenset('-+ @')


@dataclass(frozen=True)
class Compared:

    """Two versions of a page.

    :param head: wikitext: which page and which versions
    :param before: text before
    :param after: text after
    :param error: why there is none, None if there is
    """

    head: str
    before: str = ''
    after: str = ''
    error: Problem | None = None


def wiki_diffs(versions: Iterable[Callable[[], Compared]],
               language: str) -> list[str]:
    """Return a folded table for each pair of texts, as long as there is room.

    What is left out is said: nobody is to take a part for the whole.

    :param versions: each reads what is compared
    """
    parts: list[str] = []
    room, left = _ROOM, 0
    for read in versions:
        if room <= 0:
            left += 1
            continue
        pair = read()
        lines, is_whole = _fitting(pair, min(room, _PAGE_ROOM))
        body = '\n'.join(map(plain, lines))
        room -= len(body) + _HEAD
        parts.append('\n'.join((
            '{| class="wikitable mw-collapsible mw-collapsed"',
            f'! {pair.head}', '|-', '|',
            f'<pre dir="auto">{body}</pre>' if lines else plain(
                said(language, pair.error) if pair.error
                else message(language, 'diff-none')),
            *(() if is_whole else
              (plain(message(language, 'diff-cut')), )), '|}')))
    if left:
        parts.append(plain(message(language, 'diffs-left', count=left)))
    return parts


def replaced_diffs(pages: Iterable[PlannedPage], transfer: Transfer,
                   language: str) -> list[str]:
    """Return what stands against what of pages that are to be replaced.

    :param pages: planned pages; those that are not are passed over
    """
    return wiki_diffs([partial(_replaced, page, transfer, language)
                       for page in pages if is_replaced(page)], language)


def _replaced(page: PlannedPage, transfer: Transfer,
              language: str) -> Compared:
    return _pair(texts_of(page, transfer), transfer.prefix, language)


def compared_diffs(pages: Iterable[PlannedPage],
                   compared: Iterable[HeldTexts], prefix: str,
                   language: str) -> list[str]:
    """Return the same of texts that were read before.

    :param pages: planned pages; those that are not replaced are passed over
    :param compared: their texts, and those of other pages
    :param prefix: interwiki prefix of the source
    """
    texts = {item.page.title: item for item in compared}
    return wiki_diffs([partial(_pair, texts[page.title], prefix, language)
                       for page in pages if is_replaced(page)
                       and page.title in texts], language)


def _pair(texts: HeldTexts, prefix: str, language: str) -> Compared:
    head = ' '.join((
        plain(message(language, 'html-replaced') + ':'),
        link(texts.page.target_text),
        link(f'Special:PermanentLink/{texts.ours_id}', str(texts.ours_id)),
        '→', link(f'{prefix}:Special:PermanentLink/{texts.theirs_id}',
                  str(texts.theirs_id))))
    return Compared(head, texts.ours, texts.theirs, texts.error)


def _fitting(pair: Compared, room: int) -> tuple[list[str], bool]:
    """Return the lines of a diff that fit, and whether those are all."""
    lines: list[str] = []
    for line in _shortened(list(unified(pair.before, pair.after, '', ''))):
        if line[:1] not in _SIGNS:
            return lines, False  # the rest was not compared
        lines.append(line if len(line) <= room else f'{line[:room]}…')
        room -= len(line) + 1
        if room < 0:
            return lines, False
    return lines, True


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines of a diff, long ones with what changed in them.

    A paragraph is one line; what is far inside must not be cut off.
    """
    place = 2  # after the names of the texts
    while place < len(lines):
        if lines[place][:1] not in ('-', '+'):
            yield _cut(lines[place])
            place += 1
            continue
        end = place
        while end < len(lines) and lines[end][:1] in ('-', '+'):
            end += 1
        gone = [line for line in lines[place:end] if line[0] == '-']
        come = [line for line in lines[place:end] if line[0] == '+']
        pairs = min(len(gone), len(come))
        for index in range(pairs):
            gone[index], come[index] = _differing(gone[index], come[index])
        yield from gone
        yield from come
        place = end


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return two lines without most of what both begin and end with."""
    if max(len(before), len(after)) <= _LINE:
        return before, after
    same = max(0, len(commonprefix((before[1:], after[1:]))) - _AROUND)
    tail = len(commonprefix((before[:same:-1], after[:same:-1])))
    tail = max(0, tail - _AROUND)

    def part(line: str) -> str:
        end = len(line) - tail
        return (line[0] + '…' * bool(same) + line[1 + same:end]
                + '…' * bool(tail))

    return part(before), part(after)


def _cut(line: str) -> str:
    return line if len(line) <= _LINE else f'{line[:_LINE]}…'
