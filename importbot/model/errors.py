"""Everything that can go wrong, as a tree of exceptions::

    ImportbotError
    ├── UsageError                  a command line or parameter is wrong
    │   ├── RenamedParameterError   a name that the API dropped long ago
    │   └── PlanChangedError        a saved plan is another one by now
    ├── ConfigurationError          the configuration page of a wiki is wrong
    ├── PreflightError              the run cannot start; all problems at once
    ├── SourceError                 the source wiki cannot be found or read
    ├── TargetError                 the target wiki cannot be reached or used
    ├── LeaseHeldError              another bot imports into the target now
    ├── JournalError                the journal cannot be used
    ├── HiddenTextError             a wiki hides a text, or has it no more
    ├── BundleError                 export XML is broken, hostile or too large
    ├── CleanUpError                a clean-up cannot deal with a text
    ├── EditError                   an edit or move of the target failed
    │   └── EditConflictError       somebody else edited the page meanwhile
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


__all__ = (
    'BundleError',
    'CleanUpError',
    'ConfigurationError',
    'EditConflictError',
    'EditError',
    'FetchError',
    'HiddenTextError',
    'HINTS',
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
    'SourceError',
    'TagError',
    'TargetError',
    'UnavailableError',
    'UploadError',
    'UsageError',
    'first_line',
    'refusal',
)


class ImportbotError(Exception):

    """Base of all exceptions of importbot; the message is for people."""


class UsageError(ImportbotError):

    """What was asked for does not make sense; the message has the remedy."""


class RenamedParameterError(UsageError):

    """A parameter name that MediaWiki gave up."""

    def __init__(self, old: str, new: str) -> None:
        """Initializer.

        :param old: the name that was used
        :param new: the name that took its place
        """
        super().__init__(f'MediaWiki no longer knows the import parameter '
                         f'"{old}"; use {new} instead')
        self.old = old
        self.new = new


class PlanChangedError(UsageError):

    """A saved plan cannot be applied, because it would be another now.

    :ivar changes: one line for each page that is not what it was
    """

    def __init__(self, name: str, changes: Sequence[str]) -> None:
        """Initializer.

        :param name: of the plan file
        :param changes: one line each
        """
        super().__init__('\n'.join((
            f'{name} is not applied, because things changed since it was '
            f'made; make it again with -plan:{name} and look at it:',
            *changes)))
        self.changes = tuple(changes)


class ConfigurationError(ImportbotError):

    """The configuration page of a wiki cannot be used.

    :ivar problems: one line each: place in the JSON and what is expected
    """

    def __init__(self, title: str, problems: Sequence[str]) -> None:
        """Initializer.

        :param title: of the configuration page
        :param problems: one line each
        """
        super().__init__('\n'.join((
            f'The configuration page "{title}" cannot be used, so that '
            'nothing was done; mend there:', *problems)))
        self.problems = tuple(problems)


class PreflightError(ImportbotError):

    """The run cannot start.

    :ivar problems: one sentence each, those that cannot be mended first
    """

    def __init__(self, problems: Sequence[str]) -> None:
        """Initializer.

        :param problems: one sentence each
        """
        super().__init__('\n'.join(problems))
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

    """A wiki hides the text of a revision, or has it no more."""


class BundleError(ImportbotError):

    """Export XML cannot be used; nothing of it was sent."""


class CleanUpError(ImportbotError):

    """A clean-up cannot deal with a text, or is broken itself."""


class EditError(ImportbotError):

    """An edit or move on the target did not happen."""


class EditConflictError(EditError):

    """Somebody edited, created or deleted the page in the meantime."""


class NoAnswerError(ImportbotError):

    """An import was sent and no answer came: it may have been done.

    :ivar page: the page that was to be imported
    """

    def __init__(self, page: str, cause: object) -> None:
        """Initializer.

        :param page: the page that was to be imported
        :param cause: what came in place of an answer
        """
        super().__init__(f'No answer came to the import of "{page}" '
                         f'({cause}); it may have been done all the same')
        self.page = page


class ImportRefusedError(ImportbotError):

    """The wiki answered an import with an error.

    :ivar code: code of the API, as ``cantimport``
    :ivar page: the page that was to be imported
    :ivar info: the wiki's own sentence
    :ivar hint: what can be done about it
    """

    #: Whether the next page would meet the same answer.
    concerns_every_page = False

    def __init__(self, code: str, page: str, info: str,
                 hint: str = '') -> None:
        """Initializer.

        :param code: code of the API
        :param page: the page that was to be imported
        :param info: the wiki's own sentence
        :param hint: what can be done about it
        """
        sentence = f'"{page}" was not imported: {info.rstrip(" .")} ({code}).'
        super().__init__(f'{sentence} {hint}'.rstrip())
        self.code = code
        self.page = page
        self.info = info
        self.hint = hint


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


_RIGHT = ('Ask a bureaucrat or steward of the target wiki for the right '
          '"{}"; a bot password or OAuth consumer also needs its grant.')
_PHP_UPLOAD = ('Ask the operators of the target wiki to look at its PHP '
               'settings for uploads.')
_SESSION = 'The session was lost; run "pwb login" and start again.'
_DATABASE = ('The database of the target wiki failed; its operators can see '
             'why.')
_BROKE_OFF = ('MediaWiki broke off; see what it left of the page. An odd '
              'author name is a known cause, a broken file another.')
_NAMESPACE = 'Look at the namespace numbers of the target wiki.'

#: Exception and hint by code of the API (facts: Answers, ApiImport,
#: ImportStreamSource, ApiMain).
HINTS: dict[str, tuple[type[ImportRefusedError], str]] = {
    'cantimport': (NotAllowedError, _RIGHT.format('import')),
    'cantimport-upload': (NotAllowedError, _RIGHT.format('importupload')),
    'permissiondenied': (NotAllowedError, _RIGHT.format('import')),
    'writeapidenied': (NotAllowedError, 'The account may not edit through '
                       'the API there; ask for the right "writeapi".'),
    'blocked': (NotAllowedError, 'The account is blocked on the target '
                'wiki; talk to who blocked it.'),
    'autoblocked': (NotAllowedError, 'The address of this machine is '
                    'blocked on the target wiki; ask there for exemption.'),
    'assertuserfailed': (NotAllowedError, 'The login was lost; run "pwb '
                         'login" and start again.'),
    'assertbotfailed': (NotAllowedError, 'The account has no bot flag on '
                        'the target wiki.'),
    'assertnameduserfailed': (NotAllowedError, 'Another account is logged '
                              'in; run "pwb login" and start again.'),
    'notoken': (NotAllowedError, _SESSION),
    'badtoken': (NotAllowedError, _SESSION),
    # The token is the only parameter that goes by this code.
    'missingparam': (NotAllowedError, _SESSION),
    'nointerwikiprefix': (NotASourceError, 'Name the source by its '
                          'interwiki prefix.'),
    'badinterwiki': (NotASourceError, 'The prefix is an allowed source but '
                     'not in the interwiki table of the target wiki; its '
                     'operators have to add it there.'),
    'badvalue': (NotASourceError, 'Look at the allowed sources on '
                 'Special:Import of the target wiki.'),
    'unknown_interwikisource': (NotASourceError, 'Look at the allowed '
                                'sources on Special:Import of the target '
                                'wiki.'),
    'nointerwikipage': (PageParameterError, 'Name the page to import.'),
    'invalidparammix': (PageParameterError, 'Give either a namespace or a '
                        'root page, not both.'),
    'import-rootpage-invalid': (PageParameterError, 'The root page is no '
                                'valid title on the target wiki.'),
    'import-rootpage-nosubpage': (PageParameterError, 'The namespace of '
                                  'the root page has no subpages.'),
    'cantopenfile': (FetchError, 'The target wiki could not read the '
                     'export of the source: see whether the title is valid '
                     'there and whether the target reaches the source.'),
    'nofile': (UploadError, 'No file arrived.'),
    'badupload': (UploadError, 'The file did not arrive whole, or it is '
                  'larger than the PHP of the target wiki takes '
                  '(upload_max_filesize).'),
    'filetoobig': (UploadError, 'The file is larger than the target wiki '
                   'takes.'),
    'http-contenttoolarge': (UploadError, 'The request is larger than the '
                             'target wiki takes (post_max_size).'),
    'http-413': (UploadError, 'The request is larger than the web server of '
                 'the target wiki takes.'),
    'partialupload': (UploadError, 'The file arrived in part; try again.'),
    'notempdir': (UploadError, _PHP_UPLOAD),
    'badtags': (TagError, 'See Special:Tags of the target wiki for the '
                'tags that are defined and active.'),
    'tags-apply-no-permission': (TagError,
                                 _RIGHT.format('applychangetags')),
    'tags-apply-not-allowed-one': (TagError, 'The tag may not be added by '
                                   'hand; see Special:Tags.'),
    'tags-apply-not-allowed-multi': (TagError, 'The tags may not be added '
                                     'by hand; see Special:Tags.'),
    'tags-apply-blocked': (TagError, 'The account is blocked on the target '
                           'wiki; talk to who blocked it.'),
    'readonly': (UnavailableError, 'The target wiki is read-only now; try '
                 'again later.'),
    'maxlag': (UnavailableError, 'The database of the target wiki lags; '
               'try again later.'),
    'ratelimited': (UnavailableError, 'The account did too much in a short '
                    'time; try again later.'),
    'import-unknownerror': (ServerFailureError, 'The import broke off: bad '
                            'XML, a text too large, a content model that '
                            'the target lacks, or its time limit.'),
    'databaseerror-text': (ServerFailureError, _DATABASE),
    'http-500': (ServerFailureError, _BROKE_OFF),
}

#: The same by how a code begins, for those that have no entry above.
_FAMILIES: tuple[tuple[str, type[ImportRefusedError], str], ...] = (
    ('tags-apply-', TagError, 'See Special:Tags of the target wiki.'),
    ('internal_api_error_', ServerFailureError, _BROKE_OFF),
    ('databaseerror', ServerFailureError, _DATABASE),
    ('import-rootpage-', PageParameterError, 'Give another root page.'),
    ('assert', NotAllowedError, _SESSION),
    ('mwoauth-', NotAllowedError, 'See whether the OAuth consumer is '
     'approved and has the grants it needs.'),
    ('http-4', UnavailableError, 'What stands before the target wiki turned '
     'the request away; its operators can see why.'),
)


def refusal(code: str, page: str, info: str) -> ImportRefusedError:
    """Return the exception for an error code of the API.

    :param code: code of the API
    :param page: the page that was to be imported
    :param info: the wiki's own sentence
    """
    if code == 'badvalue' and 'interwikisource' not in info:
        return PageParameterError(code, page, info, _NAMESPACE)
    if code in HINTS:
        kind, hint = HINTS[code]
        return kind(code, page, info, hint)
    for start, kind, hint in _FAMILIES:
        if code.startswith(start):
            return kind(code, page, info, hint)
    return ImportRefusedError(code, page, info)
