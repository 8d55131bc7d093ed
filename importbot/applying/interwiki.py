"""Send the interwiki calls of a page: one for each of its histories."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from importbot.applying.agreed import Agreed
from importbot.applying.read_back import ARRIVED
from importbot.applying.send import TWICE_SILENT, Sender
from importbot.model.decisions import Outcome
from importbot.model.errors import ImportbotError, SourceChangedError
from importbot.model.plan import PlannedPage
from importbot.model.report import PageResult
from importbot.model.revisions import lacking
from importbot.model.steps import ImportStep
from importbot.planning.attribution import attribution
from importbot.wikis.importer import ImportedPage, Importer


__all__ = ('InterwikiCalls', )


class InterwikiCalls:

    """Sends pages that the target fetches from the source itself.

    :param agreed: what was agreed to, with the wikis
    :param importer: sends a call
    :param sender: sees before and after a call what the target has
    :param remember: takes an error that came after part of a page arrived
    """

    def __init__(self, agreed: Agreed, importer: Importer,
                 sender: Sender,
                 remember: Callable[[ImportbotError], object]) -> None:
        self._agreed = agreed
        self._transfer = agreed.transfer
        self._importer = importer
        self._sender = sender
        self._remember = remember

    def send(self, page: PlannedPage) -> PageResult:
        """Send the calls of a page, one after the other.

        :raises ImportbotError: nothing of the page was imported
        """
        imported = 0
        for number, step in enumerate(page.import_steps):
            is_resumed = self._sender.goes_on(page)
            if is_resumed and self._has_arrived(page, step):
                continue
            try:
                result = self._call_twice(page, step,
                                          number > 0 or is_resumed)
                if result.outcome is None:
                    result = result.with_outcome(Outcome.FAILED, result.error)
            except SourceChangedError as error:
                return PageResult(Outcome.REJECTED, imported, error.problem)
            except ImportbotError as error:
                if not imported:
                    raise
                self._remember(error)
                return PageResult(Outcome.UNKNOWN, imported, error.problem)
            imported += result.imported
            if result.outcome not in ARRIVED:
                return replace(result, imported=imported)
        return PageResult(Outcome.IMPORTED if imported
                          else Outcome.UNCHANGED, imported)

    def _has_arrived(self, page: PlannedPage, step: ImportStep) -> bool:
        """Whether a call of a run that was cut has nothing left to do."""
        target = self._transfer.target
        if page.move and page.move.is_done(target.newest(
                page.move.landing)) and target.newest(page.target_text):
            return True
        return not lacking(step.sent_of(page.history),
                           target.history(page.interim_title))

    def _call_twice(self, page: PlannedPage, step: ImportStep,
                    goes_on: bool) -> PageResult:
        """Send a call; a second time only where the first came to nothing.

        After the wait for an answer nobody can be at work on the first one
        any more, so that this is no second POST on a guess.
        """
        for _attempt in range(2):
            result = self._sender.send(
                [page], lambda: self._call(page, step), goes_on=goes_on,
                parts={page.title: step.sent_of(page.history)})[page.title]
            if result.outcome is not Outcome.UNKNOWN or self._sender.obstacle:
                return result
        return TWICE_SILENT

    def _call(self, page: PlannedPage,
              step: ImportStep) -> list[ImportedPage] | None:
        self._agreed.check(page)
        return self._importer.from_wiki(
            self._transfer.prefix, str(page.title),
            **self._parameters(page, step))

    def _parameters(self, page: PlannedPage,
                    step: ImportStep) -> dict[str, Any]:
        assert page.newest is not None, 'it was planned'
        return {'full_history': step.is_full,
                'namespace': step.namespace, 'rootpage': step.rootpage,
                'tags': self._transfer.policy.tags,
                'assign_known_users': self._transfer.policy.authors == 'local',
                'summary': self._transfer.policy.summary or attribution(
                    str(page.title), page.newest.id, self._transfer)}
