"""Markdown from values, and what comments in the code say."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from sphinx.pycode import ModuleAnalyzer


__all__ = ('code', 'comments', 'definitions', 'parameters', 'table',
           'with_options')


def code(text: str) -> str:
    """Return a text as it is written in code."""
    return f'`{text}`'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [heads, ['---'] * len(heads), *rows]
    return '\n'.join('| ' + ' | '.join(map(_cell, line)) + ' |'
                     for line in lines) + '\n'


def _cell(text: str) -> str:
    return ' '.join(text.split()).replace('|', '\\|')


def comments(module: str) -> dict[tuple[str, str], str]:
    """Return the comments ``#:`` of a module.

    :param module: its full name
    :return: by class, which is empty for the module itself, and name
    """
    found = ModuleAnalyzer.for_module(module).find_attr_docs()
    return {place: ' '.join(lines).strip() for place, lines in found.items()}


def definitions(words: type[Enum]) -> str:
    """Return the members of an enumeration with their comments."""
    said = comments(words.__module__)
    return table(('word', 'meaning'), (
        (code(word.value), said[words.__name__, word.name])
        for word in words))


def parameters(docstring: str | None) -> dict[str, str]:
    """Return what a docstring says of each ``:param``."""
    found = re.findall(r'^\s*:param (\w+): (.*(?:\n {4,}(?!:).*)*)',
                       docstring or '', re.MULTILINE)
    return {name: ' '.join(text.split()) for name, text in found}


def with_options(text: str) -> str:
    """Return a text with the options in it written as code."""
    return re.sub(r'(?<![\w*"-])(-[a-z](?:[\w:|=.]*\w)?)', r'`\1`', text)
