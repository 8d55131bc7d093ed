"""What a plan was asked to do, as on the command line."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from importbot.model.policy import Policy
from importbot.model.text import listed


__all__ = ('options_given', )

_NAMES = {'namespace': 'correspondingnamespace'}


def options_given(options: Mapping[str, Any]) -> list[str]:
    """Return the options that differ from the defaults.

    :param options: of a plan
    """
    defaults = asdict(Policy())
    return [f'-{_NAMES.get(name, name)}{_value(value)}'
            for name, value in sorted(options.items())
            if _plain(value) != _plain(defaults.get(name))]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, in which a tuple is a list."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _value(value: Any) -> str:
    if value is True:
        return ''
    if isinstance(value, (list, tuple)):
        value = listed(['='.join(map(str, item))
                        if isinstance(item, (list, tuple)) else str(item)
                        for item in value])
    return f':{value}'
