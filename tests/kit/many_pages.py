"""A run of many pages, as there might be one, without any wiki."""
from __future__ import annotations

from importbot.model.decisions import (
    Decision,
    Evidence,
    Outcome,
    Reason,
    Relation,
    Role,
)
from importbot.model.notes import AuthorEdits, Note, NoteKind
from importbot.model.plan import Endpoint, Plan, PlannedPage, Unresolved
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report
from importbot.model.revisions import Revision
from importbot.model.steps import ImportStep
from importbot.model.titles import Title
from importbot.reports.texts import HeldTexts
from tests.kit.plans import titled


SOURCE = Endpoint('https://source.example/w/api.php', 'sourcewiki',
                  prefix='w:de')
TARGET = Endpoint('https://target.example/w/api.php', 'targetwiki',
                  user='ImportBot')
_NAMES = ('Infobox Rover', 'Navigationsleiste Raumsonden', 'Überblick',
          'Koordinate', 'Zvěst 🜨', 'ローバー', 'مركبة جوالة')
_WAYS = (
    (Decision.IMPORT, Reason.NEEDED, Relation.MISSING),
    (Decision.IMPORT, Reason.BEHIND, Relation.BEHIND),
    (Decision.SKIP, Reason.EXISTS, Relation.DIVERGED),
    (Decision.SKIP, Reason.IDENTICAL, Relation.IDENTICAL),
    (Decision.HOLD, Reason.ASK, Relation.DIVERGED),
    (Decision.REFUSE, Reason.RUNS_AS_CODE, Relation.MISSING))
_ERROR = 'internal_api_error_DBQueryError: a deadlock; see the log there'


def run_of(count: int, requested: int = 5, run: int | None = 7) -> Report:
    """Return a report of so many pages.

    Each page is needed by three that are nearer to a requested one.

    :param count: pages in all
    :param requested: how many of them somebody asked for
    :param run: number of the run, None for a plan
    """
    pages = [_page(number, requested) for number in range(count)][::-1]
    results = tuple(_result(page, number)
                    for number, page in enumerate(pages))
    notes = tuple(Note.of(NoteKind.USERS, str(page.title), {'count': number})
                  for number, page in enumerate(pages[:12]))
    authors = Note.of(NoteKind.AUTHORS, str(pages[0].title), {'authors': tuple(
        AuthorEdits(f'Anna {number}', f'w:de>Anna {number}', number)
        for number in range(60))})
    plan = Plan(SOURCE, TARGET, Policy(templates='mentioned', tags=('a', )),
                tuple(pages), notes=(*notes, authors),
                unresolved=(Unresolved('Vorlage:{{{1}}}',
                                       (pages[0].title, )), ))
    return Report(plan, run, results if run else ())


def _page(number: int, requested: int) -> PlannedPage:
    is_requested = number < requested
    decision, reason, relation = _WAYS[number % len(_WAYS)]
    if is_requested:
        decision, reason, relation = (Decision.IMPORT, Reason.REQUESTED,
                                      Relation.MISSING)
    title = _title(number, requested)
    newest = Revision(90_000 + number, 0, '2024-01-01T00:00:00Z', 'a' * 40)
    ours = Revision(400 + number, 0, '2023-01-01T00:00:00Z', 'b' * 40)
    return PlannedPage(
        title, title,
        Role.REQUESTED if is_requested else
        (Role.TEMPLATE, Role.MODULE, Role.STYLE)[number % 3],
        () if is_requested else tuple(sorted({
            _title(other, requested) for other in (
                number // 4, number // 3, number // 2)
            if other < number}, key=str)),
        (Evidence.MENTIONED, Evidence.USED), relation, decision, reason,
        (ImportStep('interwiki', history='full'), )
        if decision is Decision.IMPORT else (), newest,
        revisions=number * 7 % 300,
        replaced=None if relation is Relation.MISSING else ours)


def _title(number: int, requested: int) -> Title:
    name = f'{_NAMES[number % len(_NAMES)]} {number}'
    return titled(name if number < requested else f'Vorlage:{name}')


def _result(page: PlannedPage, number: int) -> PageResult:
    if not page.steps:
        return PageResult(Outcome.UNCHANGED)
    if number % 29 == 0:
        return PageResult(Outcome.FAILED, error=Problem.quoted(_ERROR))
    return PageResult(Outcome.VERIFIED, page.revisions or 1)


def held_of(report: Report, lines: int = 40) -> list[HeldTexts]:
    """Return texts of the pages on hold, so many lines each.

    :param report: of :func:`run_of`
    :param lines: of each text
    """
    text = [f'| label{number} = A word or two of <b>line</b> {number}'
            for number in range(lines)]
    theirs = [line.replace('two', 'three') if number % 9 == 4 else line
              for number, line in enumerate(text)]
    return [HeldTexts(page, page.newest.id, page.replaced.id,
                      '\n'.join(theirs), '\n'.join([*text, 'Ours alone']))
            for page in report.plan.pages
            if page.decision is Decision.HOLD and page.newest
            and page.replaced]
