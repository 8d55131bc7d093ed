#!/usr/bin/env python3
"""Import pages from another wiki, with history and the templates they need.

The bot looks at both wikis first and shows its plan: one decision for
every page. Nothing is written before you say yes. A page that the target
wiki has already is left alone. Afterwards every imported page is read
back and compared with the source.

    pwb importpages -source:PREFIX PAGES... [OPTION...]

The target is pywikibot's default site (-site: and so on, as everywhere).
Your account needs the right "import" there.

-source:PREFIX    the wiki to import from, by the interwiki prefix that the
                  target allows imports from, e.g. en or w:de; see
                  Special:Import of the target

Which pages: pywikibot's page generators, applied to the source wiki; see
the end of this text. Most often:

-page:TITLE       one page; repeat it for several
-cat:CATEGORY     all pages of a category
-file:FILE        the titles in a file

-on:target        apply the generators to the target wiki instead, e.g.
                  -on:target -wantedtemplates:10

What comes along and how:

-templates:auto   (default) what the pages use now; for templates and
                  modules that you asked for also what they mention
-templates:used   only what the pages use now
-templates:mentioned
                  also what stands in branches that are not taken now, in
                  documentation and in Lua
-templates:none   just the pages
-existing:skip    (default) dependencies that the target has are left alone
-existingpages:skip
                  (default) so are pages that you asked for
-history:full     (default) all revisions of the pages you asked for
-history:current  only their current revision
-templatehistory:current
                  (default) only the current revision of dependencies
-templatehistory:full
                  all their revisions
-correspondingnamespace:N
                  put the pages you asked for into this namespace (number)
-rootpage:TITLE   or make them subpages of this page
-summary:TEXT     for logs and histories; names page and revision if you
                  give none
-tags:A,B         change tags for the log entry

What the bot does:

-plan             show the plan and stop; -plan:FILE writes it as JSON
-simulate         the same with all checks, and nothing is ever written
-always           do not ask before importing
-report:FILE      write what became of each page as JSON; repeatable
-journal:URL      where runs are recorded: a file or an SQLAlchemy URL
                  (default: importbot.sqlite in pywikibot's directory)

Names of the script transwikiimport are understood where they mean the
same: -interwikisource (-source), -fullhistory (-history:full
-templatehistory:full), -target (-on:target).

Exit status: 0 all as planned (with -plan: nothing to do) - 1 the bot could
not do its work, or a page failed - 2 with -plan: there is work to do - 3
pages are on hold for a person, the rest went as planned - 130 interrupted.

Examples:

The article Rover with its history and what it needs, looking first:

    pwb importpages -source:en -page:Rover -simulate
    pwb importpages -source:en -page:Rover

A template with everything it could ever need, and its documentation:

    pwb importpages -source:en -page:"Template:Infobox rover"

&params;
"""
from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import FrameType
from typing import Any, cast

import pywikibot
from pywikibot import pagegenerators
from pywikibot.bot import BaseBot, ConfigParserBot, suggest_help
from pywikibot.site import APISite


try:
    import importbot
except ModuleNotFoundError:  # a checkout, found by user_script_paths
    sys.path.insert(0, str(Path(__file__).parents[2]))
    import importbot

from importbot.flows.apply import Application
from importbot.flows.journal import Journal
from importbot.flows.plan import plan_titles, titles_of
from importbot.flows.wikipair import WikiPair, connect
from importbot.model.errors import ImportbotError, UsageError
from importbot.model.plans import (
    PageResult,
    Plan,
    PlannedPage,
    Report,
    as_text,
)
from importbot.model.policy import Policy
from importbot.model.words import Decision, Role
from importbot.reports.progress import ProgressBar
from importbot.reports.terminal import (
    complaints,
    page_line,
    plan_table,
    show,
    summary_line,
)


docuReplacements = {'&params;': pagegenerators.parameterHelp}

FAILED = 1
WORK_TO_DO = 2
ON_HOLD = 3
INTERRUPTED = 130

#: Names that transwikiimport has for the same thing.
_ALIASES = {'interwikisource': ('source', ), 'target': ('on:target', ),
            'fullhistory': ('history:full', 'templatehistory:full')}

#: Specified, and not in this release; never accepted in silence.
_LATER = frozenset({
    'only', 'exclude', 'nodocs', 'talk', 'before', 'via', 'order',
    'targettitle', 'nsmap', 'equivalents', 'maxused', 'authors',
    'interwikiprefix', 'maxpages', 'maxrevisions', 'apply', 'post',
    'savelist', 'resume', 'includealltemplates', 'assignknownusers',
    'overwrite'})
_LATER_VALUES = {'existing': ('update', 'ask', 'force'),
                 'existingpages': ('update', 'ask', 'force', 'keep')}
_PLACES = ('correspondingnamespace', 'rootpage', 'targettitle')


@dataclass
class Options:

    """The command line, apart from page generators.

    Policy fields that were not given are not in :attr:`policy`, so that
    ``scripts.ini`` can set them.
    """

    given: dict[str, Any] = field(default_factory=dict)
    reports: list[Path] = field(default_factory=list)
    generators: list[str] = field(default_factory=list)


def read_options(arguments: Iterable[str]) -> Options:
    """Read the command line.

    :param arguments: what pywikibot's global options left over
    :raises UsageError: an option or value that does not make sense
    """
    options = Options()
    for argument in arguments:
        name, colon, value = argument.removeprefix('-').partition(':')
        if not argument.startswith('-'):
            name = ''
        for real in _ALIASES.get(name, (name, )):
            real, _colon, fixed = real.partition(':')
            _read_option(options, argument, real, fixed or value)
    _check_places(options.given)
    for name in _LATER & options.given.keys():
        raise UsageError(f'-{name} comes with a later release of importbot; '
                         f'this one, {importbot.__version__}, cannot do it')
    return options


def _read_option(options: Options, argument: str, name: str,
                 value: str) -> None:
    if value in _LATER_VALUES.get(name, ()):
        raise UsageError(f'-{name}:{value} comes with a later release of '
                         f'importbot; this one, {importbot.__version__}, '
                         f'knows only -{name}:skip')
    if name == 'report':
        options.reports.append(_report_path(value))
    elif name in ('always', 'plan') and not value:
        options.given[name] = True
    elif name in ImportBot.available_options or name in _LATER:
        if not value and name not in _LATER:
            raise UsageError(f'-{name} needs a value: -{name}:…')
        options.given[name] = value
    else:
        options.generators.append(argument)


def _report_path(value: str) -> Path:
    if not value:
        raise UsageError('-report needs a file: -report:FILE')
    if value.endswith('.html'):
        raise UsageError('HTML reports come with a later release of '
                         'importbot; name a file that ends in .json')
    return Path(value)


def _check_places(given: dict[str, Any]) -> None:
    places = [f'-{name}' for name in _PLACES if name in given]
    if len(places) > 1:
        raise UsageError(f'Give only one of {", ".join(places)}: each says '
                         'where the pages go')


class ImportBot(ConfigParserBot, BaseBot):

    """Plans the import of pages, then treats the pages of its plan."""

    available_options = {
        **BaseBot.available_options,
        'source': '',
        'on': 'source',
        **{item.name: item.default for item in fields(Policy)
           if isinstance(item.default, str)},
        'correspondingnamespace': '',
        'tags': '',
        'plan': '',
        'journal': '',
    }

    def __init__(self, **options: Any) -> None:
        """Initializer.

        :param options: as on the command line
        """
        super().__init__(**options)
        self.treat_page_type = PlannedPage
        self.policy = self._policy()
        self.interrupted = False
        self._bar = ProgressBar()

    def _policy(self) -> Policy:
        """Return the policy of the options.

        :raises UsageError: a value that does not make sense
        """
        opt = self.opt
        if not opt.source:
            raise UsageError('Name the wiki to import from: -source:PREFIX, '
                             'for instance -source:en')
        if opt.on not in ('source', 'target'):
            raise UsageError(f'-on:{opt.on} is not known; give -on:target, '
                             'or leave it out for the source')
        number = opt.correspondingnamespace
        if number in ('', 'all'):
            namespace = None
        elif number.isdecimal():
            namespace = int(number)
        else:
            raise UsageError(f'-correspondingnamespace:{number} is no '
                             'namespace number of the target, such as 4')
        return Policy(
            namespace=namespace,
            tags=tuple(tag for tag in opt.tags.split(',') if tag),
            **{item.name: opt[item.name] for item in fields(Policy)
               if item.name not in ('namespace', 'tags')})

    def make_plan(self, generators: list[str]) -> Plan | None:
        """Connect the wikis, find the pages asked for and plan.

        :param generators: arguments of page generators
        :return: the plan, None if the arguments are no use
        :raises ImportbotError: a wiki does not answer, or the run could
            never start
        """
        wikis = connect(cast(APISite, pywikibot.Site()),
                        self.opt.source, self.policy)
        pages = _requested_pages(
            generators, (wikis.target if self.opt.on == 'target'
                         else wikis.source).site)
        if pages is None:
            return None
        titles = titles_of(pages, wikis)
        if not titles:
            raise UsageError('The page generators found no page; see '
                             'whether title and -source are right')
        self.wikis: WikiPair = wikis
        with self._bar as bar:
            self.plan = plan_titles(wikis, titles, self.policy, bar.show)
        return self.plan

    def confirm(self) -> bool:
        """Ask once, unless there is nothing to ask.

        :raises UsageError: nobody is there to answer
        """
        if self.opt.always or not self.plan.has_work:
            return True
        if not sys.stdin.isatty():
            raise UsageError('Nobody is there to confirm the plan: give '
                             '-always to import without asking, or -plan '
                             'to stop here')
        return bool(pywikibot.input_yn('Import these pages?', default=False,
                                       automatic_quit=False))

    def simulated(self) -> Report:
        """Return the report of a run that stopped before it began."""
        return Report(self.plan, None,
                      (PageResult(), ) * len(self.plan.pages))

    def setup(self) -> None:
        """Take the lease of the target and record the decisions."""
        self._journal = Journal(self.opt.journal or
                                pywikibot.config.datafilepath(
                                    'importbot.sqlite'))
        self.application = Application(self.plan, self.wikis, self._journal)
        self.application.__enter__()
        self.generator = iter(self.plan.pages)
        self._bar.show('importing', 0, len(self.plan.pages))
        self._bar.__enter__()

    def treat(self, page: PlannedPage) -> None:
        """Carry out one page of the plan."""
        if self.interrupted:
            self.quit()
        self._bar.show(page.title, self.counter['read'] - 1,
                       len(self.plan.pages))
        result = self.application.apply(page)
        if page.steps and result.outcome:
            self.counter[result.outcome.value] += 1
        with self._bar.paused():
            pywikibot.info(page_line(page, result))

    def teardown(self) -> None:
        """Give back what :meth:`setup` took."""
        self._bar.__exit__(None, None, None)
        self.application.__exit__()
        self._journal.close()

    def run(self) -> None:
        """Treat the pages; Ctrl-C ends the run behind the current page."""
        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.interrupted = True
            signal.signal(signal.SIGINT, before)
            pywikibot.info('\nStopping behind this page; Ctrl-C again stops '
                           'at once.')

        before = signal.signal(signal.SIGINT, stop)
        try:
            super().run()
        finally:
            signal.signal(signal.SIGINT, before)
        self.interrupted |= not self.generator_completed


def _requested_pages(generators: list[str], site: APISite,
                     ) -> list[pywikibot.Page] | None:
    """Return the pages of the generators, None if they are no use."""
    factory = pagegenerators.GeneratorFactory(site=site)
    try:
        unknown = factory.handle_args(generators)
        pages = None if unknown else factory.getCombinedGenerator()
        if suggest_help(unknown_parameters=unknown,
                        missing_generator=not unknown and pages is None):
            return None
        return list(cast(Iterable[pywikibot.Page], pages))
    except (pywikibot.exceptions.Error, ValueError) as error:
        raise UsageError(f'The page generators cannot be used: '
                         f'{error}') from error


def _plan_status(plan: Plan) -> int:
    """Return the exit status that a plan alone leads to."""
    if any(page.decision is Decision.REFUSE and page.role is Role.REQUESTED
           for page in plan.pages):
        return FAILED
    return ON_HOLD if plan.summary['hold'] else 0


def _write(path: Path, data: Any) -> None:
    try:
        path.write_text(as_text(data), encoding='utf-8')
    except OSError as error:
        raise UsageError(f'{path} cannot be written: '
                         f'{error.strerror}') from error
    pywikibot.info(f'Written: {path}')


def _work(options: Options) -> int:
    """Do what the command line asks for.

    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    bot = ImportBot(**options.given)
    plan = bot.make_plan(options.generators)
    if plan is None:
        return FAILED
    language = pywikibot.config.userinterface_lang or 'en'
    show(plan_table(plan, language))
    pywikibot.info(summary_line(plan))
    for sentence in complaints(plan, language):
        pywikibot.warning(sentence)
    if bot.opt.plan:
        if bot.opt.plan is not True:
            _write(Path(bot.opt.plan), plan.as_json())
        return WORK_TO_DO if plan.has_work else _plan_status(plan)
    if pywikibot.config.simulate:
        _write_reports(options.reports, bot.simulated())
        pywikibot.info('Simulation: nothing was written.')
        return _plan_status(plan)
    if not bot.confirm():
        pywikibot.info('Nothing was imported.')
        return 0
    bot.run()
    report = bot.application.report()
    if plan.has_work:
        show(plan_table(plan, language, report.results))
    pywikibot.info(summary_line(plan, report))
    _write_reports(options.reports, report)
    if bot.interrupted:
        return INTERRUPTED
    return _plan_status(plan) if report.went_as_planned else FAILED


def _write_reports(paths: Iterable[Path], report: Report) -> None:
    for path in paths:
        _write(path, report.as_json())


def _guarded(work: Callable[[], int]) -> int:
    """Return the exit status of some work, telling errors in a sentence."""
    try:
        return work()
    except ImportbotError as error:
        pywikibot.error(str(error))
        return FAILED
    except (pywikibot.exceptions.Error, ConnectionError) as error:
        # pywikibot itself goes to the target while it reads the options.
        pywikibot.error(f'The target wiki cannot be used: {error}; see '
                        'user-config.py and whether the wiki is up')
        return FAILED
    except KeyboardInterrupt:
        pywikibot.info('\nInterrupted; nothing more is sent.')
        return INTERRUPTED


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    return _guarded(
        lambda: _work(read_options(pywikibot.handle_args(args))))


if __name__ == '__main__':
    sys.exit(main())
