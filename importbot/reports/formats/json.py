"""JSON, for programs: everything has it, the keys sorted."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from importbot.model.plan import as_text
from importbot.reports.formats import Format, Told
from importbot.reports.terminal.streams import encodable


__all__ = ('FORMAT', )


class _HasJson(Protocol):

    def as_json(self) -> Mapping[str, Any]:
        """Return the documented form."""


def _fitted(text: str, encoding: str) -> str:
    """Return JSON with nothing in it that could steer a terminal."""
    lacks = not encodable(text, encoding)
    return ''.join(
        json.dumps(char)[1:-1] if not (char.isprintable() or char == '\n')
        or (lacks and not encodable(char, encoding)) else char
        for char in text)


FORMAT = Format('json', ('.json', ), _fitted)


@FORMAT.renders(object)
def _anything(thing: _HasJson, _told: Told) -> str:
    return as_text(thing.as_json())
