"""Files beside this folder that are pages of the documentation too."""
from __future__ import annotations

import re
from pathlib import Path


__all__ = ('linked_here', 'readme')

_ROOT = Path(__file__).parents[3]

#: Pages that show files of the project.
_PAGES = {'CHANGELOG.md': 'changes.md', 'README.md': 'readme.md',
          'user-config.py.sample': 'sample.md'}


def readme() -> str:
    """Return README.md as a page of the documentation."""
    text = (_ROOT / 'README.md').read_text('utf-8')
    return linked_here(re.sub(r'\]\((?![a-z]+:|#)', '](../', text))


def linked_here(text: str) -> str:
    """Return a page with links to files of the project as links to pages.

    :param text: Markdown that stands in the folder ``docs``
    """
    text = text.replace('](../docs/', '](')
    for name, page in _PAGES.items():
        text = text.replace(f'](../{name}', f']({page}')
    return text
