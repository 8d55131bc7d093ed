"""What both wikis have: all that a plan is made from, nothing decided."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import overload

from importbot.model.decisions import Role
from importbot.model.errors import UsageError
from importbot.model.pages import SourcePage, TargetPage
from importbot.model.problems import Problem
from importbot.model.revisions import MAIN_SLOT
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MAIN, TEMPLATE, Title
from importbot.planning.asked import asked_by_texts
from importbot.planning.closure import Closure
from importbot.planning.reference_cache import Reader
from importbot.planning.schemes import other_schemes
from importbot.planning.search import find_closure
from importbot.rules.arrival import Arrival, Arrivals
from importbot.sources.transfer import Transfer
from importbot.wikis.api_values import PageRead
from importbot.wikitext.references import References


__all__ = ('Reading', 'Survey', 'count_revisions', 'look_closer',
           'take_survey')

#: Pages from which a look at the whole target is worth its request.
_MANY = 100

#: Root pages below which a page can land before it is moved.
_LANDINGS = 10

#: Told what is being done, and how many pages that has reached.
Reading = Callable[[str, int], None]


@dataclass(frozen=True)
class Survey:

    """What both wikis have.

    :param closure: requested pages and what they need, on the source
    :param arrivals: where each page arrives, by title on the source
    :param sources: pages of the source by title there, with as much of
        their history as had to be read
    :param targets: pages of the target by title on the source, None where
        it cannot have such a page
    :param landings: pages of the target by their title there, where the
        import puts a page that is moved afterwards
    :param equivalents: pages of the target of another name that stand for
        a page of the source, by title on the source
    :param withheld: pages whose history the source does not export
    :param asked: what texts refer to that were not read for the closure, by
        title on the source, as far as a note may name it
    :param strange: categories that are in another scheme on the target, by
        title on the source
    :param claimed: titles of the target under which pages of other sources
        arrive
    """

    closure: Closure
    arrivals: Mapping[Title, Arrival]
    sources: Mapping[Title, SourcePage]
    targets: Mapping[Title, TargetPage | None]
    landings: Mapping[Title, TargetPage | None]
    equivalents: Mapping[Title, str]
    withheld: frozenset[Title] = frozenset()
    asked: Mapping[Title, References] = field(default_factory=dict,
                                              repr=False)
    strange: frozenset[Title] = frozenset()
    claimed: frozenset[Title] = frozenset()

    def references(self, title: Title) -> References:
        """Return what the text of a page refers to.

        :param title: on the source
        """
        return self.asked.get(title) or self.closure.nodes[title].references

    def needed_by(self, title: Title) -> frozenset[Title]:
        """Return the pages that lead to a page.

        :param title: on the source
        """
        return (self.closure.needed_by(title)
                | self._asking.get(title, frozenset()))

    @cached_property
    def _asking(self) -> dict[Title, frozenset[Title]]:
        asking: dict[Title, set[Title]] = {}
        for title, references in self.asked.items():
            for other in references.titles - {title}:
                asking.setdefault(other, set()).add(title)
        return {title: frozenset(pages) for title, pages in asking.items()}


def take_survey(transfer: Transfer, titles: Sequence[Title],
                progress: Reading, reader: Reader | None = None) -> Survey:
    """Read what a plan needs to know.

    :param titles: requested pages, on the source
    :param reader: finds what texts refer to; one without memory if None
    :raises UsageError: one title for several pages, or one that a page
        cannot have
    :raises SourceError: the source does not answer
    :raises TargetError: the target does not answer
    """
    if transfer.policy.targettitle and len(titles) > 1:
        raise UsageError(Problem('plan-one-title', count=len(titles)))
    predicted = Arrivals(transfer.source_info, transfer.target_info,
                         transfer.policy, transfer.access.user)
    closure = find_closure(
        transfer, titles, reader,
        lambda read, title: progress(f'reading the source ({title})', read))
    arrivals = {title: predicted.of(title, closure.role(title))
                for title in closure.nodes}
    reads = _read_targets(transfer, arrivals.values(), progress)
    for attempt in range(2, _LANDINGS):
        again = {title: predicted.of(title, closure.role(title), attempt)
                 for title, arrival in arrivals.items()
                 if _is_taken(arrival, reads)}
        if not again:
            break
        arrivals |= again
        reads |= _read_targets(transfer, again.values(), progress)
    siteinfo = transfer.target_info
    arrivals = {title: replace(arrival,
                               title=_spelled(arrival.title, reads, siteinfo),
                               landing=_spelled(arrival.landing, reads,
                                                siteinfo))
                for title, arrival in arrivals.items()}
    pages = {_spelled(title, reads, siteinfo): _target_page(
        read, read.title in transfer.access.deleted)
        for title, read in reads.items()}
    targets = {title: pages.get(arrival.title) if arrival.title else None
               for title, arrival in arrivals.items()}
    survey = Survey(
        closure, arrivals,
        {title: node.page for title, node in closure.nodes.items()}, targets,
        {arrival.landing: _as_landing(pages[arrival.landing])
         for arrival in arrivals.values() if arrival.landing},
        _equivalents(transfer, closure, arrivals, pages),
        strange=other_schemes(closure, arrivals, [
            title for title, page in targets.items()
            if page and page.newest], transfer),
        asked=asked_by_texts(
            transfer, closure, targets, reader or Reader(),
            lambda read: progress('reading texts of the source', read)))
    return _with_histories(survey, transfer, progress)


def _is_taken(arrival: Arrival, reads: Mapping[Title, PageRead]) -> bool:
    """Whether there is a page where another one is to land."""
    return bool(arrival.landing and arrival.rootpage
                and reads[arrival.landing].newest)


def _as_landing(page: TargetPage | None) -> TargetPage | None:
    """Return a page of which nobody minds that it was deleted."""
    return page and replace(page, was_deleted=False)


def _read_targets(transfer: Transfer, arrivals: Iterable[Arrival],
                  progress: Reading) -> dict[Title, PageRead]:
    by_text = {str(title): title for arrival in arrivals
               for title in (arrival.title, arrival.landing) if title}
    progress('reading the target', len(by_text))
    # A wiki that has next to nothing need not be asked about many pages.
    few = (transfer.target.few_titles() if len(by_text) > _MANY else None)
    if few is None:
        reads = transfer.target.pages(by_text, action='create')
        return {title: reads[text] for text, title in by_text.items()}
    reads = transfer.target.pages(few & by_text.keys(), action='create')
    return {title: reads.get(text) or PageRead(
        text, is_valid=title.namespace >= MAIN
        and transfer.target_info.title(f':{text}') == title)
        for text, title in by_text.items()}


@overload
def _spelled(title: Title, reads: Mapping[Title, PageRead],
             target: SiteInfo) -> Title: ...


@overload
def _spelled(title: None, reads: Mapping[Title, PageRead],
             target: SiteInfo) -> None: ...


def _spelled(title: Title | None, reads: Mapping[Title, PageRead],
             target: SiteInfo) -> Title | None:
    """Return a title as the target itself spells and understands it.

    PHP has capitals that Python has not: there ``ß`` begins with ``Ss``.
    And what is a name with a colon on the source may be in a namespace
    here, where other rules hold.
    """
    if title is None or not reads[title].is_valid:
        return title
    return target.title(f':{reads[title].title}') or title


def _equivalents(transfer: Transfer, closure: Closure,
                 arrivals: Mapping[Title, Arrival],
                 pages: Mapping[Title, TargetPage | None],
                 ) -> dict[Title, str]:
    """Find templates that the target has under another name."""
    requested = frozenset(closure.requested)
    linked = {title: node.langlink
              for title, node in closure.nodes.items()
              if node.langlink and title.namespace == TEMPLATE
              and title not in requested
              and not _has_page(pages, arrivals[title].title)}
    linked_pages = transfer.target.pages(linked.values())
    return {title: link for title, link in linked.items()
            if linked_pages[link].newest}


def _has_page(pages: Mapping[Title, TargetPage | None],
              title: Title | None) -> bool:
    page = pages.get(title) if title else None
    return page is not None and page.newest is not None


def _target_page(read: PageRead, was_deleted: bool) -> TargetPage | None:
    if not read.is_valid:
        return None
    return TargetPage((read.newest, ) if read.newest else (),
                      read.is_protected, read.is_allowed,
                      was_deleted=was_deleted, model=read.model,
                      refusal=read.refusal)


def _with_histories(survey: Survey, transfer: Transfer,
                    progress: Reading) -> Survey:
    """Read histories where the newest revisions alone do not tell."""
    sources, targets = dict(survey.sources), dict(survey.targets)
    if transfer.policy.before:
        for title, source in sources.items():
            progress('reading histories', len(sources))
            sources[title] = _as_of(source, title, transfer)
        survey = replace(survey, sources=sources)
    for title, source in survey.sources.items():
        target = survey.targets[title]
        arrival = survey.arrivals[title].title
        if not (source.newest and target and target.newest and arrival):
            continue
        same = source.newest.sha1 and (source.newest.sha1
                                       == target.newest.sha1)
        requested = survey.closure.role(title) is Role.REQUESTED
        if same and not requested:
            continue
        progress('reading histories', len(sources))
        target_title = str(arrival)
        ours, theirs = transfer.target.history(target_title), source.history
        if not same or transfer.policy.history_of(Role.REQUESTED) == 'full':
            theirs = transfer.history(str(title))
        sources[title] = replace(source, history=theirs)
        targets[title] = replace(
            target, history=ours,
            brought=transfer.brought(theirs, ours, target_title))
    return replace(survey, sources=sources, targets=targets)


def _as_of(source: SourcePage, title: Title, transfer: Transfer) -> SourcePage:
    """Return a page as it was at the time that the policy names."""
    if source.newest is None:
        return source
    history = transfer.history(str(title))
    models = dict(history[0].slots) if history else {}
    return replace(source, history=history, is_too_new=not history,
                   model=models.get(MAIN_SLOT) or source.model)


def count_revisions(survey: Survey, transfer: Transfer,
                    titles: Collection[Title]) -> Survey:
    """Return a survey with the whole history of some pages of the source.

    A newest revision without a parent need not be the only one: old dumps
    name no parents, and wikis answer none for what came by import.

    :param titles: pages that are to be imported with their history
    """
    sources = dict(survey.sources)
    newest = {str(title): sources[title].history[0].id for title in titles
              if len(sources[title].history) == 1}
    histories = transfer.histories(list(newest), newest)
    for title in titles:
        if str(title) in histories:
            sources[title] = replace(sources[title],
                                     history=histories[str(title)])
    return replace(survey, sources=sources,
                   withheld=_withheld(sources, transfer, titles))


def _withheld(sources: Mapping[Title, SourcePage], transfer: Transfer,
              titles: Collection[Title]) -> frozenset[Title]:
    """Return the pages whose history cannot be had; one look for all."""
    several = sorted((len(sources[title].history), title)
                     for title in titles if len(sources[title].history) > 1)
    if several and not transfer.source.gives_history(
            str(several[0][1])):
        return frozenset(title for _count, title in several)
    return frozenset()


def look_closer(survey: Survey, transfer: Transfer,
                titles: Iterable[Title]) -> Survey:
    """Return a survey that also says who uses some pages and may edit them.

    :param titles: pages that exist on the target and are to be changed,
        by title on the source
    """
    by_text = {str(arrival): title for title in titles
               if (arrival := survey.arrivals[title].title)}
    targets = dict(survey.targets)
    for text, read in transfer.target.pages(by_text, action='edit').items():
        target = targets[by_text[text]]
        assert target is not None, 'it exists on the target'
        targets[by_text[text]] = replace(
            target, is_editable=read.is_allowed, refusal=read.refusal,
            excludes_bot=read.excludes_bot,
            users=transfer.target.users(text, transfer.policy.maxused))
    return replace(survey, targets=targets)
