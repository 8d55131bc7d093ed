"""Everything that can go wrong, as a tree of exceptions::

    ImportbotError
    ├── UsageError                  a command line or parameter is wrong
    │   ├── RenamedParameterError   a name that the API dropped long ago
    │   └── PlanChangedError        a saved plan is another one by now
    ├── ConfigurationError          the configuration page of a wiki is wrong
    ├── UntrustedTextError          a page of the bot is not by who may write
    ├── PreflightError              the run cannot start; all problems at once
    ├── SourceError                 the source wiki cannot be found or read
    ├── TargetError                 the target wiki cannot be reached or used
    ├── LeaseHeldError              another bot imports into the target now
    ├── JournalError                the journal cannot be used
    ├── HiddenTextError             a wiki hides a text, or no longer has it
    ├── SourceChangedError          the source was edited since the plan
    ├── BundleError                 export XML is broken, hostile or too large
    ├── CleanUpError                a clean-up cannot deal with a text
    ├── EditError                   an edit, move or deletion failed
    │   ├── EditConflictError       somebody else edited the page meanwhile
    │   └── TransformedTextError    saving would sign or substitute in it
    ├── NoAnswerError               an import was sent and no answer came
    └── ImportRefusedError          the wiki's answer to an import is an error
        ├── NotAllowedError         right missing, blocked, logged out
        ├── NotASourceError         the interwiki source is not allowed
        ├── PageParameterError      the page or a target parameter is bad
        ├── FetchError              the target could not get the export
        ├── UploadError             the file did not arrive as it should
        ├── TagError                a change tag is unknown or not allowed
        ├── UnavailableError        the wiki takes no writes now
        └── ServerFailureError      MediaWiki failed while importing

Every :class:`ImportRefusedError` carries the code of the API, the page,
the wiki's own sentence and a hint what to do.
"""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.problems import Problem


__all__ = (
    'BundleError',
    'CleanUpError',
    'ConfigurationError',
    'EditConflictError',
    'EditError',
    'FetchError',
    'HiddenTextError',
    'ImportRefusedError',
    'ImportbotError',
    'JournalError',
    'LeaseHeldError',
    'NoAnswerError',
    'NotASourceError',
    'NotAllowedError',
    'PageParameterError',
    'PlanChangedError',
    'PreflightError',
    'RenamedParameterError',
    'ServerFailureError',
    'SourceChangedError',
    'SourceError',
    'TagError',
    'TargetError',
    'TransformedTextError',
    'UnavailableError',
    'UntrustedTextError',
    'UploadError',
    'UsageError',
    'first_line',
)


class ImportbotError(Exception):

    """Base of all exceptions of importbot; the message is for people.

    :param problem: what is wrong; a sentence stays as it is in whatever
        language it is shown
    :ivar problem: what is wrong, for those who speak another language
    """

    def __init__(self, problem: Problem | str) -> None:
        self.problem = (problem if isinstance(problem, Problem)
                        else Problem.quoted(problem))
        super().__init__(str(self.problem))


class UsageError(ImportbotError):

    """What was asked for does not make sense; the message has the remedy."""


class RenamedParameterError(UsageError):

    """A parameter name that MediaWiki gave up.

    :param old: the name that was used
    :param new: the name that took its place
    """

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f'MediaWiki no longer knows the import parameter '
                         f'"{old}"; use {new} instead')
        self.old = old
        self.new = new


class PlanChangedError(UsageError):

    """A saved plan cannot be applied, because it would be another now.

    :param name: of the plan file
    :ivar changes: one line for each page that is not what it was
    """

    def __init__(self, name: str, changes: Sequence[str]) -> None:
        super().__init__(Problem.of_lines((
            Problem('plan-changed', name=name),
            *map(Problem.quoted, changes))))
        self.changes = tuple(changes)


class ConfigurationError(ImportbotError):

    """The configuration page of a wiki cannot be used.

    :param title: of the configuration page
    :ivar problems: one line each: place in the JSON and what is expected
    """

    def __init__(self, title: str,
                 problems: Sequence[Problem | str]) -> None:
        super().__init__(Problem.of_lines((
            Problem('configuration-unusable', title=title), *(
                problem if isinstance(problem, Problem)
                else Problem.quoted(problem) for problem in problems))))
        self.problems = tuple(map(str, problems))


class UntrustedTextError(ImportbotError):

    """The text of a page that steers the bot is not by who may write it.

    :param title: of the page
    :param doubt: half a sentence
    """

    def __init__(self, title: str, doubt: str) -> None:
        super().__init__(
            f'The page "{title}" steers the bot and cannot be obeyed, so '
            f'that nothing was done: {doubt}. Have somebody who may change '
            'that page read it, and save it with a change')


class PreflightError(ImportbotError):

    """The run cannot start.

    :ivar problems: those that cannot be mended first
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(Problem.of_lines(problems))
        self.problems = tuple(problems)


class SourceError(ImportbotError):

    """The source wiki cannot be found or read."""


class TargetError(ImportbotError):

    """The target wiki cannot be reached or used."""


class LeaseHeldError(ImportbotError):

    """Another bot imports into the target at this moment."""


class JournalError(ImportbotError):

    """The journal cannot be opened, or is of a newer release."""


class HiddenTextError(ImportbotError):

    """A wiki hides the text of a revision, or no longer has it."""


class SourceChangedError(ImportbotError):

    """The source has a page in another version than was agreed to."""


class BundleError(ImportbotError):

    """Export XML cannot be used; nothing of it was sent."""


class CleanUpError(ImportbotError):

    """A clean-up cannot deal with a text, or is broken itself."""


class EditError(ImportbotError):

    """An edit, move or deletion on the target did not happen.

    :ivar code: code of the API, empty where there is none
    """

    code = ''


class EditConflictError(EditError):

    """Somebody edited, created or deleted the page in the meantime."""


class TransformedTextError(EditError):

    """The wiki would not save the text as it is; nothing was saved."""


class NoAnswerError(ImportbotError):

    """An import was sent and no answer came: it may have been done.

    :param cause: what came in place of an answer
    :ivar page: the page that was to be imported
    """

    def __init__(self, page: str, cause: object) -> None:
        super().__init__(Problem('no-answer', page=page, cause=str(cause)))
        self.page = page


class ImportRefusedError(ImportbotError):

    """The wiki answered an import with an error.

    :ivar code: code of the API, as ``cantimport``
    :ivar page: the page that was to be imported
    :ivar info: the wiki's own sentence
    :ivar hint: what can be done about it, in English
    :ivar asked: seconds that the wiki asks to wait, None if it does not
        say
    :ivar waited: seconds that were waited, and it was no use
    """

    #: Whether the next page would meet the same answer.
    concerns_every_page = False
    asked: float | None = None
    waited = 0.0

    def __init__(self, code: str, page: str, info: str,
                 hint: Problem | None = None) -> None:
        told = {'page': page, 'info': info.rstrip(' .'), 'code': code}
        super().__init__(Problem('refused-with-hint', **told, hint=hint)
                         if hint else Problem('refused', **told))
        self.code = code
        self.page = page
        self.info = info
        self.hint = str(hint or '')


class NotAllowedError(ImportRefusedError):

    """The right is missing, the account is blocked or logged out."""

    concerns_every_page = True


class NotASourceError(ImportRefusedError):

    """The interwiki source is unknown or not allowed."""

    concerns_every_page = True


class PageParameterError(ImportRefusedError):

    """The page, its namespace or root page cannot be used."""


class FetchError(ImportRefusedError):

    """The target could not fetch the export from the source."""


class UploadError(ImportRefusedError):

    """The XML file did not arrive as it should.

    :ivar limit: bytes that the wiki says it takes at most, 0 if it does
        not say
    """

    limit = 0

    @property
    def is_too_large(self) -> bool:
        """Whether a smaller file may arrive."""
        return bool(self.limit) or self.code in (
            'filetoobig', 'http-contenttoolarge', 'http-413')


class TagError(ImportRefusedError):

    """A change tag is unknown or may not be applied."""

    concerns_every_page = True


class UnavailableError(ImportRefusedError):

    """The wiki takes no writes at this moment."""

    concerns_every_page = True


class ServerFailureError(ImportRefusedError):

    """MediaWiki failed while importing; part of it may have been done."""


def first_line(error: BaseException) -> str:
    """Return what an exception says, without the trace that may follow.

    :param error: any exception
    """
    text = str(error).strip().partition('\n')[0]
    return text or type(error).__name__
