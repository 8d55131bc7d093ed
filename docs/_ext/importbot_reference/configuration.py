"""The configuration of request pages: names, values and defaults."""
from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from importbot.requestpages.configuration import (
    Configuration,
    Limits,
    Rule,
    StopPage,
    TemplateWords,
)
from importbot.requestpages.policy_defaults import PolicyDefaults
from importbot_reference.markdown import (
    code,
    parameters,
    table,
    with_options,
)


__all__ = ('configuration', )

_PARTS: dict[str, type[BaseModel]] = {
    'The page itself': Configuration, '`stop`': StopPage,
    'A rule of `rules`': Rule, '`limits`': Limits,
    '`policy`': PolicyDefaults, 'A template of `templates`': TemplateWords}


def configuration() -> str:
    """Return a table for each part of a configuration."""
    return '\n'.join(f'## {title}\n\n{_first_line(part)}\n\n{_names(part)}'
                     for title, part in _PARTS.items())


def _first_line(part: type[BaseModel]) -> str:
    return (part.__doc__ or '').partition('\n')[0]


def _names(part: type[BaseModel]) -> str:
    """Return a table of the names that a part may have."""
    schema = part.model_json_schema()
    said = parameters(part.__doc__)
    return table(('name', 'value', 'default', 'meaning'), (
        (code(name), _value(value), _default(part, name),
         said.get(name) or with_options(value['description'])
        + f' (`-{name}` of `pwb importpages`)')
        for name, value in schema['properties'].items()))


def _value(schema: dict[str, Any]) -> str:
    """Return in words what a value has to be."""
    if '$ref' in schema:
        return 'object, see below'
    if 'enum' in schema:
        return ', '.join(code(json.dumps(one)) for one in schema['enum'])
    if 'anyOf' in schema:
        return ' or '.join(map(_value, schema['anyOf']))
    if schema['type'] == 'array':
        return f'list of {_value(schema["items"])}'
    if schema['type'] == 'object':
        return f'object of {_value(schema["additionalProperties"])}'
    return {'string': 'text', 'integer': 'number', 'boolean': 'true or false',
            'null': '`null`'}[schema['type']]


def _default(part: type[BaseModel], name: str) -> str:
    field = part.model_fields[name]
    if field.is_required():
        return 'must be given'
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel) or (
            value and isinstance(value, list)
            and isinstance(value[0], BaseModel)):
        return 'see below'
    return code(json.dumps(value))
