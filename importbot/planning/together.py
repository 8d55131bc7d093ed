"""Plans for pages of several sources, made and carried out together.

A title of the target is that of one page: requested pages come before
what others need, and of two sources the one that was named first gives
what both need.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from importbot.model.decisions import Role
from importbot.model.plan import Plan
from importbot.model.titles import Title
from importbot.planning.plan import check_limits, plan_of
from importbot.planning.survey import Survey
from importbot.sources.transfer import Transfer


__all__ = ('PlansTogether', 'Surveyed')


@dataclass(frozen=True)
class Surveyed:

    """What is known of a source and the target.

    :param survey: what both have
    :param transfer: both
    """

    survey: Survey
    transfer: Transfer

    @property
    def requested(self) -> frozenset[Title]:
        """Titles of the target that its requested pages get."""
        survey = self.survey
        return frozenset(
            arrival.title for title, arrival in survey.arrivals.items()
            if arrival.title and survey.sources[title].newest
            and survey.closure.role(title) is Role.REQUESTED)


class PlansTogether:

    """Plans that are carried out one after another.

    :param sources: in that order; all with the same limits
    """

    def __init__(self, sources: Sequence[Surveyed]) -> None:
        self._sources = sources
        self._plans: list[Plan] = []

    def plan(self, source: Surveyed) -> tuple[Surveyed, Plan]:
        """Decide on the pages of the next source.

        :param source: one of them
        :return: with the titles that it must leave to other sources, and
            its plan
        :raises UsageError: they change or send more than the limits allow
        :raises CleanUpError: a clean-up cannot deal with a text
        """
        others = [other.requested for other in self._sources
                  if other is not source]
        brought = {page.arriving for plan in self._plans
                   for page in plan.pages if page.steps}
        source = replace(source, survey=replace(
            source.survey, claimed=frozenset(brought).union(*others)))
        self._plans.append(plan_of(source.survey, source.transfer))
        check_limits(self._plans, source.transfer.policy)
        return source, self._plans[-1]
