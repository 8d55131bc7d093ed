"""Request pages as readers of a wiki see them, before and after an import.

Screenshots of them are left in the folder of artefacts.
"""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from importbot.i18n import message
from importbot.requestpages.install.kit import Kit
from importbot.requestpages.install.template import request_text
from importbot.requestpages.page.markers import BEGIN, between
from importbot.requestpages.status import Status
from tests.kit.chromium import PATIENCE, chromium, keep_page
from tests.kit.installed_wiki import install, kit_of, one_pass, requests_of
from tests.kit.options import named_options
from tests.kit.request_wiki import answers_of
from tests.kit.support import Box, Client


LANGUAGES = 'de', 'ja'


@pytest.fixture(scope='module', params=LANGUAGES)
def box(request: pytest.FixtureRequest,
        tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A target of each language that has the kit."""
    with Box(tmp_path_factory.mktemp('box'), lang=request.param) as box:
        assert install(box, '-always').status == 0
        yield box


@pytest.fixture(scope='module')
def driver() -> Iterator[webdriver.Chrome]:
    with chromium() as driver:
        yield driver


@pytest.fixture(scope='module')
def admin(box: Box) -> Client:
    return box.on_target()


@pytest.fixture(scope='module')
def kit(box: Box) -> Kit:
    return kit_of(box)


class Page:

    """The request page of a wiki in a browser."""

    def __init__(self, driver: webdriver.Chrome, box: Box, kit: Kit) -> None:
        self.driver = driver
        self._address = f'{box.target_base}/index.php?title='
        self._title = kit.names.requests.replace(' ', '_')
        self._name = f'requests-{kit.words.language}'

    def seen(self, when: str) -> str:
        """Return what the page shows; keep a screenshot."""
        self.driver.get(f'{self._address}{self._title}')
        WebDriverWait(self.driver, PATIENCE).until(
            lambda driver: driver.execute_script(
                'return document.readyState === "complete" && '
                '![...document.querySelectorAll(".mw-collapsible")].some('
                'one => !one.matches(".mw-made-collapsible"))'))
        keep_page(self.driver, f'{self._name}-{when}', 4_000)
        return self.text

    @property
    def text(self) -> str:
        return self.driver.find_element(
            By.CSS_SELECTOR, '#mw-content-text').text


def ask(admin: Client, kit: Kit, pages: str) -> None:
    """File a request as the form of the wiki has it."""
    admin.edit(kit.names.requests, request_text(kit.words, {
        'pages': pages}) + '\n~~~~', section='new', sectiontitle='Rover')


def table_of(admin: Client, kit: Kit) -> str:
    found = between(admin.text(kit.names.overview))
    assert found is not None
    return found


def said(kit: Kit, key: str, **values: object) -> str:
    return message(kit.words.language, key, **values)


@pytest.fixture(scope='module')
def before(box: Box, admin: Client, kit: Kit,
           driver: webdriver.Chrome) -> str:
    """What is seen of a request that waits for approval."""
    assert table_of(admin, kit) == said(kit, 'open-none')
    ask(admin, kit, 'Rover')
    assert one_pass(box).failed == 0
    request, = requests_of(admin, kit)
    assert request.status is Status.REVIEW
    return Page(driver, box, kit).seen('before')


@pytest.fixture(scope='module')
def after(box: Box, admin: Client, kit: Kit, before: str,
          driver: webdriver.Chrome) -> str:
    """What is seen of it when it is done; its page is open."""
    text, waits, approved = admin.text(kit.names.requests), *(
        f'= {kit.words.word(status)}'
        for status in (Status.REVIEW, Status.APPROVED))
    assert waits in text
    admin.edit(kit.names.requests, text.replace(waits, approved, 1))
    assert one_pass(box).failed == 0
    request, = requests_of(admin, kit)
    assert request.status in (Status.DONE, Status.PARTIAL)
    return Page(driver, box, kit).seen('after')


def test_open_request_stands_in_the_table(
        admin: Client, kit: Kit, before: str) -> None:
    request, = requests_of(admin, kit)
    table = table_of(admin, kit)
    for word in ('Rover', said(kit, 'status-review'), 'Admin',
                 f'#import-{request.id}'):
        assert word in table, table
    # The request page shows it at its top.
    assert f'{{{{{kit.names.overview}}}}}' in admin.text(kit.names.requests)


def test_groups_are_called_what_the_wiki_calls_them(
        before: str) -> None:
    assert 'sysop' not in before


def test_table_that_is_right_is_not_edited(
        box: Box, admin: Client, kit: Kit, before: str) -> None:
    revision = admin.history(kit.names.overview)[0]['revid']
    assert one_pass(box).failed == 0
    assert admin.history(kit.names.overview)[0]['revid'] == revision


def test_result_is_heard(admin: Client, kit: Kit, after: str) -> None:
    assert said(kit, 'outcome-verified') in after
    assert table_of(admin, kit) == said(kit, 'open-none')


def test_answers_that_are_done_are_folded_for_those_with_scripts(
        admin: Client, kit: Kit, after: str,
        driver: webdriver.Chrome) -> None:
    plan, _result = answers_of(admin.text(kit.names.requests))
    assert 'mw-collapsed' in plan
    # The archive has all of it.
    assert said(kit, 'overview-section-requested') in plan
    hidden = driver.find_element(
        By.CSS_SELECTOR, '.importbot-answer .mw-collapsible-content')
    assert not hidden.is_displayed()
    driver.execute_script('arguments[0].click()', driver.find_element(
        By.CSS_SELECTOR, '.importbot-answer .mw-collapsible-toggle'))
    WebDriverWait(driver, PATIENCE).until(
        lambda _driver: hidden.is_displayed())


def test_public_log_names_page_and_source(
        box: Box, admin: Client, kit: Kit, after: str) -> None:
    line = admin.text(kit.names.log).splitlines()[-1]
    assert '[[:Rover]]' in line and f'[[:{box.prefix}:]]' in line, line


def test_nothing_on_the_wiki_names_an_option(
        admin: Client, kit: Kit, after: str) -> None:
    for title in (kit.names.requests, kit.names.overview, kit.names.log,
                  kit.names.template, kit.names.documentation):
        assert named_options(admin.text(title)) == [], title


def test_only_what_is_between_the_comments_is_the_bot_s(
        box: Box, admin: Client, kit: Kit, after: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    title = kit.names.overview
    admin.edit(title, f'Ours.\n{admin.text(title)}\nOurs, too.')
    ask(admin, kit, 'Dog')
    assert one_pass(box).failed == 0
    text = admin.text(title)
    assert text.startswith('Ours.') and text.endswith('Ours, too.')
    assert 'Dog' in (between(text) or '')

    admin.edit(title, re.sub(re.escape(BEGIN), '', text))
    assert one_pass(box).failed == 0
    assert BEGIN in capsys.readouterr().err
    assert admin.history(title)[0]['user'] != 'ImportBot'
