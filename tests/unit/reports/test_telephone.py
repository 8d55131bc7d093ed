"""HTML on a telephone: nothing is beside the screen, no word is broken."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

from importbot.reports.formats import Told, format_named, text_of
from importbot.reports.html import report_html
from tests.kit.chromium import keep_page, screen
from tests.kit.html_reports import DETAILS
from tests.kit.many_pages import held_of, run_of
from tests.kit.renderings import CHECKED, PAST, RUNS, UNDO_REPORT


pytestmark = pytest.mark.programs

WIDTH, HEIGHT = 360, 740
NAMES = ('plan', 'report', 'check', 'runs', 'past', 'undo')


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one page of every kind."""
    folder = tmp_path_factory.mktemp('pages')
    run = run_of(40)
    pages = {'plan': report_html(run.plan, 'de', diffs=held_of(run)),
             'report': report_html(run, 'en', diffs=held_of(run),
                                   details=DETAILS)}
    for name, thing in (('check', CHECKED), ('runs', RUNS), ('past', PAST),
                        ('undo', UNDO_REPORT)):
        pages[name] = text_of(thing, format_named('html'), Told('en'))
    for name, text in pages.items():
        (folder / f'{name}.html').write_text(text, 'utf-8')
    return folder


#: What sticks out of the screen, but for what scrolls by itself.
BESIDE = """
    return [...document.querySelectorAll('body *')].filter((node) => {
      const box = node.getBoundingClientRect();
      const scrolls = node.closest('.wide');
      return box.width && (box.left < 0 || box.right > innerWidth + 1)
        && !(scrolls && scrolls.querySelector('.diff, #drawing, '
                                              + 'table:not(.cards)'))
        && !node.closest('thead, .jump, svg');
    }).map((node) => node.outerHTML.slice(0, 200))"""

#: Words that stand on two lines though they fit on one.
BROKEN = """
    const broken = [];
    for (const node of document.querySelectorAll('bdi, .main, td, th')) {
      const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        if (text.parentElement.closest('.long, code, thead, .diff')) continue;
        for (const word of text.data.matchAll(/\\p{Script=Latin}{2,}/gu)) {
          const range = document.createRange();
          range.setStart(text, word.index);
          range.setEnd(text, word.index + word[0].length);
          const lines = new Set([...range.getClientRects()].map(
            (box) => Math.round(box.top)));
          if (lines.size > 1) broken.push(node.outerHTML.slice(0, 150));
        }
      }
    }
    return broken"""


def found(driver: Any, script: str) -> list[str]:
    made: list[str] = driver.execute_script(script)
    return made


@pytest.mark.parametrize('scheme', ['light', 'dark'])
@pytest.mark.parametrize('name', NAMES)
def test_page_fits_a_telephone(driver: webdriver.Chrome, folder: Path,
                               name: str, scheme: str) -> None:
    with screen(driver, WIDTH, HEIGHT, scheme=scheme):
        driver.get((folder / f'{name}.html').as_uri())
        assert driver.execute_script(
            'return document.documentElement.scrollWidth') == WIDTH
        assert found(driver, BESIDE) == []
        assert found(driver, BROKEN) == []
        look = '-dark' if scheme == 'dark' else ''
        kept = keep_page(driver, f'telephone-{name}{look}', 4_000)
        assert kept.stat().st_size > 5_000


@pytest.mark.parametrize('name', ['plan', 'report', 'check'])
def test_decision_stands_by_its_title(driver: webdriver.Chrome,
                                          folder: Path, name: str) -> None:
    with screen(driver, WIDTH, HEIGHT):
        driver.get((folder / f'{name}.html').as_uri())
        apart = driver.execute_script("""
            const rows = [...document.querySelectorAll('.cards tbody tr')];
            return rows.map((row) => {
              const [title, word] = ['th', '.main > span'].map((part) =>
                row.querySelector(part).getBoundingClientRect());
              return [word.right, word.top - title.bottom];
            })""")
    assert apart
    assert all(right <= WIDTH and below < 8 for right, below in apart)


@pytest.mark.parametrize('width', [700, 900, 1024, 1200])
def test_outcome_is_seen_without_scrolling(
        driver: webdriver.Chrome, folder: Path, width: int) -> None:
    with screen(driver, width, 900):
        for name in ('plan', 'report', 'undo'):
            driver.get((folder / f'{name}.html').as_uri())
            assert driver.execute_script(
                'const table = document.querySelector(".cards");'
                'return table.scrollWidth - table.parentElement.clientWidth'
            ) <= 0, name


def test_wide_screen_has_tables(driver: webdriver.Chrome,
                                folder: Path) -> None:
    for name in NAMES:
        with screen(driver, 1280, 900):
            driver.get((folder / f'{name}.html').as_uri())
            assert found(driver, BROKEN) == []
            assert driver.execute_script(
                'return getComputedStyle(document.querySelector('
                '".cards tbody tr")).display') == 'table-row'
            if name in ('plan', 'report', 'check', 'undo'):
                assert driver.execute_script(
                    'const table = document.querySelector(".cards");'
                    'return table.scrollWidth <= document.body.clientWidth')
            keep_page(driver, f'desktop-{name}', 3_000)
