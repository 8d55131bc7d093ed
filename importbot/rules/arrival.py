"""Where a page of the source arrives on the target.

MediaWiki's importer keeps namespaces below 100 by number and looks the
others up by the name that stands in the export, which is the source's
local one: ``Modul:X`` of a German wiki would land in the main namespace
of an English one. With a namespace or a root page given it puts the page
there (NaiveImportTitleFactory, NamespaceImportTitleFactory,
SubpageImportTitleFactory).
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from importbot.model.decisions import Role
from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MAIN, Title


__all__ = ('Arrival', 'Arrivals', 'page_title')

_FIRST_CUSTOM_NAMESPACE = 100


@dataclass(frozen=True, slots=True)
class Arrival:

    """Where a page arrives, and what the import has to be told for it.

    :param title: title on the target, None where it has no namespace for
        the page
    :param namespace: namespace parameter of the import
    :param rootpage: root page parameter of the import
    :param landing: title that the import itself gives the page, where it
        has to be moved afterwards
    """

    title: Title | None
    namespace: int | None = None
    rootpage: str = ''
    landing: Title | None = None


class Arrivals:

    """Predicts arrivals between two wikis under a policy.

    :param source: settings of the source
    :param target: settings of the target
    :raises UsageError: ``-nsmap`` names a namespace that a wiki lacks, or
        a page is to get a title that the target cannot have
    """

    def __init__(self, source: SiteInfo, target: SiteInfo,
                 policy: Policy) -> None:
        self._source = source
        self._target = target
        self._policy = policy
        self._mapped = _namespace_map(policy.nsmap, source, target)
        self._titles = _title_map(policy.titlemap, source, target)
        #: The title of requested pages that are not in the map.
        self._title = _wanted(policy.targettitle, target
                              ) if policy.targettitle else None

    def of(self, title: Title, role: Role) -> Arrival:
        """Return where a page arrives.

        :param title: title on the source
        :param role: what the page is to the run; only requested pages
            follow ``-correspondingnamespace``, ``-rootpage`` and the
            titles that they are given
        """
        policy = self._policy
        if role is not Role.REQUESTED:
            return self._plain(title)
        if policy.rootpage:
            root = self._target.title(policy.rootpage)
            assert root is not None, 'the root page passed the preflight'
            return Arrival(root.subpage(str(title)),
                           rootpage=policy.rootpage)
        if policy.namespace is not None:
            return Arrival(self._in(policy.namespace, title),
                           policy.namespace)
        target = self._titles.get(title, self._title)
        return self._renamed(title, target) if target else self._plain(title)

    def _renamed(self, title: Title, target: Title) -> Arrival:
        plain = self._plain(title)
        if plain.title is None:
            # On the way to another title any namespace serves.
            plain = Arrival(self._in(target.namespace, title),
                            target.namespace)
        if plain.title == target:
            return plain
        return Arrival(target, plain.namespace, landing=plain.title)

    def _plain(self, title: Title) -> Arrival:
        by_itself = self._lands_in(title.namespace)
        namespace = self._mapped.get(title.namespace)
        if namespace is None:
            namespace = self._counterpart(title.namespace)
        if namespace is None:
            return Arrival(None)
        return Arrival(self._in(namespace, title),
                       None if namespace == by_itself else namespace)

    def _in(self, namespace: int, title: Title) -> Title:
        return self._target.normalized(Title(namespace, title.name))

    def _lands_in(self, number: int) -> int:
        """Return the namespace that the importer itself would choose."""
        if number < _FIRST_CUSTOM_NAMESPACE and (
                number in self._target.namespaces):
            return number
        name = self._source.namespaces[number].name
        on_target = self._target.namespace_number(name)
        return MAIN if on_target is None else on_target

    def _counterpart(self, number: int) -> int | None:
        """Return the namespace that means the same on the target."""
        if number < _FIRST_CUSTOM_NAMESPACE:
            return number if number in self._target.namespaces else None
        namespace = self._source.namespaces[number]
        for name in (namespace.canonical, namespace.name):
            on_target = self._target.namespace_number(name) if name else None
            if on_target is not None:
                return on_target
        return None


def page_title(wiki: SiteInfo, text: str) -> Title | None:
    """Return the title of a page.

    :param wiki: settings of the wiki
    :param text: full title
    :return: None if the wiki can have no such page, as with those of the
        namespace Special
    """
    title = wiki.title(text)
    return title if title and title.namespace >= MAIN else None


def _title_map(pairs: Iterable[tuple[str, str]], source: SiteInfo,
               target: SiteInfo) -> Mapping[Title, Title]:
    titles: dict[Title, Title] = {}
    for here, there in pairs:
        title, wanted = page_title(source, here), _wanted(there, target)
        if title is None:
            raise UsageError(Problem('place-not-of-source', title=here,
                                     target=there))
        if titles.setdefault(title, wanted) != wanted:
            raise UsageError(Problem('place-two-titles', title=here))
    return titles


def _wanted(text: str, target: SiteInfo) -> Title:
    title = page_title(target, text)
    if title is None:
        raise UsageError(Problem('place-invalid', title=text))
    return title


def _namespace_map(pairs: Iterable[tuple[str, str]], source: SiteInfo,
                   target: SiteInfo) -> Mapping[int, int]:
    return {_number(here, source, 'source'): _number(there, target,
                                                     'target')
            for here, there in pairs}


def _number(name: str, wiki: SiteInfo, which: str) -> int:
    number = int(name) if name.isdecimal() else (
        MAIN if name in ('', 'Main', '(Main)') else
        wiki.namespace_number(name))
    if number is None or number not in wiki.namespaces:
        raise UsageError(Problem(f'no-namespace-on-{which}', name=name))
    return number
