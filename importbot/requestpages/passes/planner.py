"""From what a request wants to a plan, or to what stands in the way."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pywikibot.site import APISite

from importbot.model.decisions import Role
from importbot.model.errors import (
    CleanUpError,
    ImportbotError,
    PreflightError,
    UsageError,
)
from importbot.model.plan import Plan
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.steps import INTERWIKI
from importbot.model.titles import Title
from importbot.planning.plan import plan_of
from importbot.planning.reference_cache import Reader
from importbot.planning.saved import SavedPlan
from importbot.planning.survey import take_survey
from importbot.requestpages.configuration import Configuration
from importbot.requestpages.passes.spec import RequestSpec
from importbot.sources.transfer import Transfer, connect


__all__ = ('Planned', 'Planner')

#: Pages that may be looked at for each one that may be changed.
_LOOKED_AT = 5
_LOOKED_AT_AT_LEAST = 500


class _TooManyPagesError(ImportbotError):

    """A request needs more pages than anybody will look through."""


@dataclass(frozen=True)
class Planned:

    """A plan with the wikis that it is for, or problems.

    :param plan: None if there is none
    :param transfer: source and target
    :param problems: why there is none
    """

    plan: Plan | None = None
    transfer: Transfer | None = None
    problems: tuple[Problem, ...] = ()


class Planner:

    """Plans requests.

    :param site: the target
    :param reserved: titles that steer the bot
    :param reader: finds what texts refer to
    :param progress: told what is being read, and how much
    :param halves: returns the pages of the wiki at an address of which an
        earlier run brought a part
    """

    def __init__(
            self, site: APISite, configuration: Configuration,
            reserved: frozenset[Title], reader: Reader,
            progress: Callable[[str, int], None],
            halves: Callable[[str], Mapping[str, int]] = (lambda api: {}),
            ) -> None:
        self._site = site
        self._configuration = configuration
        self._reserved = reserved
        self._reader = reader
        self._progress = progress
        self._halves = halves

    def connect(self, prefix: str, policy: Policy) -> Transfer:
        """Return source and target, connected.

        :param prefix: interwiki prefix of the source
        :param policy: how pages are imported
        :raises ImportbotError: a wiki does not answer
        """
        transfer = connect(self._site, prefix, policy, reserved=self._reserved)
        return replace(transfer, halves=self._halves(transfer.target.api))

    def plan(self, spec: RequestSpec, summary: str) -> Planned:
        """Plan what a request wants.

        :param spec: by the request
        :param summary: for logs and histories
        :raises ImportbotError: a wiki does not answer
        """
        if spec.problems:
            return Planned(problems=spec.problems)
        try:
            policy = replace(spec.policy(self._configuration, summary),
                             maxpages=0, maxrevisions=0)
        except UsageError as error:
            # A request may ask for what the configuration rules out.
            return Planned(problems=(Problem(
                'plan', problem=error.problem), ))
        try:
            transfer = self.connect(spec.prefix, policy)
        except PreflightError as error:
            # What keeps out every request is the operator's to mend.
            self.connect(spec.prefix, Policy())
            return Planned(problems=tuple(
                Problem('plan', problem=problem)
                for problem in error.problems))
        titles = {text: transfer.source_info.title(f':{text}')
                  for text in spec.titles}
        problems = tuple(Problem('title', title=text[:200])
                         for text, title in titles.items() if title is None)
        if problems:
            return Planned(problems=problems)
        try:
            survey = take_survey(
                transfer, [title for title in titles.values() if title],
                self._watch, self._reader)
        except _TooManyPagesError as error:
            return Planned(problems=(error.problem, ))
        try:
            plan = plan_of(survey, transfer)
        except CleanUpError as error:
            return Planned(problems=(Problem(
                'plan', problem=error.problem), ))
        problems = tuple(self.problems_of(plan, transfer))
        return Planned(None if problems else plan, transfer, problems)

    def again(self, saved: SavedPlan, transfer: Transfer) -> Plan:
        """Return an approved plan as it is now.

        Pages that are uploaded are taken as they were shown, unless later
        edits of their source need no second look.

        :param saved: as it was shown
        :raises ImportbotError: a wiki does not answer
        """
        return saved.as_of_now(transfer, self._progress, self._reader,
                               pin=not self.trusts(saved.prefix))

    def trusts(self, prefix: str) -> bool:
        """Return whether later edits of a source need no second look.

        :param prefix: interwiki prefix of the source
        """
        return prefix in self._configuration.trusted

    @property
    def _most(self) -> int:
        return max(_LOOKED_AT_AT_LEAST,
                   self._configuration.limits.pages * _LOOKED_AT)

    def _watch(self, what: str, pages: int) -> None:
        self._progress(what, pages)
        if self._configuration.limits.pages and pages > self._most:
            raise _TooManyPagesError(Problem(
                'closure', limit=self._most))

    def problems_of(self, plan: Plan, transfer: Transfer) -> list[Problem]:
        """Return what the configuration does not allow in a plan."""
        limits = self._configuration.limits
        # What is more than a day may take would wait for ever.
        most = {'pages': min(filter(None, (limits.pages, limits.perday)),
                             default=0),
                'revisions': limits.revisions}
        counts = {'pages': sum(bool(page.steps) for page in plan.pages),
                  'revisions': sum(page.revisions or 0
                                   for page in plan.pages)}
        problems = [Problem(name, count=count, limit=most[name])
                    for name, count in counts.items()
                    if 0 < most[name] < count]
        if plan.source.prefix not in self._configuration.sources:
            problems.append(Problem(
                'source', source=plan.source.prefix or '',
                sources=', '.join(self._configuration.sources)))
        elif not self._configuration.may_fetch(plan.source.prefix) and any(
                page.via == INTERWIKI for page in plan.pages):
            problems.append(Problem(
                'source', source=plan.source.prefix,
                sources=', '.join(self._configuration.interwiki or ())))
        for page in plan.pages:
            if (page.role is Role.REQUESTED and page.target
                    and page.target.namespace
                    not in self._configuration.namespaces):
                problems.append(Problem('namespace',
                                        page=page.target_text))
        return problems
