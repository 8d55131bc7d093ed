"""The command line of importruns, and pywikibot without its wiki."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
import pywikibot
from importbot_scripts import importruns

from importbot.commands.importruns.options import (
    CheckOptions,
    RunsOptions,
    read_runs_options,
)
from importbot.commands.offline import default_api, offline
from importbot.journal.records import RunFilter
from importbot.model.errors import UsageError
from tests.kit.options import RUNS, help_of, names_in_help, refused


def wanted(*arguments: str) -> RunFilter:
    options = read_runs_options(arguments)
    assert options is not None
    return options.wanted


def test_help_names_the_options_that_there_are() -> None:
    assert names_in_help(importruns) == {*RUNS}
    assert max(map(len, help_of(importruns).splitlines())) <= 79


def test_defaults() -> None:
    assert read_runs_options([]) == RunsOptions()
    assert RunsOptions().most == 20
    # Of a title everything is told.
    assert read_runs_options(['-title:A']) == RunsOptions(title='A', most=0)


def test_all_options_are_read() -> None:
    assert read_runs_options([
        '-runs:7', '-all', '-format:json', '-journal:x', '-decision:hold',
        '-decision:refuse, skip', '-outcome:failed', '-requester:anna_petit',
        '-since:2024-02-03', '-until:2024-02-03']) == RunsOptions(
        most=7, everywhere=True, form='json', journal='x', wanted=RunFilter(
            '', frozenset({'hold', 'refuse', 'skip'}), frozenset({'failed'}),
            'Anna petit', '2024-02-03T00:00:00+00:00',
            '2024-02-03T23:59:59+00:00'))
    for one in (['-run:12'], ['12'], ['12', '-run:12']):
        assert read_runs_options(one) == RunsOptions(run=12)
    with pytest.raises(UsageError, match='One run is told at a time'):
        read_runs_options(['12', '13'])
    assert read_runs_options(['-html:x/y']) == RunsOptions(
        html=Path('x/y'))
    assert read_runs_options(['-prune:90', '-always', '-journal:x']) == (
        RunsOptions(prune=90, always=True, journal='x'))
    assert read_runs_options(['-upgrade', '-journal:x']) == RunsOptions(
        upgrade=True, journal='x')


@pytest.mark.parametrize(('value', 'time'), [
    ('2024-02-29', '2024-02-29T00:00:00+00:00'),
    ('2024-02-29T12:34:56Z', '2024-02-29T12:34:56+00:00'),
    ('2024-02-29T12:34:56', '2024-02-29T12:34:56+00:00'),
    ('2024-02-29 01:30:00+02:00', '2024-02-28T23:30:00+00:00')])
def test_times_are_of_utc(value: str, time: str) -> None:
    assert wanted(f'-since:{value}').since == time


def test_until_with_a_time_ends_then() -> None:
    assert wanted('-until:2024-02-29T12:34:56Z').until == (
        '2024-02-29T12:34:56+00:00')


@pytest.mark.parametrize(('argument', 'sentence'), [
    ('-since:yesterday', '-since:yesterday is no time; write 2024-12-31'),
    ('-since:2023-02-29', '-since:2023-02-29 is no time'),
    ('-until:2024', '-until:2024 is no time'),
    ('-since:0001-01-01T00:00:00+23:00', 'is no time'),
    ('-until:9999-12-31T23:59:59-23:00', 'is no time'),
    ('-format:xml', '-format:xml is not known; give one of html, json'),
    ('-run:last', '-run:last is no number of a run'),
    ('-run:-1', '-run:-1 is no number of a run'),
    ('-run:99999999999999999999', 'is no number of a run'),
    ('-runs:many', '-runs:many is no number from 0 up'),
    ('-prune:all', '-prune:all is no number from 0 up'),
    ('-prune:-1', '-prune:-1 is no number from 0 up'),
    ('-prune:1.5', '-prune:1.5 is no number from 0 up'),
    *((f'-{name}', f'-{name} needs a value: -{name}:')
      for name in RUNS if name not in ('all', 'always', 'check', 'health',
                                       'upgrade')),
    ('-health:0', '-health:0 leaves no time since a pass'),
    ('-health:soon', '-health:soon is no number from 0 up'),
    ('-title: ', '-title needs a value')])
def test_bad_values_get_a_sentence(argument: str, sentence: str) -> None:
    with refused(re.escape(sentence)):
        read_runs_options([argument])


@pytest.mark.parametrize(('arguments', 'check'), [
    (['-check'], CheckOptions()),
    (['-check:12'], CheckOptions(12)),
    (['-check', '-run:12'], CheckOptions(12)),
    (['-check:10%'], CheckOptions(sample=10)),
    (['-check:0.5 %', '-run:3'], CheckOptions(3, .5)),
    (['-check', '-runs:3'], CheckOptions(most=3)),
    (['-check', '-title:A', '-title:B c'], CheckOptions(
        titles=('A', 'B c'))),
    (['-check:7', '-title:A'], CheckOptions(7, titles=('A', )))])
def test_what_is_looked_at_again(arguments: list[str],
                                 check: CheckOptions) -> None:
    options = read_runs_options(arguments)
    assert options is not None
    assert (options.check, options.title) == (check, '')


@pytest.mark.parametrize('value', [
    '0%', '200%', '-5%', '100.1%', '%', 'ten%', '1e1%', '5%5', 'foo', '0x1',
    '-1', '1,2', '99999999999999999999'])
def test_bad_checks_get_a_sentence(value: str) -> None:
    with refused(f'-check:{re.escape(value)} is n.*-check:10%'):
        read_runs_options([f'-check:{value}'])


@pytest.mark.parametrize(('arguments', 'sentence'), [
    (['-title:A', '-title:B'], 'Give one -title'),
    (['-check:1', '-run:2'], '-check:1 and -run:2 are two ways'),
    (['-check:1', '-since:2024-01-01', '-runs:3'],
     '-check:1 names one run; leave out -runs, -since'),
    (['-check:10%', '-title:A'], 'leave one of them out'),
    (['-check', '-all'], '-check does not go with -all'),
    (['-check', '-html:x'], '-check does not go with -html'),
    (['-check', '-prune:9', '-upgrade'], 'Give only one of'),
    (['-check', '-prune:9'], '-check does not go with -prune'),
    (['-run:1', '-title:A'], 'Give only one of -run, -title'),
    (['-html:x', '-run:1'], 'Give only one of -run, -html'),
    (['-prune:9', '-run:1'], 'Give only one of -run, -prune'),
    (['-prune:9', '-all', '-since:2024-01-01'],
     '-prune does not go with -all, -since'),
    (['-upgrade', '-prune:9'], 'Give only one of -prune, -upgrade'),
    (['-upgrade', '-since:2024-01-01'], '-upgrade does not go with -since'),
    (['-always'], '-always goes with -prune alone'),
    (['-run:1', '-since:2024-01-01', '-runs:3'],
     '-run does not go with -runs, -since'),
    (['-html:x', '-format:json', '-outcome:failed'],
     '-html does not go with -format, -outcome'),
    (['-since:2024-01-02', '-until:2024-01-01'], 'is later than')])
def test_what_makes_no_sense_together(arguments: list[str],
                                      sentence: str) -> None:
    with refused(sentence):
        read_runs_options(arguments)


@pytest.mark.parametrize('argument', ['-rum:1', 'run', '-all:x', '12x'])
def test_unknown_option_is_none(argument: str) -> None:
    assert read_runs_options([argument]) is None


def test_many_runs_are_a_number_that_databases_know() -> None:
    options = read_runs_options(['-runs:99999999999999999999'])
    assert options is not None
    assert options.most == 2 ** 31 - 1


# pywikibot without its wiki

def test_address_of_the_target_is_known_without_asking_it(
        monkeypatch: pytest.MonkeyPatch) -> None:
    config = pywikibot.config
    # Nobody answers at that port.
    monkeypatch.setitem(config.family_files, 'nobody',
                        'http://127.0.0.1:9/w/api.php')
    monkeypatch.setattr(config, 'family', 'nobody')
    monkeypatch.setattr(config, 'mylang', 'nobody')
    # As in a process that begins.
    monkeypatch.setattr(pywikibot, '_sites', {})
    with offline():
        assert pywikibot.handle_args(['-x'], do_help=False) == ['-x']
    assert default_api() == 'http://127.0.0.1:9/w/api.php'
    assert config.site_interface == 'APISite'
    monkeypatch.setattr(config, 'family', 'wikibooks')
    monkeypatch.setattr(config, 'mylang', 'de')
    assert default_api() == 'https://de.wikibooks.org/w/api.php'


def test_wiki_of_no_family_gets_a_sentence(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'family', 'nosuchfamily')
    with refused('-site, or give -all'):
        default_api()
