"""What went wrong with a wiki, without a word of what it answered.

An answer may be that of another host, or made to be quoted: on a wiki,
where everybody reads it, or in a log.
"""
from __future__ import annotations

import os
import re
from collections.abc import Iterator

import requests

from importbot.wikis.network.errors import NetworkError


__all__ = ('cause', )

#: What a code of the API may look like.
_CODE = re.compile(r'[a-z0-9_-]{1,60}')
_INTERNAL = 'internal_api_error_'
_STATUS = re.compile(r'(?:\(|HTTP )?([1-5][0-9]{2})\b')
_MOST = 20

#: What exceptions of others mean, the first that fits.
_KINDS: tuple[tuple[str, str], ...] = (
    ('SSLError', 'no secure connection'),
    ('ReadTimeout', 'no answer in time'),
    ('ConnectTimeout', 'no connection in time'),
    ('Timeout', 'no answer in time'),
    ('NameResolutionError', 'no such host'),
    ('gaierror', 'no such host'),
    ('RemoteDisconnected', 'hung up without an answer'),
    ('IncompleteRead', 'the answer broke off'),
    ('ChunkedEncodingError', 'the answer broke off'),
    ('ContentDecodingError', 'the answer cannot be unpacked'),
    ('TooManyRedirects', 'one redirect after the other'),
    ('SiteDefinitionError', 'the answer is no JSON'),
    ('JSONDecodeError', 'the answer is no JSON'),
    ('RecursionError', 'the answer is nested too deep'),
    ('MaxlagTimeoutError', 'its databases lag'),
    ('InvalidSchema', 'no address of the web'),
    ('InvalidURL', 'no address of the web'),
)


def cause(error: BaseException) -> str:
    """Return what kind of thing went wrong, with nothing of an answer.

    A number of HTTP, a code of the API, an error of the operating system
    or the name of an exception.

    :param error: any exception
    """
    chain = list(_chain(error))
    for item in chain:
        if isinstance(item, NetworkError):
            return str(item)
    for item in chain:
        if text := _of_api(item) or _status(item):
            return text
    for item in reversed(chain):
        if isinstance(item, OSError) and isinstance(item.errno, int) \
                and item.errno > 0:
            return os.strerror(item.errno)
    names = {base.__name__ for item in chain for base in type(item).__mro__}
    for name, words in _KINDS:
        if name in names:
            return words
    return type(error).__name__


def _of_api(error: BaseException) -> str:
    """Return the code of an error of the API."""
    code = getattr(error, 'code', None)
    if isinstance(code, str):
        if code.startswith(_INTERNAL):
            code = _INTERNAL.rstrip('_')
        if _CODE.fullmatch(code):
            return f'error {code}'
    return ''


def _status(error: BaseException) -> str:
    """Return the number of HTTP that pywikibot's exceptions begin with."""
    name = type(error).__name__
    if name == 'Server504Error':
        return 'HTTP 504'
    if name not in ('ServerError', 'ClientError', 'FatalServerError',
                    'HTTPError'):
        return ''
    response = getattr(error, 'response', None)
    if isinstance(response, requests.Response):
        return f'HTTP {response.status_code}'
    match = _STATUS.match(str(error))
    return f'HTTP {match[1]}' if match else ''


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what brought it about, the innermost last."""
    seen: list[BaseException] = []
    rest = [error]
    while rest and len(seen) < _MOST:
        item = rest.pop(0)
        if any(item is former for former in seen):
            continue
        seen.append(item)
        yield item
        rest += [inner for inner in (
            item.__cause__, item.__context__, getattr(item, 'reason', None),
            *item.args) if isinstance(inner, BaseException)]
