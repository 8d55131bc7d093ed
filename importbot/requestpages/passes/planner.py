"""From what a request wants to a plan, or to what stands in the way."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from importbot.model.siteinfo import SiteInfo
from importbot.model.steps import INTERWIKI
from importbot.model.titles import Title
from importbot.planning.plan import plan_of
from importbot.planning.reference_cache import Reader
from importbot.planning.saved import SavedPlan
from importbot.planning.survey import take_survey
from importbot.requestpages.configuration import Configuration
from importbot.requestpages.passes.spec import RequestSpec
from importbot.sources import preflight
from importbot.sources.transfer import Transfer, connect
from importbot.wikis.api_values import Access


__all__ = ('Planned', 'Planner')

#: Pages that may be looked at for each one that may be changed.
_LOOKED_AT = 5
_LOOKED_AT_AT_LEAST = 500
#: What keeps a run from starting and is in a request, not the bot's.
_OF_REQUESTS = frozenset({'start-title-invalid'})
#: Pages that a sentence names.
_NAMED = 10


class _TooManyPagesError(ImportbotError):

    """A request needs more pages than anybody will look through."""


@dataclass(frozen=True)
class Planned:

    """A plan with the wikis that it is for, or problems.

    :param plan: None if there is none
    :param transfer: source and target
    :param problems: why there is none
    :param obstacles: what the operator of the bot has to mend first
    :param told: what the operator is told of, whatever becomes of it
    """

    plan: Plan | None = None
    transfer: Transfer | None = None
    problems: tuple[Problem, ...] = ()
    obstacles: tuple[Problem, ...] = ()
    told: tuple[Problem, ...] = ()


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
        found = list(spec.problems)
        if not spec.can_be_looked_at:
            return Planned(problems=tuple(found))
        try:
            policy = replace(spec.policy(self._configuration, summary),
                             maxpages=0, maxrevisions=0)
            transfer = self.connect(spec.prefix, policy)
        except PreflightError as error:
            found += [problem for problem in error.problems
                      if problem.key in _OF_REQUESTS]
            return Planned(problems=tuple(found), obstacles=() if found
                           else error.problems)
        except UsageError as error:
            return self._unusable(spec, error, found)
        titles = {text: transfer.source_info.title(f':{text}')
                  for text in spec.titles}
        found += [Problem('title', title=text[:200])
                  for text, title in titles.items() if title is None]
        known = [title for title in titles.values() if title]
        try:
            plan = plan_of(take_survey(transfer, known, self._watch,
                                       self._reader), transfer
                           ) if known else None
        except _TooManyPagesError as error:
            found.append(error.problem)
            plan = None
        except CleanUpError as error:
            return Planned(problems=(*found, Problem('cleanup-of-wiki')),
                           told=(error.problem, ))
        if plan:
            found += self.problems_of(plan, transfer)
        if plan and found:
            found += _not_there(plan)
        return Planned(None if found else plan, transfer, tuple(found))

    @staticmethod
    def _unusable(spec: RequestSpec, error: UsageError,
                  found: Sequence[Problem]) -> Planned:
        """Return why there is no policy for a request.

        The configuration may rule out what it asks for, or be at odds
        with itself.
        """
        if 'before' in spec.choices:
            return Planned(problems=(*found, Problem('before-not-here')))
        return Planned(problems=tuple(found),
                       obstacles=() if found else (error.problem, ))

    def obstacles(self, spec: RequestSpec, target: SiteInfo,
                  access: Access) -> tuple[Problem, ...]:
        """Return what the operator of the bot has to mend; asks no wiki.

        :param spec: by the request
        :param target: settings of the wiki
        :param access: what the bot may do there
        """
        if not spec.can_be_looked_at:
            return ()
        try:
            policy = spec.policy(self._configuration, '')
        except UsageError as error:
            return () if 'before' in spec.choices else (error.problem, )
        return tuple(problem for problem in preflight.problems(
            spec.prefix, policy, target, access)
            if problem.key not in _OF_REQUESTS)

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


def _not_there(plan: Plan) -> list[Problem]:
    """Return which requested pages the source does not have."""
    titles = tuple(Problem('quoted', name=str(page.title))
                   for page in plan.pages
                   if page.role is Role.REQUESTED
                   and page.is_missing_on_source)
    return [Problem('not-there', titles=titles[:_NAMED])] if titles else []
