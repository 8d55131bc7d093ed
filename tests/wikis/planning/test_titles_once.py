"""A title is read where it comes from, and nowhere after that."""
from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from importbot.applying.apply import apply_plan
from importbot.journal.journal import Journal
from importbot.model.plan import as_text
from importbot.model.policy import Policy
from importbot.model.siteinfo import SiteInfo
from importbot.planning.plan import plan_of
from importbot.planning.survey import take_survey
from importbot.reports.formats import Told, format_named, text_of
from tests.kit.support import Box, transfer_of


@pytest.mark.parametrize('via', ['interwiki', 'upload'])
def test_no_title_of_a_plan_is_read_again(
        box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        via: str) -> None:
    root = f'Project:By {via}'
    transfer = transfer_of(box).under(Policy(
        via=via, rootpage=root, existing='force'))
    asked = transfer.source_info.title('Rover')
    survey = take_survey(transfer, [asked], lambda what, pages: None)
    reading, texts = SiteInfo.title, Counter[str]()

    def counted(info: SiteInfo, text: str, *more: Any) -> Any:
        texts[text.lstrip(':')] += 1
        return reading(info, text, *more)

    monkeypatch.setattr(SiteInfo, 'title', counted)
    plan = plan_of(survey, transfer)
    report = apply_plan(plan, transfer.target.site,
                        Journal(str(tmp_path / 'journal.sqlite')),
                        transfer=transfer)
    for name in ('json', 'table', 'wikitext', 'html'):
        assert text_of(report, format_named(name), Told('en'))
    assert as_text(report.as_json())
    assert report.went_as_planned, report.results
    titles = {str(title) for page in plan.pages
              for title in (page.title, page.target) if title}
    assert len(titles) > 9
    assert {text: count for text, count in texts.items()
            if text in titles} == {}
