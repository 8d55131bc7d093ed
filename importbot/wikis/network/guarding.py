"""The adapter that all requests of pywikibot's session go through."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import requests
from pywikibot.comms import http
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy

import importbot
from importbot.rules.patience import asked_seconds
from importbot.wikis.network.connections import POOLS, check_addresses
from importbot.wikis.network.cookies import HostCookies
from importbot.wikis.network.errors import NetworkError, RedirectError
from importbot.wikis.network.hosts import addresses_of, origin_of, stays
from importbot.wikis.network.underway import begin
from importbot.wikis.network.watch import Watch
from importbot.wikis.network.writing import may_write


__all__ = ('as_asked', 'at_most', 'guard')

#: Bytes, unpacked, of an answer that is read at once: an API answers with
#: 8 MB of texts at most.
MOST = 32 * 2 ** 20
#: Bytes of an answer that is read as a stream.
MOST_STREAMED = 8 * 2 ** 30
#: Seconds where pywikibot's timeout says nothing.
_SECONDS = 60
#: Seconds of ``Retry-After`` that pywikibot is told of, and where the
#: header stands as it came: who waits by itself, and within bounds of its
#: own, heeds all of it.
_PAUSE = 60
_AS_ASKED = 'importbot-retry-after'
#: Each can only swell a thousandfold, and one alone.
_PACKINGS = frozenset({'', 'identity', 'gzip', 'x-gzip', 'deflate'})
_READS = frozenset({b'query', b'parse', b'paraminfo', b'compare'})
#: A body in which no value can be taken for a parameter.
_FORM = 'application/x-www-form-urlencoded'
_EXPORT = b'Special%3AExport'
#: Answers that are left, of each block that counts them.
_left: list[int] = []


@contextmanager
def at_most(answers: int) -> Iterator[None]:
    """Let no more answers be asked for within a block.

    For what pywikibot reads by itself: it follows every ``continue`` and
    logs in again as often as it is told to.

    :param answers: how many
    """
    _left.append(answers)
    try:
        yield
    finally:
        _left.pop()


class _GuardedBody:

    """The body of an answer, within its bounds, for ``requests``.

    :param raw: urllib3's response
    :param watch: its time
    :param most: bytes that it may have
    :param end: called when nothing more is read of it
    """

    def __init__(self, raw: Any, watch: Watch, most: int,
                 end: Callable[[], None]) -> None:
        self._raw = raw
        self._watch = watch
        self._most = most
        self._end = end
        self._size = 0

    def stream(self, amount: int, decode_content: bool | None = None,
               ) -> Iterator[bytes]:
        """Yield what comes.

        :param amount: bytes to read at a time
        :param decode_content: whether to unpack it
        """
        chunks = self._raw.stream(amount, decode_content=decode_content)
        try:
            while True:
                with self._watch.runs():
                    chunk = next(chunks, None)
                if chunk is None:
                    return
                self._size += len(chunk)
                self._watch.came(len(chunk))
                if self._size > self._most:
                    self._raw.close()
                    raise NetworkError('the answer is larger than '
                                       f'{self._most >> 20} MiB')
                yield chunk
        finally:
            self._end()

    def close(self) -> None:
        """Leave it, as it is."""
        self._end()
        self._raw.close()

    def __del__(self) -> None:
        self._end()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class _Adapter(HTTPAdapter):

    """Keeps requests on their host, and their answers within bounds.

    :param cookies: of the session
    """

    def __init__(self, cookies: HostCookies) -> None:
        self._cookies = cookies
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pool manager, of guarded connections."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Return the manager for a proxy, of guarded connections."""
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, request: requests.PreparedRequest, stream: bool = False,
             timeout: Any = None, verify: bool | str = True, cert: Any = None,
             proxies: Mapping[str, str] | None = None) -> requests.Response:
        """Send one request, which may be that of a redirect.

        :raises NetworkError: it is not to be sent, or its answer not to
            be read
        :raises WritingEndedError: it writes, and nothing may any more
        """
        url = str(request.url)
        if select_proxy(url, dict(proxies or {})):
            # Where the proxy goes to is its own decision.
            origin = origin_of(url)
            check_addresses(origin.host, origin.port,
                            addresses_of(origin.host, origin.port))
        if _left:
            _left[-1] -= 1
            if _left[-1] < 0:
                raise NetworkError('it takes one answer after the other '
                                   'without coming to an end')
        self._put_headers(request)
        only_reads = _only_reads(request)
        watch = Watch(_seconds(timeout), only_reads)
        if not only_reads:
            may_write()
        end = begin(_place(url))
        try:
            with watch.runs():
                response = super().send(request, stream, timeout, verify,
                                        cert, dict(proxies or {}))
            try:
                _judge(response)
            except NetworkError:
                response.close()
                raise
        except BaseException:
            end()
            raise
        response.raw = _GuardedBody(response.raw, watch,
                                    MOST_STREAMED if stream else MOST, end)
        return response


    def _put_headers(self, request: requests.PreparedRequest) -> None:
        """Put in what is of its host, and how an answer may be packed."""
        request.headers.pop('Cookie', None)
        cookies = self._cookies.header(request)
        if cookies:
            request.headers['Cookie'] = cookies
        request.headers['Accept-Encoding'] = 'gzip, deflate'


def _place(url: str) -> str:
    origin = origin_of(url)
    return f'{origin.host}:{origin.port}'


def _seconds(timeout: Any) -> float:
    """Return the seconds until the first byte, by pywikibot's setting."""
    parts = timeout if isinstance(timeout, tuple) else (timeout, )
    return sum(part for part in parts if isinstance(part, (int, float))
               ) or _SECONDS


def _only_reads(request: requests.PreparedRequest) -> bool:
    """Whether a request writes nothing, so that it may be left."""
    if request.method in ('GET', 'HEAD'):
        return True
    body = request.body
    if isinstance(body, str):
        body = body.encode()
    if not isinstance(body, bytes) or not str(
            request.headers.get('Content-Type')).startswith(_FORM):
        return False
    given = dict(part.partition(b'=')[::2] for part in body.split(b'&'))
    if b'action' in given:
        return given[b'action'] in _READS
    return given.get(b'title', b'').startswith(_EXPORT)


def _judge(response: requests.Response) -> None:
    """Refuse an answer that leads elsewhere or may swell, by its head."""
    packing = response.headers.get('Content-Encoding', '').strip().lower()
    if packing not in _PACKINGS:
        raise NetworkError('the answer is packed in a way that nobody '
                           'asked for')
    pause = response.headers.get('Retry-After')
    response.headers.pop(_AS_ASKED, None)
    if pause is not None:
        response.headers[_AS_ASKED] = pause
        # pywikibot waits for as long as it is told to, and takes numbers.
        seconds = asked_seconds(pause, datetime.now(timezone.utc))
        response.headers['Retry-After'] = str(min(int(seconds or 0), _PAUSE))
    if response.is_redirect:
        _check_redirect(response)


def as_asked(response: requests.Response) -> str | None:
    """Return the header ``Retry-After`` of an answer as it came.

    :param response: the answer
    """
    return response.headers.get(_AS_ASKED,
                                response.headers.get('Retry-After'))


def _check_redirect(response: requests.Response) -> None:
    """Refuse to follow a redirect to somebody else."""
    old = origin_of(str(response.request.url))
    target = requests.Session().get_redirect_target(response) or ''
    if target.startswith('//'):
        target = f'{old.scheme}:{target}'
    # As it would be sent, however it is spelled.
    then = requests.PreparedRequest()
    try:
        then.prepare_url(requests.compat.urljoin(
            str(response.request.url), target), None)
        new = origin_of(str(then.url))
    except (requests.RequestException, ValueError):
        raise RedirectError('it redirects to what is no address') from None
    if not stays(old, new):
        raise RedirectError(f'it redirects from {old} to another host, and '
                            'requests stay on theirs')


def guard() -> None:
    """Let all that pywikibot sends stay on its host and within bounds.

    Done once for a process; a session that somebody put in pywikibot's
    place is guarded as well.
    """
    session = http.session
    if isinstance(session.adapters.get('https://'), _Adapter):
        return
    products = http.USER_AGENT_PRODUCTS
    products['pwb'] = f'importbot/{importbot.__version__} {products["pwb"]}'
    jar = HostCookies()
    before = http.cookie_jar
    jar.filename = before.filename
    for cookie in before:
        jar.set_cookie(cookie)
    http.cookie_jar = jar
    session.cookies = jar  # type: ignore[assignment]
    for scheme in ('http://', 'https://'):
        session.mount(scheme, _Adapter(jar))
