"""pywikibot leaves the options of the scripts to them."""
from __future__ import annotations

from types import ModuleType

import pytest
import pywikibot
from pywikibot import pagegenerators

from importbot.model.option import DUMP
from importbot.model.options import OPTIONS
from tests.kit.options import NEWER, REQUESTS, each_script, name_of
from tests.kit.support import Box, site_of


@each_script
def test_pywikibot_leaves_our_options_alone(
        box: Box, monkeypatch: pytest.MonkeyPatch,
        script: ModuleType) -> None:
    site = site_of(box.target)
    monkeypatch.setattr(pywikibot.config, 'family', site.family.name)
    monkeypatch.setattr(pywikibot.config, 'mylang', site.code)
    name = name_of(script)
    ours = sorted({*OPTIONS.of(name), *(
        alias.name for alias in OPTIONS.aliases_of(name))} - {'always'})
    assert {*NEWER} <= {*ours}
    arguments = [f'-{name}:1' for name in ours]
    assert pywikibot.handle_args(arguments, do_help=False) == arguments
    if name == DUMP:
        return  # it asks no generator, and has options of their names
    factory = pagegenerators.GeneratorFactory(site=site)
    assert sorted(factory.handle_args(arguments)) == arguments


def test_pywikibot_leaves_options_of_importrequests_alone(
        box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(box.target)
    monkeypatch.setattr(pywikibot.config, 'family', site.family.name)
    monkeypatch.setattr(pywikibot.config, 'mylang', site.code)
    arguments = [f'-{name}:1' for name in REQUESTS if name != 'always']
    assert pywikibot.handle_args(arguments, do_help=False) == arguments
