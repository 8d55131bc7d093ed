"""A plan of two pages, and a page whose text is edited."""
from __future__ import annotations

from importbot.model.decisions import (
    Decision,
    Evidence,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.plan import Endpoint, Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.revisions import Revision
from importbot.model.steps import CleanUpStep, ImportStep
from importbot.model.titles import MAIN, MODULE, TEMPLATE, USER, Title


_NAMESPACES = {
    'Benutzer': USER, 'Module': MODULE, 'Template': TEMPLATE, 'User': USER,
    'User talk': USER + 1, 'Vorlage': TEMPLATE}


def titled(text: str) -> Title:
    """Return the title that one of our wikis spells so."""
    return Title.known(text, _NAMESPACES.get(text.partition(':')[0], MAIN))


NEWEST = Revision(5, 4, '2020-01-01T00:00:00Z', 'a' * 40, 'Anna')
IMPORT = PlannedPage(
    title=titled('Rover'), target=titled('Rover'), role=Role.REQUESTED,
    needed_by=(), evidence=(), relation=Relation.MISSING,
    decision=Decision.IMPORT, reason=Reason.REQUESTED, newest=NEWEST,
    revisions=2, size=345,
    steps=(ImportStep('interwiki', history='full'), ),
    text_after=TextAfter.SOURCE)
SKIP = PlannedPage(
    title=titled('Template:Yes'), target=titled('Template:Yes'),
    role=Role.TEMPLATE, needed_by=(titled('Rover'), ),
    evidence=(Evidence.MENTIONED, Evidence.USED), relation=Relation.IDENTICAL,
    decision=Decision.SKIP, reason=Reason.IDENTICAL, newest=NEWEST, steps=())
PLAN = Plan(Endpoint('http://a/api.php', 'a', prefix='en'),
            Endpoint('http://b/api.php', 'b', user='Bot'),
            Policy(), (SKIP, IMPORT))
EDITED = PlannedPage(
    titled('A'), titled('B\x1b[31m'), Role.REQUESTED, (), (), None,
    Decision.IMPORT, Reason.REQUESTED,
    (ImportStep('interwiki'), CleanUpStep(('note:C', 'nocategories'))), None,
    text_after=TextAfter.SOURCE)
