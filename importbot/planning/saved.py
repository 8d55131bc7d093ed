"""A saved plan, made again before it is applied."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from importbot.model.agreement import (
    Departure,
    SourceEdit,
    departure,
    identity,
)
from importbot.model.codec import planned_pages, policy_from_json
from importbot.model.decisions import Role
from importbot.model.documents import SCHEMA, PlanDocument, damages
from importbot.model.errors import PlanChangedError, UsageError
from importbot.model.plan import Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.titles import Title
from importbot.planning.plan import plan_of
from importbot.planning.reference_cache import Reader
from importbot.planning.survey import Reading, take_survey
from importbot.sources.pinned import Pin, PinnedSource
from importbot.sources.transfer import Transfer


__all__ = ('SavedPlan', )


@dataclass(frozen=True)
class SavedPlan:

    """A plan as its JSON file has it.

    :param name: of the file
    :param data: its content
    """

    name: str
    data: Mapping[str, Any]

    @classmethod
    def load(cls, name: str) -> SavedPlan:
        """Read a plan file.

        :param name: of the file
        :raises UsageError: it cannot be read or is no plan
        """
        try:
            data = json.loads(Path(name).read_text(encoding='utf-8'))
        except OSError as error:
            raise UsageError(Problem(
                'saved-unreadable', name=name,
                cause=str(error.strerror))) from error
        except ValueError:
            raise UsageError(Problem('saved-not-json', name=name)) from None
        if not isinstance(data, dict) or data.get('schema') != SCHEMA:
            raise UsageError(Problem('saved-other-schema', name=name,
                                     schema=SCHEMA))
        plan = cls(name, data)
        plan.check()
        return plan

    def check(self) -> None:
        """See that all of it can be read.

        :raises UsageError: it is damaged; names the first place
        """
        assert self.document and self.policy, 'it was read'

    @cached_property
    def document(self) -> PlanDocument:
        """Its content, each part of its type.

        :raises UsageError: it is damaged; names the first place
        """
        with self._whole():
            return PlanDocument.model_validate(self.data)

    @contextmanager
    def _whole(self, *above: str) -> Iterator[None]:
        try:
            yield
        except ValidationError as error:
            first, *others = damages(error, above)
            more = f' (+{len(others)})' if others else ''
            raise UsageError(Problem('saved-damaged', name=self.name,
                                     cause=f'{first}{more}')) from None

    @property
    def prefix(self) -> str:
        """Interwiki prefix of the source."""
        return self.document.source.prefix or ''

    @cached_property
    def pages(self) -> tuple[PlannedPage, ...]:
        """Its pages, as far as JSON has them."""
        return planned_pages(self.document.pages)

    @cached_property
    def policy(self) -> Policy:
        """The policy that it was made with.

        :raises UsageError: it is damaged; names the first place
        """
        with self._whole('options'):
            return policy_from_json(self.document.options)

    def made_again(self, transfer: Transfer, progress: Reading,
                   reader: Reader | None = None, *,
                   pin: bool = False) -> Plan:
        """Return the plan as it is now, if it still is the same.

        :param reader: finds what texts refer to; one without memory if None
        :param pin: whether later edits of uploaded pages are left out
        :raises UsageError: it was made for another target
        :raises PlanChangedError: a decision, a target title, a page of the
            target that the plan names for import or the source's revision
            of one changed since
        """
        self._check_target(transfer)
        transfer = transfer.under(self.policy)
        if not self.is_whole:
            raise PlanChangedError(self.name, [
                'its id does not stand for what it holds: another release '
                'of importbot made it, or somebody edited it'])
        plan = self.as_of_now(transfer, progress, reader, pin=pin)
        changed = self.departure_of(plan)
        if not changed.is_none:
            raise PlanChangedError(self.name, _changes(
                changed, self.pages, plan.pages))
        return plan

    @property
    def is_whole(self) -> bool:
        """Whether its id stands for what it holds.

        That of another release may not: then nobody can tell what the
        person had seen who agreed to it.
        """
        try:
            self.check()
        except UsageError:
            return False
        return bool(identity(self.data) == self.data['id'])

    def departure_of(self, plan: Plan, *,
                     trusted: bool = False) -> Departure:
        """Return how a plan that was made again departs from this one.

        :param plan: see :meth:`as_of_now`
        :param trusted: whether later edits of the source need no second
            look
        """
        return departure(self.data, plan.as_json(), trusted=trusted)

    def as_of_now(self, transfer: Transfer, progress: Reading,
                  reader: Reader | None = None, *,
                  pin: bool = False) -> Plan:
        """Return the plan for the same wishes as it is now.

        :param reader: finds what texts refer to; one without memory if None
        :param pin: whether pages that are uploaded, where one can choose
            what is sent, are taken as they were
        :raises UsageError: it was made for another target
        """
        if pin:
            transfer = self._pinned(transfer)
        self._check_target(transfer)
        transfer = transfer.under(self.policy)
        agreed = {page.title for page in self.pages if page.agreed}
        survey = take_survey(transfer, self._requested(), progress, reader)
        return plan_of(survey, transfer, agreed)

    def _pinned(self, transfer: Transfer) -> Transfer:
        """Return the wikis, the source as it was where that can be had."""
        agreed = {str(page.title): page.newest.id for page in self.pages
                  if page.newest and page.is_uploaded}
        reads = transfer.source.pages(agreed) if agreed else {}
        wanted = transfer.under(self.policy)
        # What the policy leaves out anyway makes no other plan.
        pins = {title: Pin(agreed[title]) for title, read in reads.items()
                if read.newest and read.newest.id != agreed[title]
                and agreed[title] in [revision.id for revision
                                      in wanted.history(title)[1:]]}
        return replace(transfer, source=PinnedSource(transfer.source, pins)
                       ) if pins else transfer

    def _check_target(self, transfer: Transfer) -> None:
        if self.data['target']['api'] != transfer.target.api:
            raise UsageError(Problem(
                'other-target', what=self.name,
                api=self.data['target']['api'], target=transfer.target.api))

    def _requested(self) -> list[Title]:
        return [page.title for page in self.pages
                if page.role is Role.REQUESTED]


def _changes(changed: Departure, before: Sequence[PlannedPage],
             after: Sequence[PlannedPage]) -> list[str]:
    """Return one line for each page that is not what it was."""
    old = {str(page.title): page for page in before}
    new = {str(page.title): page for page in after}
    lines = [f'{title}: {_gist(old.get(title))} then, '
             f'{_gist(new.get(title))} now' for title in changed.decided]
    lines += [f'{edit.title}: {edit_text(edit)}' for edit in changed.edited]
    if changed.elsewhere:
        lines.append('the wikis, the summary, the tags or the order of the '
                     'pages')
    return lines


def edit_text(edit: SourceEdit) -> str:
    """Say how the source has a page by now.

    :param edit: what became of it
    """
    if edit.after is None:
        return f'revision {edit.before} of the source then, no page now'
    if edit.before == edit.after:
        return (f'revision {edit.before} of the source then and now; what '
                'lies beneath it, or what is shown of it, changed')
    return (f'revision {edit.before} of the source then, {edit.after} now')


def _gist(page: PlannedPage | None) -> str:
    if page is None:
        return 'not in the plan'
    text = (f'{page.decision.value} ({page.reason.value}) to '
            f'"{page.target_text}"')
    if page.replaces:
        text += f' over revision {page.replaces}'
    return text + (f', then {", ".join(page.cleanups)}' if page.cleanups
                   else '')
