"""Formats: everything in each of them, and what it takes to have one more."""
from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from importbot.commands.files import write_reports
from importbot.commands.importruns.options import read_runs_options
from importbot.commands.importruns.printing import printed
from importbot.model.errors import UsageError
from importbot.planning.saved import SavedPlan
from importbot.reports import formats
from importbot.reports.formats import (
    Told,
    format_named,
    format_of_file,
    known_formats,
    text_of,
)
from tests.kit.html_reports import tree, words
from tests.kit.renderings import COMPARED, DETAILS, RUN, THINGS, WORD


TOLD = Told('en', DETAILS, COMPARED)

#: What each was like when formats became what they are.
KEPT = Path(__file__).with_name('renderings')

every_thing = pytest.mark.parametrize('thing', [
    pytest.param(thing, id=name) for name, thing in THINGS.items()])


def test_there_are_four_formats() -> None:
    assert known_formats() == ['html', 'json', 'table', 'wikitext']


@pytest.mark.parametrize(('name', 'form'), [
    ('plan.json', 'json'), ('plan', 'json'), ('plan.xml', 'json'),
    ('plan.html', 'html'), ('PLAN.HTM', 'html'), ('plan.wiki', 'wikitext'),
    ('plan.wikitext', 'wikitext'), ('plan.txt', 'table'),
    ('html', 'json'), ('a.html.json', 'json')])
def test_end_of_a_name_says_the_format(name: str, form: str) -> None:
    assert format_of_file(name).name == form


def test_format_that_nobody_knows_is_a_sentence() -> None:
    with pytest.raises(UsageError, match="format='xml' is not known; give "
                       'one of html, json, table, wikitext'):
        format_named('xml')


@pytest.mark.parametrize('form', ['json', 'table', 'wikitext'])
@pytest.mark.parametrize('name', THINGS)
def test_rendering_is_what_it_was(name: str, form: str) -> None:
    path = KEPT / f'{name}{format_named(form).endings[0]}'
    assert text_of(THINGS[name], format_named(form), TOLD) == (
        path.read_text('utf-8'))


@every_thing
def test_what_is_hostile_stays_data(thing: Any) -> None:
    wikitext = text_of(thing, format_named('wikitext'), TOLD)
    assert '[[x' not in wikitext and '<b>' not in wikitext
    assert '\x1b' not in text_of(thing, format_named('table'), TOLD)
    html = text_of(thing, format_named('html'), TOLD)
    assert '\x1b' not in html
    assert not tree(html).xpath('//b[not(ancestor::header)]')


@every_thing
def test_every_format_says_what_the_others_say(thing: Any) -> None:
    pages = [str(page.title).replace(WORD, '') for page in (
        getattr(thing, 'plan', thing).pages
        if hasattr(getattr(thing, 'plan', thing), 'pages') else ())]
    for name in known_formats():
        text = text_of(thing, format_named(name), TOLD)
        assert [title for title in pages if title not in text] == []


def test_report_tells_what_became_of_pages() -> None:
    for name, outcome in (('html', 'failed'), ('wikitext', 'failed'),
                          ('table', 'failed, 3 revisions')):
        assert outcome in text_of(THINGS['report'], format_named(name), TOLD)
        assert 'failed' not in text_of(THINGS['plan'], format_named(name),
                                       TOLD)


def test_texts_that_are_replaced_stand_in_wikitext() -> None:
    held = COMPARED[0]
    page = replace(THINGS['plan'].pages[2], replaced=held.page.replaced)
    plan = replace(THINGS['plan'], pages=(page, ))
    told = replace(TOLD, compared=[replace(held, page=page)])
    text = text_of(plan, format_named('wikitext'), told)
    assert text.count('mw-collapsed') == 1
    assert '<pre dir="auto">' in text


def test_page_of_runs_alone_leads_nowhere() -> None:
    shown = tree(text_of(THINGS['runs'], format_named('html'), TOLD))
    assert not shown.xpath('//tbody//a/@href')
    assert 'undo of run 7' in words(shown)


def test_run_that_a_later_release_wrote_is_a_sentence() -> None:
    pages = (replace(RUN.pages[0], outcome='evaporated'), )
    with pytest.raises(UsageError, match='Run 7 has words'):
        text_of(replace(RUN, pages=pages), format_named('html'), TOLD)


@pytest.mark.parametrize('name', ['html', 'wikitext', 'table'])
def test_only_json_is_applied(tmp_path: Path, name: str) -> None:
    form = format_named(name)
    path = tmp_path / f'plan{form.endings[0]}'
    write_reports([path], THINGS['plan'], TOLD)
    with pytest.raises(UsageError, match='is no plan in JSON; make one'):
        SavedPlan.load(str(path))


def test_json_needs_no_html() -> None:
    done = subprocess.run([
        sys.executable, '-c', 'import sys\n'
        'from importbot.reports.formats import *\n'
        'from importbot.model.plan import Endpoint, Plan\n'
        'from importbot.model.policy import Policy\n'
        'plan = Plan(Endpoint("a", "a"), Endpoint("b", "b"), Policy(), ())\n'
        'for name in ("json", "wikitext", "table"):\n'
        '    text_of(plan, format_named(name), Told("en"))\n'
        'assert "jinja2" not in sys.modules\n'],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# One more

@pytest.fixture
def shout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A format that is a file, and nothing but that."""
    folder = tmp_path / 'more'
    folder.mkdir()
    (folder / 'shout.py').write_text(
        'from importbot.reports.formats import Format\n'
        'FORMAT = Format("shout", (".shout", ))\n'
        '@FORMAT.renders(object)\n'
        'def _anything(thing, told):\n'
        '    return f"{type(thing).__name__}!".upper()\n')
    monkeypatch.setattr(formats, '__path__',
                        [*formats.__path__, str(folder)])
    formats._formats.cache_clear()
    yield
    formats._formats.cache_clear()
    sys.modules.pop(f'{formats.__name__}.shout', None)


@pytest.mark.usefixtures('shout')
@every_thing
def test_format_is_one_file_for_all_writers(tmp_path: Path, thing: Any,
                                            monkeypatch: pytest.MonkeyPatch,
                                            ) -> None:
    said = f'{type(thing).__name__}!'.upper()
    # What -plan: and -report: of all commands write with.
    paths = [tmp_path / 'a.shout', tmp_path / 'b.json']
    write_reports(paths, thing, TOLD)
    assert paths[0].read_text() == said
    assert json.loads(paths[1].read_text())
    # What -format: takes, and how it is printed.
    options = read_runs_options(['-format:shout'])
    assert options is not None
    output = io.StringIO()
    monkeypatch.setattr(sys, 'stdout', output)
    printed(thing, options.form)
    assert output.getvalue() == said
