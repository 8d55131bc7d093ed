"""``make bench``: what the HTML report of 500 pages costs."""
from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table
from selenium import webdriver

from importbot.reports.html import report_html
from tests.kit.chromium import chromium
from tests.kit.many_pages import held_of, run_of


PAGES = 500
ROUNDS = 9

#: What somebody searches for: little, nothing, and all again.
SEARCHES = ('rover 7', 'no such page', '')

#: From a key that is pressed until the page has its new form.
FILTER = """
    const search = document.querySelector('[name=search]');
    search.scrollIntoView();
    document.body.getBoundingClientRect();
    const started = performance.now();
    search.value = arguments[0];
    search.dispatchEvent(new Event('input', {bubbles: true}));
    document.body.getBoundingClientRect();
    return performance.now() - started"""
OPENED = ('return performance.getEntriesByType("navigation")[0]'
          '.loadEventEnd')


def make(path: Path) -> float:
    """Write a report with more texts than it has room for; return seconds.
    """
    run = run_of(PAGES)
    held = held_of(run, 2_000)
    start = time.perf_counter()
    path.write_text(report_html(run, 'en', diffs=held), 'utf-8')
    return time.perf_counter() - start


def opening(driver: webdriver.Chrome,
            path: Path) -> tuple[float, dict[str, float]]:
    """Return the medians of milliseconds to open and to filter."""
    opened: list[float] = []
    filtered: dict[str, list[float]] = {text: [] for text in SEARCHES}
    for _round in range(ROUNDS):
        driver.get('about:blank')
        driver.get(path.as_uri())
        opened.append(driver.execute_script(OPENED))
        for text, found in filtered.items():
            found.append(driver.execute_script(FILTER, text))
    return median(opened), {text: median(found)
                            for text, found in filtered.items()}


def main() -> None:
    """Measure and print."""
    table = Table(title=f'HTML report of {PAGES} pages',
                  title_justify='left', box=None)
    for name in ('what', 'measured', 'bound'):
        table.add_column(name)
    with tempfile.TemporaryDirectory() as folder, chromium() as driver:
        path = Path(folder, 'report.html')
        table.add_row('made in', f'{make(path):.2f} s', '')
        size = path.stat().st_size / 1e6
        table.add_row('size', f'{size:.2f} MB', 'less than 2 MB')
        opened, filtered = opening(driver, path)
        table.add_row('opened in', f'{opened:.0f} ms', 'less than 1 s')
        for text, taken in filtered.items():
            table.add_row(f'search for "{text}"', f'{taken:.0f} ms',
                          'less than 1 s')
    Console(width=120).print(table)


if __name__ == '__main__':
    main()
