"""Every field of what arrived is read back; each is changed once behind the
bot's back, between its call and its look.
"""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from importbot import Journal, Policy, apply_plan
from importbot.model.decisions import Outcome
from importbot.model.report import PageResult
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from tests.kit.field_changes import CHANGES, TAG, Page, put_pages
from tests.kit.support import Box, transfer_of


pytestmark = pytest.mark.every


PAGES = 50


class Wikis:

    """A source with pages, and a target."""

    def __init__(self, box: Box) -> None:
        self.box = box
        put_pages(box, (f'{start} {number}' for start in ('Field', 'Many')
                        for number in range(PAGES)))
        self.titles = (f'Field {number}' for number in range(PAGES))
        self.wikis: Transfer = transfer_of(box)

    def apply(self, folder: Path, *titles: str, meanwhile: Callable[
            [Page], object] = lambda page: None, **policy: Any,
            ) -> list[PageResult]:
        """Import pages; change the first when the call was answered."""
        wikis = self.wikis.under(Policy(templates='none', history='full',
                                        **policy))
        found = [title for name in titles or (next(self.titles), )
                 if (title := wikis.source_info.title(name))]
        journal = Journal(str(folder / 'journal.sqlite'))
        plan = plan_titles(wikis, found)
        errors: list[Exception] = []

        def change() -> None:
            try:
                meanwhile(Page(self.box, str(found[0])))
            except Exception as error:  # in a thread of the proxy
                errors.append(error)

        with self.box.target.broken(cuts=False, meanwhile=change):
            report = apply_plan(plan, wikis.target.site, journal,
                                transfer=wikis)
        journal.close()
        assert not errors
        return list(report.results)


@pytest.fixture(scope='module')
def wikis(database_box: Box) -> Wikis:
    return Wikis(database_box)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('importbot.applying.read_back.TAG_PAUSES', (0, ))


@pytest.mark.parametrize(('via', 'order'), [
    ('upload', 'time'), ('upload', 'fast'), ('interwiki', 'auto')])
def test_what_nobody_touched_is_verified(wikis: Wikis, tmp_path: Path,
                                         via: str, order: str) -> None:
    assert wikis.apply(tmp_path, via=via, order=order, tags=(TAG, )) == [
        PageResult(Outcome.VERIFIED, 4)]


@pytest.mark.parametrize('via', ['upload', 'interwiki'])
@pytest.mark.parametrize(('change', 'says'), CHANGES.values(), ids=CHANGES)
def test_every_field_counts(
        wikis: Wikis, tmp_path: Path, via: str, says: str,
        change: Callable[[Page], object]) -> None:
    result, = wikis.apply(tmp_path, via=via, meanwhile=change, tags=(TAG, ))
    assert (result.outcome, result.imported) == (Outcome.DIFFERS, 4)
    assert says in str(result.error)
    # One field, one sentence.
    assert '; ' not in str(result.error)


def test_of_many_pages_the_damaged_one_differs(wikis: Wikis,
                                               tmp_path: Path) -> None:
    change, says = CHANGES['parent']
    first, *others = wikis.apply(
        tmp_path, *(f'Many {number}' for number in range(5)), via='upload',
        meanwhile=change, tags=(TAG, ))
    assert first.outcome is Outcome.DIFFERS
    assert says in str(first.error)
    assert {result.outcome for result in others} == {Outcome.VERIFIED}


@pytest.mark.parametrize('via', ['upload', 'interwiki'])
@pytest.mark.parametrize(('change', 'says'), [
    (None, ''), *(CHANGES[name] for name in ('text', 'author', 'comment'))],
    ids=['none', 'text', 'author', 'comment'])
def test_what_the_source_hid_before_counts(
        wikis: Wikis, tmp_path: Path, via: str, says: str,
        change: Callable[[Page], object] | None) -> None:
    title = next(wikis.titles)
    # Text, edit summary and author.
    wikis.box.sql('source', 'UPDATE revision SET rev_deleted = 7 WHERE '
                  "rev_timestamp = '20110101000000' AND rev_page = (SELECT "
                  'page_id FROM page WHERE page_title = :title)',
                  title=title.replace(' ', '_'))
    result, = wikis.apply(tmp_path, title, via=via,
                          meanwhile=change or (lambda page: None))
    assert result.outcome is (
        Outcome.DIFFERS if change else Outcome.VERIFIED), result.error
    assert says.partition(':')[0] in str(result.error)
