"""Where the revisions of an upload come from: its log does not say."""
from __future__ import annotations

from collections.abc import Iterable

from importbot.i18n import message
from importbot.sources.transfer import Transfer


__all__ = ('ROOM', 'attribution', 'named')

#: Characters of a summary that are certain to be kept: MediaWiki cuts at
#: 500, and puts how many revisions were imported before it.
ROOM = 440


def named(prefix: str, title: str, revision: int) -> str:
    """Return how an attribution names a page.

    :param prefix: interwiki prefix of the source
    :param title: full title on the source
    :param revision: id of its newest revision that is sent
    """
    return f'[[:{prefix}:{title}]] {revision}'


def attribution(pages: Iterable[tuple[str, int]], transfer: Transfer) -> str:
    """Return the summary of an upload: source wiki, pages and revisions.

    What the operator wants to say follows, so that a summary that is too
    long loses nothing but that.

    :param pages: full title on the source and newest revision
    """
    language, pages = transfer.target_info.language, list(pages)
    if len(pages) == 1:
        (title, revision), = pages
        text = message(language, 'summary', prefix=transfer.prefix,
                       title=title, revision=revision)
    else:
        text = message(
            language, 'summary-several', prefix=transfer.prefix,
            pages=', '.join(named(transfer.prefix, *page) for page in pages))
    summary = transfer.policy.summary
    return f'{text}: {summary}' if summary else text
