"""Whether the account can still write to the target, in the middle of it.

MediaWiki answers an import of who is blocked without the page and without
an error; an edit may be refused for the page's sake or the account's.
"""
from __future__ import annotations

from importbot.model.errors import ImportbotError
from importbot.model.problems import Problem
from importbot.wikis.api_values import Access
from importbot.wikis.wiki import Wiki


__all__ = ('why_stopped', )

#: Rights without which nothing of a run can go on, if it had them.
_NEEDED = frozenset({'createpage', 'delete', 'edit', 'import',
                     'importupload'})


def why_stopped(wiki: Wiki, access: Access) -> Problem | None:
    """Return why the account cannot go on, None if it can.

    :param access: what the account was allowed when it began
    """
    try:
        query = next(wiki.query(
            meta='userinfo|siteinfo', uiprop='blockinfo|rights',
            siprop='general'))
    except ImportbotError as error:
        return error.problem
    user, general = query['userinfo'], query['general']
    if user['name'] != access.user:
        return Problem('account-logged-out', user=access.user)
    if general.get('readonly'):
        return Problem('account-read-only', reason=_reason(
            general.get('readonlyreason')))
    # A block in part may be an old one, and of other pages than these.
    if 'blockid' in user and (
            not user.get('blockpartial')
            or user.get('blockedtimestamp', '') >= access.now):
        return Problem(
            'account-blocked-in-part' if user.get('blockpartial')
            else 'account-blocked', user=access.user,
            by=user.get('blockedby') or '?',
            reason=_reason(user.get('blockreason')))
    lost = sorted(_NEEDED & access.rights - set(user['rights']))
    if lost:
        return Problem('account-lost-rights', user=access.user,
                       rights=', '.join(lost))
    return None


def _reason(given: str | None) -> Problem:
    return Problem.quoted(given) if given else Problem('no-reason')
