"""One decision for every page, as a value that can be applied later."""
from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace

import pywikibot

from importbot.model.decisions import (
    Decision,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.errors import UsageError
from importbot.model.plan import Plan, PlannedPage, Unresolved
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.progress import Progress, untold
from importbot.model.steps import MoveStep
from importbot.model.titles import Title
from importbot.planning.author_names import with_authors_read
from importbot.planning.cleanup_steps import with_cleanups
from importbot.planning.closure import Closure
from importbot.planning.notes import notes_of
from importbot.planning.sending_notes import notes_on_sending
from importbot.planning.steps import routes_of, steps_of
from importbot.planning.survey import (
    Reading,
    Survey,
    count_revisions,
    look_closer,
    take_survey,
)
from importbot.planning.transformed import transformed_pages
from importbot.planning.verdicts import put_on_hold, verdicts_on
from importbot.rules.arrival import Arrivals
from importbot.rules.decide import Verdict, revisions_to_send
from importbot.rules.route import Route
from importbot.sources.transfer import Transfer, connect, prefix_of


__all__ = ('check_asked', 'check_limits', 'make_plan', 'plan_of',
           'plan_titles', 'titles_of')


#: Pages that may be asked for, for each that a plan may change.
_ASKED = 10
_ASKED_AT_LEAST = 1000


def make_plan(pages: Iterable[pywikibot.Page],
              target_site: pywikibot.site.APISite,
              policy: Policy | None = None, prefix: str = '',
              progress: Progress = untold) -> Plan:
    """Plan the import of some pages and what they need.

    :param pages: pages of one source wiki
    :param target_site: where they are to go
    :param policy: what is wanted; the defaults of the command line if None
    :param prefix: interwiki prefix of the source; looked up if empty
    :param progress: told what is read, and how many pages that has reached
    :raises UsageError: no page, or pages of several wikis, or a file of
        authors that cannot be read
    :raises ImportbotError: a wiki does not answer, or the run could never
        start
    """
    pages = list(pages)
    for page in pages:
        if not isinstance(page, pywikibot.page.BasePage):
            raise UsageError(Problem('plan-not-a-page', given=repr(page)))
    if len({page.site for page in pages}) != 1:
        raise UsageError(Problem('plan-one-source'))
    policy = with_authors_read(policy or Policy())
    transfer = connect(target_site,
                       prefix or prefix_of(pages[0].site, target_site), policy)
    return plan_titles(transfer, titles_of(pages, transfer),
                       lambda what, read: progress(what, read, None))


def titles_of(pages: Iterable[pywikibot.Page], transfer: Transfer,
              most: int = 0) -> list[Title]:
    """Return the titles of some pages on the source, without repeats.

    :param pages: pages of the source; or of the target, for those of the
        same name on the source
    :param most: pages that a plan may change, 0 for any number; those that
        are there already need not be, so that more may be asked for
    :raises UsageError: a page that the source cannot have, or too many
    """
    titles: dict[Title, None] = {}
    for count, page in enumerate(pages, 1):
        # A generator may also give the same page again and again.
        check_asked(count, most)
        titles[_title_of(page, transfer)] = None
    return list(titles)


def check_asked(count: int, most: int) -> None:
    """Refuse to look at more pages than a plan can be made of.

    :param count: how many are asked for
    :param most: pages that a plan may change, 0 for any number
    :raises UsageError: those are too many
    """
    enough = max(_ASKED_AT_LEAST, most * _ASKED) if most else sys.maxsize
    if count > enough:
        raise UsageError(Problem('plan-too-many-asked', enough=enough,
                                 limit=most))


def _title_of(page: pywikibot.Page, transfer: Transfer) -> Title:
    try:
        text = page.title(with_section=False)
    except pywikibot.exceptions.Error as error:
        raise UsageError(Problem('plan-invalid-title',
                                 cause=str(error))) from error
    title = None
    if page.site == transfer.source_site:
        title = transfer.source_info.title(f':{text}')
    elif page.site == transfer.target.site:
        on_target = transfer.target_info.title(f':{text}')
        back = Arrivals(transfer.target_info, transfer.source_info, Policy())
        title = on_target and back.of(on_target, Role.TRANSCLUDED).title
    if title is None:
        raise UsageError(Problem(
            'plan-not-of-source', title=text, wiki=str(page.site),
            source=str(transfer.source)))
    return title


def plan_titles(transfer: Transfer, titles: Sequence[Title],
                progress: Reading = lambda what, pages: None) -> Plan:
    """Survey both wikis and decide.

    :param transfer: source and target
    :param titles: requested pages, on the source
    :param progress: told how far it is
    :raises UsageError: more pages than the policy allows
    """
    return plan_of(take_survey(transfer, titles, progress), transfer)


def plan_of(survey: Survey, transfer: Transfer,
            agreed: Collection[Title] = (),
            declined: Collection[Title] = ()) -> Plan:
    """Decide.

    :param agreed: pages on hold for a person, who said yes
    :param declined: those for which the person said no
    :raises UsageError: more pages than the policy allows
    :raises CleanUpError: a clean-up cannot deal with a text
    """
    policies = {title: replace(transfer.policy, existing='force',
                               existingpages='force')
                for title in agreed}
    policies |= {title: replace(transfer.policy, existing='skip',
                                existingpages='skip')
                 for title in declined}
    existing = [title for title, source in survey.sources.items()
                if source.newest]
    routes = routes_of(survey, existing, transfer)
    verdicts = verdicts_on(survey, transfer, policies, routes)
    changed = [title for title, verdict in verdicts.items()
               if verdict.decision is Decision.IMPORT
               and verdict.relation is not Relation.MISSING]
    if changed:
        survey = look_closer(survey, transfer, changed)
        verdicts = verdicts_on(survey, transfer, policies, routes)
    survey = count_revisions(survey, transfer, [
        title for title, verdict in verdicts.items()
        if verdict.decision is Decision.IMPORT
        and transfer.policy.history_of(survey.closure.role(title)) == 'full'])
    # A whole history may show what the newest revision did not.
    routes = routes_of(survey, existing, transfer)
    verdicts = verdicts_on(survey, transfer, policies, routes)
    verdicts |= {title: put_on_hold(verdicts[title],
                                    Reason.WOULD_BE_TRANSFORMED)
                 for title in transformed_pages(survey, verdicts, transfer)}
    source, target = transfer.endpoints()
    pages = tuple(_planned_page(title, verdicts[title], survey, transfer,
                                routes.get(title))
                  for title in survey.closure.leaves_first())
    plan = Plan(source, target, transfer.policy, pages,
                _unresolved(survey.closure),
                (*notes_of(survey, verdicts, transfer),
                 *notes_on_sending(pages, transfer)))
    check_limits([plan], transfer.policy)
    return with_cleanups(plan, _shown_as_on_source(survey, verdicts),
                         transfer.policy.post, transfer)


def _shown_as_on_source(survey: Survey,
                        verdicts: Mapping[Title, Verdict]) -> set[Title]:
    """Return the requested pages that are to show the source's wikitext.

    Titles are those on the source.
    """
    return {title for title, verdict in verdicts.items()
            if survey.closure.role(title) is Role.REQUESTED
            and verdict.decision is Decision.IMPORT
            and verdict.text_after is TextAfter.SOURCE
            and survey.sources[title].model == 'wikitext'}


def check_limits(plans: Iterable[Plan], policy: Policy) -> None:
    """Refuse plans that change or send more than they may.

    :param plans: that are carried out together
    :param policy: has the limits of all of them
    :raises UsageError: so they do
    """
    planned = [page for plan in plans for page in plan.pages]
    pages = sum(bool(page.steps) for page in planned)
    revisions = sum(page.revisions or 0 for page in planned)
    for number, limit, key in (
            (pages, policy.maxpages, 'plan-too-many-pages'),
            (revisions, policy.maxrevisions, 'plan-too-many-revisions')):
        if limit and number > limit:
            raise UsageError(Problem(key, count=number, limit=limit))


def _planned_page(title: Title, verdict: Verdict, survey: Survey,
                  transfer: Transfer, route: Route | None) -> PlannedPage:
    closure, arrival = survey.closure, survey.arrivals[title]
    source, target = survey.sources[title], survey.targets[title]
    role = closure.role(title)
    move = MoveStep(str(arrival.landing), transfer.ways.leave_redirects
                    ) if arrival.landing else None
    steps = steps_of(verdict, source, target, transfer.policy.history_of(role),
                     route, arrival, move) if route else ()
    sent = revisions_to_send(source, role, transfer.policy) if steps else ()
    return PlannedPage(
        title=title, target=arrival.title,
        role=role, evidence=closure.evidence(title),
        needed_by=tuple(sorted(closure.needed_by(title), key=str)),
        newest=source.newest, model=source.model,
        replaced=target.newest if target else None,
        last=target.last if target else 0, steps=steps,
        revisions=len(sent) if steps else None,
        size=sum(revision.size for revision in sent) if steps else None,
        history=source.history, is_redirect=source.is_redirect,
        **asdict(verdict))


def _unresolved(closure: Closure) -> tuple[Unresolved, ...]:
    where: dict[str, set[Title]] = {}
    for title, node in closure.nodes.items():
        for name in node.references.unresolved:
            where.setdefault(name, set()).add(title)
    return tuple(Unresolved(name, tuple(sorted(pages, key=str)))
                 for name, pages in sorted(where.items()))
