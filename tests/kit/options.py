"""The options of the scripts."""
from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType

import pytest


__all__ = ('NEWER', 'REQUESTS', 'RUNS', 'SCRIPTS', 'each_script',
           'names_in_help')

SCRIPTS = [pytest.param(import_module(f'importbot_scripts.{name}'), id=name)
           for name in ('importpages', 'importdump')]
each_script = pytest.mark.parametrize('script', SCRIPTS)

#: Options that earlier releases refused or did not know.
NEWER = ['via', 'order', 'before', 'authors', 'interwikiprefix', 'resume',
         'serverlimit']

#: Those of importrequests.
REQUESTS = ['always', 'configpage', 'install', 'journal', 'page',
            'serverlimit', 'watch']

#: Those of importruns.
RUNS = ['all', 'always', 'decision', 'format', 'html', 'journal', 'outcome',
        'prune', 'requester', 'run', 'runs', 'since', 'title', 'until']


def names_in_help(script: ModuleType) -> set[str]:
    """Return the options that stand at the beginning of a line."""
    assert script.__doc__
    return set(re.findall(r'^-(\w+)', script.__doc__, re.M))
