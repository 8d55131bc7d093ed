"""Samples: what the code makes of a run that there was.

``docs/samples/rover.json`` is the report of an import between the two wikis
of ``make demo``, as ``-report:`` writes it.
"""
from __future__ import annotations

import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType

from importbot.journal.reports import RunDetails
from importbot.model.codec import (
    planned_pages_from_json,
    policy_from_json,
    unresolved_from_json,
)
from importbot.model.decisions import Outcome
from importbot.model.notes import notes_from_json
from importbot.model.plan import Endpoint, Plan
from importbot.model.report import PageResult, Report
from importbot.model.titles import Title
from importbot.reports.html import report_html
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.tables import show_on


__all__ = ('COMMAND', 'SAMPLE', 'plan_picture', 'plan_text', 'read_sample',
           'report_page', 'result_picture', 'result_text')

#: What was typed.
COMMAND = 'pwb importpages -source:en -page:Rover'
SAMPLE = Path(__file__).parents[2] / 'samples' / 'rover.json'
#: The wikis of the sample have had other addresses.
_API = {'source': 'https://en.wiki.example/w/api.php',
        'target': 'https://wiki.example/w/api.php'}
_WIDTH = 80
#: What a result adds to a page of a plan.
_OF_RESULTS = ('outcome', 'imported', 'error')

#: A picture that asks no network for letters.
_PICTURE = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" \
xmlns="http://www.w3.org/2000/svg" role="img">
<title>pwb importpages</title>
<style>
.{unique_id}-matrix {{ font-family: 'DejaVu Sans Mono', 'Fira Code', Menlo, \
Consolas, monospace; font-size: {char_height}px; \
line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; \
font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" \
width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" \
clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def read_sample() -> Report:
    """Return the run."""
    data = json.loads(SAMPLE.read_text('utf-8'))
    titles = {row['title']: Title.known(row['title'], row['ns'])
              for row in data['pages']}
    pages = planned_pages_from_json(
        [{name: value for name, value in row.items()
          if name not in _OF_RESULTS} for row in data['pages']], titles.get)
    plan = Plan(
        _endpoint(data, 'source'), _endpoint(data, 'target'),
        policy_from_json(data['options']), pages,
        unresolved_from_json(data['unresolved'], pages),
        notes_from_json(data['notes']))
    return Report(plan, data['run'], tuple(
        PageResult(Outcome(row['outcome']), row['imported'])
        for row in data['pages']))


def _endpoint(data: dict[str, Any], name: str) -> Endpoint:
    given = data[name]
    return Endpoint(_API[name], given['wiki'], prefix=given.get('prefix'),
                    user=given.get('user'))


def plan_text() -> str:
    """Return a plan as a terminal shows it, as Markdown."""
    return _block(overview_parts(read_sample().plan, 'en'), COMMAND)


def result_text() -> str:
    """Return what became of it, the same way."""
    return _block(overview_parts(read_sample(), 'en'))


def _block(parts: Sequence[RenderableType], command: str = '') -> str:
    text = StringIO()
    show_on(_console(text, color_system=None), parts)
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    typed = [f'$ {command}', ''] if command else []
    return '\n'.join(['```text', *typed, *lines, '```', ''])


def _console(file: StringIO, width: int = _WIDTH,
             **options: Any) -> Console:
    # Whatever the terminal is that this runs on.
    return Console(file=file, width=width, force_terminal=True, _environ={},
                   legacy_windows=False, **options)


def plan_picture(width: int = _WIDTH) -> str:
    """Return a plan as a picture of a terminal, in SVG.

    :param width: of the terminal, in columns
    """
    return _picture(overview_parts(read_sample().plan, 'en'), width)


def result_picture(width: int = _WIDTH) -> str:
    """Return what became of it, the same way.

    :param width: of the terminal, in columns
    """
    return _picture(overview_parts(read_sample(), 'en'), width)


def _picture(parts: Sequence[RenderableType], width: int) -> str:
    console = _console(StringIO(), width, record=True,
                       color_system='standard')
    show_on(console, parts)
    text = console.export_svg(title=COMMAND, code_format=_PICTURE,
                              unique_id='plan')
    # Lines of text alone end with nothing.
    return re.sub(r'[ \t]+$', '', text, flags=re.MULTILINE)


def report_page() -> str:
    """Return the report of the run as a page to look at."""
    return report_html(read_sample(), 'en', details=RunDetails(
        started='2026-01-02T03:04:05Z', ended='2026-01-02T03:04:28Z'))
