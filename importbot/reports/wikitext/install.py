"""The pages for import requests as wikitext."""
from __future__ import annotations

from importbot.i18n import message
from importbot.model.install_plan import InstallPlan
from importbot.reports.wikitext.escape import link, plain


__all__ = ('install_wikitext', )


def install_wikitext(plan: InstallPlan, language: str) -> list[str]:
    """Return one row for each page.

    :param language: of all words that come from no wiki
    """
    rows = ['{| class="wikitable sortable"',
            '|+ ' + plain(message(language, 'install-title',
                                  wiki=plan.wiki, page=plan.requests)),
            '! ' + ' !! '.join(message(language, f'table-{name}')
                               for name in ('page', 'role', 'decision'))]
    for page in plan.pages:
        said = plain(message(language,
                             f'install-decision-{page.decision.value}'))
        if page.error:
            said += f' <small lang="en" dir="ltr">{plain(page.error)}</small>'
        rows += ['|-', '| ' + ' || '.join((
            link(page.title),
            plain(message(language, f'install-role-{page.role}')), said))]
    return [*rows, '|}']
