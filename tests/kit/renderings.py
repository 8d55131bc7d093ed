"""One value of every kind that reports show."""
from __future__ import annotations

from importbot.journal.changes import ARRIVAL, Change
from importbot.journal.records import (
    PageRecord,
    Past,
    PastEntry,
    RunList,
    RunRecord,
    RunSummary,
)
from importbot.model.check_report import (
    CheckedPage,
    CheckReport,
    Finding,
    FindingKind,
    UnaskedSource,
)
from importbot.model.decisions import Outcome, Role
from importbot.model.install_plan import (
    InstallPage,
    InstallPlan,
    KitDecision,
)
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Endpoint
from importbot.model.problems import Problem
from importbot.model.report import PageResult, UndoReport
from importbot.model.undo_plan import (
    DeleteStep,
    RestoreStep,
    UndoDecision,
    UndoPage,
    UndoPlan,
    UndoReason,
    UndoVerdict,
)
from tests.kit.html_reports import full_report
from tests.kit.many_pages import TARGET


#: What could begin something in wikitext, HTML or on a terminal.
WORD = '|[[x]] <b>\x1b[31m\u202e'

REPORT, COMPARED, DETAILS = full_report(WORD)
PLAN = REPORT.plan

UNDO = UndoPlan(7, TARGET, '{{Delete}}', (
    UndoPage(0, f'A{WORD}', f'en:A{WORD}', Role.TEMPLATE, UndoVerdict(
        UndoDecision.UNDO, UndoReason.CREATED, DeleteStep(5))),
    UndoPage(1, 'Rover', 'en:Rover', Role.REQUESTED, UndoVerdict(
        UndoDecision.UNDO, UndoReason.REPLACED, RestoreStep(6, 4))),
    UndoPage(2, 'Held', 'en:Held', Role.TEMPLATE, UndoVerdict(
        UndoDecision.HOLD, UndoReason.MAY_NOT_DELETE,
        awaits_deletion=True)),
    UndoPage(3, f'H{WORD}', 'en:H', Role.MODULE, UndoVerdict(
        UndoDecision.HOLD, UndoReason.EDITED_SINCE), is_merged=True),
    UndoPage(4, 'Gone', 'en:Gone', Role.STYLE, UndoVerdict(
        UndoDecision.SKIP, UndoReason.GONE))),
    PLAN.notes[:1])
UNDONE = (
    PageResult(Outcome.VERIFIED),
    PageResult(Outcome.FAILED,
               error=Problem.quoted(f'protectedpage: {WORD}')),
    PageResult(Outcome.UNCHANGED), PageResult(),
    PageResult(Outcome.UNCHANGED))

_RUNS = (
    RunSummary(
        run=8, plan='b' * 16, state='interrupted',
        started='2026-01-02T05:00:00+00:00', ended=None,
        source_api='https://source.example/w/api.php', source_prefix='w:de',
        target_api=TARGET.api, target_user='Bot',
        options={'undoes': 7, 'mark': ''}, mode='undo',
        decisions={'undo': 1, 'nope': 2}, outcomes={'none': 3},
        requested=f'A{WORD}', requests=1, undoes=7),
    RunSummary(
        run=7, plan='a' * 16, state='finished',
        started='2026-01-02T03:04:05+00:00',
        ended='2026-01-02T04:05:06+00:00', source_api='dump.xml',
        source_prefix='', target_api='https://other.example/w/api.php',
        target_user=f'Bot{WORD}', options={'templates': 'auto'},
        request='r7', request_page=f'Project:Requests{WORD}',
        requester=f'Anna{WORD}', approver='Berta',
        decisions={'import': 2, 'hold': 1},
        outcomes={'verified': 2, 'unchanged': 1}, requested='Rover',
        requests=3, undone_by=(8, )))
_PAGES = tuple(
    PageRecord(
        run=7, position=place, title=str(page.title),
        target=page.target_text, role=page.role.value,
        relation=page.relation and page.relation.value,
        decision=page.decision.value, reason=page.reason.value,
        decided=page.as_json(), sent=None, revision_before=4,
        outcome=result.outcome and result.outcome.value,
        imported=result.imported,
        error=str(result.error) if result.error else None,
        problem=result.error.as_json() if result.error else None,
        changes=(Change(place, ARRIVAL, 4, 9), ))
    for place, (page, result) in enumerate(zip(
        PLAN.pages, REPORT.results, strict=True)))
#: Words that only a later release knows.
_STRANGE = PageRecord(
    run=8, position=1, title='Rover', target='', role='traveller',
    relation=None, decision='nope', reason='strange', sent=None,
    revision_before=None, outcome=None, error=None,
    decided={'title': 'Rover', 'needed_by': [WORD, 'X'], 'latest': None})
RUNS = RunList(_RUNS, 3, 4)
RUN = RunRecord(
    _RUNS[1], {
        'notes': [{'kind': 'users', 'page': WORD, 'count': 2}],
        'unresolved': [{'name': WORD, 'needed_by': ['Rover']}]},
    _PAGES, (Note.of(NoteKind.USERS, 'Rover', {'count': 3}), ))
PAST = Past(f'A{WORD}', tuple(
    PastEntry(run, page) for run, page in zip(
        _RUNS, (_PAGES[2], _STRANGE), strict=True)), 1)
INSTALLATION = InstallPlan(f'site{WORD}', f'Project:Requests{WORD}', (
    InstallPage(f'Template:A{WORD}', 'template', KitDecision.CREATE, WORD),
    InstallPage('Template:A/doc', 'documentation', KitDecision.UNCHANGED, ''),
    InstallPage('Project:Start', 'start-page', KitDecision.LEFT_ALONE, 'a'),
    InstallPage('Project:Stop', 'stop-page', KitDecision.BY_HAND, 'b'),
    InstallPage('Project:Log', 'log', KitDecision.CREATE, 'c',
                f'protectedpage: {WORD}')),
    Endpoint('https://target.example/api.php', 'target', user='Bot'))
CHECKED = CheckReport(TARGET.api, (
    CheckedPage('Rover', 7, 'Rover', 'w:de', 'Rover', 9,
                '2026-01-02T03:04:05Z'),
    CheckedPage(f'B{WORD}', 7, f'A{WORD}', 'w:de', f'C{WORD}', 12, '', (
        Finding(FindingKind.MOVED, Problem(
            'check-moved', title=f'C{WORD}', user=f'Anna{WORD}',
            date='2026-01-03T00:00:00Z')),
        Finding(FindingKind.DIFFERS, Problem(
            'other-authors', names=(Problem(
                'name-for', here=f'x>{WORD}', there=f'y{WORD}'), ))))),
    CheckedPage(f'Gone{WORD}', 7, f'Gone{WORD}', 'w:de', findings=(
        Finding(FindingKind.DELETED, Problem(
            'check-deleted', user='Berta', date='2026-01-03T00:00:00Z')), )),
    CheckedPage('Foreign', home='Foreign', newest=5, findings=(
        Finding(FindingKind.DOUBLED, Problem(
            'check-doubled', count=3, oldest='2020-01-03T00:00:00Z')), ))),
    30, 6, 10.0, (9, ), (UnaskedSource(f'dump{WORD}.xml', (3, 4), Problem(
        'check-source-file')), ))
UNDO_REPORT = UndoReport(UNDO, 9, UNDONE)

#: One thing of every kind, by what it is called.
THINGS = {'plan': PLAN, 'report': REPORT, 'undo-plan': UNDO,
          'undo-report': UNDO_REPORT, 'runs': RUNS, 'run': RUN, 'past': PAST,
          'installation': INSTALLATION, 'check': CHECKED}
