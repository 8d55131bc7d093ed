"""The configuration of the request pages: JSON on a page of the wiki."""
from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from importbot.model.documents import damages
from importbot.model.errors import ConfigurationError
from importbot.requestpages.policy_defaults import (
    Count,
    Part,
    PolicyDefaults,
    Text,
)
from importbot.requestpages.status import FIELDS, STATE_FIELDS, Status


__all__ = ('Configuration', 'Limits', 'Rule', 'StopPage', 'TemplateWords',
           'read_configuration')

Words = Annotated[list[Text], Field(min_length=1)]


class TemplateWords(Part):

    """A template that makes a request, in the words of the wiki.

    :param name: title in the template namespace
    :param parameters: further names of the parameters, by ours
    :param statuses: words of the states, by ours; the first is written
    :param values: words of the values, by ours
    """

    name: Text = 'Import request'
    parameters: dict[str, Words] = Field(default_factory=dict)
    statuses: dict[str, Words] = Field(default_factory=dict)
    values: dict[str, Words] = Field(default_factory=dict)

    @field_validator('parameters')
    @classmethod
    def _known_parameters(cls, names: dict[str, Any]) -> dict[str, Any]:
        parameters = (*FIELDS, *STATE_FIELDS)
        return _clear(_known(names, parameters), parameters)

    @field_validator('statuses')
    @classmethod
    def _known_statuses(cls, names: dict[str, Any]) -> dict[str, Any]:
        statuses = [status.value for status in Status]
        return _clear(_known(names, statuses), statuses)


def _clear(names: dict[str, Any], meant: Iterable[str]) -> dict[str, Any]:
    """Return names of ours with words each of which means one of them."""
    meanings = {name: name for name in meant}
    for name, words in names.items():
        for word in words:
            if meanings.setdefault(word.casefold(), name) != name:
                raise ValueError(f'"{word}" cannot mean "{name}": it means '
                                 f'"{meanings[word.casefold()]}"')
            if set(word) & set('{}[]|=<>') or word != word.strip():
                raise ValueError(f'"{word}" cannot stand in a template')
    return names


def _known(names: dict[str, Any], meant: Sequence[str]) -> dict[str, Any]:
    unknown = sorted(names.keys() - set(meant))
    if unknown:
        raise ValueError(f'"{unknown[0]}" is none of {", ".join(meant)}')
    return names


def _not_everybody(groups: list[str]) -> list[str]:
    if '*' in groups:
        raise ValueError('"*" is everybody, logged in or not; name groups '
                         'that may approve')
    return groups


class Rule(Part):

    """Who has to agree to what; a rule counts if all it names holds.

    :param name: for people, shown in answers
    :param ownuserspace: every page goes to the requester's own user space
    :param missing: the target has none of the requested pages
    :param maxtemplates: most pages that come along
    :param maxpages: most requested pages
    :param maxrevisions: most revisions to send
    :param sources: interwiki prefixes
    :param namespaces: numbers of target namespaces of requested pages
    :param groups: the requester is in one of these
    :param minedits: edits that the requester has made at least
    :param mindays: days since the requester registered at least
    :param approval: whether somebody has to approve
    :param approvers: groups who may; those of the configuration if empty
    """

    name: Text = 'rule'
    ownuserspace: bool = False
    missing: bool = False
    maxtemplates: Count | None = None
    maxpages: Count | None = None
    maxrevisions: Count | None = None
    sources: list[Text] = Field(default_factory=list)
    namespaces: list[int] = Field(default_factory=list)
    groups: list[Text] = Field(default_factory=list)
    minedits: Count = 0
    mindays: Count = 0
    approval: bool = True
    approvers: list[Text] = Field(default_factory=list)

    _approve = field_validator('approvers')(_not_everybody)


class Limits(Part):

    """What one request and one day may take; 0 is no limit.

    :param titles: pages that a request may name
    :param pages: pages that its plan may change
    :param revisions: revisions that its plan may send
    :param peruser: requests of one user that the bot plans in a day
    :param perday: pages that requests may change in a day, all together
    """

    titles: Count = 20
    pages: Count = 200
    revisions: Count = 10_000
    peruser: Count = 20
    perday: Count = 2_000


class StopPage(Part):

    """The page that stops the bot: it works while it says ``run``.

    :param page: full title
    :param missing: what a missing page means
    """

    page: Text
    missing: Literal['stop', 'run'] = 'stop'


class Configuration(Part):

    """All that a wiki says about its request pages.

    :param pages: full titles of the request pages
    :param sources: interwiki prefixes that requests may name
    :param trusted: those of the sources whose later edits need no second
        look: after an approval their pages arrive as they are then
    :param interwiki: those of them whose operators one trusts, so that the
        target may fetch pages by itself; all others are uploaded only.
        None for all
    :param groups: user groups who may approve
    :param rules: who needs whom, the first that holds; without one that
        holds, somebody of the groups has to approve
    :param stop: the page that stops the bot
    :param log: full title of the public log page, empty for none
    :param overview: full title of the page with the table of open requests,
        empty for none
    :param namespaces: target namespaces that requested pages may go to,
        by number
    :param limits: what a request and a day may take
    :param policy: how pages are imported
    :param templates: templates that make a request
    :param lines: whether plain lines ``[[:en:A]] → [[B]]`` are requests
    :param done: wikitext after the last answer, by the state it sets
    :param language: of answers; the wiki's own if empty
    :param deletion: wikitext that marks a page for deletion, for undos
        where the bot may not delete; empty to only list such pages
    """

    pages: Annotated[list[Text], Field(min_length=1)]
    sources: Annotated[list[Text], Field(min_length=1)]
    groups: Annotated[list[Text], Field(min_length=1)]
    interwiki: list[Text] | None = None
    stop: StopPage
    trusted: list[Text] = Field(default_factory=list)
    rules: list[Rule] = Field(default_factory=list)
    log: str = ''
    overview: str = ''
    namespaces: list[int] = Field(
        default_factory=lambda: [0, 2, 4, 10, 12, 14, 828])
    limits: Limits = Limits()
    policy: PolicyDefaults = PolicyDefaults()
    templates: Annotated[list[TemplateWords], Field(min_length=1)] = Field(
        default_factory=lambda: [TemplateWords()])
    lines: bool = False
    done: dict[str, str] = Field(default_factory=dict)
    language: str = ''
    deletion: str = ''

    @field_validator('done')
    @classmethod
    def _known_ends(cls, marks: dict[str, str]) -> dict[str, str]:
        return _known(marks, [status.value for status in Status
                              if status.keeps_bot_off])

    _approve = field_validator('groups')(_not_everybody)

    @field_validator('trusted')
    @classmethod
    def _among_sources(cls, prefixes: list[str],
                       info: ValidationInfo) -> list[str]:
        sources = info.data.get('sources', prefixes)
        for prefix in prefixes:
            if prefix not in sources:
                raise ValueError(f'"{prefix}" is none of the sources')
        return prefixes

    def may_fetch(self, prefix: str) -> bool:
        """Return whether the target may fetch pages of a source itself.

        :param prefix: interwiki prefix of the source
        """
        return self.interwiki is None or prefix in self.interwiki


def read_configuration(text: str, title: str) -> Configuration:
    """Read a configuration.

    :param text: JSON
    :param title: of its page, for sentences
    :raises ConfigurationError: it is none; names the place and what was
        expected there
    """
    try:
        data = json.loads(text, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(title, [f'$: no JSON: {error}']) from None
    if not isinstance(data, dict):
        raise ConfigurationError(title, ['$: an object was expected'])
    try:
        return Configuration.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(title, damages(error)) from None


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object none of whose names people could overlook."""
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f'"{name}" stands there more than once')
        members[name] = value
    return members
