"""From an error code of the API to an exception that says what to do."""
from __future__ import annotations

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


__all__ = ('HINTS', 'concerns_every_page', 'refusal')

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


def concerns_every_page(code: str) -> bool:
    """Return whether an edit of the next page would meet the same answer.

    A right may be lacking for one page alone.

    :param code: code of the API
    """
    return code != 'permissiondenied' and refusal(
        code, '', '').concerns_every_page
