"""Plan the undo of a run: the journal against what the target has now."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pywikibot.site import APISite

from importbot.applying.recover import catch_up
from importbot.journal.changes import ARRIVAL, changes_of
from importbot.journal.journal import Journal
from importbot.journal.tables import PageRow, RunRow
from importbot.journal.undos import standing, undone_by
from importbot.model.codec import planned_page_from_json
from importbot.model.decisions import Role
from importbot.model.errors import PreflightError, UsageError
from importbot.model.notes import Note, NoteKind, NoteValues
from importbot.model.plan import Endpoint
from importbot.model.problems import Problem
from importbot.model.progress import Progress, untold
from importbot.model.siteinfo import SiteInfo
from importbot.model.steps import MoveStep
from importbot.model.undo_plan import (
    DeleteStep,
    UndoPage,
    UndoPlan,
    UndoVerdict,
)
from importbot.rules.undo import CurrentState, RecordedState, decide_undo
from importbot.sources.preflight import blocked
from importbot.sources.transfer import learn_target
from importbot.undoing.revision_origins import revisions_of_others
from importbot.undoing.unmerge_plan import (
    Merged,
    Unmerging,
    home_of,
    unmerged,
    unmerges,
)
from importbot.wikis.api_values import Access, PageRead
from importbot.wikis.editor import Editor
from importbot.wikis.locations import (
    ENOUGH,
    LocatedRevision,
    located_revisions,
    mixed_titles,
    transcluders,
)
from importbot.wikis.wiki import Wiki


__all__ = ('Target', 'learn', 'make_undo_plan', 'plan_undo')

#: Pages of which one note names the first.
_NAMED = 50


@dataclass(frozen=True)
class Target:

    """The wiki in which a run is undone.

    :param wiki: the wiki
    :param siteinfo: its settings
    :param access: what the account may do there
    """

    wiki: Wiki
    siteinfo: SiteInfo
    access: Access


def learn(target_site: APISite) -> Target:
    """Log in to a wiki and learn what it is and allows.

    :raises TargetError: it does not answer, or nobody is logged in
    """
    return Target(*learn_target(target_site))


@dataclass(frozen=True)
class _RunPage:

    """A page of the run that is undone, by the journal.

    :param row: of its decision and outcome
    :param recorded: how the run left it
    :param has_landed: whether it still is where the import put it, and was
        not moved from there
    """

    row: PageRow
    recorded: RecordedState
    has_landed: bool = False

    @property
    def title(self) -> str:
        """Full title on the target."""
        return self.landing if self.has_landed else self.row.target

    @property
    def is_merged(self) -> bool:
        """Whether its revisions went into a history that was there."""
        return bool(self.recorded.before and self.row.imported)

    @property
    def landing(self) -> str:
        """Full title that the import gave it, if it was moved then."""
        return self.move.landing if self.move else ''

    @cached_property
    def move(self) -> MoveStep | None:
        """The move to its title, if one was planned."""
        return planned_page_from_json(self.row.decided).move


def make_undo_plan(run: int, target_site: APISite, journal: Journal,
                   mark: str = '', *, simulate: bool = False,
                   progress: Progress = untold) -> UndoPlan:
    """Plan the undo of a run, and find out first what it did if it was cut.

    :param run: its number in the journal
    :param target_site: the wiki that it imported into
    :param journal: where it is recorded
    :param mark: wikitext that marks a page for deletion, where the account
        may not delete; empty for none
    :param simulate: whether nothing is recorded
    :param progress: told what is read, and of how many pages
    :raises UsageError: the run goes into another wiki, or is an undo
    :raises JournalError: there is no such run
    :raises LeaseHeldError: it was cut, and another bot is at work there
    :raises TargetError: the wiki does not answer, or nobody is logged in
    """
    target = learn(target_site)
    if not simulate:
        catch_up(journal, run, target.wiki, target.siteinfo, target.access)
    return plan_undo(journal, run, target, mark,
                     lambda what, pages: progress(what, pages, None))


def plan_undo(journal: Journal, run: int, target: Target, mark: str = '',
              progress: Callable[[str, int], None] = lambda what, pages: None,
              ) -> UndoPlan:
    """Plan the undo of a run.

    :param target: the wiki that it imported into
    :param mark: wikitext that marks a page for deletion, where the account
        may not delete; empty for none
    :raises UsageError: the run goes into another wiki, or is an undo
    :raises JournalError: there is no such run
    :raises PreflightError: the account is blocked
    :raises TargetError: the wiki does not answer
    """
    row = _run_row(journal, run, target.wiki.api)
    problems = blocked(target.access)
    if problems:
        raise PreflightError(problems)
    recorded = _where_they_are(_pages_of(journal, run), target)
    progress('reading the target', len(recorded))
    current = _read(journal, row, recorded, target)
    current |= _compared(journal, run, recorded, current, target)
    current |= dict(_tried(recorded, current, target, marks=bool(mark)))
    verdicts = {page.title: decide_undo(
        page.title, page.recorded, current[page.title], marks=bool(mark))
        for page in recorded}
    apart = _taken_apart(journal, row, recorded, verdicts, current, target)
    pages = tuple(UndoPage(
        page.row.position, page.title,
        f'{row.source_prefix}:{page.row.title}', Role(page.row.role),
        *_outcome(page, verdicts[page.title], apart.get(page.row.position)))
        # Requested pages go first: none is shown with templates missing.
        for page in reversed(recorded))
    return UndoPlan(
        run, Endpoint(target.wiki.api, target.siteinfo.wiki,
                      user=target.access.user),
        mark, pages, (*_notes(row, pages), *_apart_notes(pages, apart),
                      *_of_others(pages),
                      *_still_used(pages, target.wiki)))


def _taken_apart(journal: Journal, row: RunRow, pages: Iterable[_RunPage],
                 verdicts: Mapping[str, UndoVerdict],
                 current: Mapping[str, CurrentState],
                 target: Target) -> dict[int, Unmerging]:
    """Return how histories are taken apart, where the wiki does that."""
    if not unmerges(target.access):
        return {}
    return unmerged(journal, row, target.wiki, target.siteinfo, {
        page.row.position: Merged(page.title, page.recorded.after,
                                  verdicts[page.title])
        for page in pages if page.is_merged
        and current[page.title].may_be_changed})


def _outcome(page: _RunPage, verdict: UndoVerdict,
             apart: Unmerging | None) -> tuple[UndoVerdict, bool]:
    """Return the verdict on a page, and whether its history stays merged."""
    return (apart.verdict, apart.is_merged) if apart else (
        verdict, page.is_merged)


def _run_row(journal: Journal, run: int, api: str) -> RunRow:
    row = journal.run_row(run)
    if row.target_api != api:
        raise UsageError(Problem('run-of-other-target', run=run,
                                 api=row.target_api, target=api))
    undoes = undone_by(journal, run)
    if undoes is not None:
        raise UsageError(
            f'Run {run} undoes run {undoes}; have the pages that it deleted '
            'restored on the wiki (Special:Undelete), and import the others '
            'again')
    return row


def _pages_of(journal: Journal, run: int) -> list[_RunPage]:
    """Return the pages that a run had steps for, in its order."""
    arrivals = {change.position: change for change
                in changes_of(journal, run) if change.action == ARRIVAL}
    pages = []
    for row in journal.page_rows(run):
        if not (row.decided['steps'] or row.imported):
            continue
        recorded = RecordedState(
            outcome=row.result.outcome,
            was_sent=bool(row.sent), imported=row.imported)
        arrival = arrivals.get(row.position)
        if arrival:
            recorded = replace(
                recorded, before=arrival.before, after=arrival.after,
                is_shared=arrival.is_shared)
        pages.append(_RunPage(row, recorded))
    return pages


def _where_they_are(pages: Sequence[_RunPage],
                    target: Target) -> list[_RunPage]:
    """Return pages, those that were not moved under the title they have."""
    placed = located_revisions(target.wiki, (
        page.recorded.after for page in pages if page.landing))
    return [replace(page, has_landed=True) if page.landing and (
        place := placed.get(page.recorded.after)
        ) and place.title == page.landing else page for page in pages]


def _read(journal: Journal, run: RunRow, pages: Sequence[_RunPage],
          target: Target) -> dict[str, CurrentState]:
    """Return what the target has of some pages, in few requests."""
    titles = [page.title for page in pages]
    existing = [page.title for page in pages if page.recorded.before]
    placed = located_revisions(target.wiki, (
        revision for page in pages
        for revision in (page.recorded.before, page.recorded.after)))
    reads = target.wiki.pages(
        [*titles, *(page.landing for page in pages if page.landing)],
        action='edit')
    deletable = target.wiki.pages(
        [title for title in titles if title not in existing],
        action='delete') if 'delete' in target.access.rights else {}
    # As the wiki's own clock has it.
    sent = [page.row.sent for page in pages if page.row.sent]
    mixed = mixed_titles(target.wiki, min(sent)) if sent else frozenset()
    return {page.title: replace(
        _current(page, reads[page.title], _without_home(
            placed, page, run, target), journal, target.wiki.api),
        has_landed=bool(page.move and not page.move.is_done(
            reads[page.landing].newest)),
        redirect=_redirect_of(page.move, reads, run, target),
        may_delete=page.title in deletable
        and deletable[page.title].is_allowed,
        is_mixed=page.title in mixed) for page in pages}


def _redirect_of(move: MoveStep | None, reads: Mapping[str, PageRead],
                 run: RunRow, target: Target) -> str:
    """Return the redirect that a move left, if it is as it was left."""
    if move is None or 'delete' not in target.access.rights:
        return ''
    read = reads[move.landing]
    return move.landing if (
        read.newest and move.is_done(read.newest) and read.is_redirect
        and read.newest.user == run.target_user) else ''


def _without_home(placed: Mapping[int, LocatedRevision], page: _RunPage,
                  run: RunRow, target: Target,
                  ) -> Mapping[int, LocatedRevision]:
    """Return revisions but those that an undo that was cut moved out."""
    home = home_of(target.siteinfo, run.target_user, page.recorded.after)
    return {id: revision for id, revision in placed.items()
            if revision.title != home}


def _current(page: _RunPage, read: PageRead,
             placed: Mapping[int, LocatedRevision], journal: Journal,
             api: str) -> CurrentState:
    recorded = page.recorded
    stands_for = read.newest.id if read.newest else 0
    is_marked = False
    if stands_for != recorded.after:
        stands_for, is_marked = standing(journal, api, stands_for)
    home, before = placed.get(recorded.after), placed.get(recorded.before)
    return CurrentState(
        read.newest, stands_for, home.title if home else '',
        # A text whose authors are in another history by now is not ours to
        # bring back.
        sha1_before=before.sha1 if before and before.title == page.title
        else '', model=read.model, may_edit=read.is_allowed,
        is_protected=read.is_protected, excludes_bot=read.excludes_bot,
        is_marked=is_marked)


def _compared(journal: Journal, run: int, pages: Sequence[_RunPage],
              current: Mapping[str, CurrentState], target: Target,
              ) -> dict[str, CurrentState]:
    """Return pages that a run created with what is not of any run."""
    created = {page.row.position: page.title for page in pages
               if page.recorded.after and not page.recorded.before
               and current[page.title].newest
               and current[page.title].stands_for == page.recorded.after}
    foreign = revisions_of_others(journal, run, target.wiki, created)
    return {created[position]: replace(current[created[position]],
                                       others=others)
            for position, others in foreign.items()}


def _tried(pages: Sequence[_RunPage], current: Mapping[str, CurrentState],
           target: Target, *,
           marks: bool) -> Iterator[tuple[str, CurrentState]]:
    """Yield pages whose text would not be saved as it is."""
    editor = Editor(target.wiki.site)
    saved: dict[str, int] = {}
    for page in pages:
        now, before = current[page.title], page.recorded.before
        if now.newest is None or now.stands_for != page.recorded.after:
            continue
        if now.sha1_before and before:
            saved[page.title] = before
        elif marks and not before and not now.may_delete:
            saved[page.title] = now.newest.id
    for title, text in target.wiki.texts(saved):
        if not editor.keeps(title, text, current[title].model):
            yield title, replace(current[title], would_be_transformed=True)


def _of_others(pages: Iterable[UndoPage]) -> Iterator[Note]:
    """Yield what pages have that no run brought."""
    for page in pages:
        others = page.verdict.others
        if others:
            yield Note.of(NoteKind.OTHERS_BENEATH, page.title, {
                'count': len(others), 'revisions': tuple(others[:_NAMED])})


def _notes(row: RunRow, pages: Iterable[UndoPage]) -> Iterator[Note]:
    if row.state != 'finished':
        yield Note.of(NoteKind.UNDO_UNFINISHED, '', {'run': row.run})
    merged = [page.title for page in pages if page.is_merged
              and not page.verdict.is_gone]
    if merged:
        yield Note.of(NoteKind.HISTORY_STAYS, merged[0], {
            'count': len(merged), 'titles': tuple(merged[:_NAMED])})


def _apart_notes(pages: Iterable[UndoPage],
                 apart: Mapping[int, Unmerging]) -> Iterator[Note]:
    """Yield what becomes of histories that are taken apart, or cannot be."""
    for kind, titles in (
            (NoteKind.HISTORY_LEAVES, [
                page.title for page in pages if page.position in apart
                and page.verdict.unmerging]),
            (NoteKind.HISTORY_INTERWOVEN, [
                page.title for page in pages if page.position in apart
                and apart[page.position].is_interwoven])):
        if titles:
            yield Note.of(kind, titles[0], {
                'count': len(titles), 'titles': tuple(titles[:_NAMED])})


def _still_used(pages: Iterable[UndoPage],
                wiki: Wiki) -> Iterator[Note]:
    """Yield who goes on using what is to be deleted.

    What gets the text before back is as it was before, whatever that used.
    """
    pages = list(pages)
    undone = {page.title for page in pages if page.steps}
    deleted = [page.title for page in pages
               if isinstance(page.verdict.step, DeleteStep)]
    users = transcluders(wiki, deleted)
    for title in deleted:
        others = sorted(users.get(title, set()) - undone)
        if others:
            values: NoteValues = {'count': len(others),
                                  'needed_by': tuple(others[:_NAMED])}
            if len(others) > ENOUGH:
                values['more'] = True
            yield Note.of(NoteKind.STILL_USED, title, values)
