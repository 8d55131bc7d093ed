"""Plan files that a person or a disk has damaged: said with the place."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from importbot.model.errors import UsageError
from importbot.model.plan import as_text
from importbot.planning.saved import SavedPlan
from tests.kit.plans import PLAN


Spoil = Callable[[dict[str, Any]], object]


def loaded(path: Path, spoil: Spoil) -> SavedPlan:
    """Return a saved plan in which something was changed by hand."""
    data = json.loads(as_text(PLAN.as_json()))
    spoil(data)
    path.write_text(json.dumps(data), 'utf-8')
    return SavedPlan.load(str(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / 'plan.json'


def test_plan_comes_back_as_it_was(path: Path) -> None:
    saved = loaded(path, lambda data: None)
    assert saved.is_whole
    assert saved.policy == PLAN.policy
    assert [page.as_json() for page in saved.pages] == [
        page.as_json() for page in PLAN.pages]


@pytest.mark.parametrize(('spoil', 'place'), [
    (lambda data: data['options'].update(talk='no'), '$.options.talk: '),
    (lambda data: data['options'].update(tags=5),
     '$.options.tags: Input should be a valid list, found 5'),
    (lambda data: data['options'].update(tags=['a', 5]),
     '$.options.tags[1]: '),
    (lambda data: data['options'].update(maxpages='many'),
     '$.options.maxpages: '),
    (lambda data: data['options'].update(maxpages=True),
     '$.options.maxpages: '),
    (lambda data: data['options'].update(rootpage=7), '$.options.rootpage: '),
    (lambda data: data['options'].update(namespace='x'),
     '$.options.namespace: '),
    (lambda data: data['options'].update(nsmap=[['Portal']]),
     '$.options.nsmap[0]'),
    (lambda data: data['pages'][1].update(role='king'), '$.pages[1].role: '),
    (lambda data: data['pages'][1].update(decision='maybe'),
     '$.pages[1].decision: '),
    (lambda data: data['pages'][0].update(needed_by='Rover'),
     '$.pages[0].needed_by: '),
    (lambda data: data['pages'][0].update(ns='10'), '$.pages[0].ns: '),
    (lambda data: data['pages'][0].update(title='Yes'), '$.pages[0]: '),
    (lambda data: data['pages'][1].pop('title'), '$.pages[1].title: '),
    (lambda data: data['pages'][1]['steps'][0].update(via='post'),
     '$.pages[1].steps[0].via: '),
    (lambda data: data['pages'][1]['steps'][0].update(action='dance'),
     '$.pages[1].steps[0]: '),
    (lambda data: data['pages'][1].update(steps=[None]),
     '$.pages[1].steps[0]: '),
    (lambda data: data.update(pages={}), '$.pages: '),
    (lambda data: data['target'].pop('api'), '$.target.api: '),
    (lambda data: data.update(notes='none'), '$.notes: '),
])
def test_damage_is_one_sentence_with_its_place(
        path: Path, spoil: Spoil, place: str) -> None:
    with pytest.raises(UsageError) as caught:
        loaded(path, spoil)
    said = str(caught.value)
    assert place in said and str(path) in said
    assert '\n' not in said
    assert said.endswith('make it again')


@pytest.mark.parametrize(('name', 'value'), [
    ('existing', 'x'), ('before', 'yesterday'), ('only', ['('])])
def test_values_that_no_option_has_are_refused(path: Path, name: str,
                                               value: object) -> None:
    with pytest.raises(UsageError, match=name):
        loaded(path, lambda data: data['options'].update({name: value}))


def test_change_that_fits_the_types_is_no_whole_plan(path: Path) -> None:
    assert not loaded(path, lambda data: data['pages'][1].update(
        target='Elsewhere')).is_whole
