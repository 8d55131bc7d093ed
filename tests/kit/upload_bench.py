"""Two wikis in this process, and pages to import from one to the other."""
from __future__ import annotations

from importbot import Journal
from importbot.applying.apply import apply_plan
from importbot.model.plan import Plan
from importbot.model.policy import Policy, Via
from importbot.model.report import Report
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from tests.kit.histories import fill_source
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client, texts, transfer_of


MANY = [(f'2015-01-01T00:{number // 60:02}:{number % 60:02}Z',
         f'Revision {number}. ' + 'y' * 900) for number in range(300)]


class UploadBench:

    """Two wikis, connected in this process, and pages to upload."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source: Client = box.on_source()
        self.target: Client = box.on_target()
        self._specimens = put_specimens(box, 120)
        fill_source(box, ((f'Many {number}', MANY) for number in range(20)))
        self._long = iter(range(20))
        self.wikis: Transfer = transfer_of(box)

    def new_pages(self, count: int = 3) -> list[str]:
        """Return pages of the source, two revisions, not used yet."""
        return [next(self._specimens) for _ in range(count)]

    def new_long_page(self) -> str:
        """Return a page of 300 revisions, not used yet."""
        return f'Many {next(self._long)}'

    def plan(self, *titles: str, via: Via = 'upload') -> Plan:
        found = [self.wikis.source_info.title(title) for title in titles]
        return plan_titles(
            self.wikis.under(Policy(templates='none', via=via)),
            [title for title in found if title])

    def apply(self, plan: Plan, journal: Journal,
              limit: float = 1) -> Report:
        return apply_plan(plan, self.wikis.target.site, journal,
                          transfer=self.wikis, server_limit=limit)

    def posts(self) -> tuple[int, int]:
        """Return how many imports were sent, and how many arrived."""
        return (len(self.box.target.imports),
                len(self.box.target.imports_done))

    def assert_imported_once(self, title: str, calls: int = 1) -> None:
        """Check that all of a page is there, and nothing of it twice."""
        theirs, ours = self.source.history(title), self.target.history(title)
        assert texts(theirs) <= texts(ours)
        assert len(ours) == len(theirs) + calls
        assert len(self.target.imports(title)) == calls
        assert self.source.text(title) == self.target.text(title)
