"""The pages for import requests, for the terminal."""
from __future__ import annotations

from importbot.model.install_plan import InstallPlan, KitDecision
from importbot.model.printable import printable
from importbot.reports.terminal.layout import WordTable
from importbot.reports.terminal.tables import safe, table


__all__ = ('install_failures', 'install_table')

_STYLES = {KitDecision.CREATE: 'green', KitDecision.UNCHANGED: 'dim',
           KitDecision.LEFT_ALONE: 'yellow', KitDecision.BY_HAND: 'yellow'}


def install_table(plan: InstallPlan) -> WordTable:
    """Return one row for each page."""
    return table(
        safe(f'Import requests on {plan.wiki}, to be made on '
             f'"{plan.requests}"'),
        ('page', 'role', 'decision'),
        ([page.title, page.role.replace('-', ' '),
          safe(page.decision.value.replace('-', ' '),
               _STYLES[page.decision])] for page in plan.pages))


def install_failures(plan: InstallPlan) -> list[str]:
    """Return a line on each page that could not be written."""
    return [printable(f'{page.title}: {page.error}')
            for page in plan.pages if page.error]
