"""Options of importruns on a real journal and under pywikibot."""
from __future__ import annotations

import pytest
import pywikibot
from pywikibot import pagegenerators

from importbot.commands.offline import offline
from tests.kit.options import RUNS
from tests.kit.support import Box, site_of


def test_pywikibot_leaves_options_alone(
        box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(box.target)
    monkeypatch.setattr(pywikibot.config, 'family', site.family.name)
    monkeypatch.setattr(pywikibot.config, 'mylang', site.code)
    arguments = [f'-{name}:1' for name in RUNS]
    assert pywikibot.handle_args(arguments, do_help=False) == arguments
    # -until of generators is a title; no generator sees the option here.
    arguments.remove('-until:1')
    factory = pagegenerators.GeneratorFactory(site=site)
    assert sorted(factory.handle_args(arguments)) == arguments


def test_address_is_that_of_the_journal(box: Box) -> None:
    from importbot.wikis.wiki import Wiki

    site = site_of(box.target)
    with offline():
        same = pywikibot.Site(site.code, site.family)
        assert type(same).__name__ == 'BaseSite'
        assert same.base_url(same.apipath()) == Wiki(site).api
