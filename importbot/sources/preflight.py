"""What can be known to fail before anything is read or sent."""
from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from importbot.model.capabilities import ALL_CAPABILITIES, Capability
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.steps import INTERWIKI, UPLOAD
from importbot.rules.arrival import (
    is_below_a_root,
    page_title,
    rights_to_move,
)
from importbot.rules.route import UploadReason, Ways
from importbot.wikis.api_values import Access


__all__ = ('blocked', 'keeps_from_work', 'problems', 'unflagged', 'ways_of')

#: What stands before names of authors; MediaWiki takes whatever it is.
_PREFIX = re.compile(r'[\w.-]{1,32}(?::[\w.-]{1,32}){0,3}')


def problems(prefix: str, policy: Policy, target: SiteInfo,
             access: Access,
             capabilities: Set[Capability] = ALL_CAPABILITIES,
             ) -> list[Problem]:
    """Return each thing that stands in the way.

    Those that cannot be mended here come first, so that nobody repairs an
    option only to meet a missing right.

    :param prefix: interwiki prefix of the source
    :param target: settings of the target
    :param access: what the account may do there
    :param capabilities: what the source can do
    """
    if Capability.BE_FETCHED not in capabilities:
        policy = replace(policy, via=UPLOAD,
                         interwikiprefix=policy.interwikiprefix or prefix)
    elif prefix.partition(':')[0] not in access.interwiki:
        return [*_account(access), *_nowhere(prefix, access),
                *_tags(policy, access), *_place(policy, target)]
    return [*_account(access), *_route(prefix, policy, access),
            *_tags(policy, access), *_move(policy, target, access),
            *_place(policy, target), *_authors_prefix(policy)]


def blocked(access: Access) -> list[Problem]:
    """Return what is wrong if an account is blocked."""
    return [Problem('start-blocked', user=access.user, block=access.block)
            ] if access.block else []


def unflagged(access: Access) -> Problem | None:
    """Return what an account without a bot flag means; it is no obstacle.

    The right is what counts: MediaWiki marks a change as a bot's by it
    alone, whatever a request says.
    """
    if 'bot' in access.rights:
        return None
    return Problem('no-bot-flag', user=access.user)


def keeps_from_work(access: Access) -> list[Problem]:
    """Return what an account lacks whatever is to be imported.

    :param access: of the account that imports
    """
    found = _account(access)
    if access.rights.isdisjoint(('import', 'importupload')):
        found += _right('import', access)
    return found


def _account(access: Access) -> list[Problem]:
    found = blocked(access)
    lacking = [right for right in ('edit', 'createpage')
               if right not in access.rights]
    if lacking:
        found.append(Problem('start-may-not-edit', user=access.user,
                             rights=_rights(lacking)))
    return found


def _rights(names: Sequence[str]) -> Problem:
    return (Problem('two-rights', first=names[0], second=names[1])
            if len(names) > 1 else Problem('one-right', right=names[0]))


def ways_of(prefix: str, access: Access) -> Ways:
    """Return by which routes an account may import.

    :param prefix: interwiki prefix of the source
    """
    why_not = None
    if 'import' not in access.rights:
        why_not = UploadReason.NO_RIGHT
    elif prefix not in access.sources:
        why_not = UploadReason.NOT_A_SOURCE
    return Ways(why_not, 'importupload' in access.rights, access.rights)


def _route(prefix: str, policy: Policy, access: Access) -> list[Problem]:
    ways = ways_of(prefix, access)
    if ways.upload and policy.via == 'auto':
        return []
    uploads = [] if ways.upload else _right('importupload', access)
    if policy.via == UPLOAD:
        return uploads
    if policy.before or policy.pin:
        # Nothing else can do it, whatever the other route may.
        return uploads
    if ways.why_not_interwiki is None:
        return []
    interwiki = [*([] if 'import' in access.rights
                   else _right('import', access)),
                 *_source(prefix, access)]
    if policy.via == INTERWIKI:
        return interwiki
    return [*interwiki, Problem('start-upload-would-do', user=access.user)]


def _right(right: str, access: Access) -> list[Problem]:
    return [Problem('start-right', user=access.user, right=right)]


def _nowhere(prefix: str, access: Access) -> list[Problem]:
    return [Problem(
        'start-no-prefix', prefix=prefix,
        allowed=', '.join(access.sources) or Problem('nowhere'))]


def _source(prefix: str, access: Access) -> list[Problem]:
    if prefix in access.sources:
        return []
    if not access.sources:
        return [Problem('start-imports-off', prefix=prefix)]
    return [Problem('start-not-a-source', prefix=prefix,
                    allowed=', '.join(access.sources))]


def _authors_prefix(policy: Policy) -> list[Problem]:
    name = policy.interwikiprefix
    if not name or _PREFIX.fullmatch(name):
        return []
    return [Problem('start-authors-prefix', prefix=name[:60])]


def _tags(policy: Policy, access: Access) -> list[Problem]:
    if not policy.tags:
        return []
    found = []
    if 'applychangetags' not in access.rights:
        found.append(Problem('start-no-tags-right', user=access.user))
    unknown = [tag for tag in policy.tags if tag not in access.tags]
    if unknown:
        found.append(Problem('start-unknown-tags', tags=', '.join(unknown)))
    return found


def _move(policy: Policy, target: SiteInfo,
          access: Access) -> list[Problem]:
    """A page gets a title by a move that no root page gives it.

    Of one with a slash the page on the source tells.
    """
    uploads = policy.via == UPLOAD or policy.before or policy.pin or (
        policy.via != INTERWIKI and 'importupload' in access.rights)
    titles = (page_title(target, text) for text in _titles(policy))
    lacking = sorted(frozenset[str]().union(*(
        rights_to_move(title) for title in titles
        if title and not is_below_a_root(title, target))) - access.rights)
    if not lacking or uploads:
        return []
    return [Problem('start-may-not-move', user=access.user,
                    rights=_rights(lacking))]


def _titles(policy: Policy) -> list[str]:
    """Return the titles that pages are given."""
    return [*filter(None, [policy.targettitle]),
            *(there for _here, there in policy.titlemap)]


def _place(policy: Policy, target: SiteInfo) -> list[Problem]:
    if (policy.namespace is not None
            and policy.namespace not in target.namespaces):
        return [Problem('start-no-namespace', number=policy.namespace)]
    if policy.rootpage:
        root = target.title(policy.rootpage)
        if root is None:
            return [Problem('start-root-invalid', title=policy.rootpage)]
        if not target.namespaces[root.namespace].subpages:
            return [Problem('start-root-no-subpages', title=policy.rootpage)]
    titles = [Problem('start-title-invalid', title=title) for title
              in filter(None, (*_titles(policy), policy.landing))
              if page_title(target, title) is None]
    landing = page_title(target, policy.landing) if policy.landing else None
    if landing and not target.namespaces[landing.namespace].subpages:
        titles.append(Problem('start-root-no-subpages',
                              title=policy.landing))
    return titles
