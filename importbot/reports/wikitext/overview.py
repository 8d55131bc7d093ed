"""Imports and undos in the order of reading, as wikitext."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from importbot.i18n import message
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import printable
from importbot.model.report import Report, UndoReport
from importbot.model.undo_plan import UndoPage
from importbot.reports.overview import (
    CountedNote,
    Group,
    Overview,
    Section,
    SectionKind,
    overview_of,
)
from importbot.reports.wikitext.changes import cleanup_lines, error_text
from importbot.reports.wikitext.escape import link, plain
from importbot.reports.words.changes import (
    AnyPage,
    AnyPlan,
    AnyReport,
    advice_sentence,
    is_kept_out,
    step_sentence,
)
from importbot.reports.words.overview import (
    counted_note,
    group_said,
    group_title,
    headline,
    joined,
    section_title,
)


__all__ = ('WikiOverview', 'overview_wikitext')


def overview_wikitext(thing: AnyPlan | AnyReport, language: str,
                      diffs: Iterable[str] = ()) -> list[str]:
    """Return a whole plan or report: first the numbers, then what needs eyes,
    then the rest, folded, then the notes.

    :param thing: of an import or an undo
    :param language: of all words that come from no wiki
    :param diffs: what stands against what, in wikitext
    """
    shown = WikiOverview(thing, language)
    return [f'{shown.verdict} <small>{shown.plan.id}</small>',
            *shown.needs_eyes(), *diffs, *shown.rest(), *shown.notes(),
            *shown.cleanups()]


class WikiOverview:

    """Writes the parts of an overview.

    :param thing: of an import or an undo
    :param language: of all words that come from no wiki
    :ivar plan: the plan, or that of the report
    :ivar overview: what is written
    """

    def __init__(self, thing: AnyPlan | AnyReport, language: str) -> None:
        self.plan = (thing.plan if isinstance(thing, (Report, UndoReport))
                      else thing)
        self._pages: Sequence[AnyPage] = self.plan.pages
        self._prefix = (self.plan.source.prefix or ''
                        if isinstance(self.plan, Plan) else '')
        self._language = language
        self.overview: Overview = overview_of(thing)

    @property
    def verdict(self) -> str:
        """The numbers, and of a report whether all went as planned."""
        return f"'''{plain(headline(self.overview, self._language))}'''"

    def needs_eyes(self, without: Collection[int] = (),
                   most: int | None = None) -> Iterator[str]:
        """Yield what a person has to look at, section by section.

        :param without: places of pages that are shown elsewhere
        :param most: pages of a group that are named, None for all
        """
        for section in self.overview.needs_eyes:
            lines = [*self._groups(section, without, most)]
            if lines:
                yield f"'''{self._heading(section.kind)}'''"
                yield from lines

    def _groups(self, section: Section, without: Collection[int],
                most: int | None) -> Iterator[str]:
        for group in section.groups:
            places = [place for place in group.places
                      if place not in without]
            if not places:
                continue
            said = self._said(replace(group, places=tuple(places)), has_role=(
                section.kind is not SectionKind.REQUESTED))
            links = [self._both(self._pages[place])
                     for place in places[:most]]
            if len(places) > len(links):
                links.append(plain(message(
                    self._language, 'overview-more',
                    count=len(places) - len(links))))
            yield f'* {self._joined("colon", said, ", ".join(links))}'

    def rest(self) -> Iterator[str]:
        """Yield the other pages as a table that is closed at first."""
        groups = self.overview.rest
        if not groups:
            return
        count = sum(len(group.places) for group in groups)
        # What opens it stands at its right end.
        yield ('{| class="wikitable mw-collapsible mw-collapsed" '
               'style="width: 100%"')
        heading = self._heading(SectionKind.REST)
        yield f'! {self._joined("colon", heading, str(count))}'
        for group in groups:
            yield '|-'
            links = ', '.join(
                self._one(self._pages[place]) for place in group.places)
            said = f"'''{self._said(group)}'''"
            yield f'| {self._joined("colon", said, links)}'
        yield '|}'

    def notes(self, *, only_news: bool = False) -> Iterator[str]:
        """Yield the notes, equal ones as one, as items of a list.

        :param only_news: whether those of the plan are left out
        """
        for counted in self.overview.notes:
            if not only_news or (counted.note.is_news and (
                    counted.note not in self.plan.notes)):
                yield f'* {self._note(counted)}'

    def cleanups(self) -> list[str]:
        """Return which clean-ups which pages get, as items of a list."""
        return (cleanup_lines(self.plan, self._language)
                if isinstance(self.plan, Plan) else [])

    def _joined(self, sign: str, *parts: str) -> str:
        return joined(sign, parts, self._language)

    def _note(self, counted: CountedNote) -> str:
        return plain(printable(counted_note(counted, self._language)))

    def _heading(self, kind: SectionKind) -> str:
        return plain(section_title(kind, self._language))

    def _said(self, group: Group, *, has_role: bool = True) -> str:
        """Return what is to be said of the pages of a group."""
        page = self._pages[group.places[0]]
        title = group_title if has_role else group_said
        said = plain(title(group, self._pages, self._language))
        advice = advice_sentence(page, self._language)
        if advice and is_kept_out(page):
            said = self._joined('semicolon', said, plain(advice))
        return said + error_text(group.error, self._language)

    def _both(self, page: AnyPage) -> str:
        """Return links to a page on both wikis."""
        if isinstance(page, UndoPage):
            step = step_sentence(page, self._language)
            return link(page.title) + (f' ({plain(step)})' if step else '')
        title, here = str(page.title), page.target_text
        if here not in ('', title):
            return f'{self._there(page, title)} → {link(here)}'
        if not here or not self._prefix:
            return self._there(page, title)
        return f'{link(here)} ({self._there(page, self._prefix)})'

    def _one(self, page: AnyPage) -> str:
        """Return one link to a page: of a plan there, of a report here."""
        if isinstance(page, UndoPage):
            return link(page.title)
        title, here = str(page.title), page.target_text
        if here not in ('', title):
            return self._both(page)
        if here and self.overview.is_report:
            return link(here)
        return self._there(page, title)

    def _there(self, page: PlannedPage, label: str) -> str:
        """Return a link to the revision that is imported, or to the page.

        :param label: what is shown for it
        """
        title = str(page.title)
        if not self._prefix:
            return plain(title)
        if page.import_steps and page.newest:
            title = f'Special:PermanentLink/{page.newest.id}'
        return link(f'{self._prefix}:{title}', label)
