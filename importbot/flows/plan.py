"""One decision for every page, as a value that can be applied later."""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta

import pywikibot
from pywikibot import Timestamp

from importbot.flows.closure import Closure
from importbot.flows.notes import notes_of
from importbot.flows.survey import (
    Progress,
    Survey,
    count_revisions,
    look_closer,
    survey,
)
from importbot.flows.wikipair import WikiPair, connect, prefix_of
from importbot.model.arrival import Arrivals
from importbot.model.errors import UsageError
from importbot.model.plans import Plan, PlannedPage, Step, Unresolved
from importbot.model.policy import (
    Circumstances,
    Policy,
    SourcePage,
    TargetPage,
    Verdict,
    decide,
)
from importbot.model.rules import TextAfter
from importbot.model.titles import Title
from importbot.model.words import Decision, Reason, Relation, Role


__all__ = ('decide_again', 'make_plan', 'plan_of', 'plan_titles',
           'titles_of')

_CLOCK_SLACK = timedelta(minutes=10)


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
        back = Arrivals(wikis.target_info, wikis.source_info, Policy())
        title = there and back.of(there, Role.TRANSCLUDED).title
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
    :raises UsageError: more pages than the policy allows
    """
    return plan_of(survey(wikis, titles, policy, progress), wikis, policy)


def plan_of(found: Survey, wikis: WikiPair, policy: Policy,
            agreed: Collection[Title] = (),
            declined: Collection[Title] = ()) -> Plan:
    """Decide.

    :param found: what both wikis have
    :param wikis: source and target
    :param policy: what is wanted
    :param agreed: pages on hold for a person, who said yes
    :param declined: those for which the person said no
    :raises UsageError: more pages than the policy allows
    """
    policies = {title: replace(policy, existing='force',
                               existingpages='force')
                for title in agreed}
    policies |= {title: replace(policy, existing='skip',
                                existingpages='skip')
                 for title in declined}
    verdicts = _verdicts(found, wikis, policy, policies)
    changed = [title for title, verdict in verdicts.items()
               if verdict.decision is Decision.IMPORT
               and verdict.relation is not Relation.MISSING]
    if changed:
        found = look_closer(found, wikis, changed, policy.maxused)
        verdicts = _verdicts(found, wikis, policy, policies)
    found = count_revisions(found, wikis, [
        title for title, verdict in verdicts.items()
        if verdict.decision is Decision.IMPORT
        and policy.history_of(found.closure.role(title)) == 'full'])
    # A whole history may show what the newest revision did not.
    verdicts = _verdicts(found, wikis, policy, policies)
    source, target = wikis.endpoints()
    pages = tuple(_planned_page(title, verdicts[title], found, wikis, policy)
                  for title in found.closure.leaves_first())
    plan = Plan(source, target, asdict(policy), pages,
                _unresolved(found.closure),
                notes_of(found, verdicts, wikis, policy))
    return _within_limits(plan, policy)


def _within_limits(plan: Plan, policy: Policy) -> Plan:
    pages = sum(bool(page.steps) for page in plan.pages)
    revisions = sum(page.revisions or 0 for page in plan.pages)
    for number, limit, what, option in (
            (pages, policy.maxpages, 'change', 'pages'),
            (revisions, policy.maxrevisions, 'send', 'revisions')):
        if limit and number > limit:
            raise UsageError(
                f'The plan would {what} {number} {option}; the limit is '
                f'{limit}. Ask for less, choose with -only and -exclude, '
                f'or give another limit with -max{option}')
    return plan


def _verdicts(found: Survey, wikis: WikiPair, policy: Policy,
              policies: Mapping[Title, Policy]) -> dict[Title, Verdict]:
    arriving = Counter(arrival.title for arrival in found.arrivals.values())
    circumstances = circumstances_of(wikis)
    verdicts: dict[Title, Verdict] = {}
    for title in found.closure.nodes:
        arrival = found.arrivals[title]
        verdict = _verdict(title, found, policies.get(title, policy),
                           circumstances)
        if verdict.decision is Decision.IMPORT:
            if arriving[arrival.title] > 1:
                verdict = _held(verdict, Reason.SAME_TARGET)
            elif arrival.landing:
                verdict = _verdict_on_landing(
                    title, arrival.landing, verdict, found, policy,
                    circumstances)
        verdicts[title] = verdict
    return verdicts


def _verdict(title: Title, found: Survey, policy: Policy,
             circumstances: Circumstances) -> Verdict:
    if title in found.closure.excluded:
        return Verdict(Decision.SKIP, Reason.EXCLUDED)
    if policy.equivalents == 'skip' and title in found.equivalents:
        return Verdict(Decision.SKIP, Reason.EQUIVALENT, Relation.MISSING)
    return decide(found.closure.role(title), found.sources[title],
                  found.arrivals[title].title, found.targets[title],
                  policy, circumstances)


def _verdict_on_landing(title: Title, landing: Title, verdict: Verdict,
                        found: Survey, policy: Policy,
                        circumstances: Circumstances) -> Verdict:
    """Return the verdict on a page that is imported and then moved.

    Neither place may have a page, and both have to be allowed.
    """
    if verdict.relation is not Relation.MISSING:
        return _held(verdict, Reason.EXISTS)
    there = decide(found.closure.role(title), found.sources[title], landing,
                   found.landings[landing], policy, circumstances)
    if there.relation not in (None, Relation.MISSING):
        return _held(verdict, Reason.LANDING_TAKEN)
    return there if there.decision is not Decision.IMPORT else verdict


def circumstances_of(wikis: WikiPair) -> Circumstances:
    """Return what decides besides the pages.

    The target's time is that of the connection: the source may well have
    been edited since, and its clock need not agree to the second.

    :param wikis: source and target
    """
    now = Timestamp.fromISOformat(wikis.access.now) + _CLOCK_SLACK
    return Circumstances(wikis.access.models, now.isoformat())


def _held(verdict: Verdict, reason: Reason) -> Verdict:
    return Verdict(Decision.HOLD, reason, verdict.relation)


def _planned_page(title: Title, verdict: Verdict, found: Survey,
                  wikis: WikiPair, policy: Policy) -> PlannedPage:
    closure, arrival = found.closure, found.arrivals[title]
    source, target = found.sources[title], found.targets[title]
    spell = closure.siteinfo.text
    role = closure.role(title)
    landing = (wikis.target_info.text(arrival.landing)
               if arrival.landing else '')
    replaced = target.newest if target else None
    steps = steps_for(verdict, source, target, Step(
        'import', 'interwiki', policy.history_of(role), arrival.namespace,
        arrival.rootpage, replaced.id if replaced else None), landing)
    return PlannedPage(
        title=spell(title), ns=title.namespace,
        target=(wikis.target_info.text(arrival.title) if arrival.title
                else ''),
        role=role, evidence=closure.evidence(title),
        needed_by=tuple(sorted(map(spell, closure.needed_by(title)))),
        relation=verdict.relation, decision=verdict.decision,
        reason=verdict.reason, newest=source.newest, model=source.model,
        replaced=replaced, steps=steps,
        revisions=_number_to_send(source, steps))


def _number_to_send(source: SourcePage,
                    steps: tuple[Step, ...]) -> int | None:
    if not steps:
        return None
    return len(source.history) if steps[0].history == 'full' else 1


def steps_for(verdict: Verdict, source: SourcePage,
              target: TargetPage | None, importing: Step,
              landing: str = '') -> tuple[Step, ...]:
    """Return what a decision costs on the target (rule 2).

    An import shows the source's text only if its newest revision is not
    older than the target's; what it does not do by itself is an edit.

    :param verdict: the decision
    :param source: the page on the source
    :param target: the page on the target
    :param importing: the import call
    :param landing: title that the import gives a page that has to be moved
    """
    if verdict.decision is not Decision.IMPORT:
        return ()
    if landing:
        return importing, Step('move', landing=landing)
    ours = target.newest if target else None
    if ours is None or verdict.relation is Relation.IDENTICAL:
        return (importing, )
    assert source.newest is not None, 'there is something to import'
    comes_up = source.newest.timestamp >= ours.timestamp
    if comes_up and verdict.text_after is TextAfter.SOURCE:
        return (importing, )
    # The local text is put back even where nothing should come up: the
    # source may be edited before the import. The edit is none if it stands.
    return importing, Step('edit', text=verdict.text_after.value)


def decide_again(page: PlannedPage, wikis: WikiPair,
                 policy: Policy) -> PlannedPage:
    """Return the page as it would be planned now.

    A target may have moved since the plan; a relation is read again before
    anything is done on its strength.

    :param page: a planned page that exists on the target
    :param wikis: source and target
    :param policy: the policy of the plan
    """
    if page.reason is Reason.FORCED:
        policy = replace(policy, existing='force', existingpages='force')
    title = wikis.source_info.title(f':{page.title}')
    arrival = wikis.target_info.title(f':{page.target}')
    assert title is not None and arrival is not None, 'it was planned'
    source = SourcePage(title, tuple(wikis.source.history(page.title)),
                        page.model)
    read = wikis.target.pages([page.target], action='edit')[page.target]
    target = TargetPage(tuple(wikis.target.history(page.target)),
                        read.is_protected, is_editable=read.is_allowed,
                        model=read.model)
    verdict = decide(page.role, source, arrival, target, policy,
                     circumstances_of(wikis))
    return replace(
        page, relation=verdict.relation, decision=verdict.decision,
        reason=verdict.reason, newest=source.newest, replaced=target.newest,
        steps=steps_for(verdict, source, target, replace(
            page.steps[0], replaces=target.newest.id if target.newest
            else None)))


def _unresolved(closure: Closure) -> tuple[Unresolved, ...]:
    where: dict[str, set[str]] = {}
    for title, node in closure.nodes.items():
        for name in node.references.unresolved:
            where.setdefault(name, set()).add(closure.siteinfo.text(title))
    return tuple(Unresolved(name, tuple(sorted(pages)))
                 for name, pages in sorted(where.items()))
