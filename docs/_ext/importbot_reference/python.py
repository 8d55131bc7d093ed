"""The public names of the package."""
from __future__ import annotations

import inspect

import importbot


__all__ = ('public_names', )

#: Those whose methods are for everybody.
_WITH_MEMBERS = ('ImportedPages', 'Importer')


def public_names() -> str:
    """Return directives for what ``from importbot import`` can name."""
    lines = ['```{eval-rst}']
    elsewhere = [name for name in importbot.__all__ if _is_elsewhere(name)]
    for name in importbot.__all__:
        if name in elsewhere:
            continue
        kind = 'class' if inspect.isclass(getattr(importbot, name)) \
            else 'function'
        lines += [f'.. auto{kind}:: importbot.{name}']
        lines += ['   :members:'] if name in _WITH_MEMBERS else []
        lines.append('')
    named = ', '.join(
        f'{{py:class}}`~{getattr(importbot, name).__module__}.{name}`'
        for name in elsewhere)
    return '\n'.join([*lines, '```', '', 'And what they give and raise: '
                      f'{named}.', ''])


def _is_elsewhere(name: str) -> bool:
    """Whether a public name is told about with other values or errors."""
    home = str(getattr(importbot, name).__module__)
    return home.startswith('importbot.model.') and name != 'Policy'
