"""What stands first in a report: what needs eyes, then the rest by role."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from importbot.i18n import message
from importbot.model.decisions import Relation
from importbot.model.plan import Plan, PlannedPage
from importbot.model.problems import Problem
from importbot.model.undo_plan import UndoPage
from importbot.reports.html.asked import name_of
from importbot.reports.html.differences import Difference
from importbot.reports.html.pieces import link
from importbot.reports.html.visible import isolated
from importbot.reports.overview import (
    CountedNote,
    Group,
    Overview,
    SectionKind,
    Tally,
)
from importbot.reports.wiki_links import WikiLinks, links_of
from importbot.reports.words.changes import (
    AnyPage,
    AnyPlan,
    advice_sentence,
    first_and_more,
    is_kept_out,
    step_sentence,
)
from importbot.reports.words.notes import note_values
from importbot.reports.words.overview import (
    joined,
    section_title,
    tallies_sentence,
    why,
)


__all__ = ('OverviewParts', 'ShownGroup', 'ShownNote', 'ShownPage',
           'ShownSection')

#: Pages of a group, and names of one where nobody has to look.
_MOST_PAGES, _MOST_NAMES = 200, 60
#: Pages of a group that have a line each: others, and requested ones.
_MOST_LINES, _MOST_REQUESTED = 6, 50

#: Sections in which it matters who needs a page.
_NEEDED = (SectionKind.STAYS, SectionKind.NOT_ON_SOURCE)

#: How a tally looks: as a decision.
_LOOKS = {
    'import': (Tally.NEW, Tally.FORWARD, Tally.VERIFIED, Tally.UNDONE,
               Tally.DELETE, Tally.RESTORE, Tally.MARK, Tally.UNMERGE,
               Tally.HISTORY),
    'skip': (Tally.STAY, Tally.UNCHANGED),
    'hold': (Tally.OVERWRITE, Tally.MATTER, Tally.HOLD, Tally.IMPORTED,
             Tally.UNKNOWN, Tally.NONE),
    'refuse': (Tally.REFUSE, Tally.DIFFERS, Tally.FAILED, Tally.REJECTED)}
_LOOK_OF = {tally: look for look, tallies in _LOOKS.items()
            for tally in tallies}


@dataclass(frozen=True, slots=True)
class ShownPage:

    """A page by its name.

    :param place: of the page in the plan
    :param title: as it is read
    :param links: to it on the wikis, and what is done to it
    :param more: other places that tell of it
    :param difference: what stands against what, None for nothing
    """

    place: int
    title: str
    links: Markup = Markup('')
    more: Markup = Markup('')
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class ShownGroup:

    """Pages of which the same is to be said.

    :param look: how its number looks
    :param count: the number in words
    :param role: what they are, empty where the heading says so
    :param why: the reason, empty where the number says it all
    :param advice: what a person can do, empty where nobody has to
    :param error: what went wrong, None for nothing
    :param pages: the pages that are shown
    :param folded: names that are shown on demand
    :param left_out: number of those that are not shown
    """

    look: str
    count: str
    role: str
    why: str
    advice: str
    error: Problem | None
    pages: tuple[ShownPage, ...]
    folded: tuple[ShownPage, ...] = ()
    left_out: int = 0

    @property
    def is_list(self) -> bool:
        """Whether each page has a line of its own."""
        most = _MOST_LINES if self.role else _MOST_REQUESTED
        return len(self.pages) <= most or any(
            page.difference for page in self.pages)


@dataclass(frozen=True, slots=True)
class ShownSection:

    """Groups below a heading.

    :param kind: what their pages have in common
    :param heading: in words
    :param groups: never none
    """

    kind: str
    heading: str
    groups: tuple[ShownGroup, ...]


@dataclass(frozen=True, slots=True)
class ShownNote:

    """A note, with the pages of which it is true as well.

    :param sentence: the note
    :param others: those pages
    """

    sentence: Markup
    others: tuple[str, ...]


class OverviewParts:

    """Makes the parts of an overview.

    :param overview: what is shown
    :param plan: whose pages it has
    :param language: of all words that come from no wiki
    """

    def __init__(self, overview: Overview, plan: AnyPlan,
                 language: str) -> None:
        self._overview = overview
        self._pages: Sequence[AnyPage] = plan.pages
        self._language = language
        self._target = links_of(plan.target.api)
        self._source, self._source_name = WikiLinks(''), ''
        if isinstance(plan, Plan):
            self._source = links_of(plan.source.api)
            self._source_name = plan.source.prefix or name_of(plan.source)

    @property
    def verdict(self) -> Markup:
        """The numbers, and of a report whether all went as planned."""
        comma = joined('comma', ('\n', ''), self._language).strip('\n')
        counts = Markup('<span class="comma">{}</span>').format(comma).join(
            Markup('<span class="decision {}">{}</span>').format(
                _LOOK_OF[tally], tallies_sentence({tally: count},
                                                  self._language))
            for tally, count in self._overview.tallies.items()
            ) or Markup.escape(tallies_sentence({}, self._language))
        if not self._overview.is_report:
            return counts
        key = ('overview-well' if self._overview.is_well
               else 'overview-not-well')
        before, _mark, after = message(
            self._language, key, counts='\n').partition('\n')
        return Markup('{}{}{}').format(before, counts, after)

    @property
    def look(self) -> str:
        """How that looks."""
        if self._overview.is_report:
            return 'good' if self._overview.is_well else 'bad'
        return 'plan'

    def needs_eyes(self, differences: Mapping[str, Difference],
                   ) -> list[ShownSection]:
        """Return what a person has to look at.

        :param differences: what stands against what, by title on the source
        """
        return [ShownSection(
            section.kind.value, section_title(section.kind, self._language),
            tuple(self._with_links(group, section.kind, differences)
                  for group in section.groups))
            for section in self._overview.needs_eyes]

    def rest(self) -> list[ShownGroup]:
        """Return the groups of all other pages."""
        return [self._group(
            group, [ShownPage(place, str(self._pages[place].title))
                    for place in group.places], _MOST_NAMES)
            for group in self._overview.rest]

    def notes(self, without: Collection[object]) -> list[ShownNote]:
        """Return the notes, equal ones as one.

        :param without: kinds of those that are told elsewhere
        """
        return [self._note(counted) for counted in self._overview.notes
                if counted.note.kind not in without]

    def _note(self, counted: CountedNote) -> ShownNote:
        note = counted.note
        return ShownNote(
            isolated(self._language, f'note-{note.kind.value}',
                     **note_values(note, self._language)),
            tuple(other.page for other in counted.others if other.page))

    def _with_links(self, group: Group, kind: SectionKind,
                    differences: Mapping[str, Difference]) -> ShownGroup:
        pages = [self._page(place, kind, differences)
                 for place in group.places[:_MOST_PAGES]]
        return self._group(group, pages, len(pages), has_role=(
            kind is not SectionKind.REQUESTED))

    def _group(self, group: Group, pages: Sequence[ShownPage], most: int, *,
               has_role: bool = True) -> ShownGroup:
        first, language = self._pages[group.places[0]], self._language
        return ShownGroup(
            _LOOK_OF[group.tally],
            tallies_sentence({group.tally: len(group.places)}, language),
            message(language, f'overview-role-{group.role.value}')
            if has_role else '', why(first, language),
            advice_sentence(first, language) if is_kept_out(first) else '',
            group.error, tuple(pages[:most]),
            tuple(pages[most:most + _MOST_PAGES * 10]),
            len(group.places) - min(len(pages), most + _MOST_PAGES * 10))

    def _page(self, place: int, kind: SectionKind,
              differences: Mapping[str, Difference]) -> ShownPage:
        page = self._pages[place]
        title = str(page.title)
        if isinstance(page, UndoPage):
            step = step_sentence(page, self._language)
            return ShownPage(
                place, title, link(self._target.page(title), title),
                Markup(' · ').join([Markup.escape(step)] * bool(step)
                                   + self._history(title)))
        here = page.target_text
        links, more = self._both(page, title, here)
        return ShownPage(place, title, links, Markup(' · ').join(
            [*self._besides(page, kind), *more,
             *self._history(here if self._is_here(page) else '',
                            page.interim_title)]),
            differences.get(title))

    def _besides(self, page: PlannedPage,
                 kind: SectionKind) -> Iterator[Markup]:
        """Yield what is to be known of a page in its section."""
        if kind is SectionKind.REQUESTED and page.revisions:
            yield isolated(self._language, 'overview-versions',
                           count=page.revisions)
        if kind in _NEEDED and page.needed_by:
            yield isolated(self._language, 'overview-needed-by',
                           pages=first_and_more(map(str, page.needed_by)))

    def _is_here(self, page: PlannedPage) -> bool:
        """Return whether the target has the page by now."""
        is_new = page.relation in (None, Relation.MISSING)
        return bool(page.target and (not is_new or (
            self._overview.is_report and page.import_steps)))

    def _both(self, page: PlannedPage, title: str,
              here: str) -> tuple[Markup, list[Markup]]:
        """Return links to a page, and what leads to the other wiki."""
        there = self._source.page(title)
        if here not in ('', title):
            return Markup('{} → {}').format(
                link(there, title), link(self._target.page(here), here)), []
        if not self._is_here(page):
            return link(there, title), []
        return link(self._target.page(here), here), [
            link(there, self._source_name)] if there else []

    def _history(self, title: str, landing: str = '') -> list[Markup]:
        """Return links to what the target knows of a page.

        :param landing: the title that the import gave it, where its entry of
            the log stays
        """
        if not (title and self._target.index):
            return []
        return [Markup('<a href="{}">{}</a>').format(
            address, message(self._language, key)) for key, address in (
            ('html-history', self._target.history(title)),
            ('html-log-import', self._target.log(
                'import', landing or title)))]
