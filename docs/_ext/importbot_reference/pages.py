"""Files beside this folder that are pages of the documentation too."""
from __future__ import annotations

import re
from pathlib import Path


__all__ = ('contributing', 'linked_here', 'readme', 'reporting')

_ROOT = Path(__file__).parents[3]

#: Pages that show files of the project.
_PAGES = {'CHANGELOG.md': 'changes.md', 'CONTRIBUTING.md': 'contributing.md',
          'README.md': 'readme.md', 'SECURITY.md': 'reporting.md',
          'user-config.py.sample': 'sample.md'}


def readme() -> str:
    """Return README.md as a page of the documentation."""
    return _page('README.md')


def contributing() -> str:
    """Return CONTRIBUTING.md as a page of the documentation."""
    return _page('CONTRIBUTING.md')


def reporting() -> str:
    """Return SECURITY.md as a page of the documentation."""
    return _page('SECURITY.md')


def _page(name: str) -> str:
    text = (_ROOT / name).read_text('utf-8')
    return linked_here(re.sub(r'\]\((?![a-z]+:|#)', '](../', text))


def linked_here(text: str) -> str:
    """Return a page with links to files of the project as links to pages.

    :param text: Markdown that stands in the folder ``docs``
    """
    text = text.replace('](../docs/', '](')
    for name, page in _PAGES.items():
        text = text.replace(f'](../{name}', f']({page}')
    return text
