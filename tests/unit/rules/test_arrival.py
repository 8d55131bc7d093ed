"""Where pages arrive, predicted; the real wikis agree in test_places."""
from __future__ import annotations

from typing import Any

import pytest

from importbot.model.decisions import Role
from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from importbot.model.siteinfo import Namespace, SiteInfo
from importbot.model.titles import Title
from importbot.rules.arrival import Arrival, Arrivals


def wiki(language: str, *namespaces: Namespace) -> SiteInfo:
    return SiteInfo('w', language, '1.43.9', {
        namespace.id: namespace for namespace in (
            Namespace(0, ''), *namespaces)})


ENGLISH = wiki('en', Namespace(-1, 'Special', 'Special'),
               Namespace(4, 'Project', 'Project'),
               Namespace(10, 'Template', 'Template', subpages=True),
               Namespace(828, 'Module', 'Module'),
               Namespace(100, 'Portal', 'Portal'))
TALK = wiki('en', Namespace(1, 'Talk', 'Talk'))
GERMAN = wiki('de', Namespace(4, 'Projekt', 'Project'),
              Namespace(10, 'Vorlage', 'Template'),
              Namespace(828, 'Modul', 'Module'),
              Namespace(102, 'Portal', 'Portal'),
              Namespace(104, 'Wörter', 'Words', capitalized=False))


def arrival(title: Title, source: SiteInfo, target: SiteInfo,
            role: Role = Role.TEMPLATE, **policy: Any) -> Arrival:
    return Arrivals(source, target, Policy(**policy)).of(title, role)


@pytest.mark.parametrize(('title', 'source', 'target', 'expected'), [
    (Title(0, 'A'), GERMAN, ENGLISH, Arrival(Title(0, 'A'))),
    (Title(10, 'A'), GERMAN, ENGLISH, Arrival(Title(10, 'A'))),
    (Title(10, 'A'), ENGLISH, GERMAN, Arrival(Title(10, 'A'))),
    (Title(828, 'A'), ENGLISH, GERMAN, Arrival(Title(828, 'A'))),
    # The importer knows English names and its own, not those of others:
    # it has to be told where to put a German module.
    (Title(828, 'A'), GERMAN, ENGLISH, Arrival(Title(828, 'A'), 828)),
    # By name from 100 on, whatever the number.
    (Title(100, 'A'), ENGLISH, GERMAN, Arrival(Title(102, 'A'))),
    (Title(104, 'a'), GERMAN, ENGLISH, Arrival(None)),
    (Title(104, 'a'), GERMAN, GERMAN, Arrival(Title(104, 'a'))),
])
def test_namespaces(title: Title, source: SiteInfo, target: SiteInfo,
                    expected: Arrival) -> None:
    assert arrival(title, source, target) == expected


def test_namespace_map() -> None:
    assert arrival(Title(104, 'a'), GERMAN, ENGLISH,
                   nsmap=(('Wörter', 'Project'), )) == Arrival(
        Title(4, 'A'), 4)
    assert arrival(Title(100, 'A'), ENGLISH, GERMAN,
                   nsmap=(('100', '0'), )) == Arrival(Title(0, 'A'), 0)


@pytest.mark.parametrize('pair', [('Nowhere', 'Project'), ('4', '77')])
def test_namespace_map_names_what_a_wiki_lacks(
        pair: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match='no namespace'):
        arrival(Title(0, 'A'), GERMAN, ENGLISH, nsmap=(pair, ))


def test_places_are_for_requested_pages() -> None:
    for policy in ({'namespace': 4}, {'rootpage': 'Project:Imports'},
                   {'targettitle': 'B'}, {'titlemap': (('A', 'B'), )}):
        assert arrival(Title(0, 'A'), ENGLISH, ENGLISH, **policy) == Arrival(
            Title(0, 'A'))


def test_namespace_that_is_asked_for() -> None:
    assert arrival(Title(828, 'A'), GERMAN, ENGLISH, Role.REQUESTED,
                   namespace=10) == Arrival(Title(10, 'A'), 10)


def test_root_page_keeps_the_full_title() -> None:
    assert arrival(Title(10, 'A', 'Vorlage'), GERMAN, ENGLISH,
                   Role.REQUESTED, rootpage='Project:Imports') == Arrival(
        Title(4, 'Imports/Vorlage:A'), rootpage='Project:Imports')


def test_another_title_is_reached_by_way_of_the_natural_one() -> None:
    assert arrival(Title(0, 'A'), ENGLISH, ENGLISH, Role.REQUESTED,
                   targettitle='project:b') == Arrival(
        Title(4, 'B'), landing=Title(0, 'A'))
    assert arrival(Title(0, 'A'), ENGLISH, ENGLISH, Role.REQUESTED,
                   targettitle='a') == Arrival(Title(0, 'A'))
    assert arrival(Title(1, 'A'), TALK, TALK, Role.REQUESTED,
                   targettitle='Talk:B') == Arrival(
        Title(1, 'B'), landing=Title(1, 'A'))


def test_several_pages_each_with_a_title() -> None:
    titles = (('vorlage:a', 'project:b'), ('c', 'C'))
    assert arrival(Title(10, 'A'), GERMAN, ENGLISH, Role.REQUESTED,
                   titlemap=titles) == Arrival(
        Title(4, 'B'), landing=Title(10, 'A'))
    for name in ('C', 'D'):
        assert arrival(Title(0, name), GERMAN, ENGLISH, Role.REQUESTED,
                       titlemap=titles) == Arrival(Title(0, name))


@pytest.mark.parametrize('policy', [
    {'targettitle': 'Project:B'}, {'titlemap': (('Wörter:a', 'Project:B'), )}])
def test_page_without_a_namespace_has_one_on_the_way_to_its_title(
        policy: dict[str, Any]) -> None:
    assert arrival(Title(104, 'a'), GERMAN, ENGLISH, Role.REQUESTED,
                   **policy) == Arrival(Title(4, 'B'), 4,
                                        landing=Title(4, 'A'))


@pytest.mark.parametrize(('titles', 'sentence'), [
    ((('A', 'B[c'), ), '"B[c" is no valid title on the target'),
    ((('A', ''), ), '"" is no valid title on the target'),
    ((('A', 'Special:B'), ), '"Special:B" is no valid title'),
    ((('A|b', 'C'), ), '"A|b" is no page that the source can have'),
    ((('A', 'B'), ('a', 'C')), '"a" is to arrive under two titles'),
])
def test_titles_that_cannot_be_given(titles: tuple[tuple[str, str], ...],
                                     sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        arrival(Title(0, 'A'), ENGLISH, ENGLISH, titlemap=titles)
    assert sentence in str(raised.value)
