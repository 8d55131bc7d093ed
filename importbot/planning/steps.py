"""What a decision costs on the target: calls, edits and moves."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta

from pywikibot import Timestamp

from importbot.model.decisions import Decision, Relation, TextAfter
from importbot.model.pages import SourcePage, TargetPage
from importbot.model.plan import PlannedPage
from importbot.model.steps import (
    INTERWIKI,
    UPLOAD,
    EditStep,
    ImportStep,
    MoveStep,
    Step,
)
from importbot.model.titles import MEDIAWIKI, USER, Title
from importbot.planning.survey import Survey
from importbot.rules.arrival import Arrival
from importbot.rules.authors import count_authors
from importbot.rules.code import allowance_of
from importbot.rules.decide import (
    Circumstances,
    Verdict,
    decide,
    revisions_to_send,
)
from importbot.rules.route import TWO_CALLS_ABOVE, Route, route_of
from importbot.sources.transfer import Transfer


__all__ = ('circumstances_of', 'decide_again', 'routes_of', 'steps_of',
           'text_of_edit')

_CLOCK_SLACK = timedelta(minutes=10)


def circumstances_of(transfer: Transfer) -> Circumstances:
    """Return what decides besides the pages.

    The target's time is that of the connection: the source may well have
    been edited since, and its clock need not agree to the second.
    """
    now = Timestamp.fromISOformat(transfer.access.now) + _CLOCK_SLACK
    return Circumstances(
        transfer.access.models, now.isoformat(), transfer.access.max_text,
        transfer.access.roles,
        frozenset(map(transfer.target_info.normalized, {
            *transfer.reserved, *_configuration_pages(transfer)})),
        allowance_of(transfer.policy.allow, transfer.target_info,
                     transfer.access.user))


def _configuration_pages(transfer: Transfer) -> Iterator[Title]:
    """Yield where the bot itself may be told what it may do.

    Whatever is allowed, no import may tell it that.
    """
    for namespace, name in (
            (MEDIAWIKI, 'Importrequests.json'),
            (USER, f'{transfer.access.user}/importrequests.json')):
        yield Title(namespace, name)


def routes_of(survey: Survey, titles: Iterable[Title],
              transfer: Transfer) -> dict[Title, Route]:
    """Return the ways of some pages.

    :param titles: the pages, by title on the source
    """
    authors = transfer.authors()
    routes = {}
    for title in titles:
        source = survey.sources[title]
        names = count_authors(revisions_to_send(
            source, survey.closure.role(title), transfer.policy))
        routes[title] = route_of(
            source, transfer.policy, transfer.ways,
            has_odd_authors=authors.needs_upload(names),
            is_out_of_reach=not _is_in_reach(survey, title, transfer))
    return routes


def _is_in_reach(survey: Survey, title: Title, transfer: Transfer) -> bool:
    """Whether an interwiki import can bring a page to its title."""
    arrival = survey.arrivals[title]
    return arrival.landing is None or (
        # Below a root page a title may be too long.
        survey.landings[arrival.landing] is not None
        and arrival.title is not None
        and transfer.ways.may_move(arrival.title, transfer.policy))


def steps_of(verdict: Verdict, source: SourcePage,
             target: TargetPage | None, history: str, route: Route,
             arrival: Arrival, move: MoveStep | None) -> tuple[Step, ...]:
    """Return the steps of a decision.

    :param verdict: the decision
    :param source: the page on the source
    :param target: the page on the target
    :param history: ``full`` or ``current``
    :param route: the way that it goes
    :param arrival: where it arrives
    :param move: what brings it to its title after an interwiki import,
        None if that does
    """
    if verdict.decision is not Decision.IMPORT:
        return ()
    replaced = target.newest.id if target and target.newest else None
    if route.via == UPLOAD:
        assert route.because is not None, 'an upload has a reason'
        return _with_edit((ImportStep(UPLOAD, route.because.value, history,
                                      replaces=replaced), ),
                          verdict, source, target)
    call = ImportStep(INTERWIKI, '', history, arrival.namespace,
                      arrival.rootpage, replaced)
    calls: tuple[ImportStep, ...] = (call, )
    if (history == 'full' and len(source.history) > TWO_CALLS_ABOVE
            and _comes_up(verdict, source, target)):
        calls = replace(call, history='current'), call
    if move:
        return *calls, move
    return _with_edit(calls, verdict, source, target)


def _with_edit(calls: tuple[ImportStep, ...], verdict: Verdict,
               source: SourcePage,
               target: TargetPage | None) -> tuple[Step, ...]:
    """Return import calls with the edit that some need after them.

    An import shows the source's text only if its newest revision is not
    older than the target's (rule 2); what it does not do by itself is an
    edit.
    """
    text = text_of_edit(verdict, source, target)
    return (*calls, EditStep(text)) if text else calls


def text_of_edit(verdict: Verdict, source: SourcePage,
                 target: TargetPage | None) -> TextAfter | None:
    """Return whose text an edit after the import puts on top.

    The local text is put back even where nothing should come up: the
    source may be edited before the import. The edit is none if it stands.

    :param verdict: the decision to import
    :param source: the page on the source
    :param target: the page on the target
    :return: None where no edit is needed
    """
    if (target is None or target.newest is None
            or verdict.relation is Relation.IDENTICAL
            or _comes_up(verdict, source, target)):
        return None
    return verdict.text_after


def _comes_up(verdict: Verdict, source: SourcePage,
              target: TargetPage | None) -> bool:
    """Return whether the import itself shows the text that is wanted."""
    assert source.newest is not None, 'there is something to import'
    ours = target.newest if target else None
    return ours is None or (
        source.newest.timestamp >= ours.timestamp
        and verdict.text_after is TextAfter.SOURCE)


def decide_again(page: PlannedPage, transfer: Transfer) -> PlannedPage:
    """Return the page as it would be planned now.

    A target may have moved since the plan; a relation is read again before
    anything is done on its strength.

    :param page: a planned page that exists on the target
    """
    if page.agreed:
        transfer = transfer.under(replace(
            transfer.policy, existing='force', existingpages='force'))
    place = page.target_text
    source = SourcePage(page.title, transfer.history(str(page.title)),
                        page.model)
    read = transfer.target.pages([place], action='edit')[place]
    ours = transfer.target.history(place)
    target = TargetPage(ours, read.is_protected, is_editable=read.is_allowed,
                        model=read.model, excludes_bot=read.excludes_bot,
                        brought=transfer.brought(source.history, ours, place))
    verdict = decide(page.role, source, page.arriving, target,
                     transfer.policy, circumstances_of(transfer))
    return replace(
        page, newest=source.newest, replaced=target.newest,
        last=target.last, history=source.history,
        steps=_again(page, verdict, source, target),
        **asdict(verdict))


def _again(page: PlannedPage, verdict: Verdict, source: SourcePage,
           target: TargetPage) -> tuple[Step, ...]:
    """Return the steps as they would be now, by the same calls."""
    if verdict.decision is not Decision.IMPORT:
        return ()
    replaced = target.newest.id if target.newest else None
    steps = _with_edit(tuple(replace(step, replaces=replaced)
                             for step in page.import_steps),
                       verdict, source, target)
    if page.cleanup and verdict.text_after is TextAfter.SOURCE:
        return *steps, page.cleanup
    return steps
