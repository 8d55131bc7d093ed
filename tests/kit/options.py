"""The options of the scripts."""
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

import pytest

from importbot.model.errors import UsageError
from importbot.model.options import OPTIONS
from importbot.reports.terminal.remedies import with_remedy


__all__ = ('NEWER', 'REQUESTS', 'RUNS', 'SCRIPTS', 'each_script',
           'help_of', 'name_of', 'named_options', 'names_in_help', 'refused')

SCRIPTS = [pytest.param(import_module(f'importbot_scripts.{name}'), id=name)
           for name in ('importpages', 'importdump')]
each_script = pytest.mark.parametrize('script', SCRIPTS)

#: Options that earlier releases refused or did not know.
NEWER = ['via', 'order', 'before', 'authors', 'interwikiprefix', 'resume',
         'serverlimit']

#: Those of importrequests.
REQUESTS = ['always', 'configpage', 'failonce', 'install', 'journal',
            'page', 'report', 'serverlimit', 'watch']

#: Those of importruns.
RUNS = ['all', 'always', 'check', 'decision', 'format', 'health', 'html',
        'journal', 'outcome', 'prune', 'requester', 'run', 'runs', 'since',
        'title', 'until', 'upgrade']


def name_of(script: ModuleType) -> str:
    """Return how a script is called after ``pwb``."""
    return script.__name__.rpartition('.')[2]


def help_of(script: ModuleType) -> str:
    """Return what ``-help`` shows, but for what pywikibot says itself."""
    text = script.__doc__
    assert text
    for place, shown in script.docuReplacements.items():
        text = text.replace(place, '' if place == '&params;' else shown)
    return text


def names_in_help(script: ModuleType) -> set[str]:
    """Return the options that stand at the beginning of a line."""
    return set(re.findall(r'^-(\w+)', help_of(script), re.M))


@contextmanager
def refused(pattern: str) -> Iterator[None]:
    """Check that a command line says that something makes no sense.

    :param pattern: regular expression for a part of the sentence
    """
    with pytest.raises(UsageError) as raised:
        yield
    sentence = with_remedy(raised.value.problem)
    assert re.search(pattern, sentence), sentence


def named_options(text: str) -> list[str]:
    """Return the options and commands that a text names.

    An option is one whatever stands before it: other languages have no
    space there, and wikitext has markup.

    :param text: a sentence, or a page
    """
    names = {option.name for option in OPTIONS.rows} | {
        *REQUESTS, *RUNS, 'simulate', 'lang', 'family', 'site', 'help'}
    words = '|'.join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.findall(
        rf'(?<![A-Za-z0-9_&#/=%.-])-(?:{words})(?![A-Za-z0-9-])'
        r'|\bpwb\b|\bimport(?:pages|dump|requests|runs|undo)(?![\w.])',
        text)
