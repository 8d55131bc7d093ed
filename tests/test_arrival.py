"""Where pages arrive, predicted; the real wikis agree in test_places."""
from __future__ import annotations

import pytest

from importbot.model.arrival import predict
from importbot.model.siteinfo import Namespace, SiteInfo
from importbot.model.titles import Title


def wiki(language: str, *namespaces: Namespace) -> SiteInfo:
    return SiteInfo('w', language, '1.43.9', {
        namespace.id: namespace for namespace in (
            Namespace(0, ''), *namespaces)})


ENGLISH = wiki('en', Namespace(4, 'Project', 'Project'),
               Namespace(10, 'Template', 'Template', subpages=True),
               Namespace(828, 'Module', 'Module'),
               Namespace(100, 'Portal', 'Portal'))
GERMAN = wiki('de', Namespace(4, 'Projekt', 'Project'),
              Namespace(10, 'Vorlage', 'Template'),
              Namespace(828, 'Modul', 'Module'),
              Namespace(102, 'Portal', 'Portal'),
              Namespace(104, 'Wörter', 'Words', capitalized=False))


@pytest.mark.parametrize(('title', 'source', 'target', 'expected'), [
    (Title(0, 'A'), GERMAN, ENGLISH, Title(0, 'A')),
    (Title(10, 'A'), GERMAN, ENGLISH, Title(10, 'A')),
    (Title(10, 'A'), ENGLISH, GERMAN, Title(10, 'A')),
    # By name from 100 on: a wiki knows the English names, not the others'.
    (Title(828, 'A'), ENGLISH, GERMAN, Title(828, 'A')),
    (Title(828, 'A'), GERMAN, ENGLISH, None),
    (Title(100, 'A'), ENGLISH, GERMAN, Title(102, 'A')),
    (Title(104, 'a'), GERMAN, ENGLISH, None),
    (Title(104, 'a'), GERMAN, GERMAN, Title(104, 'a')),
])
def test_namespaces(title: Title, source: SiteInfo, target: SiteInfo,
                    expected: Title | None) -> None:
    assert predict(title, source, target) == expected


def test_namespace_that_is_asked_for() -> None:
    assert predict(Title(828, 'A'), GERMAN, ENGLISH,
                   namespace=10) == Title(10, 'A')


def test_root_page_keeps_the_full_title() -> None:
    assert predict(Title(10, 'A'), GERMAN, ENGLISH,
                   rootpage='Project:Imports') == Title(
        4, 'Imports/Vorlage:A')
