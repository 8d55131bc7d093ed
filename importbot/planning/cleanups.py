"""Clean-ups by name: those of importbot, and those that others install.

Another distribution offers functions by the entry points of a group; each
takes a text and a :class:`~importbot.wikitext.cleanups.CleanUpPage`, and
returns a text.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points

from importbot.model.errors import CleanUpError, UsageError, first_line
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.titles import TEMPLATE, Title
from importbot.sources.transfer import Transfer
from importbot.wikis.api_values import PageRead
from importbot.wikis.exclusion import excludes_bot, exclusion_templates
from importbot.wikitext.cleanups import (
    BUILT_IN,
    WITH_ARGUMENT,
    CleanUp,
    CleanUpPage,
)
from importbot.wikitext.links import calls


__all__ = ('GROUP', 'check_cleanups', 'clean_up_page', 'cleaned',
           'keeps_bot_out', 'known_cleanups')

#: Group of the entry points.
GROUP = 'importbot.post'


def known_cleanups() -> list[str]:
    """Return the names that there are."""
    return sorted({*BUILT_IN, *(point.name for point
                                in entry_points(group=GROUP))})


def check_cleanups(names: Iterable[str]) -> None:
    """Find the functions of some clean-ups.

    :param names: as ``-post`` gives them
    :raises UsageError: there is no such clean-up, or it cannot be loaded
    """
    for name in names:
        _function(name.partition(':')[0])
        _check_argument(*name.partition(':')[::2])


def _check_argument(name: str, argument: str) -> None:
    if name in WITH_ARGUMENT and not argument.strip():
        raise UsageError(Problem('cleanup-argument', name=name))
    if argument and name in BUILT_IN and name not in WITH_ARGUMENT:
        raise UsageError(Problem('cleanup-no-argument', name=name,
                                 argument=argument))


@cache
def _function(name: str) -> CleanUp:
    if name in BUILT_IN:
        return BUILT_IN[name]
    for point in entry_points(group=GROUP):
        if point.name == name:
            try:
                function: CleanUp = point.load()
            # Code of others, which may do anything.
            except Exception as error:
                raise UsageError(Problem(
                    'cleanup-not-loaded', name=name, place=point.value,
                    cause=_cause(error))) from error
            return function
    raise UsageError(Problem('cleanup-unknown', name=name,
                             known=', '.join(known_cleanups())))


def _cause(error: Exception) -> str:
    return f'{type(error).__name__}: {first_line(error)}'


def clean_up_page(transfer: Transfer, title: Title, target: Title,
                  revision: Revision) -> CleanUpPage:
    """Return what a clean-up may know of a page.

    :param title: on the source
    :param target: on the target
    :param revision: the source's revision whose text it is
    """
    return CleanUpPage(title, target, transfer.prefix, revision.id,
                       revision.timestamp, transfer.source_info,
                       transfer.target_info)


def cleaned(text: str, page: CleanUpPage,
            names: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return a text cleaned up, and the clean-ups that changed something.

    :param text: wikitext
    :param page: the page that it stands on
    :param names: of the clean-ups, in their order
    :raises CleanUpError: one of them cannot deal with the text
    :raises UsageError: one of them is not known here
    """
    changing = []
    for name in names:
        after = _applied(name, text, page)
        # MediaWiki keeps no space at the end of a text.
        if after.rstrip() != text.rstrip():
            changing.append(name)
            text = after
    return text, tuple(changing)


def _applied(name: str, text: str, page: CleanUpPage) -> str:
    kind, _colon, argument = name.partition(':')
    function = _function(kind)
    try:
        after: object = function(text, replace(page,
                                               argument=argument.strip()))
    except CleanUpError:
        raise
    # Code of others, which may do anything.
    except Exception as error:
        raise CleanUpError(Problem(
            'cleanup-failed', name=name, title=page.title,
            cause=_cause(error))) from error
    if not isinstance(after, str):
        raise CleanUpError(Problem(
            'cleanup-no-text', name=name, title=page.title,
            kind=type(after).__name__))
    return after


def keeps_bot_out(text: str, page: CleanUpPage, transfer: Transfer) -> bool:
    """Return whether a text would keep the bot from editing its page.

    Only the calls that say so are shown to pywikibot, whose parser can
    take minutes for a hostile text.

    :param text: wikitext
    :param page: the page that it stands on
    """
    site = transfer.target.site
    saying = {transfer.target_info.title(f':{name}'): name
              for name in exclusion_templates(site)}
    exclusions = [(saying[title], f'{{{{{call.name}{call.arguments}}}}}')
                  for call in calls(page.mask(text))
                  if (title := transfer.target_info.title(
                      call.name, TEMPLATE)) in saying and title]
    return excludes_bot(site, PageRead(
        page.target, text='\n'.join(call for _name, call in exclusions),
        transcluded=tuple(name for name, _call in exclusions)))
