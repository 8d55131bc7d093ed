"""From an error code of the API to an exception that says what to do."""
from __future__ import annotations

import html
import json
import re

from importbot.model.errors import (
    FetchError,
    ImportRefusedError,
    NotAllowedError,
    NotASourceError,
    PageParameterError,
    ServerFailureError,
    TagError,
    UnavailableError,
    UploadError,
)
from importbot.model.printable import printable
from importbot.model.problems import Problem


__all__ = ('HINTS', 'account_hint', 'concerns_every_page', 'refusal',
           'words_of')

#: Sent where ``$wgReauthenticateForActions`` asks for it (MediaWiki 1.47);
#: the latter where the kind of login has no way to do so.
_REAUTHENTICATE = ('reauthenticate', 'cannotreauthenticate')

#: Exception and hint by code of the API (facts: Answers, ApiImport,
#: ImportStreamSource, ApiMain).
HINTS: dict[str, tuple[type[ImportRefusedError], Problem]] = {
    'cantimport': (NotAllowedError, Problem('hint-right', right='import')),
    'cantimport-upload': (
        NotAllowedError, Problem('hint-right', right='importupload')),
    'permissiondenied': (
        NotAllowedError, Problem('hint-right', right='import')),
    'writeapidenied': (NotAllowedError, Problem('hint-write-api')),
    'blocked': (NotAllowedError, Problem('hint-blocked')),
    'autoblocked': (NotAllowedError, Problem('hint-autoblocked')),
    'assertuserfailed': (NotAllowedError, Problem('hint-login-lost')),
    'assertbotfailed': (NotAllowedError, Problem('hint-no-bot-flag')),
    'assertnameduserfailed': (NotAllowedError, Problem('hint-other-account')),
    **{code: (NotAllowedError, Problem('hint-reauthenticate'))
       for code in _REAUTHENTICATE},
    'notoken': (NotAllowedError, Problem('hint-session')),
    'badtoken': (NotAllowedError, Problem('hint-session')),
    # The token is the only parameter that goes by this code.
    'missingparam': (NotAllowedError, Problem('hint-session')),
    'nointerwikiprefix': (NotASourceError, Problem('hint-name-prefix')),
    'badinterwiki': (NotASourceError, Problem('hint-prefix-not-in-table')),
    'badvalue': (NotASourceError, Problem('hint-allowed-sources')),
    'unknown_interwikisource': (
        NotASourceError, Problem('hint-allowed-sources')),
    'nointerwikipage': (PageParameterError, Problem('hint-name-page')),
    'invalidparammix': (PageParameterError, Problem('hint-namespace-or-root')),
    'import-rootpage-invalid': (
        PageParameterError, Problem('hint-root-invalid')),
    'import-rootpage-nosubpage': (
        PageParameterError, Problem('hint-root-no-subpages')),
    'cantopenfile': (FetchError, Problem('hint-not-fetched')),
    'nofile': (UploadError, Problem('hint-no-file')),
    'badupload': (UploadError, Problem('hint-file-not-whole')),
    'filetoobig': (UploadError, Problem('hint-file-too-large')),
    'http-contenttoolarge': (UploadError, Problem('hint-request-too-large')),
    'http-413': (UploadError, Problem('hint-server-too-large')),
    'partialupload': (UploadError, Problem('hint-file-in-part')),
    'notempdir': (UploadError, Problem('hint-php-upload')),
    'badtags': (TagError, Problem('hint-tags-defined')),
    'tags-apply-no-permission': (
        TagError, Problem('hint-right', right='applychangetags')),
    'tags-apply-not-allowed-one': (TagError, Problem('hint-tag-by-hand')),
    'tags-apply-not-allowed-multi': (TagError, Problem('hint-tags-by-hand')),
    'tags-apply-blocked': (TagError, Problem('hint-blocked')),
    'readonly': (UnavailableError, Problem('hint-read-only')),
    'maxlag': (UnavailableError, Problem('hint-lag')),
    'ratelimited': (UnavailableError, Problem('hint-rate-limited')),
    'http-429': (UnavailableError, Problem('hint-rate-limited')),
    'import-unknownerror': (
        ServerFailureError, Problem('hint-import-broke-off')),
    'databaseerror-text': (ServerFailureError, Problem('hint-database')),
    'readonlytext': (ServerFailureError, Problem('hint-database')),
    'transaction-max-statement-time-exceeded': (
        ServerFailureError, Problem('hint-database')),
}

#: The same by how a code begins, for those that have no entry above.
_FAMILIES: tuple[tuple[str, type[ImportRefusedError], Problem], ...] = (
    ('tags-apply-', TagError, Problem('hint-tags')),
    ('internal_api_error_', ServerFailureError, Problem('hint-broke-off')),
    ('databaseerror', ServerFailureError, Problem('hint-database')),
    ('import-rootpage-', PageParameterError, Problem('hint-other-root')),
    ('assert', NotAllowedError, Problem('hint-session')),
    ('mwoauth-', NotAllowedError, Problem('hint-oauth')),
    ('http-4', UnavailableError, Problem('hint-turned-away')),
)


#: Where MediaWiki's exceptions of databases are.
_RDBMS = 'Wikimedia\\Rdbms\\'
#: Codes of uploads that are no fault of the file.
_OF_SERVER = frozenset({'notempdir'})
#: Characters of a wiki's own sentence that are quoted.
_MOST = 300
#: What of a page of HTML nobody reads, and what nobody reads in it.
_UNREAD = re.compile(r'<(script|style|title)\b.*?</\1\s*>|<!--.*?-->'
                     r'|<[^>]*>', re.DOTALL | re.IGNORECASE)


def words_of(body: str) -> str:
    """Return what an answer says that is no answer of the API.

    Where MediaWiki fails at the very end, after its answer, a page of HTML
    follows behind an error in JSON.

    :param body: HTML, plain text, or JSON and more
    :return: one line, shortened, printable
    """
    try:
        answer, _end = json.JSONDecoder().raw_decode(body)
        return _quotable(str(answer['error']['info']))
    except (KeyError, RecursionError, TypeError, ValueError):
        pass
    text = html.unescape(_UNREAD.sub(' ', body[:_MOST * 20]))
    # What follows are folders of the server.
    return _quotable(text.partition('Backtrace:')[0])


def _quotable(text: str) -> str:
    line = printable(' '.join(text.split()))
    return line if len(line) <= _MOST else f'{line[:_MOST].rstrip()} …'


def refusal(code: str, page: str, info: str) -> ImportRefusedError:
    """Return the exception for an error code of the API.

    :param code: code of the API
    :param page: the page that was to be imported
    :param info: the wiki's own sentence; of one that is long the beginning
        is quoted
    """
    # MediaWiki leaves the namespace out in some of its own answers.
    code = printable(code.replace(_RDBMS, '')[:100])
    info = _quotable(info)
    if code == 'badvalue' and 'interwikisource' not in info:
        return PageParameterError(
            code, page, info, Problem('hint-namespace-numbers'))
    if code in HINTS:
        kind, hint = HINTS[code]
        refused = kind(code, page, info, hint)
        if code in _OF_SERVER:
            refused.concerns_every_page = True
        return refused
    for start, kind, hint in _FAMILIES:
        if code.startswith(start):
            return kind(code, page, info, hint)
    return ImportRefusedError(code, page, info)


def account_hint(code: str) -> Problem | None:
    """Return what to do so that an account may go on with edits and moves.

    :param code: code of the API that says what the account lacks
    :return: None for what is said by the wiki's own sentence
    """
    return HINTS[code][1] if code in _REAUTHENTICATE else None


def concerns_every_page(code: str) -> bool:
    """Return whether an edit of the next page would meet the same answer.

    A right may be lacking for one page alone.

    :param code: code of the API
    """
    return code != 'permissiondenied' and refusal(
        code, '', '').concerns_every_page
