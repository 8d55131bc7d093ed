"""A plan for journals: one page is imported, the other one is there."""
from __future__ import annotations

from importbot.model.decisions import (
    Decision,
    Evidence,
    Reason,
    Relation,
    Role,
)
from importbot.model.plan import Endpoint, Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.revisions import Revision
from importbot.model.steps import ImportStep
from tests.kit.plans import titled


__all__ = ('PAGES', 'PLAN', 'TARGET')

TARGET = 'http://127.0.0.1:1/api.php'
PAGES = (
    PlannedPage(titled('Template:Zvěst 🜨'), titled('Template:Zvěst 🜨'),
                Role.TEMPLATE, (titled('Rover'), ),
                (Evidence.MENTIONED, Evidence.USED),
                Relation.MISSING, Decision.IMPORT, Reason.NEEDED,
                (ImportStep('interwiki', 'current'), ),
                Revision(7, 5, '2012-02-12T21:12:21Z', 'a' * 40, 'Juniper')),
    PlannedPage(titled('Rover'), titled('User:Bot/Rover'), Role.REQUESTED,
                (), (), None, Decision.SKIP, Reason.EXISTS, (), None))
PLAN = Plan(Endpoint('http://127.0.0.1:2/api.php', 'source', prefix='en'),
            Endpoint(TARGET, 'target', user='ImportBot'),
            Policy(tags=('one', 'two')), PAGES)
