"""The bot that plans the import of pages and treats those of its plan."""
from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pywikibot

from importbot.applying.apply import ImportWork, report_of
from importbot.applying.resume import (
    InterruptedRun,
    ResumedRun,
    find_interrupted,
)
from importbot.applying.run import BareRun, Run
from importbot.applying.shown import with_rendering
from importbot.applying.takeover import take_over
from importbot.commands.change_bot import Sentences
from importbot.commands.command_line import CommandLine
from importbot.commands.exit_status import ON_HOLD, plan_status, tell
from importbot.commands.files import PageList, write_text
from importbot.commands.importpages.source import (
    OpenedSource,
    SourceOpener,
    WikiOpener,
)
from importbot.commands.importpages.telling import (
    difference_lines,
    show_code,
    show_report,
    show_sum,
)
from importbot.commands.offline import default_api, reached_site
from importbot.commands.option_values import policy_of_options
from importbot.commands.overviews import (
    is_verbose,
    show_overview,
    tell_line,
)
from importbot.commands.prompt import says_yes
from importbot.commands.recorded_bot import Compared, RecordedBot
from importbot.journal.half_pages import half_pages
from importbot.journal.imported import imported_titles
from importbot.journal.queries import has_runs
from importbot.model.errors import SourceError
from importbot.model.option import PAGES
from importbot.model.options import OPTIONS
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import printable
from importbot.model.report import PageResult, Report
from importbot.model.titles import Title
from importbot.planning.cleanups import check_cleanups
from importbot.planning.plan import plan_of
from importbot.planning.reference_cache import CachedReader
from importbot.planning.saved import SavedPlan
from importbot.planning.survey import Survey, take_survey
from importbot.planning.together import PlansTogether, Surveyed
from importbot.reports.terminal.changes import page_line
from importbot.reports.terminal.diffs import held_diffs
from importbot.reports.texts import held_texts
from importbot.rules.page_lists import list_text
from importbot.sources.transfer import Transfer


__all__ = ('ImportBot', )


@dataclass(frozen=True)
class PreparedImport:

    """An import that is planned.

    :param plan: the plan
    :param transfer: both wikis
    :param survey: what the plan was made of, None if it is a former one
    :param resumed: the run that is resumed, None for a new one
    """

    plan: Plan
    transfer: Transfer
    survey: Survey | None = None
    resumed: ResumedRun | None = None


class ImportBot(RecordedBot[PreparedImport]):

    """Plans the import of pages, then treats the pages of its plan.

    :param arguments: what the options leave of the command line
    :param reports: files for the report
    :param lists: files for lists of pages
    :param options: as on the command line
    :raises UsageError: a value that does not make sense
    """

    script = PAGES
    available_options = OPTIONS.defaults(script)
    #: What opens the kind of source that the script is for.
    opener: Callable[..., SourceOpener] = WikiOpener
    sentences = Sentences(
        question='Import these pages?',
        unasked='Nobody is there to confirm the plan: give -always to '
        'import without asking, or -plan to stop here',
        refused='Nothing was imported.', doing='importing')

    def __init__(self, arguments: Sequence[str] = (),
                 reports: Sequence[Path] = (),
                 lists: Sequence[PageList] = (), **options: Any) -> None:
        super().__init__(reports, **options)
        self._lists = lists
        self._reported: list[Report] = []
        self._saved = SavedPlan.load(self.opt.apply) if self.opt.apply \
            else None
        self._server_limit = self.value('serverlimit')
        self._interrupted = self._find_interrupted()
        #: Titles of the target whose pages somebody said are replaced.
        self._replaced: frozenset[Title] = frozenset()
        self._shows_raw_text = False
        self._former = self._interrupted or self._saved
        self._opener = self.opener(self.value, arguments, self.bar)
        self.policy = self._former.policy if self._former else (
            policy_of_options(self.opt, self.script, told=[
                'source'] * self._opener.knows_source))
        check_cleanups(self.policy.post)

    @classmethod
    def of(cls, line: CommandLine) -> ImportBot:
        """Return the bot of a command line."""
        return cls(line.rest, line.reports, line.lists, **line.given)

    def _find_interrupted(self) -> InterruptedRun | None:
        if not self.opt.resume:
            return None
        run = self.value('resume')
        return find_interrupted(self.journal, default_api(), run)

    def prepare(self) -> list[PreparedImport]:
        """Connect the wikis, find the pages asked for and plan.

        :raises ImportbotError: a wiki does not answer, or the run could
            never start
        """
        self._opener.check_lists([page_list.of for page_list in self._lists],
                                 self.policy)
        opened = self._opener.open(
            reached_site(), self.policy,
            self._former.prefix if self._former else None, self.contexts)
        self.left_out = self._opener.left_out
        sources = [replace(source, transfer=self._with_journal(
            source.transfer)) for source in opened]
        if sources and not (self.opt.plan or self.simulates):
            take_over(self.journal, sources[0].transfer, self._server_limit)
        if self._former:
            return [self._as_before(sources[0].transfer)]
        return self._planned_anew(sources)

    def _as_before(self, transfer: Transfer) -> PreparedImport:
        """Return what a former run or plan has left."""
        if self._interrupted:
            resumed = self._interrupted.resumed(self.journal, transfer)
            return PreparedImport(resumed.plan, transfer, resumed=resumed)
        assert self._saved is not None, 'it is one of the two'
        with self.bar as bar:
            return PreparedImport(self._saved.made_again(
                transfer, bar.show, CachedReader(self.journal),
                pin=bool(self.opt.pin) or self.policy.pin), transfer)

    def _planned_anew(self, sources: Sequence[OpenedSource],
                      ) -> list[PreparedImport]:
        """Return plans for what was asked for of each source."""
        reader = CachedReader(self.journal)
        surveyed = []
        for source in sources:
            transfer = source.transfer
            with self._alone(transfer, len(sources)):
                titles = source.requested()
                if titles is None:
                    return []
                with self.bar as bar:
                    surveyed.append(Surveyed(take_survey(
                        transfer, titles, bar.show, reader), transfer))
        together, prepared = PlansTogether(surveyed), []
        for known in surveyed:
            with self._alone(known.transfer, len(sources)):
                claimed, plan = together.plan(known)
                prepared.append(PreparedImport(plan, known.transfer,
                                               claimed.survey))
        return prepared

    @contextmanager
    def _alone(self, transfer: Transfer, count: int) -> Iterator[None]:
        """Let a source that does not answer keep no other one out."""
        try:
            yield
        except SourceError as error:
            if count == 1:
                raise
            tell(error)
            pywikibot.warning('Nothing is imported from '
                              f'"{transfer.prefix}".')
            self.left_out = True

    def _with_journal(self, transfer: Transfer) -> Transfer:
        """Return wikis with what the journal knows of the target."""
        api = transfer.target.api
        return replace(
            transfer, upload_size=self.journal.upload_size(api),
            recorded=partial(self.journal.brought, api, transfer.prefix),
            halves=half_pages(self.journal, api),
            is_first=not has_runs(self.journal, api))

    def show_plan(self, prepared: PreparedImport) -> None:
        """Print the plan, and texts next to each other."""
        self._part()
        show_overview(prepared.plan)
        show_code(prepared.plan, prepared.transfer)
        if not self._questions(prepared) and (
                is_verbose() or not self.asks_first
                or not prepared.plan.has_work):
            self.show_differences(prepared)

    def differences(self, prepared: PreparedImport) -> Iterator[str]:
        """Yield diffs of what is replaced, on hold and cleaned up."""
        compared: Compared = []
        yield from difference_lines(prepared.plan, prepared.transfer,
                                    compared)
        self.compared[prepared.plan.id] = compared

    def _part(self) -> None:
        """Keep one plan or report apart from the one before."""
        if len(self.changes) > 1:
            pywikibot.info('')

    def show_plans(self) -> None:
        """Print the plans, and what all of them come to."""
        super().show_plans()
        show_sum([prepared.plan for prepared in self.changes])

    def _questions(self, prepared: PreparedImport) -> list[PlannedPage]:
        """Return pages on hold until somebody who is there decides."""
        may_ask = not (self._former or self.opt.always or self.opt.plan
                       or self.simulates) and sys.stdin.isatty()
        return [page for page in prepared.plan.pages
                if page.asks] if may_ask else []

    def asked_more(self, prepared: PreparedImport) -> PreparedImport:
        """Ask about each page that is on hold because of ``ask``."""
        transfer = prepared.transfer
        answers: dict[Title, bool] = {}
        before = prepared
        prepared = self._without_replaced(prepared)
        for page in self._questions(prepared):
            for line in held_diffs(held_texts([page], transfer)):
                pywikibot.info(line)
            answers[page.title] = says_yes(printable(
                f'Replace "{page.target}" by the text of the source?'))
        if answers and prepared.survey is not None:
            prepared = replace(prepared, plan=plan_of(
                prepared.survey, transfer,
                [title for title, yes in answers.items() if yes],
                [title for title, yes in answers.items() if not yes]))
            self._replaced |= {page.arriving for page in prepared.plan.pages
                               if answers.get(page.title)}
        if prepared is not before:
            self.show_plan(prepared)
        return prepared

    def _without_replaced(self, prepared: PreparedImport) -> PreparedImport:
        """Leave pages to the source by whose text somebody replaced them."""
        if prepared.survey is None or not any(
                page.target in self._replaced
                for page in self._questions(prepared)):
            return prepared
        survey = replace(prepared.survey, claimed=(
            prepared.survey.claimed | self._replaced))
        return replace(prepared, survey=survey,
                       plan=plan_of(survey, prepared.transfer))

    def run_of(self, prepared: PreparedImport) -> Run[Plan]:
        """Return the run that imports the pages."""
        return Run(ImportWork(prepared.plan, prepared.transfer,
                              self._server_limit, prepared.resumed,
                              reads_together=True),
                   self.journal)

    def page_done(self, page: PlannedPage, result: PageResult) -> None:
        """Print what became of a page."""
        tell_line(page_line(page, result))

    def report_of(self, prepared: PreparedImport,
                  run: BareRun[Plan]) -> Report:
        """Return what became of the pages, and what they miss."""
        with self.bar as bar:
            report = with_rendering(
                report_of(run), prepared.transfer.target, self.journal,
                self.value('look'), partial(bar.show, 'looking at the pages'))
        self._shows_raw_text |= report.shows_raw_text
        return report

    def show_report(self, report: Report) -> None:
        """Print what became of the pages."""
        self._part()
        show_report(report)
        self._reported.append(report)

    def file_of(self, path: Path, prepared: PreparedImport) -> Path:
        """Return the file for one of several plans: plan.en.json."""
        if len(self.changes) < 2:
            return path
        name = re.sub(r'\W+', '-', prepared.transfer.prefix)
        return path.with_name(f'{path.stem}.{name}{path.suffix}')

    def end(self, runs: Sequence[BareRun[Any]]) -> None:
        """Print what all runs came to, and write the lists of pages."""
        show_sum(self._reported)
        for page_list in self._lists:
            # The journal knows what a run did that was cut and resumed.
            write_text(page_list.path, list_text(chain.from_iterable(
                imported_titles(self.journal, run.number, page_list.of)
                for run in runs if run.number is not None)))

    def not_begun(self, changes: Sequence[PreparedImport]) -> None:
        """Say of which sources nothing was sent."""
        for prepared in changes:
            pywikibot.warning(printable(
                f'Not begun: what was planned from '
                f'"{prepared.transfer.prefix}". The same command again '
                'imports it.'))

    def status(self, prepared: PreparedImport) -> int:
        """Return the exit status that plan and look lead to."""
        return plan_status(prepared.plan) or (
            ON_HOLD if self._shows_raw_text else 0)

    def leave_out(self) -> None:
        """Say that there is nothing to list; an old list stays as it is."""
        for page_list in self._lists:
            pywikibot.info('Not written, as nothing was imported: '
                           f'{page_list.path}')

    def goes_on(self, prepared: PreparedImport) -> str:
        """Return what goes on with a run that was interrupted."""
        return '-resume goes on where this run stopped.'
