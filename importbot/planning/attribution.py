"""Where the revisions of an upload come from: its log does not say."""
from __future__ import annotations

from importbot.i18n import message
from importbot.model.plan import PlannedPage
from importbot.sources.transfer import Transfer


__all__ = ('ROOM', 'attribution', 'attribution_of_several', 'keeps_its_title')

#: Characters of a summary that are certain to be kept: MediaWiki cuts at
#: 500, and puts how many revisions were imported before it.
ROOM = 440


def keeps_its_title(page: PlannedPage) -> bool:
    """Return whether a page has the title that it has on the source.

    A namespace is the same by number where both wikis have it from
    MediaWiki, else by name.
    """
    here, there = page.arriving, page.title
    return here.name == there.name and (
        here.namespace == there.namespace or str(here) == str(there))


def attribution(title: str, revision: int, transfer: Transfer) -> str:
    """Return the summary of an import: source wiki, page and revision.

    What the operator wants to say follows, so that a summary that is too
    long loses nothing but that.

    :param title: full title on the source
    :param revision: id of its newest revision that is sent
    """
    return _with_own(transfer, message(
        transfer.target_info.language, 'summary', prefix=transfer.prefix,
        title=title, revision=revision))


def attribution_of_several(transfer: Transfer, run: int) -> str:
    """Return the summary of an upload of several pages.

    It stands in the history of each, and has to be true of it: none of them
    has got another title.

    :param run: number of the run, which the journal knows more of
    """
    return _with_own(transfer, message(
        transfer.target_info.language, 'summary-several',
        prefix=transfer.prefix, run=run))


def _with_own(transfer: Transfer, text: str) -> str:
    summary = transfer.policy.summary
    return f'{text}: {summary}' if summary else text
