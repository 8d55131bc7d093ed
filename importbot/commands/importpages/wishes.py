"""Which pages of which wikis a command line wishes."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pywikibot
from pywikibot.site import APISite

from importbot.commands.exit_status import tell
from importbot.model.errors import (
    PreflightError,
    SourceError,
    UsageError,
)
from importbot.model.option import PAGES
from importbot.model.options import OPTIONS
from importbot.model.policy import Policy
from importbot.model.printable import listed, printable
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.planning.plan import check_asked
from importbot.rules.wanted import ADDRESS, ForeignPage, ForeignWikis
from importbot.rules.wishes import (
    Wish,
    WishedPages,
    Wishes,
    pages_of,
    same_titles,
)
from importbot.sources.transfer import Transfer, connect
from importbot.wikis.api_values import Access
from importbot.wikis.prefixes import resolve_source
from importbot.wikis.wiki import Wiki


__all__ = ('WishOpener', 'WishedSource', 'foreign_wikis', 'lines_of_many',
           'may_name_wiki', 'named_pages', 'of_one_wiki', 'read_lines')

_PAGE = '-page:'


@dataclass(frozen=True)
class WishedSource:

    """A wiki with the pages that are wished of it.

    :param transfer: it and the target
    :param titles: of the pages
    """

    transfer: Transfer
    titles: list[Title]


def foreign_wikis(target: Wiki, access: Access, siteinfo: SiteInfo,
                  texts: Iterable[str]) -> ForeignWikis:
    """Return the wikis that a target allows imports from.

    Where a compound prefix as ``w:de`` leads, only the wiki knows to which
    its first part leads. It is asked where an address is that of no other.

    :param target: the target
    :param access: what it allows
    :param siteinfo: its settings
    :param texts: that may have addresses
    """
    wikis = ForeignWikis(access.sources, access.interwiki,
                         siteinfo.namespace_number)
    addresses = [found[1] for text in texts
                 for found in ADDRESS.finditer(text)]
    if all(map(wikis.at, addresses)):
        return wikis
    patterns = dict(access.interwiki)
    for first in dict.fromkeys(prefix.partition(':')[0] for prefix
                               in access.sources if ':' in prefix):
        with suppress(SourceError):
            wiki = Wiki(resolve_source(target, access, first), SourceError)
            patterns |= {f'{first}:{prefix}': pattern for prefix, pattern
                         in wiki.interwiki().items()}
    return replace(wikis, patterns=patterns)


def read_lines(name: str) -> list[str]:
    """Return the lines of a file of wishes.

    :param name: of the file, ``-`` for standard input
    :raises UsageError: it cannot be read
    """
    try:
        if name == '-':
            if sys.stdin.isatty():
                pywikibot.info('One page a line, as en:Rover; Ctrl-D ends:')
            data = sys.stdin.buffer.read()
        else:
            data = Path(name).read_bytes()
        text = data.decode('utf-8-sig')
    except OSError as error:
        raise UsageError(f'-requests:{name} cannot be read: '
                         f'{error.strerror}') from error
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b'\n') + 1
        raise UsageError(
            f'-requests:{name} is not UTF-8 (line {line}); save it as UTF-8 '
            'and start again') from None
    if '\0' in text:
        raise UsageError(f'-requests:{name} is no text')
    return text.splitlines()


# Page generators that name a wiki

def may_name_wiki(argument: str) -> bool:
    """Return whether a page generator may say which wiki it is for.

    :param argument: as it was given
    """
    return argument.startswith(_PAGE) and ':' in argument[len(_PAGE):]


def named_pages(arguments: Iterable[str],
                wikis: ForeignWikis) -> dict[str, ForeignPage]:
    """Return the pages that page generators name with their wiki.

    :param arguments: as they were given
    :return: by argument
    :raises UsageError: an address that is that of no page
    """
    found = {}
    for argument in arguments:
        text = argument.removeprefix(_PAGE).strip()
        if not may_name_wiki(argument):
            continue
        address = ADDRESS.fullmatch(text)
        page = wikis.at(address[1]) if address else wikis.named(
            text.replace('_', ' ').lstrip(': '))
        if page is None:
            raise UsageError(Problem(
                'url', url=text, sources=', '.join(wikis.prefixes)
                or Problem('none')))
        if not page.title:
            raise UsageError(Problem('url-without-title', url=text))
        if page.prefixes:
            found[argument] = page
    return found


def lines_of_many(named: Mapping[str, ForeignPage],
                  arguments: Sequence[str], source: str) -> list[str]:
    """Return the pages of page generators that name several wikis.

    :param named: see :func:`named_pages`
    :param arguments: as they were given
    :param source: that another option names, empty for none
    :return: none if all are of one wiki
    :raises UsageError: other generators stand beside them
    """
    if source or not named or _common(named):
        return []
    others = [argument for argument in arguments
              if not argument.startswith(_PAGE)]
    if others:
        raise UsageError(
            f'-page names pages of several wikis ({_named(named)}), so that '
            f'{", ".join(others)} may be of any; give -source, or leave out '
            'one of the two')
    return [argument.removeprefix(_PAGE) for argument in arguments]


def of_one_wiki(named: Mapping[str, ForeignPage], arguments: Sequence[str],
                source: str) -> tuple[str, list[str]]:
    """Return the source, and page generators that do not name it.

    :param named: see :func:`named_pages`
    :param arguments: as they were given
    :param source: that another option names, empty for none
    :raises UsageError: it is another one than pages are of, or there is
        none
    """
    for argument, page in named.items():
        if source and source not in page.prefixes:
            raise UsageError(printable(
                f'{argument} is a page of "{page.prefixes[0]}", and '
                f'-source:{source} is another wiki; leave out one of the '
                'two, or give -requests:FILE for pages of several wikis'))
    if not (source or named):
        raise UsageError(OPTIONS.of(PAGES)['source'].needed)
    return source or _common(named)[0], [
        f'{_PAGE}{named[argument].title}' if argument in named else argument
        for argument in arguments]


def _common(named: Mapping[str, ForeignPage]) -> list[str]:
    """Return the prefixes of the wiki that all pages are of."""
    first, *others = (page.prefixes for page in named.values())
    return [prefix for prefix in first
            if all(prefix in prefixes for prefixes in others)]


def _named(named: Mapping[str, ForeignPage]) -> str:
    return ', '.join(dict.fromkeys(
        page.prefixes[0] for page in named.values()))


# Many wishes

class WishOpener:

    """Connects the wikis that pages are wished of.

    :param wishes: what is wished
    :param policy: what is wanted besides
    :param goes_on: asks whether to go on without the lines that cannot be
        used
    :ivar left_out: whether something that is wished is not opened
    """

    def __init__(self, wishes: Wishes, policy: Policy,
                 goes_on: Callable[[], bool]) -> None:
        self._wishes = wishes
        self._policy = policy
        self._goes_on = goes_on
        self._told: list[str] = []
        self.left_out = False

    def open(self, target: APISite) -> list[WishedSource]:
        """Connect the wikis.

        One that does not answer, or that nothing may be imported from,
        keeps no other one out.

        :param target: where the pages go
        :return: those that can be used
        :raises UsageError: some lines cannot be used, or there is nothing
            in any
        :raises ImportbotError: the target cannot be used
        """
        wishes = self._wishes
        check_asked(len(wishes.wishes), self._policy.maxpages)
        _check_place(wishes.wishes, self._policy)
        opened = {}
        for prefix, of_wiki in wishes.by_source().items():
            transfer = self._connected(target, prefix, of_wiki)
            if transfer:
                opened[prefix] = (transfer, pages_of(
                    of_wiki, transfer.source_info))
        read = [pages for _transfer, pages in opened.values()]
        _tell_of_lines(wishes, read)
        bad = self._bad_lines(read)
        return [_wished(transfer, pages, bad)
                for transfer, pages in opened.values()
                if any(wish.line not in bad
                       for wish in pages.wishes.values())]

    def _connected(self, target: APISite, prefix: str,
                   wishes: Sequence[Wish]) -> Transfer | None:
        try:
            return connect(target, prefix, _with_titles(self._policy, (
                (wish.title, wish.target) for wish in wishes)))
        except (SourceError, PreflightError) as error:
            self.left_out = True
            if str(error) not in self._told:
                self._told.append(str(error))
                tell(error)
            pywikibot.warning(printable(
                f'Nothing is imported from "{prefix}": '
                f'{_count(len(wishes), "page")}'
                + ''.join(f',{_lines(lines)}' for lines in [
                    [wish.line for wish in wishes if wish.line]] if lines)))
            return None

    def _bad_lines(self, read: Sequence[WishedPages]) -> set[int]:
        """Return the lines that cannot be used, if the others can be.

        :raises UsageError: nobody wants to go on without them
        """
        found = sorted((
            *self._wishes.problems, *same_titles(read),
            *(problem for pages in read for problem in pages.problems)),
            key=lambda item: item[0])
        if not found:
            return set()
        error = UsageError(Problem.of_lines(
            Problem('wish-line', line=line, problem=problem) if line
            else problem for line, problem in found))
        count = len(self._wishes.wishes) + len(self._wishes.problems)
        if len(found) == count or not found[0][0]:
            raise error
        tell(error)
        if not self._goes_on():
            raise UsageError(f'{_count(len(found), "line")} cannot be used; '
                             'nothing was begun')
        self.left_out = True
        return {line for line, _problem in found}


def _check_place(wishes: Iterable[Wish], policy: Policy) -> None:
    """Refuse two places for a page."""
    named = [wish.line for wish in wishes if wish.target]
    option = ('-rootpage' if policy.rootpage else
              '-correspondingnamespace' if policy.namespace is not None
              else '')
    if named and option:
        raise UsageError(f'{option} says where all pages go, and line '
                         f'{named[0]} names the title of one; leave out one '
                         'of the two')


def _with_titles(policy: Policy, titles: Iterable[tuple[
        Title | str, Title | None]]) -> Policy:
    """Return a policy by which pages get the titles that are wished."""
    return replace(policy, titlemap=tuple(
        (str(title), str(target)) for title, target in titles if target))


def _wished(transfer: Transfer, pages: WishedPages,
            bad: set[int]) -> WishedSource:
    wishes = {title: wish.target for title, wish in pages.wishes.items()
              if wish.line not in bad}
    return WishedSource(transfer.under(_with_titles(
        transfer.policy, wishes.items())), list(wishes))


def _tell_of_lines(wishes: Wishes, read: Iterable[WishedPages]) -> None:
    """Say what may not be what somebody means."""
    if wishes.comments:
        pywikibot.info(
            'Left out as comments, though a link stands there:'
            f'{_lines(wishes.comments)}; lists begin with "*"')
    if wishes.revisions:
        pywikibot.info(
            'Imported as they are now, though their addresses are those of '
            f'single revisions:{_lines(wishes.revisions)}')
    for line, first in sorted(repeat for pages in read
                              for repeat in pages.repeats):
        if line:
            pywikibot.info(f'Line {line} says the same as line {first}.')


def _lines(lines: Iterable[int]) -> str:
    """Return numbers of lines, with a space before them."""
    numbers = [str(line) for line in lines]
    return f' line{"s" * (len(numbers) > 1)} {listed(numbers)}'


def _count(count: int, what: str) -> str:
    return f'{count} {what}{"s" * (count != 1)}'
