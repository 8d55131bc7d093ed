"""Where pages arrive, predicted; the real wikis agree in test_places."""
from __future__ import annotations

from typing import Any

import pytest

from importbot.model.decisions import Role
from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from importbot.model.siteinfo import Namespace, SiteInfo
from importbot.model.titles import Title
from importbot.rules.arrival import Arrival, Arrivals, rights_to_move
from tests.kit.references import wiki as real_wiki


def wiki(language: str, *namespaces: Namespace) -> SiteInfo:
    return SiteInfo('w', language, '1.43.9', {
        namespace.id: namespace for namespace in (
            Namespace(0, ''), *namespaces)})


ENGLISH = wiki('en', Namespace(-1, 'Special', 'Special'),
               Namespace(2, 'User', 'User', subpages=True),
               Namespace(3, 'User talk', 'User talk', subpages=True),
               Namespace(4, 'Project', 'Project', subpages=True),
               Namespace(6, 'File', 'File'),
               Namespace(10, 'Template', 'Template', subpages=True),
               Namespace(828, 'Module', 'Module', subpages=True),
               Namespace(100, 'Portal', 'Portal'))
TALK = wiki('en', Namespace(1, 'Talk', 'Talk'))
GERMAN = wiki('de', Namespace(4, 'Projekt', 'Project'),
              Namespace(10, 'Vorlage', 'Template'),
              Namespace(828, 'Modul', 'Module'),
              Namespace(102, 'Portal', 'Portal'),
              Namespace(104, 'Wörter', 'Words', capitalized=False))


def arrival(title: Title, source: SiteInfo, target: SiteInfo,
            role: Role = Role.TEMPLATE, **policy: Any) -> Arrival:
    return Arrivals(source, target, Policy(**policy), 'Bot').of(title, role)


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


def test_talk_page_goes_with_the_page_that_gets_another_title() -> None:
    source, target = real_wiki('en'), real_wiki('de')
    titles = (('A', 'Project:B'), ('Talk:C', 'D'), ('C', 'User:E'))

    def lands(text: str) -> str:
        title = source.title(text)
        assert title is not None
        return str(arrival(title, source, target, Role.REQUESTED,
                           titlemap=titles).title)

    assert lands('Talk:A') == str(target.title('Project talk:B'))
    # What somebody says of it by itself comes first.
    assert lands('Talk:C') == 'D'
    assert lands('Talk:F') == str(target.title('Talk:F'))


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


def landed(target: Title, landing: Title) -> Arrival:
    """Return an arrival by way of a page below the bot's own."""
    root = landing.name.partition('importing')[0] + 'importing'
    return Arrival(target, landing=landing, rootpage={
        2: f'User:{root}', 3: f'User talk:{root}', 4: f'Project:{root}',
        828: f'Module:{root}'}[landing.namespace])


@pytest.mark.parametrize(('title', 'wanted', 'expected'), [
    # The natural title, one in another namespace, one below a page.
    (Title(0, 'A'), 'a', Arrival(Title(0, 'A'))),
    (Title(0, 'A'), 'Project:A', Arrival(Title(4, 'A'), 4)),
    (Title(0, 'A'), 'User:Anna/A', Arrival(
        Title(2, 'Anna/A'), rootpage='User:Anna')),
    (Title(0, 'A/b'), 'User:Anna/drafts/A/b', Arrival(
        Title(2, 'Anna/drafts/A/b'), rootpage='User:Anna/drafts')),
    (Title(10, 'A', 'Template'), 'User:Anna/Template:A', Arrival(
        Title(2, 'Anna/Template:A'), rootpage='User:Anna')),
    (Title(10, 'A', 'Template'), 'Template:B/Template:A', Arrival(
        Title(10, 'B/Template:A'), rootpage='Template:B')),
    # All others by way of a page of the bot's own.
    (Title(0, 'A'), 'project:b', landed(
        Title(4, 'B'), Title(2, 'Bot/importing/A'))),
    (Title(0, 'A'), 'User:Anna/a', landed(
        Title(2, 'Anna/a'), Title(2, 'Bot/importing/A'))),
    (Title(0, 'A'), 'User:Anna//A', landed(
        Title(2, 'Anna//A'), Title(2, 'Bot/importing/A'))),
    (Title(0, 'A'), 'B/A', landed(
        Title(0, 'B/A'), Title(2, 'Bot/importing/A'))),
    (Title(0, 'A'), 'Anna', landed(
        Title(0, 'Anna'), Title(2, 'Bot/importing/A'))),
    (Title(10, 'A', 'Template'), 'User:Anna/A', landed(
        Title(2, 'Anna/A'), Title(2, 'Bot/importing/Template:A'))),
    # Where the wiki would take it for a script.
    (Title(0, 'A.js'), 'B', landed(
        Title(0, 'B'), Title(3, 'Bot/importing/A.js'))),
    # Lua stands in its namespace only, and files stay in theirs.
    (Title(828, 'A', 'Module'), 'Module:B', landed(
        Title(828, 'B'), Title(828, 'Bot/importing/Module:A'))),
    (Title(6, 'A.png', 'File'), 'File:B.png', Arrival(
        Title(6, 'B.png'), 6, landing=Title(6, 'A.png'))),
])
def test_wanted_titles(title: Title, wanted: str,
                       expected: Arrival) -> None:
    for policy in ({'targettitle': wanted},
                   {'titlemap': ((str(title), wanted), )}):
        assert arrival(title, ENGLISH, ENGLISH, Role.REQUESTED,
                       **policy) == expected


def test_other_places_to_land() -> None:
    arrivals = Arrivals(ENGLISH, ENGLISH, Policy(targettitle='B'), 'Bot')
    assert arrivals.of(Title(0, 'A'), Role.REQUESTED, 2).landing == Title(
        2, 'Bot/importing 2/A')
    assert arrival(Title(0, 'A'), ENGLISH, ENGLISH, Role.REQUESTED,
                   targettitle='B', landing='project:import') == Arrival(
        Title(0, 'B'), rootpage='Project:Import',
        landing=Title(4, 'Import/A'))


@pytest.mark.parametrize(('namespaces', 'landing'), [
    ((Namespace(3, 'User talk', subpages=True), ),
     Title(3, 'Bot/importing/A')),
    ((Namespace(4, 'Project', subpages=True), ),
     Title(4, 'Bot/importing/A')),
    ((), Title(10, 'A'))])
def test_wiki_without_subpages_of_users(
        namespaces: tuple[Namespace, ...], landing: Title) -> None:
    target = wiki('en', Namespace(2, 'User'), Namespace(10, 'Template'),
                  *namespaces)
    assert arrival(Title(0, 'A'), ENGLISH, target, Role.REQUESTED,
                   targettitle='Template:B').landing == landing


def test_several_pages_each_with_a_title() -> None:
    titles = (('vorlage:a', 'project:b'), ('c', 'C'))
    assert arrival(Title(10, 'A', 'Vorlage'), GERMAN, ENGLISH,
                   Role.REQUESTED, titlemap=titles) == landed(
        Title(4, 'B'), Title(2, 'Bot/importing/Vorlage:A'))
    for name in ('C', 'D'):
        assert arrival(Title(0, name), GERMAN, ENGLISH, Role.REQUESTED,
                       titlemap=titles) == Arrival(Title(0, name))


@pytest.mark.parametrize('policy', [
    {'targettitle': 'Project:B'}, {'titlemap': (('Wörter:a', 'Project:B'), )}])
def test_page_without_a_namespace_has_one_on_the_way_to_its_title(
        policy: dict[str, Any]) -> None:
    assert arrival(Title(104, 'a', 'Wörter'), GERMAN, ENGLISH,
                   Role.REQUESTED, **policy) == landed(
        Title(4, 'B'), Title(2, 'Bot/importing/Wörter:a'))


@pytest.mark.parametrize(('title', 'rights'), [
    (Title(2, 'Anna/A'), {'move'}), (Title(0, 'A'), {'move'}),
    (Title(2, 'Anna'), {'move', 'move-rootuserpages'}),
    (Title(14, 'A'), {'move', 'move-categorypages'}),
    (Title(6, 'A.png'), {'move', 'movefile'})])
def test_rights_that_a_move_takes(title: Title, rights: set[str]) -> None:
    assert rights_to_move(title) == rights


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
