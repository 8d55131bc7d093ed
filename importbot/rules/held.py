"""What a source exports is held to the plan, revision by revision.

Between plan and sending a source may have changed, or it lies. What is
newer than the plan is left out; anything else that is not as planned
keeps the page back.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from importbot.model.contentmodels import may_stand
from importbot.model.plan import PlannedPage
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.rules.decide import Circumstances


__all__ = ('HeldPage', )


class HeldPage:

    """One page as it comes out of an export, against the plan.

    :param page: as it was planned, with its history
    :param circumstances: what the target takes
    """

    def __init__(self, page: PlannedPage,
                 circumstances: Circumstances) -> None:
        self.page = page
        self._circumstances = circumstances
        planned = page.sent
        self._is_full = page.is_full
        #: Planned revisions that did not come yet.
        self._expected: defaultdict[
            tuple[int, str], list[Revision]] = defaultdict(list)
        for revision in planned:
            self._expected[revision.id, revision.timestamp].append(revision)
        self._newest = max((_when(revision) for revision in planned),
                           default=('', 0))
        self._unplanned: list[Revision] = []
        self._problem: Problem | None = None

    def takes(self, revision: Revision) -> bool:
        """Return whether a revision is sent.

        :param revision: the next one of the page in the export
        """
        waiting = self._expected.get((revision.id, revision.timestamp))
        if not waiting:
            if self._is_full and _when(revision) <= self._newest:
                self._unplanned.append(revision)
            return False
        place = next((place for place, planned in enumerate(waiting)
                      if planned.sha1 == revision.sha1), 0)
        planned = waiting.pop(place)
        for what in (*self._untakeable(revision),
                     *_differences(planned, revision)):
            self._problem = self._problem or (
                Problem('export-revision', revision=revision.id,
                        date=revision.timestamp, what=what))
        return True

    def came_again(self) -> None:
        """Note that the export has the page a second time."""
        self._problem = Problem('export-twice')

    @property
    def has_unplanned(self) -> bool:
        """Whether the export has more than the plan, and not newer."""
        return bool(self._unplanned)

    def admits(self, history: Iterable[Revision]) -> None:
        """Leave out in peace what the source says it has by now.

        :param history: of the page, as the source tells it at this moment
        """
        told = {(revision.id, revision.timestamp) for revision in history}
        self._unplanned = [
            revision for revision in self._unplanned
            if (revision.id, revision.timestamp) not in told]

    @property
    def lacks(self) -> int:
        """Number of planned revisions that did not come."""
        return sum(map(len, self._expected.values()))

    @property
    def problem(self) -> Problem | None:
        """Why the page is not sent, None if it is."""
        if self._unplanned:
            oldest = min(item.timestamp for item in self._unplanned)
            return Problem('export-changed', what=Problem(
                'export-unplanned', count=len(self._unplanned),
                oldest=oldest))
        if self._problem:
            return Problem('export-changed', what=self._problem)
        if self.lacks:
            return Problem('export-lacks', count=self.lacks)
        return None

    def _untakeable(self, revision: Revision) -> Iterator[Problem]:
        """Yield what the target would not take, or nobody should."""
        for role, model in revision.slots:
            if self._circumstances.keeps_out(self.page.arriving, model):
                yield Problem('export-code', model=model)
            elif model and model not in self._circumstances.models:
                yield Problem('export-model-lacking', model=printable(model))
            if not may_stand(model, self.page.arriving):
                yield Problem('export-model-not-there',
                              model=printable(model))
            if role not in self._circumstances.roles:
                yield Problem('export-slot-lacking', slot=printable(role))
        if revision.size > self._circumstances.max_text:
            yield Problem('export-size', size=revision.size,
                          limit=self._circumstances.max_text)


def _when(revision: Revision) -> tuple[str, int]:
    return revision.timestamp, revision.id


def _differences(planned: Revision, came: Revision) -> Iterator[Problem]:
    """Yield in what a revision is not as planned.

    What was hidden since may stay hidden.
    """
    name = came.user.removeprefix('>')
    if name and name != planned.user.removeprefix('>'):
        yield (Problem('export-author', author=printable(name))
               if not planned.user else Problem(
                   'export-other-author', author=printable(name),
                   planned=printable(planned.user)))
    elif not name and planned.user and not came.hidden:
        yield Problem('export-no-author', planned=printable(planned.user))
    before, now = dict(planned.slots), dict(came.slots)
    for role in sorted(before.keys() ^ now.keys() if before else ()):
        yield Problem('export-slot' if role in now else 'export-no-slot',
                      slot=printable(role))
    for role in sorted(before.keys() & now.keys()):
        if before[role] and now[role] and before[role] != now[role]:
            yield Problem('export-model', model=printable(now[role]),
                          planned=printable(before[role]))
    if came.sha1 and came.sha1 != planned.sha1:
        yield Problem('export-text' if planned.sha1
                      else 'export-hidden-text')
