"""What the configuration of request pages says of the policy."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    field_validator,
)

from importbot.model.errors import UsageError
from importbot.model.option import Kind, Option
from importbot.model.options import OPTIONS, OptionTable
from importbot.planning.cleanups import check_cleanups


__all__ = ('Count', 'Part', 'PolicyDefaults', 'PolicyPart', 'Text',
           'pattern', 'policy_part')

Text = Annotated[str, Field(min_length=1, max_length=255)]
Count = Annotated[int, Field(ge=0, strict=True)]


class Part(BaseModel):

    """A part of the configuration: fixed names, never changed."""

    model_config = ConfigDict(extra='forbid', frozen=True, strict=True)


class PolicyPart(Part):

    """How pages are imported where a request says nothing.

    Names and values are those of ``pwb importpages``; what a request may
    never set (local authors, overwriting of requested pages) is set here
    or not at all.
    """

    def fields(self) -> dict[str, Any]:
        """Return the values as fields of a policy."""
        return {name: value if read is None else read(value)
                for name, value in self
                for read in [_READERS.get(self._kind(name))]}

    @classmethod
    def _kind(cls, name: str | None) -> Kind:
        return next(item for item in cls.model_fields[name or ''].metadata
                    if isinstance(item, Kind))

    @field_validator('*')
    @classmethod
    def _known_cleanups(cls, value: Any, info: ValidationInfo) -> Any:
        if cls._kind(info.field_name) is Kind.CLEANUPS:
            try:
                check_cleanups(value)
            except UsageError as error:
                raise ValueError(str(error)) from None
        return value


def policy_part(table: OptionTable = OPTIONS) -> type[PolicyPart]:
    """Return the model of what a table lets a configuration set."""
    fields: Any = {option.field: (
        Annotated[_TYPES[option.kind](option), option.kind],
        Field(default_factory=_default(option), description=option.help))
        for option in table.of_wiki}
    made: type[PolicyPart] = create_model(
        'PolicyDefaults', __base__=PolicyPart, __module__=__name__,
        __doc__=PolicyPart.__doc__, **fields)
    return made


def pattern(title: str) -> str:
    """Return a regular expression for a title in which * is anything.

    A request page is open to everybody, and an expression of theirs could
    keep the bot busy for ever.

    :param title: with * for anything
    """
    return f'^{".*".join(map(re.escape, title.split("*")))}$'


def _patterns(titles: list[str]) -> tuple[str, ...]:
    return tuple(map(pattern, titles))


def _pairs(value: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(value.items())


#: How a value of JSON becomes one of a policy, if it is not the same.
_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.WORDS: tuple, Kind.TEXTS: tuple, Kind.CLEANUPS: tuple,
    Kind.PATTERNS: _patterns, Kind.PAIRS: _pairs}


def _default(option: Option) -> Callable[[], Any]:
    """Return what makes the default of a policy as JSON has it."""
    if option.kind is Kind.PAIRS:
        return lambda: dict(option.default)
    return lambda: (list(option.default) if option.kind in _READERS
                    else option.default)


def _texts(_option: Option) -> Any:
    return list[Text]


def _choice(option: Option) -> Any:
    return Literal[option.wiki_values]


#: What JSON has for the kinds of options.
_TYPES: dict[Kind, Callable[[Option], Any]] = {
    Kind.FLAG: lambda _option: bool, Kind.NUMBER: lambda _option: Count,
    Kind.NAMESPACE: lambda _option: int | None,
    Kind.TEXT: lambda _option: str, Kind.CHOICE: _choice,
    Kind.AUTHORS: _choice, Kind.WORDS: _texts, Kind.TEXTS: _texts,
    Kind.PATTERNS: _texts, Kind.CLEANUPS: _texts,
    Kind.PAIRS: lambda _option: dict[str, str]}


if TYPE_CHECKING:  # only the table knows the fields; they are not read here
    PolicyDefaults = PolicyPart
else:
    PolicyDefaults = policy_part()
