"""Where a page of the source arrives on the target.

MediaWiki's importer keeps namespaces below 100 by number and looks the
others up by the name that stands in the export, which is the source's
local one: ``Modul:X`` of a German wiki would land in the main namespace
of an English one. With a namespace or a root page given it puts the page
there (NaiveImportTitleFactory, NamespaceImportTitleFactory,
SubpageImportTitleFactory).

A title that none of them gives is reached by a move. Until then the page
stands below a root page of the bot's own, where nobody else has a page and
nothing else is.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from importbot.model.decisions import Role
from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import (
    CATEGORY,
    FILE,
    MAIN,
    MODULE,
    PROJECT,
    USER,
    Title,
)
from importbot.rules.code import runs_as_code


__all__ = ('Arrival', 'Arrivals', 'is_below_a_root', 'page_title',
           'rights_to_move')

_FIRST_CUSTOM_NAMESPACE = 100
#: Below the bot's user page: where pages land that are moved afterwards.
_IMPORTING = 'importing'


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
    :param user: the bot's account there, below whose page others land
        that are moved afterwards
    :raises UsageError: ``-nsmap`` names a namespace that a wiki lacks, or
        a page is to get a title that the target cannot have
    """

    def __init__(self, source: SiteInfo, target: SiteInfo,
                 policy: Policy, user: str = '') -> None:
        self._source = source
        self._target = target
        self._policy = policy
        self._mapped = _namespace_map(policy.nsmap, source, target)
        self._titles = _title_map(policy.titlemap, source, target)
        #: The title of requested pages that are not in the map.
        self._title = _wanted(policy.targettitle, target
                              ) if policy.targettitle else None
        self._landing = (_wanted(policy.landing, target) if policy.landing
                         else self._own(user))

    def _own(self, user: str) -> Title:
        """Return a page of the bot's own that can have subpages."""
        return self._target.normalized(Title(next(
            (number for number in (USER, USER + 1, PROJECT)
             if self._has_subpages(number)), USER), f'{user}/{_IMPORTING}'))

    def _has_subpages(self, number: int) -> bool:
        namespace = self._target.namespaces.get(number)
        return namespace is not None and namespace.subpages

    def of(self, title: Title, role: Role, attempt: int = 1) -> Arrival:
        """Return where a page arrives.

        :param title: title on the source
        :param role: what the page is to the run; only requested pages
            follow ``-correspondingnamespace``, ``-rootpage`` and the
            titles that they are given
        :param attempt: number of the root page below which it lands if it
            has to be moved; another one where that place is taken
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
        target = (self._titles.get(title) or self._beside(title)
                  or self._title)
        return (self._renamed(title, target, attempt) if target
                else self._plain(title))

    def _beside(self, title: Title) -> Title | None:
        """Return the title of the talk page of a page that gets another."""
        if not title.is_talk:
            return None
        page = self._titles.get(Title(title.namespace - 1, title.name))
        if page is None or page.is_talk or (
                page.namespace + 1 not in self._target.namespaces):
            return None
        return self._target.normalized(Title(page.namespace + 1, page.name))

    def _renamed(self, title: Title, target: Title,
                 attempt: int) -> Arrival:
        plain = self._plain(title)
        if plain.title == target:
            return plain
        if self._in(target.namespace, title) == target:
            return Arrival(target, target.namespace)
        root = self._root_of(target, title)
        if root:
            return Arrival(target, rootpage=root)
        root_page = self._landing_root(title, target, attempt)
        # Nothing is moved to files from another namespace.
        if target.namespace == FILE or not self._has_subpages(
                root_page.namespace):
            return Arrival(target, target.namespace,
                           landing=self._in(target.namespace, title))
        return Arrival(target, rootpage=str(root_page),
                       landing=root_page.subpage(str(title)))

    def _root_of(self, target: Title, title: Title) -> str:
        """Return the root page below which a title is that of the source.

        :return: empty if there is none
        """
        name = target.name.removesuffix(f'/{title}')
        if (name in ('', target.name) or name.endswith('/')
                or not self._has_subpages(target.namespace)):
            return ''
        return str(replace(target, name=name))

    def _landing_root(self, title: Title, target: Title,
                      attempt: int) -> Title:
        """Return below which page another one lands before it is moved."""
        root = self._landing
        if attempt > 1:
            root = replace(root, name=f'{root.name} {attempt}')
        if target.namespace == MODULE:
            # Lua stands nowhere else.
            return self._target.normalized(Title(MODULE, root.name))
        if runs_as_code(root.subpage(str(title)), ''):
            # It is wikitext, and would be taken for somebody's script.
            return self._target.normalized(
                Title(root.namespace + 1, root.name))
        return root

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


def is_below_a_root(title: Title, wiki: SiteInfo) -> bool:
    """Return whether an import may give a page a title by a root page.

    :param title: title on the target
    :param wiki: its settings
    """
    return '/' in title.name and wiki.namespaces[title.namespace].subpages


def rights_to_move(target: Title) -> frozenset[str]:
    """Return the rights that a move to a title takes.

    As ``PermissionManager::checkActionPermissions`` has it.

    :param target: title on the target wiki
    """
    rights = {'move'}
    if target.namespace == USER and '/' not in target.name:
        rights.add('move-rootuserpages')
    if target.namespace == CATEGORY:
        rights.add('move-categorypages')
    if target.namespace == FILE:
        rights.add('movefile')
    return frozenset(rights)


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
