"""Names that mean nothing on a wiki are named, with where they stand."""
from __future__ import annotations

from typing import Any

import pytest

from importbot.requestpages.configuration import (
    Configuration,
    StopPage,
    TemplateWords,
)
from importbot.requestpages.page.store import StoredPage
from importbot.requestpages.passes.doubts import doubts, template_titles
from importbot.wikis.api_values import Access
from tests.kit.references import wiki


GERMAN = wiki('de')
ACCESS = Access('Bot', frozenset(), '', (), frozenset(), frozenset(),
                frozenset(), '', {'en': ''},
                groups=frozenset({'sysop', 'user'}))


def found(there: tuple[str, ...] = (), access: Access = ACCESS,
          **changes: Any) -> list[str]:
    """Return what is doubtful in a configuration, of a German wiki."""
    configuration = Configuration.model_validate({
        'pages': ['P'], 'sources': ['en'], 'groups': ['sysop'],
        'stop': StopPage(page='S'),
        'templates': [TemplateWords(name='Wunsch')], **changes})
    stored = {title: StoredPage(title, 7)
              for title in ('Vorlage:Wunsch', *there)}
    return [str(problem) for problem in doubts(configuration, GERMAN, access,
                                               stored)]


@pytest.mark.parametrize(('changes', 'said'), [
    ({}, ''), ({'language': 'de-at'}, ''), ({'language': 'en-gb'}, ''),
    ({'language': 'tlh'}, '$.language: no answers are written in "tlh"'),
    ({'sources': ['en', 'x:y']}, '$.sources[1]: the wiki has no interwiki '
     'prefix "x:y"'),
    ({'groups': ['admin']}, '$.groups: the wiki has no user group "admin"'),
    ({'rules': [{'groups': ['user'], 'approvers': ['boss']}]},
     '$.rules[0].approvers: the wiki has no user group "boss"'),
    ({'templates': [{'name': 'Andere'}]},
     '$.templates[0].name: the wiki has no page "Vorlage:Andere"'),
    ({'done': {'done': '{{Erledigt|1=~~~~}}'}},
     '$.done.done: the wiki has no page "Vorlage:Erledigt"'),
    ({'deletion': '{{Löschen}} {{CURRENTDAY}} {{subst:x}}'},
     '$.deletion: the wiki has no page "Vorlage:Löschen"'),
    ({'policy': {'post': ['note:Importiert', 'nocategories']}},
     '$.policy.post: the wiki has no page "Vorlage:Importiert"')])
def test_what_means_nothing_is_named(changes: dict[str, Any],
                                     said: str) -> None:
    sentences = found(**changes)
    assert len(sentences) == bool(said)
    assert all(sentence.startswith(said) for sentence in sentences)


def test_what_is_there_is_no_doubt() -> None:
    assert found(('Vorlage:Erledigt', ),
                 done={'done': '{{erledigt}}'}) == []


def test_wiki_that_names_no_groups_is_not_doubted() -> None:
    silent = Access('Bot', frozenset(), '', (), frozenset(), frozenset(),
                    frozenset(), '', {'en': ''})
    assert found(access=silent, groups=['admin']) == []


def test_each_template_is_asked_for_once() -> None:
    configuration = Configuration.model_validate({
        'pages': ['P'], 'sources': ['en'], 'groups': ['sysop'],
        'stop': StopPage(page='S'), 'deletion': '{{Aa}}',
        'done': {'done': '{{Aa}}{{Bb}}'}})
    assert list(template_titles(configuration, GERMAN)) == [
        'Vorlage:Import request', 'Vorlage:Aa', 'Vorlage:Bb']
