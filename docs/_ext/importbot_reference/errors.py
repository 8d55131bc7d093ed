"""Tables of what can go wrong."""
from __future__ import annotations

from importbot.model.errors import ImportbotError
from importbot.rules.api_errors import HINTS
from importbot_reference.markdown import code, table


__all__ = ('answers', 'error_tree')


def error_tree() -> str:
    """Return all exceptions, each below the one that it is one of."""
    return '\n'.join(_lines(ImportbotError)) + '\n'


def _lines(kind: type[ImportbotError], depth: int = 0) -> list[str]:
    """Return a list item for an exception and those below it."""
    said = (kind.__doc__ or '').partition('\n')[0]
    role = f'{{py:exc}}`~{kind.__module__}.{kind.__qualname__}`'
    lines = [f'{"  " * depth}- {role}: {said}']
    for child in sorted(kind.__subclasses__(), key=lambda one: one.__name__):
        lines += _lines(child, depth + 1)
    return lines


def answers() -> str:
    """Return what becomes of the API's answers to an import."""
    return table(('code of the API', 'exception', 'what to do'), (
        (code(answer), code(kind.__name__), str(hint))
        for answer, (kind, hint) in sorted(HINTS.items())))
