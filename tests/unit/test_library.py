"""importbot as a library: the way of interface.md, and its manners."""
from __future__ import annotations

import ast
import importlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pywikibot

import importbot
from importbot import Importer, Journal, Policy, apply_plan, make_plan
from tests.kit.support import Box, site_of, texts


ROOT = Path(importbot.__file__).parents[1]
FILES = {'.'.join(path.relative_to(ROOT).with_suffix('').parts): path
         for path in sorted((ROOT / 'importbot').rglob('*.py'))}
#: Without the empty ones, which only make a folder a package.
MODULES = {name.removesuffix('.__init__'): path
           for name, path in FILES.items() if path.read_text().strip()}
#: Those that hold more than a sentence on what is in a package.
WITH_CODE = sorted(name for name, path in MODULES.items()
                   if len(ast.parse(path.read_text()).body) > 1)


# What a script gets from it


@pytest.fixture(scope='module')
def target(box: Box) -> Any:
    """Return pywikibot's site of the target."""
    return site_of(box.target)


@pytest.fixture(scope='module')
def source(box: Box, target: Any) -> Any:
    """Return pywikibot's site of the source."""
    return site_of(box.source)


@pytest.mark.wiki
def test_plan_and_report_of_a_page(box: Box, source: Any, target: Any,
                                   tmp_path: Path) -> None:
    before = box.on_target().snapshot()
    plan = make_plan([pywikibot.Page(source, 'Drive planning')], target,
                     Policy(existing='skip'))
    assert box.on_target().snapshot() == before
    decisions = {page.title: page.decision.value for page in plan.pages}
    assert decisions.pop('Drive planning') == 'import'
    assert decisions.pop('Template:Convert', 'skip') == 'skip'
    assert len(decisions) > 3

    journal = Journal(str(tmp_path / 'journal.sqlite'))
    report = apply_plan(plan, target, journal)
    journal.close()
    assert report.plan == plan
    assert report.went_as_planned
    assert report.run == 1
    after = box.on_target().snapshot()
    assert after.keys() - before.keys() == {
        page.target for page in plan.pages if page.steps}
    assert {title: after[title] for title in before} == before
    assert texts(box.on_source().history('Drive planning')) <= texts(
        box.on_target().history('Drive planning'))


@pytest.mark.wiki
def test_plan_without_a_policy_is_that_of_the_command_line(
        source: Any, target: Any) -> None:
    pages = [pywikibot.Page(source, 'Hopper')]
    assert make_plan(pages, target) == make_plan(pages, target, Policy())


@pytest.mark.wiki
def test_importer_takes_a_page_from_a_wiki(box: Box, target: Any) -> None:
    pages = Importer(target).from_wiki(
        'en', 'Core drill', full_history=True, summary='By hand')
    assert pages is not None
    page, = pages
    assert (page.title, page.namespace, page.revisions) == ('Core drill', 0,
                                                            1)
    there = box.on_target()
    assert texts(box.on_source().history('Core drill')) <= texts(
        there.history('Core drill'))
    assert 'By hand' in there.imports('Core drill')[0]['comment']


@pytest.mark.wiki
def test_importer_takes_a_file(box: Box, target: Any) -> None:
    stream = io.BytesIO(b"""\
<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11">
<siteinfo><namespaces><namespace key="0" /></namespaces></siteinfo>
<page><title>From a file</title><ns>0</ns><revision>
<timestamp>2011-12-13T14:15:16Z</timestamp>
<contributor><username>Somebody</username></contributor>
<model>wikitext</model><format>text/x-wiki</format>
<text>A text.</text></revision></page></mediawiki>""")
    pages = Importer(target).from_xml(stream, interwiki_prefix='en')
    assert pages is not None
    assert [(page.title, page.revisions) for page in pages] == [
        ('From a file', 1)]
    oldest = box.on_target().history('From a file')[-1]
    assert (oldest['timestamp'], oldest['user']) == ('2011-12-13T14:15:16Z',
                                                     'en>Somebody')


# Its manners


def test_public_names_are_the_documented_ones() -> None:
    assert set(importbot.__all__) == {
        'ImportedPages', 'Importer', 'Journal', 'Policy', 'apply_plan',
        'apply_undo', 'make_plan', 'make_undo_plan', 'report_html'}
    for name in importbot.__all__:
        assert getattr(importbot, name).__name__ == name


def test_a_name_that_it_lacks_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'importbot' .*'make_plans'"):
        importbot.make_plans  # noqa: B018


@pytest.mark.parametrize('module', ['importbot', 'importbot.sandbox'])
def test_import_needs_no_configuration(module: str, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items()
           if not name.startswith('PYWIKIBOT')}
    done = subprocess.run(
        [sys.executable, '-W', 'error', '-c',
         f'import sys, {module}; print("pywikibot" in sys.modules)'],
        cwd=tmp_path, capture_output=True, text=True,
        env={**env, 'HOME': str(tmp_path)})
    assert (done.returncode, done.stdout, done.stderr) == (0, 'False\n', '')
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize('name', WITH_CODE)
def test_all_of_a_module_resolves(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__all__
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        assert not public.startswith('_')
        assert getattr(module, public) is not None


def undocumented(tree: ast.AST, inside: str = '') -> Iterator[str]:
    """Yield the public classes, functions and methods without docstring."""
    for node in ast.iter_child_nodes(tree):
        if (isinstance(node, (ast.ClassDef, ast.FunctionDef,
                              ast.AsyncFunctionDef))
                and not node.name.startswith('_')):
            if ast.get_docstring(node) is None:
                yield inside + node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node, f'{node.name}.')


@pytest.mark.parametrize('name', sorted(MODULES))
def test_everything_public_has_a_docstring(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text())
    assert ast.get_docstring(tree)
    assert list(undocumented(tree)) == []


def test_docstring_check_finds_what_is_missing() -> None:
    tree = ast.parse('class A:\n  """A."""\n  def f(self): pass\n'
                     '  def _g(self): pass\n  def h(self):\n    """H."""\n'
                     'def i(): pass\n')
    assert list(undocumented(tree)) == ['A.f', 'i']
