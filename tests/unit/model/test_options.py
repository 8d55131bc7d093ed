"""The table of options, and an option more than there is."""
from __future__ import annotations

import re
from dataclasses import dataclass, fields, make_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from importbot_scripts import (
    importdump,
    importpages,
    importrequests,
    importruns,
    importundo,
)
from pydantic import ValidationError
from pywikibot.bot import ConfigParserBot

from importbot.commands.command_line import read_command_line
from importbot.commands.help_text import option_help
from importbot.commands.option_values import policy_of_options, values_of
from importbot.model.errors import UsageError
from importbot.model.option import (
    DUMP,
    IMPORTS,
    PAGES,
    REQUESTS,
    RUNS,
    UNDO,
    Choice,
    Clash,
    Kind,
    Option,
    policy_field,
)
from importbot.model.options import OPTIONS, OptionTable
from importbot.model.policy import Policy, policy_options
from importbot.requestpages.policy_defaults import pattern, policy_part
from importbot.requestpages.status import FIELDS
from tests.kit.building import ROOT
from tests.kit.options import help_of, refused


SCRIPTS = {PAGES: importpages, DUMP: importdump, UNDO: importundo,
           RUNS: importruns, REQUESTS: importrequests}
each_row = pytest.mark.parametrize('option', [
    pytest.param(option, id=f'{option.name}-{number}')
    for number, option in enumerate(OPTIONS.rows)])

#: What pages of the documentation name and pywikibot has.
OF_PYWIKIBOT = {'cat', 'help', 'prefixindex', 'pt', 'putthrottle', 'simulate',
                'site', 'subst', 'transcludes', 'user', 'verbose'}


@dataclass(frozen=True)
class Wider(Policy):

    """A policy with an option more."""

    flavour: str = policy_field(Option(
        Kind.CHOICE, 'what pages taste of', default='plain', choices=(
            Choice('plain', 'nothing at all'),
            Choice('mint', 'mint, by upload'),
            Choice('chilli', 'chilli, which is not for everybody')),
        group='dependencies', wiki=('plain', 'mint'), request=True,
        clashes=(Clash(('via', ), 'interwiki', 'is for uploads'), )))


WIDER = OptionTable(Wider)


# The rows

@pytest.mark.parametrize('script', SCRIPTS)
def test_script_has_an_option_once(script: str) -> None:
    names = [option.name for option in OPTIONS.rows
             if script in option.scripts]
    assert len(names) == len(set(names))
    assert names


@each_row
def test_row_says_what_it_is_in_a_sentence(option: Option) -> None:
    assert re.match('[^A-Z].*[^.;:,]$', option.help)
    assert all(choice.help or option.field for choice in option.choices
               if not choice.means)
    assert not option.choices or option.default in option.values
    assert bool(option.group) == bool(option.scripts)


@each_row
def test_row_names_others_that_there_are(option: Option) -> None:
    for script in option.scripts:
        names = OPTIONS.of(script).keys()
        assert {name for clash in option.clashes for name in clash.names
                } <= names | {'talk'}
    assert {*option.beside} <= {other.name for other in OPTIONS.rows
                                if other.alone}
    for allowed in (option.wiki_values, option.request_values):
        assert {*allowed} <= {*option.values}


def test_other_names_mean_something_to_a_script() -> None:
    assert {alias for script in IMPORTS
            for alias in OPTIONS.aliases_of(script)} == {*OPTIONS.aliases}


def test_every_field_of_the_policy_has_a_row() -> None:
    assert [option.field for option in policy_options()] == [
        item.name for item in fields(Policy)]
    assert Policy.__doc__
    assert re.findall(':param (\\w+):', Policy.__doc__) == [
        option.field for option in policy_options()]


@pytest.mark.parametrize('script', SCRIPTS)
def test_every_option_has_its_place_in_the_help(script: str) -> None:
    shown = help_of(SCRIPTS[script])
    assert re.findall(r'&\w+;', shown) == []
    places = SCRIPTS[script].__doc__ or ''
    for place in option_help(script):
        assert places.count(place) == (place != '&aliases;' or (
            script in IMPORTS)), place


def test_documentation_names_options_that_there_are() -> None:
    known = {*OF_PYWIKIBOT, *(option.name for option in OPTIONS.rows),
             *(alias.name for alias in OPTIONS.aliases)}
    pages = [*ROOT.glob('*.md'), *ROOT.glob('docs/**/*.md')]
    assert len(pages) > 20
    for page in pages:
        named = set(re.findall(r'`-([a-z]\w+)(?=[:`\s])',
                               page.read_text('utf-8')))
        assert named <= known, page.name


# One option more

def test_command_line_has_it() -> None:
    for script in IMPORTS:
        line = read_command_line(script, ['-flavour:mint'], WIDER)
        assert (line.given, line.rest) == ({'flavour': 'mint'}, [])
        with pytest.raises(UsageError,
                           match=r'-flavour:plain\|mint\|chilli'):
            read_command_line(script, ['-flavour'], WIDER)
    assert read_command_line(UNDO, ['-flavour:mint'], WIDER).rest == [
        '-flavour:mint']
    assert read_command_line(PAGES, ['-flavour:mint']).rest == [
        '-flavour:mint']


def test_policy_has_it() -> None:
    given = {'source': 'en', 'flavour': 'mint'}
    assert policy_of_options(given, PAGES, WIDER) == Wider(flavour='mint')
    with refused('^-flavour:lemon is not known; give '
                       'one of plain, mint, chilli$'):
        policy_of_options({**given, 'flavour': 'lemon'}, PAGES, WIDER)
    with pytest.raises(UsageError, match="^flavour='lemon' is not known"):
        Wider(flavour='lemon')


def test_what_it_does_not_go_with_is_known() -> None:
    sentence = '^-flavour is for uploads; leave out -via:interwiki$'
    with refused(sentence):
        read_command_line(PAGES, ['-via:interwiki', '-flavour:mint'], WIDER)
    with pytest.raises(UsageError, match='^flavour is for uploads; leave out '
                       "via='interwiki'$"):
        Wider(flavour='mint', via='interwiki')
    assert Wider(via='interwiki').flavour == 'plain'
    with refused('leave out -flavour$'):
        read_command_line(PAGES, ['-resume', '-flavour:mint'], WIDER)


def test_scripts_ini_sets_it(tmp_path: Path,
                             monkeypatch: pytest.MonkeyPatch) -> None:
    class Bot(ConfigParserBot):

        """Has the options of importpages."""

        available_options = WIDER.defaults(PAGES)

    (tmp_path / 'scripts.ini').write_text('[importpages]\nflavour = mint\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr('pywikibot.bot.calledModuleName', lambda: PAGES)
    assert Bot().opt.flavour == 'mint'
    assert Bot(flavour='chilli').opt.flavour == 'chilli'


def test_help_has_it() -> None:
    shown = option_help(PAGES, WIDER)['&dependencies;']
    assert ('-flavour:plain    (default) nothing at all\n'
            '-flavour:mint     mint, by upload\n'
            '-flavour:chilli   chilli, which is not for everybody') in shown


def test_configuration_has_it() -> None:
    part = policy_part(WIDER)
    assert part().fields()['flavour'] == 'plain'
    assert part.model_validate({'flavour': 'mint'}).fields() == {
        **part().fields(), 'flavour': 'mint'}
    with pytest.raises(ValidationError, match="'plain' or 'mint'"):
        part.model_validate({'flavour': 'chilli'})
    assert part.model_json_schema()['properties']['flavour'][
        'description'] == 'what pages taste of'


def test_requests_have_what_a_request_may_set() -> None:
    assert ('source', 'pages', *(
        option.field for option in OPTIONS.of_request), 'reason') == FIELDS
    assert [option.field for option in WIDER.of_request] == [
        *FIELDS[2:-1], 'flavour']


# Every kind of option

@pytest.mark.parametrize(('kind', 'default', 'texts', 'value', 'json'), [
    (Kind.FLAG, False, [''], True, True),
    (Kind.NUMBER, 7, ['3'], 3, 3),
    (Kind.NAMESPACE, None, ['4'], 4, 4),
    (Kind.TEXT, '', ['a, b'], 'a, b', 'a, b'),
    (Kind.WORDS, (), ['a, b', 'c'], ('a', 'b', 'c'), ['a', 'b', 'c']),
    (Kind.TEXTS, (), ['a, b', 'c'], ('a, b', 'c'), ['a, b', 'c']),
    (Kind.PATTERNS, (), [pattern('A*')], ('^A.*$', ), ['A*']),
    (Kind.CLEANUPS, (), ['nocategories', 'note:A', 'nocategories'],
     ('nocategories', 'note:A'), ['nocategories', 'note:A']),
    (Kind.PAIRS, (), ['a = b', 'c=d=e'], (('a', 'b'), ('c', 'd=e')),
     {'a': 'b', 'c': 'd=e'})])
def test_option_of_a_kind_is_read_everywhere(
        kind: Kind, default: Any, texts: list[str], value: Any,
        json: Any) -> None:
    option = Option(kind, 'x', default=default, group='dependencies',
                    wiki=True)
    table = OptionTable(make_dataclass(
        'Other', [('other', Any, policy_field(option))], bases=(Policy, ),
        frozen=True))
    line = read_command_line(PAGES, [
        '-source:en', *(f'-other:{text}' for text in texts)], table)
    policy: Any = policy_of_options(line.given, PAGES, table)
    assert policy.other == value
    assert values_of(PAGES, {}, table)['other'] == default
    part = policy_part(table)
    assert part.model_validate({'other': json}).fields()['other'] == value
    assert part().fields()['other'] == default
    assert '-other' in option_help(PAGES, table)['&dependencies;']
    with pytest.raises(ValidationError):
        part.model_validate({'other': 1.5})


def test_row_for_a_file_takes_the_place_of_the_other() -> None:
    of_pages, of_dump = (OPTIONS.of(script)['templates']
                         for script in IMPORTS)
    assert (of_pages.default, of_dump.default) == ('auto', 'none')
    assert replace(of_dump, choices=()).field == of_pages.field
    given = {'interwikiprefix': 'en', 'templates': 'auto'}
    assert policy_of_options(given, DUMP).templates == 'mentioned'
    with refused('give -templates:mentioned or'):
        policy_of_options({**given, 'templates': 'used'}, DUMP)
    with refused('A file goes by upload'):
        policy_of_options({**given, 'via': 'interwiki'}, DUMP)
    with refused('^Name the wiki that the dump is of'):
        policy_of_options({}, DUMP)
