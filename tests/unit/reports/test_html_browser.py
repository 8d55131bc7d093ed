"""A person at Chromium reads the report: mouse, keyboard, dark, paper."""
from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from importbot.reports.html import report_html
from tests.kit.chromium import (
    chromium,
    complaints_of,
    keep_screenshot,
    requests_of,
    reset_filters,
)
from tests.kit.html_reports import DETAILS, HOSTILE, full_html
from tests.kit.many_pages import held_of, run_of


pytestmark = pytest.mark.programs


Driver = webdriver.Chrome


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with reports, small and large."""
    folder = tmp_path_factory.mktemp('reports')
    for name, count, language in (('small', 40, 'en'), ('large', 500, 'en'),
                                  ('german', 40, 'de')):
        run = run_of(count)
        (folder / f'{name}.html').write_text(report_html(
            run, language, diffs=held_of(run), details=DETAILS), 'utf-8')
    return folder


def open_file(driver: Driver, path: Path) -> None:
    requests_of(driver), complaints_of(driver)
    # The same page again would only be scrolled.
    driver.get('about:blank')
    driver.get(path.as_uri())


@pytest.fixture
def page(driver: Driver, folder: Path) -> Driver:
    """Return the browser with a small report, as it opens."""
    media(driver)
    open_file(driver, folder / 'small.html')
    return driver


def media(driver: Driver, kind: str = '', **features: str) -> None:
    """Let the browser think that somebody likes it dark, or prints."""
    driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {
        'media': kind, 'features': [
            {'name': f'prefers-{name.replace("_", "-")}', 'value': value}
            for name, value in features.items()]})


def shown_rows(driver: Driver) -> int:
    return len([row for row in driver.find_elements(
        By.CSS_SELECTOR, '#pages tbody tr') if row.is_displayed()])


def element(driver: Driver, selector: str) -> Any:
    return driver.find_element(By.CSS_SELECTOR, selector)


def choose(driver: Driver, name: str, word: str) -> None:
    Select(driver.find_element(By.NAME, name)).select_by_value(word)


def focused(driver: Driver) -> Any:
    return driver.switch_to.active_element


def visible_at(driver: Driver, selector: str) -> bool:
    """Return whether an element is within the window."""
    return bool(driver.execute_script(
        'const box = document.querySelector(arguments[0])'
        '.getBoundingClientRect();'
        'return box.top >= 0 && box.top < innerHeight && box.height > 0',
        selector))


# It opens


@pytest.mark.parametrize('name', ['small', 'large', 'german'])
def test_it_opens_without_a_network_and_without_complaints(
        driver: Driver, folder: Path, name: str) -> None:
    path = folder / f'{name}.html'
    open_file(driver, path)
    assert element(driver, 'h1').text
    assert element(driver, '#filters').is_displayed()
    assert [url for url in requests_of(driver)
            if url != 'data:,' and not url.startswith('about:')] == [
        path.as_uri()]
    assert complaints_of(driver) == []


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder; yield its address and the paths that are asked for."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):

        def log_message(self, *arguments: Any) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(('127.0.0.1', 0), partial(
            Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{server.server_port}', asked
        server.shutdown()


def test_it_opens_from_the_folder_of_a_web_server(
        driver: Driver, folder: Path) -> None:
    with served(folder) as (address, asked):
        requests_of(driver), complaints_of(driver)
        driver.get(f'{address}/small.html')
        choose(driver, 'decision', 'hold')
        assert 0 < shown_rows(driver) < 40
        driver.get('about:blank')
    assert asked == ['/small.html']
    assert complaints_of(driver) == []


def test_large_report_opens_and_filters_quickly(
        driver: Driver, folder: Path) -> None:
    open_file(driver, folder / 'large.html')
    opened = driver.execute_script(
        'return performance.getEntriesByType("navigation")[0].loadEventEnd')
    filtered = driver.execute_script("""
        const search = document.querySelector('[name=search]');
        const started = performance.now();
        search.value = 'rover 7';
        search.dispatchEvent(new Event('input', {bubbles: true}));
        document.body.getBoundingClientRect();
        return performance.now() - started""")
    print(f'500 pages: opened in {opened:.0f} ms, filtered in '
          f'{filtered:.0f} ms')
    assert 0 < shown_rows(driver) < 50
    # Generous, for a machine that is busy.
    assert opened < 5_000 and filtered < 1_000


# The table


def test_filters_and_search_go_together(page: Driver) -> None:
    count = element(page, '#filters output')
    assert count.text == 'Pages shown: 40 of 40'
    choose(page, 'decision', 'import')
    imported = shown_rows(page)
    assert 0 < imported < 40
    assert count.text == f'Pages shown: {imported} of 40'
    choose(page, 'role', 'module')
    modules = shown_rows(page)
    assert 0 < modules < imported
    search = element(page, '[name=search]')
    search.send_keys('KOORDINATE vorlage:')
    assert 0 < shown_rows(page) < modules
    search.send_keys('nonsense')
    assert count.text == 'Pages shown: 0 of 40'
    reset_filters(page, 'Pages shown: 40 of 40')
    assert shown_rows(page) == 40


def test_search_takes_titles_as_people_write_them(page: Driver) -> None:
    element(page, '[name=search]').send_keys('vorlage:ローバー_5')
    assert shown_rows(page) == 1


def test_outcomes_can_be_filtered(driver: Driver, folder: Path) -> None:
    open_file(driver, folder / 'large.html')
    choose(driver, 'outcome', 'failed')
    assert 0 < shown_rows(driver) < 30
    assert all('deadlock' in row.text for row in driver.find_elements(
        By.CSS_SELECTOR, '#pages tbody tr:not([hidden])'))


def test_link_to_a_row_shows_it_whatever_is_filtered(page: Driver) -> None:
    choose(page, 'decision', 'refuse')
    assert not element(page, '#p0').is_displayed()
    page.execute_script('location.hash = "p0"')
    assert element(page, '#p0').is_displayed()


def test_without_javascript_everything_is_shown(folder: Path) -> None:
    with chromium() as driver:
        driver.execute_cdp_cmd('Emulation.setScriptExecutionDisabled',
                               {'value': True})
        driver.get((folder / 'small.html').as_uri())
        assert shown_rows(driver) == 40
        assert not element(driver, '#filters').is_displayed()
        assert not element(driver, '.buttons').is_displayed()
        element(driver, '.tree > li > details > summary').click()
        assert element(driver, '.tree > li > details > ul').is_displayed()


# The tree and the drawing


def test_tree_opens_by_keyboard(page: Driver) -> None:
    summary = element(page, '.tree > li > details > summary')
    branch = element(page, '.tree > li > details')
    page.execute_script('arguments[0].focus()', summary)
    summary.send_keys(Keys.ENTER)
    assert branch.get_attribute('open') is not None
    focused(page).send_keys(Keys.TAB)
    assert branch.find_element(By.CSS_SELECTOR, 'ul') in focused(
        page).find_elements(By.XPATH, 'ancestor::ul')
    summary.send_keys(Keys.SPACE)
    assert branch.get_attribute('open') is None


def test_whole_tree_opens_and_closes(page: Driver) -> None:
    def open_branches() -> int:
        return len(page.find_elements(By.CSS_SELECTOR,
                                      '.tree details[open]'))

    assert open_branches() == 0
    element(page, '[data-open=open]').click()
    assert open_branches() == len(page.find_elements(
        By.CSS_SELECTOR, '.tree details')) > 5
    element(page, '[data-open=""]').click()
    assert open_branches() == 0


def test_row_leads_to_its_branch_and_back(page: Driver) -> None:
    link = element(page, '#p0 a[href="#t0"]')
    page.execute_script('arguments[0].click()', link)
    assert element(page, '#t0').is_displayed()
    assert visible_at(page, '#t0')
    back = element(page, '#t0 a.row')
    assert back.get_attribute('aria-label').endswith('in the table')
    back.click()
    assert visible_at(page, '#p0')


def test_drawing_lights_the_lines_of_a_page(page: Driver) -> None:
    box = element(page, '#drawing a[data-place="39"]')
    page.execute_script('arguments[0].focus()', box)
    lit = page.find_elements(By.CSS_SELECTOR, '#drawing .lit')
    assert len(lit) == len(page.find_elements(
        By.CSS_SELECTOR, '#drawing [data-from="39"], '
                         '#drawing [data-to="39"]'))
    page.execute_script('arguments[0].blur()', box)
    assert not page.find_elements(By.CSS_SELECTOR, '#drawing .lit')


def test_titles_stay_within_their_boxes(page: Driver) -> None:
    assert page.execute_script("""
        return [...document.querySelectorAll('#drawing > a')].every((box) => {
          const outer = box.querySelector('use').getBBox();
          const inner = box.querySelector('svg');
          const x = inner.x.baseVal.value;
          return getComputedStyle(inner).overflow === 'hidden'
            && x > outer.x
            && x + inner.width.baseVal.value < outer.x + outer.width;
        })""")


# For everybody


def contrast(driver: Driver, selector: str) -> tuple[str, str]:
    node = element(driver, selector)
    return (node.value_of_css_property('color'),
            driver.execute_script('return getComputedStyle('
                                  'document.body).backgroundColor'))


def test_dark_and_light(page: Driver) -> None:
    light = contrast(page, 'h1')
    media(page, color_scheme='dark')
    dark = contrast(page, 'h1')
    assert light != dark
    assert light[1] == 'rgb(255, 255, 255)'
    keep_screenshot(page, 'report-dark')


@pytest.mark.parametrize('scheme', ['light', 'dark'])
@pytest.mark.parametrize('name', ['small', 'german'])
def test_axe_finds_no_barrier(driver: Driver, folder: Path, name: str,
                              scheme: str) -> None:
    media(driver, color_scheme=scheme)
    open_file(driver, folder / f'{name}.html')
    driver.execute_script('for (const box of document.querySelectorAll('
                          '"details")) box.open = true')
    found = Axe().run(driver)
    assert [(rule['id'], rule['nodes'][0]['html'],
             rule['nodes'][0]['failureSummary'])
            for rule in found['violations']] == []
    assert len(found['passes']) > 20


def test_first_tab_skips_to_the_content(page: Driver) -> None:
    element(page, 'body').send_keys(Keys.TAB)
    link = focused(page)
    assert link.text == 'Skip to the content'
    assert link.is_displayed() and visible_at(page, '.jump')
    link.send_keys(Keys.ENTER)
    assert focused(page).tag_name == 'main'


def test_focus_can_be_seen(page: Driver) -> None:
    element(page, 'body').send_keys(Keys.TAB, Keys.TAB)
    assert focused(page).value_of_css_property('outline-style') == 'solid'


def test_nothing_moves(page: Driver) -> None:
    assert page.execute_script(
        'return document.getAnimations().length === 0 && '
        '[...document.querySelectorAll("*")].every((node) => {'
        'const style = getComputedStyle(node);'
        'return style.animationName === "none" && '
        'style.transitionDuration === "0s" && '
        'style.scrollBehavior === "auto"})')


def test_narrow_window_scrolls_tables_and_not_the_page(
        folder: Path) -> None:
    with chromium(width=500) as driver:
        driver.get((folder / 'small.html').as_uri())
        assert driver.execute_script(
            'return document.documentElement.scrollWidth <= innerWidth')


def test_paper_shows_what_was_closed(page: Driver) -> None:
    media(page, 'print')
    assert not element(page, '#filters').is_displayed()
    assert not element(page, 'nav').is_displayed()
    media(page)
    pdf = base64.b64decode(page.print_page())
    assert pdf.startswith(b'%PDF')
    assert not page.find_elements(By.CSS_SELECTOR, '.tree details[open]')


# Whatever stands in the texts


def test_browser_makes_nothing_of_a_text(driver: Driver,
                                         tmp_path: Path) -> None:
    def elements(word: str) -> list[str]:
        path = tmp_path / 'hostile.html'
        path.write_text(full_html(word), 'utf-8')
        open_file(driver, path)
        assert complaints_of(driver) == []
        found: list[str] = driver.execute_script(
            'return [...document.querySelectorAll("*")].map((node) => '
            'node.localName + " " + node.getAttributeNames()'
            '.filter((name) => name !== "hidden")).sort()')
        return found

    plain = elements('plain')
    for word in HOSTILE:
        assert elements(word) == plain, word


def test_screenshot_of_a_report_is_kept(driver: Driver,
                                        folder: Path) -> None:
    media(driver)
    open_file(driver, folder / 'small.html')
    assert keep_screenshot(driver, 'report').stat().st_size > 10_000
    for selector, name in (('#decisions', 'report-decisions'),
                           ('#drawing-heading', 'report-drawing'),
                           ('#eyes', 'report-differences')):
        driver.execute_script(
            'for (const box of document.querySelectorAll(".difference")) '
            'box.open = true; document.querySelector(arguments[0])'
            '.scrollIntoView()', selector)
        assert keep_screenshot(driver, name).stat().st_size > 10_000
