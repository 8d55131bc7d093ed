"""What goes wrong on the way, in words that nobody else chose."""
from __future__ import annotations

import requests


__all__ = ('NetworkError', 'RedirectError')


class NetworkError(requests.RequestException, ConnectionError):

    """A request was not sent, or its answer was not read to its end.

    For pywikibot, which repeats much, it is an error that no waiting
    mends. What it says holds nothing that a server sent.
    """


class RedirectError(NetworkError):

    """An answer leads to somebody else, who is not asked."""
