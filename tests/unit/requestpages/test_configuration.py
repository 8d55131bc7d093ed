"""A mistake in the configuration is named by its place and what belongs
there.
"""
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from importbot.model.errors import ConfigurationError
from importbot.model.policy import Policy
from importbot.requestpages.configuration import (
    Configuration,
    Limits,
    read_configuration,
)
from importbot.requestpages.policy_defaults import PolicyDefaults


TITLE = 'MediaWiki:Importrequests.json'
SMALLEST = {'pages': ['Wikipedia:Imports'], 'sources': ['en'],
            'groups': ['sysop'], 'stop': {'page': 'User:Bot/Stop'}}


def read(**changes: Any) -> Configuration:
    return read_configuration(json.dumps({**SMALLEST, **changes}), TITLE)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(text, TITLE)
    assert f'"{TITLE}"' in str(caught.value)
    assert all(problem in str(caught.value)
               for problem in caught.value.problems)
    return caught.value.problems


def test_smallest_one() -> None:
    found = read()
    assert found.pages == ['Wikipedia:Imports']
    assert found.sources == ['en']
    assert found.groups == ['sysop']
    assert (found.stop.page, found.stop.missing) == ('User:Bot/Stop', 'stop')
    assert (found.rules, found.log, found.lines, found.done,
            found.language) == ([], '', False, {}, '')
    assert found.namespaces == [0, 2, 4, 10, 12, 14, 828]
    assert found.limits == Limits(titles=20, pages=200, revisions=10_000,
                                  peruser=20, perday=2_000)
    assert found.policy == PolicyDefaults()
    words, = found.templates
    assert words.name == 'Import request'


def test_all_of_it() -> None:
    everything = {
        'log': 'Wikipedia:Imports/Log', 'language': 'de', 'lines': True,
        'namespaces': [0], 'done': {'done': '{{erledigt}}'},
        'limits': {'titles': 0, 'perday': 5},
        'policy': {'authors': 'local', 'nsmap': {'4': '102'},
                   'post': ['note:Imported', 'nocategories']},
        'rules': [{'name': 'own', 'ownuserspace': True, 'approval': False,
                   'groups': ['autoconfirmed', '*'], 'minedits': 10},
                  {'approvers': ['importer'], 'namespaces': [10]}],
        'templates': [{'name': 'Importwunsch',
                       'parameters': {'pages': ['Seiten', 'pages']},
                       'statuses': {'done': ['erledigt']},
                       'values': {'full': ['alle']}}]}
    found = read(**everything).model_dump(exclude_unset=True)
    assert found == {**SMALLEST, **everything}


def test_defaults_are_those_of_the_policy() -> None:
    for name, value in PolicyDefaults().model_dump().items():
        default = getattr(Policy(), name)
        assert value == (dict(default) if name == 'nsmap' else
                         list(default) if isinstance(default, tuple)
                         else default)


# Wrong values

GIVEN = 'this has to be given'
UNKNOWN = 'no such name is known here'


@pytest.mark.parametrize(('place', 'said', 'changes'), [
    # Of another type
    ('$.pages', 'valid list, found "A"', {'pages': 'A'}),
    ('$.pages[1]', 'valid string, found 7', {'pages': ['A', 7]}),
    ('$.sources', 'valid list, found {"en": 1}', {'sources': {'en': 1}}),
    ('$.stop', 'valid dictionary', {'stop': 'User:Bot/Stop'}),
    ('$.rules', 'valid list', {'rules': {}}),
    ('$.rules[1].missing', 'valid boolean, found "yes"',
     {'rules': [{}, {'missing': 'yes'}]}),
    ('$.rules[0].maxpages', 'valid integer, found "3"',
     {'rules': [{'maxpages': '3'}]}),
    ('$.rules[0].minedits', 'valid integer, found null',
     {'rules': [{'minedits': None}]}),
    ('$.limits.titles', 'valid integer, found true',
     {'limits': {'titles': True}}),
    ('$.limits.pages', 'valid integer, found 2.5', {'limits': {'pages': 2.5}}),
    ('$.namespaces[0]', 'valid integer, found "Talk"',
     {'namespaces': ['Talk']}),
    ('$.lines', 'valid boolean, found 1', {'lines': 1}),
    ('$.language', 'valid string, found null', {'language': None}),
    ('$.templates[0]', 'valid dictionary', {'templates': ['Wish']}),
    ('$.templates[0].statuses.done', 'valid list, found "ok"',
     {'templates': [{'statuses': {'done': 'ok'}}]}),
    ('$.policy.nsmap.4', 'valid string, found 102',
     {'policy': {'nsmap': {'4': 102}}}),
    ('$.policy.post', 'The clean-up tidy is not known; there are: '
     'nocategories, nointerlanguage, note, found ["tidy"]',
     {'policy': {'post': ['tidy']}}),
    ('$.policy.post', 'note needs the name of a template',
     {'policy': {'post': ['note']}}),
    # Unknown
    ('$.page', UNKNOWN, {'page': 'A'}),
    ('$.limits.perweek', UNKNOWN, {'limits': {'perweek': 7}}),
    ('$.rules[0].local', UNKNOWN, {'rules': [{'local': True}]}),
    ('$.policy.force', UNKNOWN, {'policy': {'force': True}}),
    ('$.policy.existing', "'skip', 'update' or 'ask', found \"force\"",
     {'policy': {'existing': 'force'}}),
    ('$.policy.authors', '\'prefix\' or \'local\', found "file"',
     {'policy': {'authors': 'file'}}),
    ('$.stop.missing', "'stop' or 'run'",
     {'stop': {'page': 'A', 'missing': 'go'}}),
    ('$.done', '"review" is none of done, partial',
     {'done': {'review': '{{x}}'}}),
    ('$.templates[1].parameters', '"site" is none of source, pages',
     {'templates': [{}, {'parameters': {'site': ['Wiki']}}]}),
    ('$.templates[0].statuses', '"ready" is none of new, review',
     {'templates': [{'statuses': {'ready': ['ok']}}]}),
    # Missing
    ('$.stop.page', GIVEN, {'stop': {}}),
    ('$.pages', 'at least 1 item', {'pages': []}),
    ('$.sources', 'at least 1 item', {'sources': []}),
    ('$.groups', 'at least 1 item', {'groups': []}),
    ('$.templates', 'at least 1 item', {'templates': []}),
    ('$.templates[0].name', 'at least 1 character',
     {'templates': [{'name': ''}]}),
    ('$.templates[0].parameters.pages', 'at least 1 item',
     {'templates': [{'parameters': {'pages': []}}]}),
    # Out of bounds
    ('$.rules[0].maxtemplates', 'greater than or equal to 0, found -1',
     {'rules': [{'maxtemplates': -1}]}),
    ('$.limits.perday', 'greater than or equal to 0',
     {'limits': {'perday': -1}}),
    ('$.pages[0]', 'at most 255 characters', {'pages': ['x' * 256]}),
    # Everybody
    ('$.groups', '"*" is everybody', {'groups': ['sysop', '*']}),
    ('$.rules[0].approvers', '"*" is everybody',
     {'rules': [{'approvers': ['*']}]}),
    # Words that would not be read as they were written
    ('$.templates[0].statuses', '"OK" cannot mean "partial": it means "done"',
     {'templates': [{'statuses': {'done': ['ok'], 'partial': ['OK']}}]}),
    ('$.templates[0].statuses', '"new" cannot mean "done"',
     {'templates': [{'statuses': {'done': ['new']}}]}),
    ('$.templates[0].parameters', '"Plan" cannot mean "id"',
     {'templates': [{'parameters': {'id': ['Plan']}}]}),
    *(('$.templates[0].statuses', 'cannot stand in a template',
       {'templates': [{'statuses': {'done': [word]}}]})
      for word in ('a|b', '{{ok}}', '[[a]]', 'a=b', '<b>ok</b>', ' ok')),
])
def test_wrong_value_is_named(place: str, said: str,
                              changes: dict[str, Any]) -> None:
    problem, = problems(json.dumps({**SMALLEST, **changes}))
    assert problem.startswith(f'{place}: ')
    assert said in problem


@pytest.mark.parametrize('name', SMALLEST)
def test_what_is_missing_is_named(name: str) -> None:
    less = {key: value for key, value in SMALLEST.items() if key != name}
    assert problems(json.dumps(less)) == (f'$.{name}: {GIVEN}', )


def test_all_mistakes_are_named_at_once() -> None:
    assert [problem.partition(':')[0] for problem in problems(
        '{"pages": [1, ""], "stop": {"missing": 2}, "sources": ["en"]}')] == [
        '$.pages[0]', '$.pages[1]', '$.groups', '$.stop.page',
        '$.stop.missing']


@pytest.mark.parametrize('text', [
    '', 'run', '{"pages": ["A"],}', "{'pages': []}", '\ufeff{}', '[' * 100_000,
    '{{Documentation}}', '{"groups": ["sysop"], "groups": ["user"]}'])
def test_no_json(text: str) -> None:
    problem, = problems(text)
    assert problem.startswith('$: no JSON: ')


@pytest.mark.parametrize('text', ['[]', '[{}]', 'null', 'true', '7', '"{}"'])
def test_no_object(text: str) -> None:
    assert problems(text) == ('$: an object was expected', )


def test_long_values_are_not_repeated() -> None:
    problem, = problems(json.dumps({**SMALLEST, 'lines': 'x' * 10_000}))
    assert len(problem) < 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(['page', 'name', 'done', 'titles', 'x']), inner,
        max_size=2), max_leaves=6)


@given(st.dictionaries(st.sampled_from([*Configuration.model_fields, 'x']),
                       JSON))
def test_any_json_is_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        found = read(**changes)
    except ConfigurationError as error:
        assert error.problems
        assert all(problem.startswith('$.') for problem in error.problems)
    else:
        assert found.model_dump(exclude_unset=True) == {**SMALLEST, **changes}


@pytest.mark.parametrize('path', ['', 'stop', 'limits', 'policy'])
def test_nothing_is_changed_later(path: str) -> None:
    part = getattr(read(), path) if path else read()
    for name in type(part).model_fields:
        with pytest.raises(ValidationError):
            setattr(part, name, getattr(part, name))
