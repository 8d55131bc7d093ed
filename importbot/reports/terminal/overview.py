"""Plans and reports for the terminal, in the order in which they are read.

The numbers stand first, then what needs eyes, then the rest: names on a few
lines. Notes come last, where the question is asked.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType

from importbot.i18n import message
from importbot.model.decisions import Outcome, Role
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import listed, printable
from importbot.model.report import PageResult, Report
from importbot.model.undo_plan import UndoPage, UndoPlan
from importbot.reports.overview import (
    Group,
    Overview,
    Section,
    SectionKind,
    overview_of,
)
from importbot.reports.terminal.changes import change_table
from importbot.reports.terminal.layout import (
    Names,
    Paragraph,
    Unbroken,
    WordTable,
)
from importbot.reports.terminal.remedies import (
    advice_with_remedy,
    note_with_remedy,
    with_remedy,
)
from importbot.reports.terminal.tables import safe
from importbot.reports.wiki_links import links_of
from importbot.reports.words.changes import (
    AnyPage,
    AnyPlan,
    AnyReport,
    advice_sentence,
    first_and_more,
    is_kept_out,
    outcome_sentence,
    step_sentence,
)
from importbot.reports.words.overview import (
    counted_note,
    group_said,
    group_title,
    headline,
    section_title,
    why,
)
from importbot.reports.words.runs import host


__all__ = ('overview_parts', 'without_old_news')

#: Pages that stand in a line each: of a section whose pages each have more
#: to say, and of any other group.
_SINGLY, _FEW = 8, 2
#: Pages of a plan that is small, and lines that the names of such a plan
#: and of a larger one have together.
_SMALL, _LINES, _MORE_LINES = 100, 15, 38
#: Lines after which nobody reads on.
_MOST_LINES = 12
#: Letters of a line, about.
_LETTERS = 66
#: Notes of one kind, where all are wanted.
_ALL = 1_000_000

_STYLES = {
    SectionKind.WRONG: 'bold red', SectionKind.HOLD: 'bold yellow',
    SectionKind.REFUSE: 'bold red', SectionKind.REPLACED: 'bold yellow',
    SectionKind.STAYS: 'bold yellow'}

#: Whose pages are all of the namespace that the heading names.
_ONE_NAMESPACE = (Role.TEMPLATE, Role.MODULE)

#: Outcomes that leave a page on the target.
_ARRIVED = (Outcome.VERIFIED, Outcome.IMPORTED, Outcome.DIFFERS)


def overview_parts(thing: AnyPlan | AnyReport, language: str, *,
                   everything: bool = False, more: str = '',
                   table: WordTable | None = None) -> list[RenderableType]:
    """Return a plan or report for the terminal.

    :param thing: of an import or an undo
    :param language: of all words that come from no wiki
    :param everything: whether all pages are to stand below, one a row, and
        each note alone
    :param more: option that shows them, empty for none
    :param table: of all pages, if it is not the usual one; who has it knows
        the run
    """
    teller = _Teller(thing, language, everything, more)
    return [*teller.numbers(), *(() if table else teller.way()),
            *teller.sections(), *teller.pages(table), *teller.notes(),
            *(() if table else teller.run())]


class _Teller:

    """Says in words what an overview holds."""

    def __init__(self, thing: AnyPlan | AnyReport, language: str,
                 everything: bool, more: str) -> None:
        self._plan: AnyPlan = (thing if isinstance(thing, (Plan, UndoPlan))
                               else thing.plan)
        self._pages: Sequence[AnyPage] = self._plan.pages
        self._results: Sequence[PageResult] = (
            () if isinstance(thing, (Plan, UndoPlan)) else thing.results)
        self._run = (None if isinstance(thing, (Plan, UndoPlan))
                     else thing.run)
        self._overview: Overview = (
            overview_of(thing, singly=_ALL) if everything
            else overview_of(thing))
        self._language = language
        self._lines = self._shared_lines()
        self._more = '' if everything else more
        self._everything = everything

    def numbers(self) -> Iterator[RenderableType]:
        """Yield the one line that says most."""
        yield Paragraph(safe(headline(self._overview, self._language),
                             'bold'))

    def way(self) -> Iterator[RenderableType]:
        """Yield between which wikis it goes, and by which account."""
        yield Paragraph(safe(self._way()))

    def sections(self) -> Iterator[RenderableType]:
        """Yield what needs eyes, then the rest."""
        for section in self._overview.sections:
            yield from self._section(section)

    def pages(self, table: WordTable | None) -> Iterator[RenderableType]:
        """Yield all pages, where that is wanted.

        :param table: of them, None for the usual one
        """
        if self._everything:
            yield table or replace(change_table(
                self._plan, self._language, self._results
                if self._overview.is_report else None, most=None),
                title=None)

    def run(self) -> Iterator[RenderableType]:
        """Yield how the run is looked at and undone from now on."""
        if self._overview.is_report:
            yield Paragraph(safe(self._run_line()))

    def _way(self) -> str:
        """Return between which wikis it goes."""
        plan = self._plan
        values = {'target': host(plan.target.api), 'plan': plan.id,
                  'user': plan.target.user}
        if isinstance(plan, UndoPlan):
            return message(self._language, 'overview-way-undo', **values,
                           undone=plan.run)
        prefix, source = plan.source.prefix, host(plan.source.api)
        return message(self._language, 'overview-way', **values,
                       source=f'{prefix} ({source})' if prefix else source)

    def _run_line(self) -> str:
        values = {'run': self._run, 'look': f'pwb importruns -run:{self._run}'}
        if isinstance(self._plan, UndoPlan) or not self._plan.has_work:
            return message(self._language, 'overview-run-undone', **values)
        return message(self._language, 'overview-run', **values,
                       undo=f'pwb importundo {self._run}')

    def _shared_lines(self) -> dict[Group, int]:
        """Return how many lines the names of each group have.

        Groups that need few get what they need, and leave the rest to
        those that need more.
        """
        needs = {group: 1 + self._letters(section.kind, group) // _LETTERS
                 for section in self._overview.sections
                 for group in section.groups
                 if not _is_told_singly(section, group)}
        left = _LINES if len(self._pages) <= _SMALL else _MORE_LINES
        lines = {}
        for number, group in enumerate(sorted(needs, key=needs.__getitem__)):
            share = max(2, left // (len(needs) - number))
            lines[group] = min(needs[group], share, _MOST_LINES)
            left -= lines[group]
        return lines

    def _letters(self, kind: SectionKind, group: Group) -> int:
        return len(self._title(kind, group)) + sum(
            2 + len(_short(self._pages[place]))
            for place in group.places)

    def _section(self, section: Section) -> Iterator[RenderableType]:
        if len(self._overview.sections) > 1 or (
                section.kind is not SectionKind.REST):
            yield Paragraph(safe(section_title(section.kind, self._language),
                                 _STYLES.get(section.kind, 'bold')))
        for group in section.groups:
            if _is_told_singly(section, group):
                for place in group.places:
                    yield from self._single(section.kind, group, place)
            else:
                yield from self._group(section.kind, group)

    def _single(self, kind: SectionKind, group: Group,
                place: int) -> Iterator[RenderableType]:
        page = self._pages[place]
        said = '; '.join(filter(None, self._said(kind, group, page, place)))
        yield Paragraph(safe(_way_of(page)
                             + (f': {said}' if said else '')), 2)
        yield from self._address(page, place)

    def _said(self, kind: SectionKind, group: Group, page: AnyPage,
              place: int) -> Iterator[str]:
        """Yield what is to be said of one page."""
        result = self._results[place] if self._overview.is_report else None
        if result and (page.steps or result.outcome not in (
                None, Outcome.UNCHANGED)):
            yield outcome_sentence(
                result.outcome.value if result.outcome else 'none',
                self._language, is_undo=isinstance(page, UndoPage))
        elif isinstance(page, UndoPage) and page.steps:
            yield step_sentence(page, self._language)
        elif kind in (SectionKind.REQUESTED, SectionKind.WRONG):
            yield self._decision(page)
        if kind is not SectionKind.NOT_ON_SOURCE:
            yield why(page, self._language)
        yield self._advice(page, group)
        if isinstance(page, PlannedPage):
            yield self._number(page, result)
            if kind in (SectionKind.STAYS, SectionKind.NOT_ON_SOURCE):
                yield message(
                    self._language, 'overview-needed-by',
                    pages=first_and_more(map(str, page.needed_by)))

    def _decision(self, page: AnyPage) -> str:
        """Return the decision, with the steps that follow the import."""
        later = page.follow_ups if isinstance(page, PlannedPage) else ()
        return ' + '.join([
            self._word('decision', page.decision.value),
            *(self._word('html-action', step.action) for step in later)])

    def _word(self, kind: str, name: str) -> str:
        return message(self._language, f'{kind}-{name}')

    def _number(self, page: PlannedPage, result: PageResult | None) -> str:
        """Return how many revisions come, or came."""
        count = result.imported if result else (
            page.revisions if page.is_full else 0)
        return message(self._language, 'overview-versions',
                       count=count) if count and page.steps else ''

    def _advice(self, page: AnyPage, group: Group) -> str:
        """Return what is wrong, or what a person can do."""
        if group.error:
            return with_remedy(group.error, self._language)
        if not is_kept_out(page):
            return ''
        return (advice_with_remedy(page, self._language)
                if isinstance(page, PlannedPage)
                else advice_sentence(page, self._language))

    def _address(self, page: AnyPage,
                 place: int) -> Iterator[RenderableType]:
        """Yield where a requested page is, once it is there."""
        if (self._overview.is_report and page.role is Role.REQUESTED
                and isinstance(page, PlannedPage)
                and self._results[place].outcome in _ARRIVED):
            address = links_of(self._plan.target.api).page(page.target_text)
            if address:
                yield Unbroken(safe(address), 4)

    def _group(self, kind: SectionKind,
               group: Group) -> Iterator[RenderableType]:
        title = self._title(kind, group)
        yield Names(
            safe(f'{title} –'),
            [printable(_short(self._pages[place]))
             for place in group.places],
            self._lines[group], self._and_more, 2)
        advice = self._advice(self._pages[group.places[0]], group)
        if advice:
            yield Paragraph(safe(f'→ {advice}'), 4)
        for place in group.places[:_SINGLY]:
            yield from self._address(self._pages[place], place)

    def _title(self, kind: SectionKind, group: Group) -> str:
        """Return what is said of a group, without what its heading says."""
        says = (group_said if kind is SectionKind.REQUESTED else group_title)
        return says(group, self._pages, self._language)

    def _and_more(self, count: int) -> str:
        text = message(self._language, 'overview-more', count=count)
        return f'{text} ({self._more})' if self._more else text

    def notes(self) -> Iterator[RenderableType]:
        sentences = [
            counted_note(note, self._language, sentence=note_with_remedy(
                note.note, self._language))
            for note in self._overview.notes]
        if isinstance(self._plan, Plan) and self._plan.unresolved:
            names = [item.name for item in self._plan.unresolved]
            sentences.append(message(
                self._language, 'overview-unresolved', count=len(names),
                names=listed(names)))
        if sentences:
            yield Paragraph(safe(message(self._language, 'html-notes'),
                                 'bold'))
        for sentence in sentences:
            yield Paragraph(safe(sentence), 2)


def _is_told_singly(section: Section, group: Group) -> bool:
    """Return whether each page of a group has a line of its own."""
    if section.kind is SectionKind.REST:
        return False
    has_much = section.kind in (SectionKind.REQUESTED, SectionKind.WRONG)
    return len(group.places) <= _FEW or (
        has_much and len(section.places) <= _SINGLY)


def _way_of(page: AnyPage) -> str:
    """Return the title, and where it goes if that is another."""
    title = str(page.title)
    # As texts: the journal has titles whose namespace nobody knows.
    if isinstance(page, PlannedPage) and page.target_text not in ('', title):
        return f'{title} → {page.target}'
    return title


def _short(page: AnyPage) -> str:
    """Return the title, without a namespace that the heading names."""
    way = _way_of(page)
    if (isinstance(page, PlannedPage) and page.role in _ONE_NAMESPACE
            and way == str(page.title)):
        return way.partition(':')[2] or way
    return way


def without_old_news(report: Report) -> Report:
    """Return a report with what it says that its plan did not say.

    What the source lacks as well is no news.
    """
    return replace(report, plan=replace(
        report.plan, notes=(), unresolved=()), notes=tuple(
            note for note in report.notes if note.is_news))
