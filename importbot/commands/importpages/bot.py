"""The bot that plans the import of pages and treats those of its plan."""
from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pywikibot
from pywikibot import pagegenerators
from pywikibot.bot import suggest_help
from pywikibot.site import APISite

from importbot.applying.apply import ImportWork
from importbot.applying.resume import (
    InterruptedRun,
    ResumedRun,
    find_interrupted,
)
from importbot.applying.run import Places, Run
from importbot.applying.takeover import take_over
from importbot.commands.interruptible import InterruptibleBot, says_yes
from importbot.commands.option_values import policy_of_options
from importbot.journal.half_pages import half_pages
from importbot.journal.imported import imported_titles
from importbot.journal.location import open_journal
from importbot.journal.reports import RunDetails, recorded_details
from importbot.model.errors import SourceError, UsageError, first_line
from importbot.model.option import PAGES
from importbot.model.options import OPTIONS
from importbot.model.plan import Plan
from importbot.model.printable import listed, printable
from importbot.model.titles import Title
from importbot.planning.cleanups import check_cleanups
from importbot.planning.plan import plan_of, titles_of
from importbot.planning.reference_cache import CachedReader
from importbot.planning.saved import SavedPlan
from importbot.planning.survey import take_survey
from importbot.reports.terminal.changes import page_line
from importbot.reports.terminal.diffs import held_diffs
from importbot.reports.terminal.progress import ProgressBar
from importbot.reports.texts import held_texts
from importbot.rules.page_lists import FILES
from importbot.sources.transfer import Transfer, connect
from importbot.wikis.network import at_most, cause
from importbot.wikis.wiki import Wiki


__all__ = ('ImportBot', )

#: Answers that page generators may take.
_ANSWERS = 5000


class ImportBot(InterruptibleBot):

    """Plans the import of pages, then treats the pages of its plan.

    :param options: as on the command line
    :raises UsageError: a value that does not make sense
    """

    script = PAGES
    available_options = OPTIONS.defaults(script)

    transfer: Transfer
    plan: Plan
    carried_out: Run[Plan]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.treat_page_type = tuple
        self._bar = ProgressBar()
        self._stack = ExitStack()
        self._journal = open_journal(self.opt.journal)
        self._saved = SavedPlan.load(self.opt.apply) if self.opt.apply \
            else None
        self._resumed: ResumedRun | None = None
        self._server_limit = self.value('serverlimit')
        self._interrupted = self._find_interrupted()
        former = self._interrupted or self._saved
        self.policy = former.policy if former else (
            policy_of_options(self.opt, self.script))
        check_cleanups(self.policy.post)

    def _find_interrupted(self) -> InterruptedRun | None:
        if not self.opt.resume:
            return None
        run = self.value('resume')
        target = cast(APISite, pywikibot.Site())
        return find_interrupted(self._journal, Wiki(target).api, run)

    def make_plan(self, generators: list[str]) -> Plan | None:
        """Connect the wikis, find the pages asked for and plan.

        :param generators: arguments of page generators
        :return: the plan, None if the arguments are no use
        :raises ImportbotError: a wiki does not answer, or the run could
            never start
        """
        target = cast(APISite, pywikibot.Site())
        self.transfer = self._connect(target, generators)
        api = self.transfer.target.api
        self.transfer = replace(
            self.transfer, upload_size=self._journal.upload_size(api),
            recorded=partial(self._journal.brought, api, self.transfer.prefix),
            halves=half_pages(self._journal, api))
        if not (self.opt.plan or pywikibot.config.simulate):
            take_over(self._journal, self.transfer, self._server_limit)
        if self._interrupted:
            self._resumed = self._interrupted.resumed(self._journal,
                                                      self.transfer)
            self.plan = self._resumed.plan
            return self.plan
        reader = CachedReader(self._journal)
        if self._saved:
            with self._bar as bar:
                self.plan = self._saved.made_again(
                    self.transfer, bar.show, reader,
                    pin=bool(self.opt.pin) or self.policy.pin)
            return self.plan
        titles = self._requested(generators)
        if titles is None:
            return None
        with self._bar as bar:
            survey = take_survey(self.transfer, titles, bar.show,
                                 reader)
        self.plan = plan_of(survey, self.transfer)
        if self.may_ask:
            self._survey = survey
        return self.plan

    def _connect(self, target: APISite,
                 arguments: list[str]) -> Transfer:
        """Return source and target, connected.

        :param target: the target
        :param arguments: what is left of the command line
        """
        former = self._interrupted or self._saved
        return connect(target, former.prefix if former else self.opt.source,
                       self.policy)

    def _requested(self, generators: list[str]) -> list[Title] | None:
        """Return the titles of the generators, None if they are no use."""
        factory = pagegenerators.GeneratorFactory(
            site=(self.transfer.target.site if self.opt.on == 'target'
                  else self.transfer.source_site))
        try:
            unknown = factory.handle_args(generators)
            pages = None if unknown else factory.getCombinedGenerator()
            if suggest_help(unknown_parameters=unknown,
                            missing_generator=not unknown and pages is None):
                return None
            # What a generator follows by itself has an end as well.
            with at_most(_ANSWERS if self.policy.maxpages else sys.maxsize):
                titles = titles_of(cast(Iterable[pywikibot.Page], pages),
                                   self.transfer, self.policy.maxpages)
        except EOFError:
            raise UsageError('A page generator asks for a value and nobody '
                             'answers; give it, as in -page:TITLE') from None
        except (pywikibot.exceptions.Error, OSError, ValueError) as error:
            is_of_api = isinstance(error, pywikibot.exceptions.APIError)
            raise UsageError(
                'The page generators cannot be used: '
                + (cause(error) if is_of_api else first_line(error))
                ) from error
        except (LookupError, TypeError, AttributeError, AssertionError,
                RuntimeError) as error:
            # pywikibot takes what it reads for what MediaWiki answers.
            raise SourceError(
                'A wiki does not answer to the page generators as a '
                f'MediaWiki does ({cause(error)})') from error
        if not titles:
            raise UsageError('The page generators found no page; see '
                             'whether title and -source are right')
        return titles

    def ask_about_held_pages(self) -> bool:
        """Ask about each page that is on hold because of ``ask``.

        :return: whether the plan is another one now
        """
        answers: dict[Title, bool] = {}
        for page in self.plan.pages if self.may_ask else ():
            if page.asks:
                for line in held_diffs(held_texts([page], self.transfer)):
                    pywikibot.info(line)
                answers[page.title] = says_yes(printable(
                    f'Replace "{page.target}" by the text of the source?'))
        if answers:
            self.plan = plan_of(
                self._survey, self.transfer,
                [title for title, yes in answers.items() if yes],
                [title for title, yes in answers.items() if not yes])
        return bool(answers)

    @property
    def has_questions(self) -> bool:
        """Whether a page is on hold until somebody who is there decides."""
        return self.may_ask and any(page.asks for page in self.plan.pages)

    @property
    def may_ask(self) -> bool:
        """Whether somebody is there to decide about pages on hold."""
        return not (self._saved or self._interrupted or self.opt.always
                    or self.opt.plan or pywikibot.config.simulate
                    ) and sys.stdin.isatty()

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
        return says_yes('Import these pages?')

    def setup(self) -> None:
        """Take the lease of the target and record the decisions."""
        self.carried_out = Run(ImportWork(
            self.plan, self.transfer, self._server_limit, self._resumed),
            self._journal, simulate=bool(pywikibot.config.simulate))
        self._stack.enter_context(self.carried_out)
        self.generator = self.carried_out.batches()
        self._done = 0
        self._bar.show('importing', 0, len(self.plan.pages))
        self._stack.enter_context(self._bar)

    def treat(self, batch: Places) -> None:
        """Carry out one batch of the plan."""
        if self.interrupted:
            self.quit()
        pages = [self.plan.pages[place] for place in batch]
        self._bar.show(listed([str(page.title) for page in pages]), self._done,
                       len(self.plan.pages))
        results = self.carried_out.apply(batch)
        self._done += len(batch)
        with self._bar.paused():
            for page, result in zip(pages, results, strict=True):
                if page.steps and result.outcome:
                    self.counter[result.outcome.value] += 1
                pywikibot.info(page_line(page, result))

    def teardown(self) -> None:
        """Give back what :meth:`setup` took."""
        self._stack.close()

    @property
    def details(self) -> RunDetails:
        """Who asked for the run and when it was."""
        run = self.carried_out.number
        return RunDetails() if run is None else recorded_details(
            self._journal, run)

    def check_lists(self, kinds: Iterable[str]) -> None:
        """Refuse a list that the plan would know nothing of.

        :param kinds: what is to be listed, see :func:`imported_titles`
        :raises UsageError: of files that nobody asks for
        """
        if FILES in kinds and self.policy.templates == 'none':
            raise UsageError(
                '-savelist:files needs to know what the pages show, and '
                '-templates:none does not look; leave out one of them')

    def brought(self, of: str) -> tuple[str, ...]:
        """Return titles of pages that the run brought.

        The journal knows what a run did that was cut and resumed.

        :param of: see :func:`imported_titles`
        """
        run = self.carried_out.number
        return () if run is None else imported_titles(self._journal, run, of)

    def close(self) -> None:
        """Give back what planning took."""
        self._journal.close()
