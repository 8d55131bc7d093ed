"""Wikitext in the order of reading: numbers, what needs eyes, the rest."""
from __future__ import annotations

import re
from dataclasses import replace

import pytest

from importbot.i18n import LANGUAGES
from importbot.model.plan import Endpoint
from importbot.reports.overview import SectionKind, overview_of
from importbot.reports.wikitext.overview import (
    WikiOverview,
    overview_wikitext,
)
from importbot.reports.words.overview import headline, section_title
from tests.kit.many_pages import run_of
from tests.kit.plans import IMPORT, PLAN, titled
from tests.kit.renderings import UNDO


@pytest.mark.parametrize('language', LANGUAGES)
def test_numbers_come_first_and_notes_last(language: str) -> None:
    run = run_of(40)
    lines = overview_wikitext(run, language)
    assert lines[0].startswith(
        f"'''{headline(overview_of(run), language)}'''")
    assert run.plan.id in lines[0]
    text = '\n'.join(lines)
    places = [text.index(f'\n{mark}{section_title(kind, language)}')
              for kind, mark in zip((
        SectionKind.REQUESTED, SectionKind.HOLD, SectionKind.REFUSE,
        SectionKind.STAYS, SectionKind.REST),
                  ("'''", ) * 4 + ('! ', ), strict=True)]
    assert places == sorted(places)
    table = text.index('mw-collapsed')
    assert places[-2] < table < places[-1]
    # What can be folded is folded, once; notes are below it.
    assert text.count('mw-collapsed') == 1
    assert text.rindex('\n* ') > text.index('|}')


def test_each_page_is_linked_once_or_on_both_wikis() -> None:
    run = run_of(40)
    for thing in (run, run.plan):
        text = '\n'.join([*WikiOverview(thing, 'en').needs_eyes(),
                          *WikiOverview(thing, 'en').rest()])
        for page in run.plan.pages:
            assert len(re.findall(
                rf'\b{re.escape(page.target_text)}(?=[|\]])', text)) in (
                1, 2), page.title


def test_signs_are_those_of_the_language() -> None:
    run = run_of(40)
    french = overview_wikitext(run, 'fr')
    said = [re.sub(r'\[\[.*?\]\]|<.*?>|style=.*', '', line)
            for line in french[:-1]]
    assert [line for line in said
            if re.search(r'[^ \u202f\u00a0:][:;](?!\S)', line)] == []
    assert any(' : ' in line for line in said)
    assert ', ' not in headline(overview_of(run), 'ja')


def test_what_is_imported_leads_to_its_revision() -> None:
    text = '\n'.join(overview_wikitext(PLAN, 'en'))
    assert f'[[:en:Special:PermanentLink/{IMPORT.newest.id}|en]]' in text
    moved = replace(PLAN, pages=(replace(IMPORT, target=titled('B')), ))
    text = '\n'.join(overview_wikitext(moved, 'en'))
    assert (f'[[:en:Special:PermanentLink/{IMPORT.newest.id}|Rover]]</bdi>'
            ' → <bdi>[[:B]]') in text


def test_source_without_a_prefix_is_no_link() -> None:
    plan = replace(PLAN, source=Endpoint('dump.xml', ''))
    text = '\n'.join(overview_wikitext(plan, 'en'))
    assert 'Rover' in text
    assert '[[::' not in text and 'Special:' not in text


def test_undo_says_what_is_done_to_pages_that_need_eyes() -> None:
    text = '\n'.join(overview_wikitext(UNDO, 'en'))
    assert '<bdi>[[:Rover]]</bdi> (restore revision 4)' in text
    assert 'undo later runs first' in text


def test_it_is_no_larger_than_a_row_for_each_page() -> None:
    run = run_of(500)
    assert len('\n'.join(overview_wikitext(run, 'en')).encode()) < 45_000
