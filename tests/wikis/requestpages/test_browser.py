"""A person files a request through the form, another one approves it."""
from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from importbot.sandbox.php import maintenance
from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.request_wiki import PASSWORD
from tests.kit.support import Box


ANNA = 'Anna Petit'
SPECIMENS = 1
#: Seconds; MediaWiki's first page of a kind takes a few here.
PATIENCE = 60


class Browser:

    """Somebody at a browser, logged in to the target wiki.

    :param base: address of the wiki
    """

    def __init__(self, base: str, name: str, password: str) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = '/usr/bin/chromium'
        for argument in ('--headless=new', '--no-sandbox',
                         '--disable-dev-shm-usage', '--no-proxy-server',
                         '--window-size=1200,1000'):
            options.add_argument(argument)
        self.driver = webdriver.Chrome(
            options, webdriver.ChromeService('/usr/bin/chromedriver'))
        self.driver.set_page_load_timeout(PATIENCE)
        self.base = base
        try:
            self.open('Special:UserLogin')
            self.find('#wpName1').send_keys(name)
            self.find('#wpPassword1').send_keys(password)
            self.click('#wpLoginAttempt')
            self.find('#pt-logout')
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.driver.quit()

    def open(self, title: str, query: str = '') -> None:
        page = title.replace(' ', '_')
        self.driver.get(f'{self.base}/index.php?title={page}{query}')

    def find(self, selector: str) -> WebElement:
        return WebDriverWait(self.driver, PATIENCE).until(
            lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def click(self, selector: str) -> None:
        """Click, and wait until another page is there."""
        before = self.find('html')
        element = self.find(selector)
        self.driver.execute_script('arguments[0].scrollIntoView()', element)
        element.click()
        WebDriverWait(self.driver, PATIENCE).until(
            lambda driver: driver.find_element(
                By.CSS_SELECTOR, 'html') != before)

    @property
    def text(self) -> str:
        """What the page shows."""
        return self.find('#mw-content-text').text

    def change_text(self, old: str, new: str) -> None:
        """Replace a part of what stands in the edit form, by the keyboard.
        """
        box = self.find('#wpTextbox1')
        text = box.get_attribute('value') or ''
        assert old in text, text
        box.clear()
        box.send_keys(text.replace(old, new, 1))


@pytest.fixture(scope='module')
def page(box: Box) -> str:
    """Install the kit and return the title of the request page."""
    maintenance(box.target_tree,
                box.folder / 'target' / 'LocalSettings.php',
                'createAndPromote', ANNA, PASSWORD)
    run = box.pwb('importrequests', '-install', '-always')
    assert run.status == 0, run.output
    configuration = json.loads(box.on_target().text(
        'User:ImportBot/importrequests.json'))
    return str(configuration['pages'][0])


@pytest.fixture
def anna(box: Box, page: str) -> Iterator[Browser]:
    browser = Browser(box.target_base, ANNA, PASSWORD)
    yield browser
    browser.close()


@pytest.fixture
def admin(box: Box, page: str) -> Iterator[Browser]:
    account = ACCOUNTS['user']
    browser = Browser(box.target_base, account.name, account.password)
    yield browser
    browser.close()


def test_request_from_the_form_to_the_answer(
        box: Box, page: str, title: str, anna: Browser, admin: Browser,
        ) -> None:
    anna.open(page)
    anna.find('.commentbox input[name=preloadtitle]').send_keys(
        'A page, please')
    anna.click('.commentbox input[type=submit]')
    anna.change_text('pages =', f'pages =\n  {title} → User:{ANNA}/Mine')
    anna.click('#wpSave')
    assert 'A page, please' in anna.text

    run = box.pwb('importrequests')
    assert run.status == 0, run.output
    admin.open(page)
    assert 'Administrators' in admin.text
    assert f'User:{ANNA}/Mine' in admin.text
    admin.click('.importbot-answer .plainlinks a')
    summary = admin.find('input[name=wpSummary]').get_attribute('value') or ''
    assert summary.startswith('Import request [[')
    assert summary.endswith(': approved')
    admin.change_text('status = review', 'status = approved')
    # A preview saves nothing and keeps what was written.
    admin.click('#wpPreview')
    assert admin.find('input[name=wpSummary]').get_attribute(
        'value') == summary
    admin.click('#wpSave')

    run = box.pwb('importrequests')
    assert run.status == 0, run.output
    anna.open(page)
    answer = anna.text
    assert 'imported and checked' in answer, answer
    link = anna.find('.importbot-answer a[title^="Special:PermanentLink"]')
    link.click()
    assert 'Mine' in anna.find('#firstHeading').text
    assert anna.find('#mw-content-text').text
