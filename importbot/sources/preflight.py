"""What can be known to fail before anything is read or sent."""
from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from importbot.model.capabilities import ALL_CAPABILITIES, Capability
from importbot.model.policy import Policy
from importbot.model.siteinfo import SiteInfo
from importbot.model.steps import INTERWIKI, UPLOAD
from importbot.rules.arrival import page_title
from importbot.rules.route import UploadReason, Ways
from importbot.wikis.api_values import Access


__all__ = ('blocked', 'problems', 'ways_of')

#: What stands before names of authors; MediaWiki takes whatever it is.
_PREFIX = re.compile(r'[\w.-]{1,32}(?::[\w.-]{1,32}){0,3}')


def problems(prefix: str, policy: Policy, target: SiteInfo,
             access: Access,
             capabilities: Set[Capability] = ALL_CAPABILITIES) -> list[str]:
    """Return one sentence for each thing that stands in the way.

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
            *_tags(policy, access), *_move(policy, access),
            *_place(policy, target), *_authors_prefix(policy)]


def blocked(access: Access) -> list[str]:
    """Return one sentence if an account is blocked."""
    return [f'The account {access.user} is blocked on the target wiki '
            f'({access.block}); talk to who blocked it.'
            ] if access.block else []


def _account(access: Access) -> list[str]:
    sentences = blocked(access)
    lacking = [right for right in ('edit', 'createpage')
               if right not in access.rights]
    if lacking:
        rights = ' and '.join(f'"{right}"' for right in lacking)
        sentences.append(
            f'The account {access.user} lacks the right {rights} on the '
            'target wiki, without which an import is silently left out; a '
            'bot password or OAuth consumer needs the grants "Edit existing '
            'pages" and "Create, edit, and move pages" too.')
    return sentences


def ways_of(prefix: str, access: Access) -> Ways:
    """Return by which routes an account may import.

    :param prefix: interwiki prefix of the source
    """
    why_not = None
    if 'import' not in access.rights:
        why_not = UploadReason.NO_RIGHT
    elif prefix not in access.sources:
        why_not = UploadReason.NOT_A_SOURCE
    return Ways(why_not, 'importupload' in access.rights,
                {'move', 'suppressredirect'} <= access.rights)


def _route(prefix: str, policy: Policy, access: Access) -> list[str]:
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
    return [*interwiki, 'An upload (-via:upload) would do without that, but '
            f'the account {access.user} lacks the right "importupload".']


def _right(right: str, access: Access) -> list[str]:
    return [f'The account {access.user} lacks the right "{right}" on the '
            'target wiki; ask a bureaucrat or steward there for a group '
            'that has it. Logged in by a bot password or OAuth, its grant '
            '"import" is needed too (MediaWiki 1.36 or newer).']


def _nowhere(prefix: str, access: Access) -> list[str]:
    allowed = ', '.join(access.sources) or 'nowhere'
    return [f'"{prefix}" is no interwiki prefix of the target wiki; imports '
            f'are allowed there from: {allowed}.']


def _source(prefix: str, access: Access) -> list[str]:
    if prefix in access.sources:
        return []
    if not access.sources:
        return ['The target wiki has interwiki import switched off (its '
                '$wgImportSources is empty); its operators have to allow '
                f'"{prefix}" there.']
    allowed = ', '.join(access.sources)
    return [f'The target wiki allows no import from "{prefix}"; it allows: '
            f'{allowed}. Its operators can add a source.']


def _authors_prefix(policy: Policy) -> list[str]:
    name = policy.interwikiprefix
    if not name or _PREFIX.fullmatch(name):
        return []
    return [f'-interwikiprefix:{name[:60]} can be no interwiki prefix; give '
            'the one that the target has for the source, such as en or w:de.']


def _tags(policy: Policy, access: Access) -> list[str]:
    if not policy.tags:
        return []
    sentences = []
    if 'applychangetags' not in access.rights:
        sentences.append(f'The account {access.user} lacks the right '
                         '"applychangetags" on the target wiki; leave out '
                         '-tags or ask for it there.')
    unknown = [tag for tag in policy.tags if tag not in access.tags]
    if unknown:
        sentences.append('No change tag that may be added by hand on the '
                         f'target wiki: {", ".join(unknown)}; see '
                         'Special:Tags there.')
    return sentences


def _move(policy: Policy, access: Access) -> list[str]:
    """A page gets another title by a move that leaves no redirect."""
    lacking = sorted({'move', 'suppressredirect'} - access.rights)
    uploads = policy.via == UPLOAD or policy.before or policy.pin or (
        policy.via != INTERWIKI and 'importupload' in access.rights)
    if not _titles(policy) or not lacking or uploads:
        return []
    rights = ' and '.join(f'"{right}"' for right in lacking)
    return [f'The account {access.user} lacks the right {rights} on the '
            'target wiki, which it needs to give a page another title; ask '
            'for it there, or import under the title of the source and let '
            'a person move the page.']


def _titles(policy: Policy) -> list[str]:
    """Return the titles that pages are given."""
    return [*filter(None, [policy.targettitle]),
            *(there for _here, there in policy.titlemap)]


def _place(policy: Policy, target: SiteInfo) -> list[str]:
    if (policy.namespace is not None
            and policy.namespace not in target.namespaces):
        return [f'The target wiki has no namespace {policy.namespace}; see '
                '-correspondingnamespace.']
    if policy.rootpage:
        root = target.title(policy.rootpage)
        if root is None:
            return [f'"{policy.rootpage}" is no valid title on the target '
                    'wiki; see -rootpage.']
        if not target.namespaces[root.namespace].subpages:
            return [f'The namespace of "{policy.rootpage}" has no subpages '
                    'on the target wiki; take a root page in another one.']
    return [f'"{title}" is no valid title on the target wiki; give another '
            'one.' for title in _titles(policy)
            if page_title(target, title) is None]
