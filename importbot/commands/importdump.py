"""The bot that imports dumps."""
from __future__ import annotations

from collections.abc import Iterable

import pywikibot
from pywikibot import pagegenerators
from pywikibot.bot import suggest_help
from pywikibot.site import APISite

from importbot.commands.command_line import policy_of_options
from importbot.commands.importpages.bot import ImportBot
from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from importbot.model.printable import printable
from importbot.model.titles import Title
from importbot.rules.page_lists import FILES
from importbot.sources.dump import Dump
from importbot.sources.dump_pair import Selection, connect_dump, open_dump
from importbot.sources.transfer import Transfer


__all__ = ('DumpBot', )

#: Options of importpages that make no sense for a file.
_NOT_FOR_FILES = ('on', 'correspondingnamespace', 'rootpage', 'equivalents',
                  'talk')


class DumpBot(ImportBot):

    """Plans the import of a dump, then treats the pages of its plan."""

    available_options = {
        name: value for name, value in ImportBot.available_options.items()
        if name not in _NOT_FOR_FILES}
    available_options['templates'] = ''

    _dump: Dump | None = None

    def _policy(self) -> Policy:
        if not self.opt.interwikiprefix:
            raise UsageError('Name the wiki that the dump is of: '
                             '-interwikiprefix:PREFIX, which goes before '
                             "the names of authors, for instance 'en'")
        if self.opt.via == 'interwiki':
            raise UsageError('A file goes by upload; leave out '
                             '-via:interwiki')
        if self.opt.templates == 'used':
            raise UsageError(
                'A file does not tell what its pages use when they are '
                'rendered; give -templates:mentioned or -templates:none')
        return policy_of_options({
            **self.opt, 'correspondingnamespace': '', 'rootpage': '',
            'equivalents': 'note', 'talk': False,
            'templates': {'': 'none', 'auto': 'mentioned'}.get(
                self.opt.templates, self.opt.templates)})

    def _connect(self, target: APISite, arguments: list[str]) -> Transfer:
        files, self._selection = _read_arguments(arguments)
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


def _read_arguments(arguments: Iterable[str],
                    ) -> tuple[list[str], Selection]:
    """Return the files of a command line, and which pages it asks for."""
    files: list[str] = []
    titles: list[str] = []
    namespaces: list[str] = []
    for argument in arguments:
        name, _colon, value = argument.partition(':')
        if not argument.startswith('-') or argument == '-':
            files.append(argument)
        elif name == '-page' and value:
            titles.append(value)
        elif name == '-file' and value:
            titles += _titles_of(value)
        elif name in ('-namespace', '-ns') and value:
            namespaces += value.split(',')
        else:
            raise UsageError(f'{argument} is no option of importdump, or '
                             'lacks its value; see -help')
    return files, Selection(tuple(titles), tuple(namespaces))


def _titles_of(name: str) -> list[str]:
    """Return the titles of a file, as pywikibot's -file reads them."""
    try:
        return [page.title() for page
                in pagegenerators.TextIOPageGenerator(name)]
    except (OSError, pywikibot.exceptions.Error) as error:
        raise UsageError(f'{name} cannot be used: {error}') from error

