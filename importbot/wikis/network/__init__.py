"""What keeps the requests of a bot on their host and within bounds.

pywikibot has one session for all wikis. :func:`guard` puts an adapter and
a cookie jar into it, for its own requests as well as for those of
importbot; nothing else changes.
"""
from __future__ import annotations

from importbot.wikis.network.causes import cause
from importbot.wikis.network.errors import NetworkError, RedirectError
from importbot.wikis.network.guarding import as_asked, at_most, guard
from importbot.wikis.network.hosts import (
    allow_private,
    is_at_private_address,
    shown_host,
)
from importbot.wikis.network.patience import (
    RETRIES,
    RETRY_WAIT,
    briefly,
    patiently,
)
from importbot.wikis.network.watch import hurry, unhurried
from importbot.wikis.network.writing import (
    WritePermission,
    WritingEndedError,
    writing_while,
)


__all__ = ('RETRIES', 'RETRY_WAIT', 'NetworkError', 'RedirectError',
           'WritePermission', 'WritingEndedError', 'allow_private',
           'as_asked', 'at_most', 'briefly', 'cause', 'guard', 'hurry',
           'is_at_private_address', 'patiently', 'shown_host', 'unhurried',
           'writing_while')
