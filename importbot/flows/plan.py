"""One decision for every page, as a value that can be applied later."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import pywikibot

from importbot.flows.closure import Closure
from importbot.flows.survey import Progress, Survey, survey
from importbot.flows.wikipair import WikiPair, connect, prefix_of
from importbot.model.arrival import predict
from importbot.model.errors import UsageError
from importbot.model.plans import Plan, PlannedPage, Step, Unresolved
from importbot.model.policy import Policy, Verdict, decide
from importbot.model.titles import Title
from importbot.model.words import Decision, Reason, Role


__all__ = ('make_plan', 'plan_titles', 'titles_of')


def make_plan(pages: Iterable[pywikibot.Page],
              target_site: pywikibot.site.APISite,
              policy: Policy | None = None, prefix: str = '') -> Plan:
    """Plan the import of some pages and what they need.

    :param pages: pages of one source wiki
    :param target_site: where they are to go
    :param policy: what is wanted; the defaults of the command line if None
    :param prefix: interwiki prefix of the source; looked up if empty
    :raises UsageError: no page, or pages of several wikis
    :raises ImportbotError: a wiki does not answer, or the run could never
        start
    """
    pages = list(pages)
    if len({page.site for page in pages}) != 1:
        raise UsageError('A plan takes pages of one source wiki, at least '
                         'one')
    policy = policy or Policy()
    wikis = connect(target_site,
                    prefix or prefix_of(pages[0].site, target_site), policy)
    return plan_titles(wikis, titles_of(pages, wikis), policy)


def titles_of(pages: Iterable[pywikibot.Page],
              wikis: WikiPair) -> list[Title]:
    """Return the titles of some pages on the source, without repeats.

    :param pages: pages of the source; or of the target, for those of the
        same name on the source
    :param wikis: source and target
    :raises UsageError: a page that the source cannot have
    """
    return list(dict.fromkeys(_title_of(page, wikis) for page in pages))


def _title_of(page: pywikibot.Page, wikis: WikiPair) -> Title:
    try:
        text = page.title(with_section=False)
    except pywikibot.exceptions.Error as error:
        raise UsageError(f'A page that was asked for has no valid title: '
                         f'{error}') from error
    title = None
    if page.site == wikis.source.site:
        title = wikis.source_info.title(f':{text}')
    elif page.site == wikis.target.site:
        there = wikis.target_info.title(f':{text}')
        title = there and predict(there, wikis.target_info,
                                  wikis.source_info)
    if title is None:
        raise UsageError(f'"{text}" ({page.site}) is no page that the '
                         f'source {wikis.source} can have; give the title '
                         'as it is spelled there')
    return title


def plan_titles(wikis: WikiPair, titles: Sequence[Title], policy: Policy,
                progress: Progress = lambda what, pages: None) -> Plan:
    """Survey both wikis and decide.

    :param wikis: source and target
    :param titles: requested pages, on the source
    :param policy: what is wanted
    :param progress: told how far it is
    """
    found = survey(wikis, titles, policy, progress)
    source, target = wikis.endpoints()
    return Plan(source, target, asdict(policy),
                _planned_pages(found, wikis, policy),
                _unresolved(found.closure))


def _planned_pages(found: Survey, wikis: WikiPair,
                   policy: Policy) -> tuple[PlannedPage, ...]:
    arriving = Counter(found.arrivals.values())
    return tuple(
        _planned_page(title, found, wikis, policy,
                      collides=arriving[found.arrivals[title]] > 1)
        for title in found.closure.leaves_first())


def _planned_page(title: Title, found: Survey, wikis: WikiPair,
                  policy: Policy, collides: bool) -> PlannedPage:
    closure, arrival = found.closure, found.arrivals[title]
    page, role = closure.nodes[title].page, closure.role(title)
    verdict = decide(role, page, arrival,
                     found.on_target[arrival] if arrival else None,
                     wikis.access.models, wikis.access.now)
    if collides and arrival and verdict.decision is Decision.IMPORT:
        verdict = Verdict(Decision.HOLD, Reason.SAME_TARGET,
                          verdict.relation)
    spell = closure.siteinfo.text
    return PlannedPage(
        title=spell(title), ns=title.namespace,
        target=wikis.target_info.text(arrival) if arrival else '',
        role=role, evidence=closure.evidence(title),
        needed_by=tuple(sorted(map(spell, closure.needed_by(title)))),
        relation=verdict.relation, decision=verdict.decision,
        reason=verdict.reason, newest=page.newest,
        steps=_steps(verdict, role, policy))


def _steps(verdict: Verdict, role: Role,
           policy: Policy) -> tuple[Step, ...]:
    if verdict.decision is not Decision.IMPORT:
        return ()
    step = Step('import', 'interwiki', policy.history_of(role))
    if role is Role.REQUESTED:
        step = Step(step.action, step.via, step.history, policy.namespace,
                    policy.rootpage)
    return (step, )


def _unresolved(closure: Closure) -> tuple[Unresolved, ...]:
    where: dict[str, set[str]] = {}
    for title, node in closure.nodes.items():
        for name in node.references.unresolved:
            where.setdefault(name, set()).add(closure.siteinfo.text(title))
    return tuple(Unresolved(name, tuple(sorted(pages)))
                 for name, pages in sorted(where.items()))
