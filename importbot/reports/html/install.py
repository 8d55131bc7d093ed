"""The pages for import requests as one HTML page."""
from __future__ import annotations

from markupsafe import Markup

from importbot.i18n import message
from importbot.model.install_plan import InstallPage, InstallPlan
from importbot.reports.html.document import document
from importbot.reports.html.pieces import link
from importbot.reports.html.visible import isolated, visible


__all__ = ('install_html', )


def install_html(plan: InstallPlan, language: str) -> str:
    """Return one row for each page.

    :param language: of all words that come from no wiki
    """
    return document(
        'table.html.jinja', language, columns=('page', 'role', 'decision'),
        title=isolated(language, 'install-title', wiki=plan.wiki,
                       page=plan.requests),
        caption=message(language, 'install-caption'),
        rows=[_row(page, language) for page in plan.pages])


def _row(page: InstallPage, language: str) -> dict[str, Markup | str]:
    decision = message(language, f'install-decision-{page.decision.value}')
    return {'page': link('', page.title),
            'role': message(language, f'install-role-{page.role}'),
            'decision': Markup('{} <small lang="en" dir="auto">{}</small>')
            .format(decision, visible(page.error))
            if page.error else decision}
