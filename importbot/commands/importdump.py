"""The bot that imports dumps."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import pywikibot
from pywikibot import pagegenerators
from pywikibot.bot import suggest_help
from pywikibot.site import APISite

from importbot.commands.importpages.bot import ImportBot
from importbot.commands.importpages.source import OpenedSource
from importbot.model.errors import UsageError
from importbot.model.option import DUMP
from importbot.model.options import OPTIONS
from importbot.model.policy import Policy
from importbot.model.printable import printable
from importbot.model.titles import Title
from importbot.reports.terminal.progress import ProgressBar
from importbot.sources.dump_pair import Selection, connect_dump, open_dump


__all__ = ('DumpBot', )


class DumpOpener:

    """Opens the files of a dump; names of files stand among the options.

    :param value: returns the value of an option
    :param arguments: what the options left of the command line
    :param bar: shows how far the files are read
    """

    def __init__(self, value: Callable[[str], Any],
                 arguments: Sequence[str], bar: ProgressBar) -> None:
        self._value = value
        self._arguments = arguments
        self._bar = bar

    def check_lists(self, kinds: Iterable[str], policy: Policy) -> None:
        """Refuse nothing: the texts of a dump are always read."""

    knows_source = False
    left_out = False

    def open(self, target: APISite, policy: Policy, prefix: str | None,
             contexts: ExitStack) -> Sequence[OpenedSource]:
        """Read the files, and connect the dump with the target."""
        files = _files_of(self._arguments)
        if not files:
            suggest_help(missing_parameters=['FILE'])
            raise UsageError('Name the file of the dump, or - for standard '
                             'input')
        with self._bar as bar:
            dump = open_dump(files, lambda read: bar.show(
                'reading the dump', read))
            contexts.enter_context(dump)
            pair = connect_dump(
                target, dump, policy, self._value('interwikiprefix')
                if prefix is None else prefix, self._selection(),
                self._value('source'))
        if pair.words_of:
            pywikibot.info(printable(
                f'Magic words and functions are those of {pair.words_of}.'))

        def requested() -> list[Title]:
            if not pair.titles:
                raise UsageError('The dump has no page that was asked for; '
                                 'see -page and -namespace')
            return pair.titles

        return [OpenedSource(pair.transfer, requested)]

    def _selection(self) -> Selection:
        """Return which pages of the dump are asked for."""
        titles = [*self._value('page'),
                  *(title for name in self._value('file')
                    for title in _titles_of(name))]
        return Selection(tuple(titles), self._value('namespace'))


def _files_of(arguments: Sequence[str]) -> list[str]:
    """Return the files of a command line, on which there is nothing else.
    """
    files = [argument for argument in arguments
             if argument == '-' or not argument.startswith('-')]
    for argument in arguments:
        if argument not in files:
            raise UsageError(f'{argument} is no option of importdump; see '
                             '-help')
    return files


def _titles_of(name: str) -> list[str]:
    """Return the titles of a file, as pywikibot's -file reads them."""
    try:
        return [page.title() for page
                in pagegenerators.TextIOPageGenerator(name)]
    except (OSError, pywikibot.exceptions.Error) as error:
        raise UsageError(f'{name} cannot be used: {error}') from error


class DumpBot(ImportBot):

    """Plans the import of a dump, then treats the pages of its plan."""

    script = DUMP
    available_options = OPTIONS.defaults(script)
    opener = DumpOpener
