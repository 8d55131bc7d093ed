"""Whether the account can still write to the target, in the middle of it.

MediaWiki answers an import of who is blocked without the page and without
an error; an edit may be refused for the page's sake or the account's.
"""
from __future__ import annotations

from importbot.model.errors import ImportbotError
from importbot.wikis.api_values import Access
from importbot.wikis.wiki import Wiki


__all__ = ('GOES_ON', 'why_stopped')

#: What the operator does when that is settled.
GOES_ON = 'once that is settled, -resume goes on'

#: Rights without which nothing of a run can go on, if it had them.
_NEEDED = frozenset({'createpage', 'delete', 'edit', 'import',
                     'importupload'})


def why_stopped(wiki: Wiki, access: Access) -> str:
    """Return why the account cannot go on, empty if it can.

    :param access: what the account was allowed when it began
    """
    try:
        query = next(wiki.query(
            meta='userinfo|siteinfo', uiprop='blockinfo|rights',
            siprop='general'))
    except ImportbotError as error:
        return str(error)
    user, general = query['userinfo'], query['general']
    if user['name'] != access.user:
        return (f'The account {access.user} is no longer logged in to the '
                'target wiki; run "pwb login" and resume')
    if general.get('readonly'):
        return ('The target wiki is read-only now: '
                f'{general.get("readonlyreason") or "no reason given"}')
    # A block in part may be an old one, and of other pages than these.
    if 'blockid' in user and (
            not user.get('blockpartial')
            or user.get('blockedtimestamp', '') >= access.now):
        return (f'The account {access.user} is blocked on the target wiki'
                f'{" in part" if user.get("blockpartial") else ""} since '
                f'then, by {user.get("blockedby") or "?"}: '
                f'{user.get("blockreason") or "no reason given"}')
    lost = sorted(_NEEDED & access.rights - set(user['rights']))
    if lost:
        return (f'The account {access.user} has lost rights on the target '
                f'wiki: {", ".join(lost)}')
    return ''
