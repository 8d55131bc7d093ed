"""What is known of one option, wherever it can be set."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import Enum
from typing import Any

from importbot.model.errors import UsageError
from importbot.model.problems import Problem, Setting


__all__ = ('DUMP', 'IMPORTS', 'PAGES', 'REQUESTS', 'RUNS', 'UNDO', 'Choice',
           'Clash', 'Kind', 'Option', 'check_together', 'policy_field',
           'refusal')

#: The scripts, as they are called after ``pwb``.
PAGES, DUMP, UNDO, RUNS, REQUESTS = (
    'importpages', 'importdump', 'importundo', 'importruns',
    'importrequests')
#: Those that import.
IMPORTS = (PAGES, DUMP)

class Kind(str, Enum):

    """What an option takes."""

    #: nothing: it is given or not
    FLAG = 'flag'
    #: a whole number from 0 up
    NUMBER = 'number'
    #: number of a run of the journal
    RUN = 'run'
    #: number of a namespace, none if it is not given
    NAMESPACE = 'namespace'
    #: any text
    TEXT = 'text'
    #: a time as the API writes it
    TIME = 'time'
    #: one of a list
    CHOICE = 'choice'
    #: one of a list, or a file with names of authors
    AUTHORS = 'authors'
    #: several texts with commas between them
    WORDS = 'words'
    #: texts, one at a time
    TEXTS = 'texts'
    #: regular expressions, one at a time
    PATTERNS = 'patterns'
    #: names of clean-ups, one at a time
    CLEANUPS = 'clean-ups'
    #: two texts with an equals sign between them, one pair at a time
    PAIRS = 'pairs'
    #: a file for a report, one at a time
    REPORT = 'report'
    #: a file for a list of titles, one at a time
    LIST = 'list'

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be given several times, each with a value."""
        return self in _REPEATABLE

    @property
    def is_file(self) -> bool:
        """Whether it is a file to write, which is of this call alone."""
        return self in (Kind.REPORT, Kind.LIST)


_REPEATABLE = frozenset({Kind.TEXTS, Kind.PATTERNS, Kind.CLEANUPS,
                         Kind.PAIRS, Kind.REPORT, Kind.LIST})


@dataclass(frozen=True)
class Choice:

    """One of the values that an option may have.

    :param value: the value
    :param help: what it does, for a line of its own in the help
    :param shown: what stands for it in the help, itself if empty
    :param means: the value that it is another name for
    """

    value: str
    help: str = ''
    shown: str = ''
    means: str = ''


@dataclass(frozen=True)
class Clash:

    """What an option does not go with.

    :param names: names of options
    :param value: the value with which alone they do not go together
    :param why: goes on with the name of the option
    :param instead: what to do besides leaving something out
    """

    names: tuple[str, ...]
    value: str = ''
    why: str = ''
    instead: str = ''


@dataclass(frozen=True)
class Option:

    """An option: a row of the table of options.

    :param kind: what it takes
    :param help: one sentence, without a capital and a full stop
    :param name: on the command line; that of the field if empty
    :param field: name of the field of the policy, if it is one
    :param default: of the field, or else as ``scripts.ini`` has it
    :param choices: the values that it may have, if they are a list
    :param value: what stands for its value in the help
    :param forms: further forms of its value, each with what it does
    :param bare: what it means without a value, None if it needs one
    :param group: where it stands in the help
    :param scripts: which scripts have it; none if it is no option but a
        field of the policy only
    :param needed: what to say where a script has to have it
    :param refused: values that mean something for other scripts, with
        what to say
    :param one_of: what it says together with others of which only one may
        be given
    :param clashes: what it does not go with
    :param only_with: name of an option without which it says nothing
    :param alone: what nothing goes with that is not in its favour, see
        ``beside``; goes on with its name
    :param beside: names of such options that it goes with
    :param wiki: which values the configuration of request pages may set:
        True for all
    :param request: which values a request may set
    """

    kind: Kind
    help: str
    name: str = ''
    field: str = ''
    default: Any = ''
    choices: tuple[Choice, ...] = ()
    value: str = ''
    forms: tuple[tuple[str, str], ...] = ()
    bare: Any = None
    group: str = ''
    scripts: tuple[str, ...] = IMPORTS
    needed: str = ''
    refused: Mapping[str, str] = dataclass_field(default_factory=dict)
    one_of: str = ''
    clashes: tuple[Clash, ...] = ()
    only_with: str = ''
    alone: str = ''
    beside: tuple[str, ...] = ()
    wiki: bool | tuple[str, ...] = False
    request: bool | tuple[str, ...] = False

    @property
    def values(self) -> tuple[str, ...]:
        """The values that it may have, if they are a list."""
        return tuple(choice.value for choice in self.choices)

    @property
    def wiki_values(self) -> tuple[str, ...]:
        """Those that the configuration of request pages may set."""
        return self.wiki if isinstance(self.wiki, tuple) else self.values

    @property
    def request_values(self) -> tuple[str, ...]:
        """Those that a request may set."""
        return (self.request if isinstance(self.request, tuple)
                else self.values)

    @property
    def placeholder(self) -> str:
        """What stands for its value where people read of it."""
        return self.value or '|'.join(self.values) or '…'

    @property
    def text(self) -> Any:
        """Its default as ``scripts.ini`` has values: text, number, flag."""
        is_plain = isinstance(self.default, (str, int))
        return self.default if is_plain else ''

    def check(self, value: object) -> None:
        """Refuse what is not among the values that it may have.

        :param value: one of a list
        :raises UsageError: it is none of them
        """
        if value not in self.values:
            raise UsageError(Problem(
                'option-unknown', option=self.setting(value),
                known=', '.join(self.values)))

    def setting(self, value: object = '') -> Setting:
        """Return what stands for it in a sentence.

        :param value: what it was set to, where that is to be said
        """
        return Setting(self.name, self.field, str(value))


def refusal(option: Option, value: object, what: str) -> UsageError:
    """Return the error for a value that an option cannot have.

    :param option: the option
    :param value: as it was given
    :param what: goes on with the value; says what would do
    """
    return UsageError(Problem('option-refused', what=what,
                              option=option.setting(value)))


def policy_field(option: Option) -> Any:
    """Return a field of a dataclass that is an option.

    :param option: its row; the name of the field is not needed
    """
    return dataclass_field(default=option.default, metadata={'option': option})


def check_together(options: Iterable[Option],
                   given: Mapping[str, Any]) -> None:
    """Refuse what makes no sense together.

    :param options: the rows
    :param given: values by name, of what is not as it always is
    :raises UsageError: two of them do not go together
    """
    chosen = [option for option in options if option.name in given]
    for aim in dict.fromkeys(option.one_of for option in chosen):
        rivals = tuple(option.setting() for option in chosen
                       if option.one_of == aim)
        if aim and len(rivals) > 1:
            raise UsageError(Problem('option-rivals', options=rivals,
                                     aim=aim))
    for option in chosen:
        if option.only_with not in ('', *given):
            raise UsageError(Problem(
                'option-only-with', option=option.setting(),
                other=Setting(option.only_with)))
        for clash in option.clashes:
            _check_clash(option, clash, given)


def _check_clash(option: Option, clash: Clash,
                 given: Mapping[str, Any]) -> None:
    others = tuple(Setting(name, value=clash.value) for name in clash.names
                   if name in given and clash.value in ('', given[name]))
    if others and clash.why:
        raise UsageError(Problem(
            'option-clash-because', option=option.setting(), why=clash.why,
            others=others, instead=clash.instead))
    if others:
        raise UsageError(Problem('option-clash', option=option.setting(),
                                 others=others))
