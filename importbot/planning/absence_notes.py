"""What a person should know of pages that imported ones lead to in vain."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from importbot.model.capabilities import Capability
from importbot.model.decisions import Decision, Role
from importbot.model.notes import Note, NoteKind
from importbot.model.titles import MEDIAWIKI, Title
from importbot.planning.survey import Survey
from importbot.rules.arrival import Arrivals
from importbot.rules.decide import Verdict
from importbot.sources.transfer import Transfer


__all__ = ('notes_on_absence', )

_Where = Mapping[Title, set[Title]]


def notes_on_absence(survey: Survey, verdicts: Mapping[Title, Verdict],
                     transfer: Transfer) -> Iterator[Note]:
    """Yield notes on pages that neither come nor are there."""
    look = _Look(survey, verdicts, transfer)
    needed, redirects = look.needed(), look.redirects()
    categories = look.categories()
    absent = look.absent({*needed, *redirects, *categories})
    on_source = look.on_source(absent & {*needed, *redirects})
    for title in sorted(absent & on_source & needed.keys()
                        - survey.equivalents.keys(), key=str):
        yield Note.of(NoteKind.LEFT_OUT, str(title),
                      {'needed_by': _spelled(needed[title])})
    if Capability.RENDER not in transfer.source.capabilities:
        nowhere = absent - on_source - redirects.keys()
        yield from _gathered(NoteKind.NOWHERE, nowhere & needed.keys(),
                             needed)
    yield from _redirects(absent - on_source, redirects)
    yield from _gathered(NoteKind.CATEGORIES, absent & categories.keys(),
                         categories)


def _spelled(titles: Iterable[Title]) -> tuple[str, ...]:
    return tuple(sorted(map(str, titles)))


def _gathered(kind: NoteKind, titles: Set[Title],
              where: _Where) -> Iterator[Note]:
    """Yield one note on all of some titles, if there are any."""
    if titles:
        spelled = _spelled(titles)
        yield Note.of(kind, spelled[0], {
            'count': len(spelled), 'titles': spelled,
            'needed_by': _spelled({page for title in titles
                                   for page in where[title]})})


def _redirects(absent: Iterable[Title], redirects: _Where) -> Iterator[Note]:
    lines = sorted((str(title), str(onward)) for onward in absent
                   for title in redirects.get(onward, ()))
    if lines:
        yield Note.of(NoteKind.REDIRECTS_NOWHERE, lines[0][0], {
            'count': len(lines),
            'titles': tuple(map(' \N{RIGHTWARDS ARROW} '.join, lines))})


class _Look:

    """What the pages that are imported lead to, and who has that."""

    def __init__(self, survey: Survey, verdicts: Mapping[Title, Verdict],
                 transfer: Transfer) -> None:
        self._survey = survey
        self._transfer = transfer
        self._imported = {title for title, verdict in verdicts.items()
                          if verdict.decision is Decision.IMPORT}

    def needed(self) -> dict[Title, set[Title]]:
        """Return what pages need, with those pages; titles of the source.

        Of a wiki that renders its pages it is all in the closure. A message
        is there without a page.
        """
        where: dict[Title, set[Title]] = {}
        for title in self._survey.closure.nodes.keys() - self._imported:
            needed_by = self._survey.needed_by(title) & self._imported
            if needed_by:
                where[title] = {*needed_by}
        if Capability.RENDER in self._transfer.source.capabilities:
            return where
        for title in self._imported:
            references = self._survey.references(title)
            redirect = references.redirect
            for other in (*references.titles, *([redirect] if redirect
                                                else [])):
                if (other not in self._imported
                        and other.namespace != MEDIAWIKI):
                    where.setdefault(other, set()).add(title)
        return where

    def redirects(self) -> dict[Title, set[Title]]:
        """Return where redirects lead, with those redirects."""
        where: dict[Title, set[Title]] = {}
        for title in self._imported:
            onward = self._survey.references(title).redirect
            if onward and onward not in self._imported:
                where.setdefault(onward, set()).add(title)
        return where

    def categories(self) -> dict[Title, set[Title]]:
        """Return the categories that do not come, with their pages."""
        where: dict[Title, set[Title]] = {}
        for title in self._imported:
            hidden = self._survey.closure.nodes[title].hidden
            for category in self._survey.references(title).categories:
                if category not in (*self._imported, *hidden):
                    where.setdefault(category, set()).add(title)
        return where

    def absent(self, titles: Iterable[Title]) -> set[Title]:
        """Return those of some titles of which the target has no page."""
        arrivals = Arrivals(self._transfer.source_info,
                            self._transfer.target_info,
                            self._transfer.policy)
        absent: set[Title] = set()
        unknown: dict[Title, str] = {}
        for title in titles:
            target = self._survey.targets.get(title)
            arrival = arrivals.of(title, Role.TRANSCLUDED).title
            if title in self._survey.targets:
                absent |= {title} if not (target and target.newest) else set()
            elif arrival is None:
                absent.add(title)
            else:
                unknown[title] = str(arrival)
        reads = self._transfer.target.pages(unknown.values())
        return absent | {title for title, text in unknown.items()
                         if reads[text].is_valid and not reads[text].newest}

    def on_source(self, titles: Iterable[Title]) -> set[Title]:
        """Return those of some titles that the source has."""
        sources = self._survey.sources
        unknown = {title: str(title) for title in titles
                   if title not in sources}
        reads = self._transfer.source.pages(unknown.values())
        return {title for title in titles if (
            sources[title].newest if title in sources
            else reads[unknown[title]].newest)}
