"""What stands first in HTML: the order and the words of the terminal."""
from __future__ import annotations

import re

from importbot.reports.html import report_html
from importbot.reports.overview import SectionKind, overview_of
from importbot.reports.words.overview import section_title
from tests.kit.html_reports import section, tree, words
from tests.kit.many_pages import held_of, run_of


def test_sections_stand_in_the_order_of_reading() -> None:
    run = run_of(40)
    shown = tree(report_html(run, 'en'))
    assert shown.xpath('//main/section/@id')[:5] == [
        'eyes', 'rest', 'notes', 'decisions', 'asked']
    assert [words(head) for head in section(shown, 'eyes').xpath('./h3')] == [
        section_title(part.kind, 'en')
        for part in overview_of(run).needs_eyes]


def test_each_page_stands_in_one_place() -> None:
    run = run_of(40)
    shown = tree(report_html(run, 'en'))
    eyes = [words(link) for link in section(shown, 'eyes').xpath(
        './/li/a')]
    rest = [words(link) for link in section(shown, 'rest').xpath('.//li/a')]
    assert sorted(eyes + rest) == sorted(
        str(page.title) for page in run.plan.pages)
    # Names lead to their rows.
    assert all(shown.xpath(f'//tr[@id="{link[1:]}"]') for link in section(
        shown, 'rest').xpath('.//li/a/@href'))


def test_requested_pages_lead_to_the_target_once_they_are_there() -> None:
    run = run_of(40)
    for thing, wiki in ((run.plan, 'source'), (run, 'target')):
        links = tree(report_html(thing, 'en')).xpath(
            f'//h3[@id="eyes-{SectionKind.REQUESTED.value}"]'
            '/following-sibling::div[1]//li/a/@href')
        assert len(links) == 5
        assert all(link.startswith(f'https://{wiki}.example/w/')
                   for link in links)


def test_texts_stand_by_the_page_that_they_are_of() -> None:
    run = run_of(40)
    held = held_of(run)
    shown = section(tree(report_html(run, 'en', diffs=held)), 'eyes')
    assert [words(link) for link in shown.xpath('.//li[.//ins]/a')] == [
        str(texts.page.title) for texts in held]


def test_equal_notes_are_one_with_the_other_pages_below() -> None:
    run = run_of(40)
    note, = section(tree(report_html(run, 'en')), 'notes').xpath(
        './ul/li')
    assert len(note.xpath('.//details//li')) == 11
    assert re.search('and 11 more', words(note.find('.//summary')))


def test_very_many_names_are_folded_and_counted() -> None:
    run = run_of(4_000)
    shown = section(tree(report_html(run, 'en')), 'rest')
    groups = overview_of(run).rest
    for group, box in zip(groups, shown.xpath('./div'), strict=True):
        names = len(box.xpath('./ul/li'))
        assert names == min(60, len(group.places))
        assert names + len(box.xpath('./details/ul/li')) == len(group.places)
