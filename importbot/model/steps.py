"""What a decision does on the target, step by step."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


__all__ = ('INTERWIKI', 'Step', 'UPLOAD', 'step_from_json')


#: Routes of an import.
INTERWIKI = 'interwiki'
UPLOAD = 'upload'


@dataclass(frozen=True, slots=True)
class Step:

    """One thing that a decision does on the target.

    :param action: ``import``, ``edit`` or ``move``
    :param via: route of an import, ``interwiki`` or ``upload``
    :param because: why it is an upload
    :param history: of an import, ``full`` or ``current``
    :param namespace: namespace parameter of an import
    :param rootpage: root page parameter of an import
    :param replaces: of an import, id of the target's newest revision
    :param text: of an edit, whose text it makes current: ``source`` or
        ``target``
    :param landing: of a move, the title that the import gave the page
    :param post: of an edit, the clean-ups that it applies to the
        source's text, as ``-post`` names them
    """

    action: str
    via: str = ''
    because: str = ''
    history: str = ''
    namespace: int | None = None
    rootpage: str = ''
    replaces: int | None = None
    text: str = ''
    landing: str = ''
    post: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the step without what it does not use."""
        return {item.name: list(value) if item.name == 'post' else value
                for item in fields(self)
                if (value := getattr(self, item.name)) not in (None, '', ())}


def step_from_json(data: Mapping[str, Any]) -> Step:
    """Return a step from its JSON form.

    :param data: a member of the ``steps`` of a page
    """
    return Step(**{**data, 'post': tuple(data.get('post', ()))})
