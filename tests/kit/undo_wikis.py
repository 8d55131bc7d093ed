"""Two wikis between which runs are made and undone."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importbot import Journal, Policy, apply_plan
from importbot.applying.run import Run
from importbot.model.options import SERVER_LIMIT
from importbot.model.report import Report
from importbot.model.undo_plan import UndoPlan
from importbot.planning.plan import plan_titles
from importbot.sandbox.wikis import ACCOUNTS
from importbot.sources.transfer import connect
from importbot.undoing.plan import Target, learn, plan_undo
from importbot.undoing.undo import UndoWork
from tests.kit.support import Box, Client, site_of


MARK = '{{Delete|import undone}}'


@dataclass
class Bench:

    """Two wikis, an account on the target and its journal."""

    box: Box
    account: str
    journal: Journal
    server_limit: float = SERVER_LIMIT

    @property
    def admin(self) -> Client:
        return self.box.on_target()

    @property
    def is_sysop(self) -> bool:
        return self.account == ACCOUNTS['user'].name

    @property
    def site(self) -> Any:
        account = next(account for account in ACCOUNTS.values()
                       if account.name == self.account)
        site_of(self.box.source)
        return site_of(self.box.target, account.name, account.password)

    def run(self, *titles: str, **policy: Any) -> Report:
        """Import pages; return the report of the run."""
        wanted = Policy(**policy)
        wikis = connect(self.site, self.box.prefix, wanted)
        found = [wikis.source_info.title(title) for title in titles]
        plan = plan_titles(wikis, [title for title in found if title])
        return apply_plan(plan, self.site, self.journal, transfer=wikis,
                          server_limit=self.server_limit)

    @property
    def target(self) -> Target:
        return learn(self.site)

    def plan(self, run: int | None, mark: str = '') -> UndoPlan:
        assert run is not None
        return plan_undo(self.journal, run, self.target, mark)

    def undoing(self, plan: UndoPlan) -> Run[UndoPlan]:
        """Return the run of an undo, which is to be entered."""
        return Run(UndoWork(plan, self.target), self.journal)

    def undo(self, run: int | None, mark: str = '',
             before: Callable[[int], None] = lambda place: None,
             ) -> Run[UndoPlan]:
        """Undo a run, calling something before each page."""
        with self.undoing(self.plan(run, mark)) as undo:
            for batch in undo.batches():
                before(batch[0])
                undo.apply(batch)
        return undo

    def texts(self) -> dict[str, str]:
        """Return sha1 of the current text of every page of the target."""
        return {title: sha1 for title, (_revision, sha1)
                in self.admin.snapshot().items()}


@contextmanager
def bench_of(wikis: Box, account: str, folder: Path) -> Iterator[Bench]:
    """Work as an account of the sandbox, with a new journal.

    :param account: as :data:`importbot.sandbox.wikis.ACCOUNTS` calls it
    :param folder: where the journal is to be
    """
    journal = Journal(str(folder / 'j.sqlite'))
    yield Bench(wikis, ACCOUNTS[account].name, journal)
    journal.close()


def brought(bench: Bench, title: str, text: str = 'theirs',
            ours: str = '', **policy: Any) -> int | None:
    """Bring a new page, or one that the target has; return the run."""
    bench.box.on_source().edit(title, text)
    if ours:
        bench.admin.edit(title, ours)
    report = bench.run(title, templates='none',
                       existingpages='force' if ours else 'skip', **policy)
    assert report.went_as_planned, report.results
    return report.run


def decisions(plan: UndoPlan) -> dict[str, tuple[str, str]]:
    return {page.title: (page.verdict.decision.value,
                         page.verdict.reason.value) for page in plan.pages}


def verdict(bench: Bench, run: int | None, mark: str = '',
            ) -> tuple[str, str]:
    return next(iter(decisions(bench.plan(run, mark)).values()))


def at(action: str, does: Callable[[], object]) -> dict[str, Any]:
    """Return a fault: somebody does something right before a request."""
    def alters(body: bytes) -> bytes:
        does()
        return body

    return {'hits': lambda exchange: (
        exchange.parameters.get('action') == action),
        'alters': alters, 'cuts': False}
