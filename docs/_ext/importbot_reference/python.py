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
    for name in importbot.__all__:
        kind = 'class' if inspect.isclass(getattr(importbot, name)) \
            else 'function'
        lines += [f'.. auto{kind}:: importbot.{name}']
        lines += ['   :members:'] if name in _WITH_MEMBERS else []
        lines.append('')
    return '\n'.join([*lines, '```', ''])
