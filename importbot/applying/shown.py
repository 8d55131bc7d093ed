"""What imported pages show on the target, for the report of their run."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

from importbot.journal.journal import Journal
from importbot.model.decisions import Outcome, Role
from importbot.model.errors import ImportbotError
from importbot.model.notes import Note, NoteKind
from importbot.model.options import LOOKED_AT
from importbot.model.plan import Plan, PlannedPage
from importbot.model.report import Report
from importbot.model.titles import MODULE
from importbot.wikis.api_values import Rendering, ShownPage
from importbot.wikis.wiki import Wiki
from importbot.wikitext.left_over import Suspicion, left_in


__all__ = ('with_rendering', )

_ARRIVED = (Outcome.VERIFIED, Outcome.IMPORTED, Outcome.DIFFERS)

#: Pages of one query.
_TOGETHER = 50
#: So many requested pages are parsed one by one. Of more, queries for many
#: at once tell which of them to parse.
_FEW = 50
#: Pages with script errors that are parsed.
_ERRONEOUS = 500
#: Pages that are parsed to see whether they show something as text, and
#: those of them that have to.
_TRIED, _ENOUGH = 10, 3
#: Pages that a note names.
_NAMED = 100

#: Told how many pages were looked at, and of how many.
Progress = Callable[[int, int], None]


def with_rendering(report: Report, target: Wiki, journal: Journal,
                   most: int = LOOKED_AT,
                   progress: Progress = lambda done, total: None) -> Report:
    """Return a report with what its pages miss on the target.

    Those that arrived are looked at there as people see them. Does the wiki
    not answer, the report says how far the look came.

    :param journal: where that is recorded of the run, if there is one
    :param most: pages that are looked at, 0 for none
    :param progress: told how far it is
    """
    arrived = [page for page, result in zip(
        report.plan.pages, report.results, strict=True)
        if page.steps and result.outcome in _ARRIVED]
    look = _Look(target, report.plan, arrived[:most])
    # The record of the run is worth more than this look.
    with suppress(ImportbotError):
        look.gather(progress)
    notes: list[Note] = []
    with suppress(ImportbotError):
        notes += look.notes()
    if most and look.reached < len(arrived):
        notes.append(Note.of(NoteKind.LOOKED_AT, '', {
            'count': look.reached, 'total': len(arrived)}))
    if report.run is not None:
        journal.shown(report.run, notes)
    return replace(report, notes=tuple(notes))


class _Look:

    """A look at the pages of a run as the target shows them.

    :param target: shows them
    :param plan: of the run
    :param pages: those that arrived, in the order of the plan
    :ivar reached: pages that were looked at
    """

    def __init__(self, target: Wiki, plan: Plan,
                 pages: Sequence[PlannedPage]) -> None:
        self.reached = 0
        self._target = target
        self._pages = pages
        self._requested = [page.target_text for page in pages
                           if page.role is Role.REQUESTED]
        self._modules = {page.target_text for page in pages
                         if page.target and page.target.namespace == MODULE}
        #: What the source lacks as well, by title on the target.
        self._nowhere = {page.target_text for page in plan.pages
                         if page.is_missing_on_source} | {
            title for note in plan.notes if note.kind is NoteKind.NOWHERE
            for title in note.titles}
        #: What texts ask for in vain, with the pages that show it.
        self._unknown: dict[str, list[str]] = {}
        #: The same by page.
        self._unknown_of: dict[str, frozenset[str]] = {}
        self._missing: dict[str, list[str]] = {}
        self._erroneous: list[str] = []
        self._is_there: dict[str, bool] = {}
        self._parsed: dict[str, Rendering] = {}

    def gather(self, progress: Progress) -> None:
        """Look at many pages at once for what is suspect.

        :param progress: told how far it is
        :raises ImportbotError: the target does not answer
        """
        for start in range(0, len(self._pages), _TOGETHER):
            some = self._pages[start:start + _TOGETHER]
            progress(start, len(self._pages))
            shown = self._target.shown([page.target_text for page in some],
                                       self._tracking)
            if not self._are_few:
                self._find_out({title for page in shown.values()
                                for title in page.transcluded})
            for page in some:
                self._suspect(page, shown[page.target_text])
            self.reached += len(some)

    @cached_property
    def _suspicion(self) -> Suspicion:
        return Suspicion(self._target.siteinfo())

    @cached_property
    def _tracking(self) -> str:
        """The category of pages with script errors; of few nobody asks."""
        return ('' if self._are_few
                else self._target.script_error_category())

    @property
    def _are_few(self) -> bool:
        return len(self._requested) <= _FEW

    def _find_out(self, titles: set[str]) -> None:
        """See which of some pages the target has."""
        reads = self._target.pages(titles - self._is_there.keys())
        self._is_there.update((title, read.newest is not None)
                              for title, read in reads.items())

    def _suspect(self, page: PlannedPage, shown: ShownPage) -> None:
        title = page.target_text
        unknown: set[str] = set()
        if page.target and shown.text and shown.model == 'wikitext':
            unknown |= self._suspicion.unknown(shown.text, page.target)
        for other in shown.transcluded:
            unknown |= self._unknown_of.get(other, frozenset())
        if unknown:
            self._unknown_of[title] = frozenset(unknown)
        for name in unknown:
            self._unknown.setdefault(name, []).append(title)
        if page.role is Role.REQUESTED and not self._are_few:
            for other in shown.transcluded:
                if not self._is_there[other]:
                    self._missing.setdefault(other, []).append(title)
            if shown.is_tracked:
                self._erroneous.append(title)

    def notes(self) -> Iterator[Note]:
        """Yield what is wrong; pages are parsed where only that tells.

        :raises ImportbotError: the target does not answer
        """
        yield from (self._notes_on_few() if self._are_few
                    else self._notes_on_many())
        for name, titles in sorted(self._unknown.items()):
            showing = self._showing(name, titles)
            if showing:
                yield Note.of(NoteKind.RAW_TEXT, showing[0], {
                    'name': name, 'count': len(showing),
                    'titles': tuple(showing[:_NAMED])})

    def _notes_on_few(self) -> Iterator[Note]:
        for title in self._requested[:self.reached]:
            rendering = self._rendering(title)
            for name in rendering.missing:
                yield self._missing_note(name, title)
            if rendering.script_errors:
                yield Note.of(NoteKind.SCRIPT_ERRORS, title, {
                    'count': rendering.script_errors})

    def _notes_on_many(self) -> Iterator[Note]:
        for name, titles in sorted(self._missing.items()):
            for title in titles:
                yield self._missing_note(name, title)
        for place, title in enumerate(self._erroneous):
            count = (self._rendering(title).script_errors
                     if place < _ERRONEOUS else 1)
            if count:
                yield Note.of(NoteKind.SCRIPT_ERRORS, title, {
                    'count': count})

    def _missing_note(self, name: str, title: str) -> Note:
        # Each module looks for its documentation, had it one or not.
        is_usual = title in self._modules and name.startswith(f'{title}/')
        return Note.of(NoteKind.MISSING_TEMPLATE, title, {
            'template': name,
            'on_source': not (is_usual or name in self._nowhere)})

    def _showing(self, name: str, titles: Sequence[str]) -> list[str]:
        """Return the pages that show something as text.

        Some are parsed. Do none of them show it, the others do not count;
        do enough of them, the others do.
        """
        seen: list[str] = []
        for tried, title in enumerate(titles[::-1]):
            if name in self._rendering(title).left:
                seen.append(title)
            if len(seen) >= _ENOUGH:
                return [*seen, *titles[::-1][tried + 1:]]
            if not seen and tried + 1 >= _TRIED:
                break
        return seen

    def _rendering(self, title: str) -> Rendering:
        if title not in self._parsed:
            self._parsed[title] = self._target.rendering(
                title, lambda html: left_in(html, self._unknown))
        return self._parsed[title]
