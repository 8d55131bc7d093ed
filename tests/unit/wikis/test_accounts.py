"""Whose account and whose address goes to which wiki."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import pywikibot
from pywikibot.family import AutoFamily, Family

from importbot.wikis import accounts
from importbot.wikis.accounts import (
    contact_missing,
    is_of_wikimedia,
    log_in_to_source,
    tell_once,
)


class Site(SimpleNamespace):

    """What is asked of a site before anything goes to it."""

    def __init__(self, family: Any, code: str, user: str | None) -> None:
        super().__init__(family=family, code=code, asked=[])
        self._user = user

    __hash__ = object.__hash__

    def username(self) -> str | None:
        return self._user

    def hostname(self) -> str:
        return str(self.family.hostname(self.code))

    def protocol(self) -> str:
        return str(self.family.protocol(self.code))

    def logged_in(self) -> bool:
        self.asked.append('logged in')
        return True


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, '_said', set())
    monkeypatch.setattr(accounts, '_tried', {})


def asked(site: Any) -> list[str]:
    assert log_in_to_source(site) is None
    assert log_in_to_source(site) is None
    return list(site.asked)


@pytest.mark.parametrize('given', ['*', 'en'])
def test_account_for_a_site(given: str,
                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pywikibot.config.usernames, 'wikipedia',
                        {given: 'some_bot'})
    family = Family.load('wikipedia')
    assert asked(Site(family, 'en', 'Some bot')) == ['logged in']
    # Another one, by a global option.
    assert asked(Site(family, 'en', 'Other bot')) == []


@pytest.mark.parametrize('usernames', [
    {}, {'*': {'*': 'Bot'}}, {'wikipedia': {'de': 'Bot'}},
    {'wikibooks': {'en': 'Bot', '*': 'Bot'}}])
def test_no_account_for_a_site(usernames: dict[str, dict[str, str]],
                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'usernames', usernames)
    assert asked(Site(Family.load('wikipedia'), 'en', 'Bot')) == []
    assert asked(Site(Family.load('wikipedia'), 'en', None)) == []


@pytest.mark.parametrize('address', [
    'https://wikipedia.example/w/api.php',
    'https://en.wikipedia.org.example/w/api.php',
    'https://en.wikipedia.example/w/api.php'])
def test_namesake_of_a_family_gets_no_password(
        address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pywikibot.config.usernames, 'wikipedia',
                        {'*': 'Bot', 'en': 'Bot', 'wikipedia': 'Bot'})
    family = AutoFamily('wikipedia', address)
    assert asked(Site(family, 'wikipedia', 'Bot')) == []


@pytest.mark.parametrize(('host', 'is_it'), [
    ('en.wikipedia.org', True), ('WWW.Wikidata.org.', True),
    ('commons.wikimedia.org', True), ('de.m.wikibooks.org', True),
    ('wikipedia.org', True), ('www.mediawiki.org', True),
    ('wikipedia.org.example.net', False), ('notwikipedia.org', False),
    ('wikipedia.com', False), ('127.0.0.1', False), ('localhost', False)])
def test_wikis_of_wikimedia(host: str, is_it: bool) -> None:
    assert is_of_wikimedia(host) is is_it


def test_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    site: Any = Site(Family.load('wikipedia'), 'en', None)
    monkeypatch.setattr(pywikibot.config, 'user_agent_description', None)
    said: list[str] = []
    for _ in range(2):
        tell_once(contact_missing(site), said.append)
    assert len(said) == 1
    assert 'en.wikipedia.org' in said[0]
    assert 'user_agent_description' in said[0]
    monkeypatch.setattr(pywikibot.config, 'user_agent_description',
                        'bots@wiki.example')
    assert contact_missing(site) is None
    monkeypatch.setattr(pywikibot.config, 'user_agent_description', '')
    other: Any = Site(AutoFamily('mine', 'https://wiki.example/api.php'),
                      'mine', None)
    assert contact_missing(other) is None
