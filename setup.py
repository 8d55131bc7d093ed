"""The description for package indexes; setup.cfg says all the rest.

A package index shows README.md without the files beside it. A link to one of
them, or a picture, would lead nowhere there, so it becomes its name.
"""
from __future__ import annotations

import re
from pathlib import Path

from setuptools import setup


LINK_TO_A_FILE = re.compile(r'!?\[([^]]+)\]\((?![a-z]+:|#)([^)]+)\)')


def as_name(link: re.Match[str]) -> str:
    """Return what stands in the place of a link."""
    text, path = link.groups()
    return f'`{path}`' if text == path else f'{text} (`{path}`)'


setup(long_description=LINK_TO_A_FILE.sub(
    as_name, Path(__file__).with_name('README.md').read_text('utf-8')))
