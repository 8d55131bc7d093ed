"""The cases of ``tests/unit/wikitext/references``, see there."""
from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from importbot.model.siteinfo import SiteInfo


__all__ = ('CASES', 'TrackedRequest', 'wiki')

HERE = Path(__file__).parents[1] / 'unit' / 'wikitext' / 'references'
FIELDS = {'name', 'wiki', 'page', 'model', 'text', 'titles', 'unresolved',
          'redirect', 'functions', 'tags', 'libraries', 'prefixes',
          'files', 'categories'}
INDENT = ' ' * 4

TrackedRequest = dict[str, str]


@cache
def wiki(name: str) -> SiteInfo:
    """Return the settings of a wiki."""
    path = HERE / 'wikis' / f'{name}.json'
    return SiteInfo.from_query(json.loads(path.read_text('utf-8')))


def read_cases(path: Path) -> Iterator[TrackedRequest]:
    head, *blocks = path.read_text('utf-8').split('\n---\n')
    defaults = {'wiki': 'en', 'model': 'wikitext', **read_fields(head)}
    for block in blocks:
        yield {**defaults, **read_fields(block)}


def read_fields(block: str) -> TrackedRequest:
    fields: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in block.splitlines():
        if not line or line.startswith(INDENT):
            lines.append(line.removeprefix(INDENT))
        elif not line.startswith('#'):
            name, _, value = line.partition(':')
            assert name in FIELDS and name not in fields, line
            lines = fields[name] = [value.strip()]
    return {name: '\n'.join(lines).strip('\n')
            for name, lines in fields.items()}


def all_cases() -> dict[str, TrackedRequest]:
    cases: dict[str, TrackedRequest] = {}
    for path in sorted(HERE.glob('*.case')):
        for case in read_cases(path):
            name = f'{path.stem}: {case["name"]}'
            assert name not in cases, name
            cases[name] = case
    return cases


CASES = all_cases()
