"""The bot that imports dumps."""
from __future__ import annotations

from collections.abc import Iterable

import pywikibot
from pywikibot import pagegenerators
from pywikibot.bot import suggest_help
from pywikibot.site import APISite

from importbot.commands.importpages.bot import ImportBot
from importbot.model.errors import UsageError
from importbot.model.option import DUMP
from importbot.model.options import OPTIONS
from importbot.model.printable import printable
from importbot.model.titles import Title
from importbot.rules.page_lists import FILES
from importbot.sources.dump import Dump
from importbot.sources.dump_pair import Selection, connect_dump, open_dump
from importbot.sources.transfer import Transfer


__all__ = ('DumpBot', )


class DumpBot(ImportBot):

    """Plans the import of a dump, then treats the pages of its plan."""

    script = DUMP
    available_options = OPTIONS.defaults(script)

    _dump: Dump | None = None

    def _connect(self, target: APISite, arguments: list[str]) -> Transfer:
        files = [argument for argument in arguments if argument == '-'
                 or not argument.startswith('-')]
        for argument in arguments:
            if argument not in files:
                raise UsageError(f'{argument} is no option of importdump; '
                                 'see -help')
        if not files:
            suggest_help(missing_parameters=['FILE'])
            raise UsageError('Name the file of the dump, or - for standard '
                             'input')
        former = self._interrupted or self._saved
        with self._bar as bar:
            self._dump = open_dump(files, lambda read: bar.show(
                'reading the dump', read))
            pair = connect_dump(
                target, self._dump, self.policy,
                former.prefix if former else self.opt.interwikiprefix,
                self._selection, self.opt.source)
        if pair.words_of:
            pywikibot.info(printable(
                f'Magic words and functions are those of {pair.words_of}.'))
        self._titles = pair.titles
        return pair.transfer

    @property
    def _selection(self) -> Selection:
        """Which pages of the dump are asked for."""
        titles = [*self.value('page'),
                  *(title for name in self.value('file')
                    for title in _titles_of(name))]
        return Selection(tuple(titles), self.value('namespace'))

    def check_lists(self, kinds: Iterable[str]) -> None:
        """Refuse a list of files too: only renderings tell of them."""
        if FILES in kinds:
            raise UsageError(
                'A file does not tell which pictures its pages show; leave '
                'out -savelist:files')

    def _requested(self, generators: list[str]) -> list[Title] | None:
        if not self._titles:
            raise UsageError('The dump has no page that was asked for; see '
                             '-page and -namespace')
        return self._titles

    def close(self) -> None:
        """Close the dump too."""
        super().close()
        if self._dump:
            self._dump.__exit__()


def _titles_of(name: str) -> list[str]:
    """Return the titles of a file, as pywikibot's -file reads them."""
    try:
        return [page.title() for page
                in pagegenerators.TextIOPageGenerator(name)]
    except (OSError, pywikibot.exceptions.Error) as error:
        raise UsageError(f'{name} cannot be used: {error}') from error

