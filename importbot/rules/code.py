"""What runs as code for others, and what an operator allows of it (rule 6).
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from importbot.model.errors import UsageError
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MEDIAWIKI, USER, Title


__all__ = ('Allowance', 'allowance_of', 'rights_for', 'runs_as_code')

#: Content models whose pages run as code for others. Lua modules and
#: sanitized CSS do not: they cannot leave the page that shows them.
_CODE_MODELS = frozenset({'GadgetDefinition', 'css', 'javascript', 'vue'})
#: What user scripts take for their settings.
_JSON = 'json'
_CODE_SUFFIXES = ('.css', '.js', '.json', '.vue')
_SITE_RIGHTS = {'.css': 'editsitecss', '.js': 'editsitejs',
                '.json': 'editsitejson'}
#: Gadget and Gadget definition with their talk pages.
_GADGET_NAMESPACES = frozenset(range(2300, 2304))


def runs_as_code(target: Title, model: str) -> bool:
    """Return whether a page would run as code for others (rule 6).

    :param target: title on the target wiki
    """
    return (target.namespace == MEDIAWIKI
            or target.namespace in _GADGET_NAMESPACES
            or model in _CODE_MODELS
            or (target.namespace == USER and '/' in target.name
                and (model == _JSON
                     or target.name.endswith(_CODE_SUFFIXES))))


@dataclass(frozen=True)
class Allowance:

    """Pages of the target that may be written to though they run as code.

    :param titles: single pages, as the target spells them
    :param namespaces: numbers of whole namespaces
    :param account: name of the account of the bot, whose own scripts are
        never written to
    """

    titles: frozenset[Title] = frozenset()
    namespaces: frozenset[int] = frozenset()
    account: str = ''

    def covers(self, target: Title) -> bool:
        """Return whether a page is allowed.

        :param target: title on the target wiki, as it spells it
        """
        if (target.namespace == USER
                and target.name.partition('/')[0] == self.account):
            return False
        return (target in self.titles
                or target.namespace in self.namespaces)


def allowance_of(names: Iterable[str], target: SiteInfo,
                 account: str = '') -> Allowance:
    """Return what an operator allows.

    :param names: titles, and names or numbers of namespaces; what can be
        read as a namespace is one
    :param target: settings of the target
    :param account: name of the account of the bot
    :raises UsageError: the target cannot have that
    """
    titles: set[Title] = set()
    namespaces: set[int] = set()
    for name in names:
        number = (int(name) if name.isdecimal() else
                  target.namespace_number(name.strip().rstrip(':')))
        title = None if number is not None else target.title(f':{name}')
        if number is not None and number in target.namespaces:
            namespaces.add(number)
        elif title is not None and title.namespace >= 0:
            titles.add(title)
        else:
            raise UsageError(Problem('allow-unknown', name=name))
    return Allowance(frozenset(titles), frozenset(namespaces), account)


def rights_for(allowance: Allowance) -> frozenset[str]:
    """Return the rights without which nothing of an allowance can be had.

    As ``PermissionManager`` asks for the namespace MediaWiki.
    """
    rights = {'editinterface'} if (
        MEDIAWIKI in allowance.namespaces
        or any(title.namespace == MEDIAWIKI for title in allowance.titles)
    ) else set()
    for title in allowance.titles:
        for suffix, right in _SITE_RIGHTS.items():
            if title.namespace == MEDIAWIKI and title.name.endswith(suffix):
                rights.add(right)
    return frozenset(rights)
