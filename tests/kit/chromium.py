"""Debian's Chromium, as a person sees and uses it."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


#: What test runs leave to be looked at.
ARTEFACTS = Path(__file__).parents[2] / 'artefacts'
#: Seconds until a page has done what it does after a click.
PATIENCE = 30


@contextmanager
def chromium(width: int = 1200, height: int = 1000,
             ) -> Iterator[webdriver.Chrome]:
    """Start a browser that tells its console and its requests.

    :param width: of the window
    :param height: of the window
    """
    options = webdriver.ChromeOptions()
    options.binary_location = '/usr/bin/chromium'
    for argument in ('--headless=new', '--no-sandbox',
                     '--disable-dev-shm-usage', '--no-proxy-server',
                     f'--window-size={width},{height}'):
        options.add_argument(argument)
    options.set_capability('goog:loggingPrefs', {
        'browser': 'ALL', 'performance': 'ALL'})
    driver = webdriver.Chrome(
        options, webdriver.ChromeService('/usr/bin/chromedriver'))
    try:
        yield driver
    finally:
        driver.quit()


def requests_of(driver: webdriver.Chrome) -> list[str]:
    """Return the addresses that were asked for since the last look."""
    messages: list[dict[str, Any]] = [
        json.loads(entry)['message']
        for entry in _log(driver, 'performance')]
    return [message['params']['request']['url'] for message in messages
            if message['method'] == 'Network.requestWillBeSent']


def complaints_of(driver: webdriver.Chrome) -> list[str]:
    """Return what the console says since the last look."""
    return _log(driver, 'browser')


def _log(driver: Any, kind: str) -> list[str]:
    return [entry['message'] for entry in driver.get_log(kind)]


def keep_screenshot(driver: webdriver.Chrome, name: str) -> Path:
    """Keep what the window shows; return the file.

    :param name: of the file, without its end
    """
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f'{name}.png'
    assert driver.save_screenshot(str(path))
    return path


@contextmanager
def screen(driver: Any, width: int, height: int, *,
           scheme: str = 'light') -> Iterator[None]:
    """Let a browser think that it has another screen.

    :param width: of the screen; a narrow one is a telephone's
    :param height: of the screen
    :param scheme: ``light`` or ``dark``, as its user likes it
    """
    driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
        'width': width, 'height': height, 'deviceScaleFactor': 1,
        'mobile': width < 600})
    driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {'features': [
        {'name': 'prefers-color-scheme', 'value': scheme}]})
    try:
        yield
    finally:
        driver.execute_cdp_cmd('Emulation.clearDeviceMetricsOverride', {})
        driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {})


def keep_page(driver: Any, name: str, most: int, *,
              folder: Path = ARTEFACTS) -> Path:
    """Keep a page from its beginning, also what does not fit the window.

    :param name: of the file, without its end
    :param most: pixels of its height
    :param folder: where the file goes
    """
    width, height = driver.execute_script(
        'const page = document.documentElement;'
        'return [page.clientWidth, page.scrollHeight]')
    shot = driver.execute_cdp_cmd('Page.captureScreenshot', {
        'captureBeyondViewport': True, 'clip': {
            'x': 0, 'y': 0, 'width': width, 'height': min(height, most),
            'scale': 1}})
    folder.mkdir(exist_ok=True)
    path = folder / f'{name}.png'
    path.write_bytes(base64.b64decode(shot['data']))
    return path


def reset_filters(driver: webdriver.Chrome, all_shown: str) -> None:
    """Click on the button that takes all filters back.

    A form is empty after the event that says so, so that the page filters
    a moment later.

    :param all_shown: what the page counts when nothing is filtered
    """
    driver.find_element(By.CSS_SELECTOR,
                        '#filters [type=reset]').click()
    count = driver.find_element(By.CSS_SELECTOR, '#filters output')
    WebDriverWait(driver, PATIENCE).until(
        lambda _driver: count.text == all_shown,
        'the filters are not taken back')
