"""Options: no collision with pywikibot, and one sentence for nonsense."""
from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from importbot_scripts import importdump, importpages, importrequests

from importbot.commands.command_line import CommandLine, read_command_line
from importbot.commands.importdump import DumpBot
from importbot.commands.importpages.bot import ImportBot
from importbot.commands.importrequests.options import (
    RequestsOptions,
    read_requests_options,
)
from importbot.model.options import OPTIONS
from importbot.model.policy import Policy
from tests.kit.options import (
    NEWER,
    REQUESTS,
    SCRIPTS,
    each_script,
    help_of,
    name_of,
    names_in_help,
    refused,
)


each_script_and_bot = pytest.mark.parametrize(('script', 'bot'), [
    pytest.param(*param.values, bot, id=param.id)
    for param, bot in zip(SCRIPTS, (ImportBot, DumpBot), strict=True)])


def read(*arguments: str, script: ModuleType = importpages) -> CommandLine:
    return read_command_line(name_of(script), arguments)


@each_script_and_bot
def test_every_option_is_in_the_help(script: ModuleType,
                                     bot: type[ImportBot]) -> None:
    named = names_in_help(script)
    assert {*OPTIONS.of(name_of(script))} <= named
    assert {*bot.available_options, 'report', 'savelist'} == {
        *OPTIONS.of(name_of(script))}
    assert {'report', 'savelist', 'simulate', *NEWER} <= named


@each_script
def test_help_names_nothing_that_is_not_there(script: ModuleType) -> None:
    generators = {'page', 'cat', 'file', 'namespace'}
    others = {'simulate'}  # pywikibot's own
    aliases = {alias.name for alias in OPTIONS.aliases}
    assert names_in_help(script) <= {*OPTIONS.of(name_of(script)), *aliases,
                                     *generators, *others}


@each_script
def test_other_names_are_in_the_help(script: ModuleType) -> None:
    shared = {alias.name for alias in OPTIONS.aliases_of(name_of(script))
              } - {'ns'}
    assert len(shared) == (4 if script is importdump else 6)
    for name in shared:
        assert re.search(rf'-{name}\b', help_of(script)), name


@each_script
def test_no_line_of_the_help_is_too_long(script: ModuleType) -> None:
    assert max(map(len, help_of(script).splitlines())) <= 79


def test_generators_are_handed_on() -> None:
    options = read('-source:en', '-page:Rover', '-cat:Rovers',
                   '-report:a.json', '-report:b.html', '-plan')
    assert options.rest == ['-page:Rover', '-cat:Rovers']
    assert options.reports == [Path('a.json'), Path('b.html')]
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
                   '-nsmap:Portal=Project', '-nodocs', '-post:note:A',
                   '-post:nocategories', '-post:note:A')
    bot = importpages.ImportBot(**options.given)
    assert bot.policy == Policy(
        only=('^Template:', '^Module:'), nsmap=(('Portal', 'Project'), ),
        nodocs=True, post=('note:A', 'nocategories'))


@pytest.mark.parametrize(('arguments', 'policy'), [
    ([], Policy()),
    (['-via:interwiki'], Policy(via='interwiki')),
    (['-via:upload', '-order:time'], Policy(via='upload', order='time')),
    (['-before:2020-01-01T00:00:00Z'],
     Policy(before='2020-01-01T00:00:00Z')),
    (['-authors:local'], Policy(authors='local')),
    (['-assignknownusers'], Policy(authors='local')),
    (['-interwikiprefix:w:en'], Policy(interwikiprefix='w:en')),
])
def test_options_of_the_route_become_the_policy(
        arguments: list[str], policy: Policy) -> None:
    options = read('-source:en', *arguments)
    assert options.rest == []
    assert importpages.ImportBot(**options.given).policy == policy


def test_authors_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / 'authors.txt'
    path.write_text('Zoe = Zoe here\nAnna = Anna B.\n', encoding='utf-8')
    bot = importpages.ImportBot(**read('-source:en',
                                       f'-authors:{path}').given)
    assert bot.policy == Policy(authors='file', authormap=(
        ('Anna', 'Anna B.'), ('Zoe', 'Zoe here')))


@each_script
@pytest.mark.parametrize(('argument', 'value'), [('-resume', True),
                                                 ('-resume:7', '7')])
def test_resume_is_read(script: ModuleType, argument: str,
                        value: object) -> None:
    options = read(argument, '-serverlimit:3', '-always', '-journal:x',
                   script=script)
    assert options.given == {'resume': value, 'serverlimit': '3',
                             'always': True, 'journal': 'x'}


@pytest.mark.parametrize(('arguments', 'words'), [
    (['-correspondingnamespace:4', '-rootpage:A'], 'Give only one of'),
    (['-rootpage:A', '-targettitle:B'], 'Give only one of'),
    (['-templates'], 'needs a value'),
    (['-report:'], 'needs a file'),
    (['-via'], 'needs a value: -via:auto|interwiki|upload'),
    (['-order:'], 'needs a value: -order:'),
    (['-before'], 'needs a value: -before:'),
    (['-authors'], 'needs a value: -authors:'),
    (['-interwikiprefix'], 'needs a value: -interwikiprefix:'),
    (['-serverlimit'], 'needs a value: -serverlimit:'),
    (['-resume', '-source:en'], '-resume takes.*leave out -source$'),
    (['-resume:7', '-via:upload', '-page:A'], 'leave out -via, -page:A$'),
    (['-post:'], '-post:nocategories|nointerlanguage|note$'),
])
def test_arguments_that_make_no_sense(arguments: list[str],
                                      words: str) -> None:
    with refused(words.replace('|', r'\|')):
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
    ({'source': 'en', 'via': 'post'}, 'auto, interwiki, upload'),
    ({'source': 'en', 'order': 'size'}, 'auto, fast, time'),
    ({'source': 'en', 'before': 'yesterday'}, '-before:yesterday'),
    ({'source': 'en', 'via': 'interwiki',
      'before': '2020-01-01T00:00:00Z'}, '-before.*upload'),
    ({'source': 'en', 'authors': 'nonexistent.txt'},
     'nonexistent.txt" is neither'),
    ({'source': 'en', 'serverlimit': 'long'}, '-serverlimit:long'),
    ({'resume': 'last'}, '-resume:last'),
    ({'source': 'en', 'post': 'categories'},
     'The clean-up categories is not known; there are: nocategories, '
     'nointerlanguage, note'),
    ({'source': 'en', 'post': 'nocategories\nnote'}, '-post:note:TEMPLATE'),
    ({'source': 'en', 'post': 'note: '}, '-post:note:TEMPLATE'),
    ({'source': 'en', 'post': 'nocategories:A'}, 'leave out ":A"'),
])
def test_values_that_make_no_sense(options: dict[str, str],
                                   words: str) -> None:
    with refused(words):
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


def test_help_of_importrequests_names_its_options() -> None:
    assert names_in_help(importrequests) == {*REQUESTS, 'simulate'}
    assert max(map(len, help_of(importrequests).splitlines())) <= 79


def test_options_of_importrequests_are_read() -> None:
    plain = RequestsOptions(
        page='', configpage='', watch=0, install=False, journal='',
        serverlimit=200, always=False, failonce=False)
    assert read_requests_options([]) == plain
    assert read_requests_options(
        ['-page:Project:X', '-watch', '-serverlimit:7']) == replace(
        plain, page='Project:X', watch=600, serverlimit=7)
    assert read_requests_options(['-watch:30', '-install', '-always']) == (
        replace(plain, watch=30, install=True, always=True))
    assert read_requests_options(['-install', '-report:a.wiki']) == (
        replace(plain, install=True, reports=(Path('a.wiki'), )))
    with refused('-report goes with -install alone'):
        read_requests_options(['-report:a.wiki'])


@pytest.mark.parametrize('argument', [
    '-watch:often', '-watch:0', '-serverlimit:-1', '-page', '-page:',
    '-configpage:'])
def test_bad_value_of_importrequests_is_named(argument: str) -> None:
    name = argument.partition(':')[0]
    with refused(f'^{name}'):
        read_requests_options([argument])


@pytest.mark.parametrize('argument', ['-wach', 'install', '-install:x'])
def test_unknown_option_of_importrequests_is_no_option(
        argument: str) -> None:
    assert read_requests_options([argument]) is None
