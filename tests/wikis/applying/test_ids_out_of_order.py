"""What was there before may have higher ids than the newest revision."""
from __future__ import annotations

from pathlib import Path

import pytest

from importbot import Journal, Policy, apply_plan
from importbot.journal.changes import ARRIVAL, changes_of
from importbot.model.decisions import Outcome
from importbot.planning.plan import plan_titles
from tests.kit.support import Box, transfer_of, write_histories


NEW = '2011-01-01T00:00:00Z', 'Ours.'
OLD = '2010-01-01T00:00:00Z', 'Brought later.'


@pytest.mark.parametrize('via', ['upload', 'interwiki'])
def test_an_older_revision_with_a_higher_id_is_no_arrival(
        box: Box, tmp_path: Path, via: str) -> None:
    title = f'Out of order {via}'
    write_histories(box.source_tree, box.folder / 'source', 'old', {
        title: [('2012-01-01T00:00:00Z', 'C.'),
                ('2013-01-01T00:00:00Z', 'D.')]})
    write_histories(box.target_tree, box.folder / 'target', 'loc', {
        title: [NEW, OLD]})
    wikis = transfer_of(box).under(Policy(
        templates='none', history='full', via=via, existingpages='force'))
    found = wikis.source_info.title(title)
    assert found
    plan = plan_titles(wikis, [found])
    page, = plan.pages
    assert page.replaced
    assert page.before > page.replaced.id
    journal = Journal(str(tmp_path / 'journal.sqlite'))
    report = apply_plan(plan, wikis.target.site, journal, transfer=wikis)
    result, = report.results
    assert (result.outcome, result.error) == (Outcome.VERIFIED, None)
    # An undo goes by the newest revision still.
    change, = (change for change in changes_of(journal, 1)
               if change.action == ARRIVAL)
    assert change.before == page.replaced.id
    journal.close()
