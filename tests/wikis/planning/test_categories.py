"""Categories of a German wiki, on an English one; redirects to templates."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from importbot.model.decisions import Role
from importbot.model.notes import NoteKind
from importbot.model.plan import Plan
from importbot.model.policy import Policy
from importbot.planning.plan import plan_titles
from tests.kit.support import Box, by_title


#: Categories with their texts: two that are in each other, a hidden one,
#: one that shows a template, and what is above all.
CATEGORIES = {
    'Fahrzeuge': '[[Kategorie:Maschinen]]',
    'Maschinen': '[[Kategorie:Dinge]] [[Kategorie:Fahrzeuge]]',
    'Dinge': 'Alles.', 'Wartung': '__HIDDENCAT__ [[Kategorie:Intern]]',
    'Intern': 'Nur hier.', 'Fahrzeugvorlagen': '{{Kopf}}',
    'Fremd': 'Von hier. [[Kategorie:Dinge]]',
    'Ebenso': 'Von hier. [[Kategorie:Dinge]]', 'Selten': 'Kaum.'}


@pytest.fixture(scope='module')
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('german'), source_lang='de') as box:
        source, target = box.on_source(), box.on_target()
        for name, text in CATEGORIES.items():
            source.edit(f'Kategorie:{name}', text)
        source.edit('Vorlage:Kopf', 'Vorlagen zu')
        source.edit('Vorlage:Wagen', '<includeonly>{{#if:{{{1|}}}|'
                    '[[Kategorie:Selten]]}}[[Kategorie:Wartung]][[Category:'
                    'Fahrzeuge]]</includeonly><noinclude>[[Kategorie:'
                    'Fahrzeugvorlagen]]</noinclude>')
        source.edit('Vorlage:W', '#WEITERLEITUNG [[Vorlage:Wagen]]')
        source.edit('Kurz', '#WEITERLEITUNG [[Vorlage:Wagen]]')
        source.edit('Karren', '{{Wagen}} [[Kategorie:Ohne Seite]]')
        source.edit('Beides', '[[Kategorie:Fremd]] [[Kategorie:Ebenso]]')
        target.edit('Category:Fremd', 'Strange. [[Category:Elsewhere]]')
        target.edit('Category:Ebenso', 'The same. [[Category:Dinge]]')
        yield box


def planned(wikis: Any, *titles: str, **policy: Any) -> Plan:
    return plan_titles(
        wikis.under(Policy(**policy)),
        [wikis.source_info.title(title) for title in titles])


def categories(plan: Plan) -> set[str]:
    return {page.target_text.removeprefix('Category:')
            for page in plan.pages if page.role is Role.CATEGORY}


@pytest.mark.parametrize(('levels', 'wanted'), [
    (0, set()), (1, {'Fahrzeuge', 'Fahrzeugvorlagen'}),
    (2, {'Fahrzeuge', 'Fahrzeugvorlagen', 'Maschinen'}),
    (3, {'Fahrzeuge', 'Fahrzeugvorlagen', 'Maschinen', 'Dinge'}),
    (99, {'Fahrzeuge', 'Fahrzeugvorlagen', 'Maschinen', 'Dinge'})])
def test_categories_come_with_those_above_them(
        wikis: Any, levels: int, wanted: set[str]) -> None:
    plan = planned(wikis, 'Karren', categories=levels)
    assert categories(plan) == wanted
    titles = [str(page.title) for page in plan.pages]
    # What a category shows comes too, and before it.
    assert ('Vorlage:Kopf' in titles) == (levels > 0)
    assert titles[-1] == 'Karren'
    assert levels < 3 or titles.index('Kategorie:Dinge') < titles.index(
        'Kategorie:Maschinen')
    assert [note.as_json()['titles'] for note in plan.notes
            if note.kind is NoteKind.HIDDEN_CATEGORIES] == (
                [['Kategorie:Wartung']] if levels else [])


def test_each_category_says_who_needs_it_and_how_that_is_known(
        wikis: Any) -> None:
    pages = by_title(planned(wikis, 'Karren', categories=2).as_json())
    for title, needed_by, evidence in (
            ('Fahrzeuge', {'Karren', 'Vorlage:Wagen'},
             ['mentioned', 'used']),
            ('Maschinen', {'Kategorie:Fahrzeuge'}, ['mentioned'])):
        page = pages[f'Kategorie:{title}']
        assert {*needed_by} <= {*page['needed_by']}
        assert (page['role'], page['evidence']) == ('category', evidence)


def test_template_that_is_asked_for_brings_what_it_mentions(
        wikis: Any) -> None:
    plan = planned(wikis, 'Vorlage:Wagen', categories=1)
    # In a branch that is not taken; the hidden one is none of them.
    assert categories(plan) == {'Fahrzeuge', 'Fahrzeugvorlagen', 'Selten'}
    assert categories(planned(wikis, 'Vorlage:Wagen', categories=1,
                              templates='none')) == {'Fahrzeugvorlagen'}
    assert categories(planned(wikis, 'Karren', categories=2, exclude=[
        '^Vorlage:', ':Fahrzeuge$'])) == {'Fahrzeuge'}


def test_category_of_another_scheme_is_on_hold(wikis: Any) -> None:
    def decided(**policy: Any) -> list[tuple[str, str]]:
        pages = by_title(planned(wikis, 'Beides', categories=1,
                                 **policy).as_json())
        return [(pages[title]['decision'], pages[title]['reason'])
                for title in ('Kategorie:Fremd', 'Kategorie:Ebenso')]

    assert decided() == [('hold', 'other-scheme'), ('skip', 'exists')]
    assert decided(existing='force') == [('import', 'forced')] * 2


def test_number_of_requests_is_that_of_rounds(box: Box,
                                              wikis: Any) -> None:
    source = box.on_source()
    source.edit('Kategorie:Viele', 'Alle. [[Kategorie:Dinge]]')
    for number in range(12):
        source.edit(f'Kategorie:Nr. {number}', '[[Kategorie:Viele]]')
    for title, numbers in (('Eine', range(1)), ('Viele', range(12))):
        source.edit(title, ' '.join(f'[[Kategorie:Nr. {number}]]'
                                    for number in numbers))

    def cost(title: str) -> tuple[int, int]:
        before = len(box.source.exchanges), len(box.target.exchanges)
        planned(wikis, title, categories=2, templatehistory='current')
        return (len(box.source.exchanges) - before[0],
                len(box.target.exchanges) - before[1])

    cost('Viele')  # so that what is remembered is remembered for both
    assert cost('Eine') == cost('Viele')


def test_redirects_to_templates_come_along(wikis: Any) -> None:
    plan = planned(wikis, 'Vorlage:Wagen', redirects=True)
    pages = by_title(plan.as_json())
    redirect = pages['Vorlage:W']
    assert (redirect['target'], redirect['role'], redirect['needed_by']) == (
        'Template:W', 'redirect', ['Vorlage:Wagen'])
    assert 'Kurz' not in pages
    for title, wants in (('Vorlage:Wagen', False), ('Karren', True)):
        found = planned(wikis, title, redirects=wants)
        assert 'Vorlage:W' not in map(str, (
            page.title for page in found.pages))


def test_categories_are_imported(box: Box) -> None:
    run, report = box.importpages('-page:Karren', '-categories',
                                  '-redirects', '-maxpages:6')
    assert run.status == 0, run.output
    target = box.on_target()
    for name in ('Fahrzeuge', 'Maschinen', 'Fahrzeugvorlagen'):
        assert by_title(report)[f'Kategorie:{name}']['outcome'] == 'verified'
        assert target.history(f'Category:{name}')
    assert not target.history('Category:Wartung')
    run = box.pwb('importpages', '-source:de', '-page:Karren', '-plan',
                  '-categories:9', '-maxpages:0')
    assert (run.status, 'Kategorie:Dinge' in run.output) == (2, True)
