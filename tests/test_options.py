"""Options: no collision with pywikibot, and one sentence for nonsense."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
import pywikibot
from importbot_scripts import importpages
from pywikibot import pagegenerators

from importbot.commands.options import (
    ALIASES,
    LATER,
    Options,
    read_options,
)
from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from tests.support import Box, site_of


OURS = sorted({*importpages.OPTIONS, *LATER, *ALIASES} - {'always'})


def read(*arguments: str) -> Options:
    return read_options(arguments, importpages.OPTIONS)


@pytest.mark.wiki
def test_pywikibot_leaves_our_options_alone(
        box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(box.target)
    monkeypatch.setattr(pywikibot.config, 'family', site.family.name)
    monkeypatch.setattr(pywikibot.config, 'mylang', site.code)
    arguments = [f'-{name}:1' for name in OURS]
    assert pywikibot.handle_args(arguments, do_help=False) == arguments
    factory = pagegenerators.GeneratorFactory(site=site)
    assert sorted(factory.handle_args(arguments)) == arguments


def test_every_option_is_in_the_help() -> None:
    named = set(re.findall(r'^-(\w+)', importpages.__doc__, re.M))
    assert set(importpages.ImportBot.available_options) <= named
    assert 'report' in named and 'simulate' in named


def test_no_line_of_the_help_is_too_long() -> None:
    assert max(map(len, importpages.__doc__.splitlines())) <= 79


def test_generators_are_handed_on() -> None:
    options = read('-source:en', '-page:Rover', '-cat:Rovers',
                   '-report:a.json', '-report:b.json', '-plan')
    assert options.generators == ['-page:Rover', '-cat:Rovers']
    assert options.reports == [Path('a.json'), Path('b.json')]
    assert options.given == {'source': 'en', 'plan': True}


def test_names_of_transwikiimport_are_understood() -> None:
    options = read(*['-interwikisource:w:en', '-fullhistory', '-target'])
    assert options.given == {'source': 'w:en', 'on': 'target',
                             'history': 'full', 'templatehistory': 'full'}
    options = read('-includealltemplates', '-overwrite')
    assert options.given == {'templates': 'used', 'existing': 'force',
                             'existingpages': 'force'}


def test_repeatable_options_add_up() -> None:
    options = read('-source:en', '-only:^Template:', '-only:^Module:',
                   '-nsmap:Portal=Project', '-nodocs')
    bot = importpages.ImportBot(**options.given)
    assert bot.policy == Policy(
        only=('^Template:', '^Module:'), nsmap=(('Portal', 'Project'), ),
        nodocs=True)


@pytest.mark.parametrize('argument', [
    '-via:upload', '-before:2020-01-01T00:00:00Z', '-authors:local',
    '-assignknownusers', '-resume', '-savelist:x', '-post:note',
    '-report:run.html'])
def test_later_options_are_refused_by_name(argument: str) -> None:
    with pytest.raises(UsageError, match='later release') as caught:
        read(*['-source:en', argument])
    assert argument.partition(':')[0][1:] in str(caught.value) or (
        'HTML' in str(caught.value))


@pytest.mark.parametrize(('arguments', 'words'), [
    (['-correspondingnamespace:4', '-rootpage:A'], 'Give only one of'),
    (['-rootpage:A', '-targettitle:B'], 'Give only one of'),
    (['-templates'], 'needs a value'),
    (['-report:'], 'needs a file'),
])
def test_arguments_that_make_no_sense(arguments: list[str],
                                      words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read(*arguments)


@pytest.mark.parametrize(('options', 'words'), [
    ({}, '-source:PREFIX'),
    ({'source': 'en', 'on': 'moon'}, '-on:moon'),
    ({'source': 'en', 'templates': 'most'},
     '-templates:most.*auto, used, mentioned, none'),
    ({'source': 'en', 'correspondingnamespace': 'Help'}, 'Help'),
    ({'source': 'en', 'existing': 'keep'}, 'skip, update, ask, force'),
    ({'source': 'en', 'only': '('}, 'no regular expression'),
    ({'source': 'en', 'nsmap': 'Portal'}, 'Portal=Project'),
    ({'source': 'en', 'maxpages': 'many'}, '-maxpages:many'),
    ({'source': 'en', 'apply': 'nonexistent.json'}, 'cannot be read'),
])
def test_values_that_make_no_sense(options: dict[str, str],
                                   words: str) -> None:
    with pytest.raises(UsageError, match=words):
        importpages.ImportBot(**options)


def test_options_become_the_policy() -> None:
    bot = importpages.ImportBot(
        source='en', templates='used', history='current', tags='a,b',
        correspondingnamespace='4', summary='Because')
    assert bot.policy == Policy(
        templates='used', history='current', tags=('a', 'b'), namespace=4,
        summary='Because')


def test_options_do_not_leak_between_bots() -> None:
    importpages.ImportBot(source='en', templates='none')
    assert importpages.ImportBot(source='en').policy == Policy()


def test_scripts_ini_sets_defaults(tmp_path: Path,
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / 'scripts.ini').write_text(
        '[importpages]\nsource = de\ntemplates = used\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr('pywikibot.bot.calledModuleName',
                        lambda: 'importpages')
    bot = importpages.ImportBot(templates='none')
    assert (bot.opt.source, bot.policy.templates) == ('de', 'none')
