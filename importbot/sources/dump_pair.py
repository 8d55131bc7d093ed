"""A dump and a target, connected and learnt."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import pywikibot

from importbot.exports.dumpfiles import DumpFile
from importbot.exports.exported import ExportSiteInfo
from importbot.model.errors import PreflightError, SourceError, UsageError
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.siteinfo import MagicWord, Namespace, SiteInfo
from importbot.model.titles import MAIN, MODULE, TEMPLATE, Title
from importbot.sources.allowed import allowance_problems
from importbot.sources.dump import Dump
from importbot.sources.preflight import problems
from importbot.sources.transfer import Transfer, learn_target
from importbot.wikis.prefixes import resolve_source
from importbot.wikis.wiki import Wiki


__all__ = ('DumpPair', 'Selection', 'connect_dump', 'open_dump')

_INVOKE = 'invoke'


@dataclass(frozen=True)
class Selection:

    """Which pages of a dump are asked for; all, if nothing is given.

    :param titles: full titles
    :param namespaces: names or numbers of namespaces
    """

    titles: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything is asked for."""
        return not (self.titles or self.namespaces)


@dataclass(frozen=True)
class DumpPair:

    """A dump as the source of a target.

    :param transfer: both
    :param titles: the pages that are asked for
    :param words_of: wiki whose magic words and functions are taken, empty
        where nobody needs them
    """

    transfer: Transfer
    titles: list[Title]
    words_of: str = ''


def connect_dump(target_site: pywikibot.site.APISite, dump: Dump,
                 policy: Policy, prefix: str, selection: Selection,
                 source_prefix: str = '') -> DumpPair:
    """Log in to the target, and read a dump from end to end.

    :param dump: the dump, not read yet
    :param prefix: interwiki prefix for authors and summaries
    :param selection: the pages that are asked for
    :param source_prefix: interwiki prefix of the wiki that the dump is of,
        empty if it is not to be asked
    :raises PreflightError: the run cannot start
    :raises BundleError: the dump is broken or hostile
    :raises UsageError: what its texts refer to cannot be known
    """
    target, target_info, access = learn_target(target_site)
    obstacles = [*problems(prefix, policy, target_info, access,
                           dump.capabilities),
                 *allowance_problems(target_site, policy, target_info,
                                     access)]
    if obstacles:
        raise PreflightError(obstacles)
    needs_words = policy.templates != 'none'
    base = target_info
    words_of = str(target_site)
    if source_prefix:
        source = Wiki(resolve_source(target, access, source_prefix),
                      SourceError)
        base, words_of = source.siteinfo(), str(source)
    elif needs_words and dump.siteinfo.language != target_info.language:
        raise UsageError(Problem(
            'dump-language', dump=dump.api, spoken=dump.siteinfo.language,
            target=target_info.language))
    dump.read(_siteinfo(dump.siteinfo, base, knows_functions=bool(
        source_prefix)), lambda title: needs_words
              and title.namespace in (TEMPLATE, MODULE))
    rank = {title: place for place, title in enumerate(_in_order(dump))}
    transfer = Transfer(dump, target, policy, prefix, dump.info, target_info,
                        access, rank=rank)
    return DumpPair(transfer, list(_selected(rank, dump.info, selection)),
                    words_of if needs_words else '')


def _in_order(dump: Dump) -> Iterator[Title]:
    """Yield the pages as they are applied: templates first."""
    for is_code in (True, False):
        for title in dump.titles():
            if (title.namespace in (TEMPLATE, MODULE)) is is_code:
                yield title


def _siteinfo(export: ExportSiteInfo, base: SiteInfo, *,
              knows_functions: bool) -> SiteInfo:
    """Return the settings of a dump's wiki, as far as they are known.

    :param export: what the dump says
    :param base: where the rest is from
    :param knows_functions: whether that is the dump's own wiki
    """
    namespaces = {
        number: replace(base.namespaces.get(number, Namespace(number, name)),
                        name=name, capitalized=export.capitalizes(number))
        for number, name in export.namespaces.items()}
    functions, words = base.functions, dict(base.magic_words)
    if MODULE in namespaces and not knows_functions:
        # It has modules, whether or not the target has Scribunto.
        functions |= {_INVOKE}
        words.setdefault(_INVOKE, MagicWord((_INVOKE, )))
    return replace(base, wiki=export.dbname or export.sitename,
                   language=export.language or base.language,
                   namespaces=namespaces or base.namespaces,
                   functions=functions, magic_words=words,
                   knows_functions=knows_functions)


def _selected(titles: Collection[Title], info: SiteInfo,
              selection: Selection) -> Iterator[Title]:
    # A dump may have titles that no wiki has.
    as_they_stand = {str(title): title for title in titles}
    for text in selection.titles:
        title = as_they_stand.get(text) or info.title(f':{text}')
        if title is None:
            raise UsageError(f'"{text}" is no valid title')
        yield title
    namespaces = set(_numbers(selection.namespaces, info))
    if namespaces or selection.is_whole:
        for title in titles:
            if selection.is_whole or title.namespace in namespaces:
                yield title


def _numbers(names: Iterable[str], info: SiteInfo) -> Iterator[int]:
    for name in names:
        number = int(name) if name.isdecimal() else (
            MAIN if name in ('', 'Main', '(Main)')
            else info.namespace_number(name))
        if number is None or number not in info.namespaces:
            raise UsageError(Problem('dump-namespace', name=name))
        yield number


def open_dump(names: Iterable[str],
              progress: Callable[[int], None]) -> Dump:
    """Return a dump of some files.

    :param names: of the files, ``-`` for standard input
    :param progress: told how many pages were read
    """
    return Dump([DumpFile(name) for name in names], progress)
