"""Pictures of the documentation show what the code shows today."""
from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from selenium import webdriver

from tests.kit.chromium import ARTEFACTS, chromium, keep_page, screen
from tests.kit.pictures import FOLDER, ROOT, SEEN, draw, noted, seen_of


from importbot_reference.samples import (  # isort: skip
    plan_picture,
    plan_text,
    report_page,
    result_picture,
    result_text,
)

#: What to do where one of these tests fails.
RENEW = 'make pictures'


def text_of(picture: str) -> list[str]:
    """Return the lines of a terminal that was drawn."""
    lines: dict[str, str] = {}
    for node in etree.fromstring(picture.encode()).iter('{*}text'):
        place = node.get('clip-path')
        if place:
            lines[place] = lines.get(place, '') + ''.join(node.itertext())
    return [line.replace('\xa0', ' ').strip() for line in lines.values()]


def test_plan_is_drawn_as_it_is_printed() -> None:
    kept = (FOLDER / 'plan.svg').read_text('utf-8')
    assert text_of(kept) == text_of(plan_picture()), RENEW
    printed = [line.strip() for line in plan_text().splitlines()[3:-1]]
    assert ''.join(text_of(kept)).replace(' ', '') == (
        ''.join(printed).replace(' ', ''))
    # It asks no network for letters.
    assert 'url(http' not in kept and '@import' not in kept


@pytest.mark.parametrize('name', SEEN)
def test_report_is_seen_as_it_is_written(name: str) -> None:
    picture = (FOLDER / f'{name}.png').read_bytes()
    assert noted(picture) == seen_of(report_page()), RENEW


def test_pictures_are_small_and_each_is_shown() -> None:
    pages = [*ROOT.glob('*.md'), *(ROOT / 'docs').glob('*.md')]
    shown = '\n'.join(page.read_text('utf-8') for page in pages)
    for path in (*FOLDER.glob('*.svg'), *FOLDER.glob('*.png')):
        assert path.stat().st_size < 150_000, path
        assert f'_static/{path.name})' in shown, path


def test_samples_fit_a_terminal() -> None:
    for sample in (plan_text(), result_text()):
        lines = sample.splitlines()
        assert len(lines) <= 50
        assert all(len(line) <= 80 for line in lines)
    assert '54 new' in plan_text()
    assert 'All went as planned' in result_text()


@pytest.mark.programs
def test_pictures_can_be_made(tmp_path: Path) -> None:
    draw(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        'plan.svg', *(f'{name}.png' for name in SEEN)}
    for name in SEEN:
        picture = (tmp_path / f'{name}.png').read_bytes()
        assert noted(picture) == seen_of(report_page())


@pytest.fixture(scope='module')
def driver() -> webdriver.Chrome:
    with chromium() as driver:
        yield driver


@pytest.mark.programs
@pytest.mark.parametrize('columns', [80, 120])
def test_terminals_are_kept(driver: webdriver.Chrome, tmp_path: Path,
                            columns: int) -> None:
    for name, drawn in (('plan', plan_picture(columns)),
                        ('result', result_picture(columns))):
        page = tmp_path / f'{name}.html'
        page.write_text(f'<!DOCTYPE html><meta charset="utf-8">{drawn}',
                        'utf-8')
        with screen(driver, columns * 13 + 60, 900):
            driver.get(page.as_uri())
            keep_page(driver, f'terminal-{name}-{columns}', 2_000)
        assert (ARTEFACTS / f'terminal-{name}-{columns}.png').stat(
            ).st_size > 10_000
