"""The verdict on each page of a survey, what stands in its way included."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from importbot.model.decisions import Decision, Reason, Relation, Role
from importbot.model.pages import SourcePage
from importbot.model.policy import Policy
from importbot.model.revisions import lacking
from importbot.model.steps import INTERWIKI, UPLOAD
from importbot.model.titles import Title
from importbot.planning.steps import circumstances_of
from importbot.planning.survey import Survey
from importbot.rules.arrival import Arrival
from importbot.rules.decide import (
    Circumstances,
    Verdict,
    decide,
    revisions_to_send,
)
from importbot.rules.route import Route, UploadReason
from importbot.sources.transfer import Transfer


__all__ = ('put_on_hold', 'verdicts_on')


_OTHER_TEXT = (Relation.DIVERGED, Relation.UNRELATED)


def verdicts_on(survey: Survey, transfer: Transfer,
                policies: Mapping[Title, Policy],
                routes: Mapping[Title, Route]) -> dict[Title, Verdict]:
    """Return the verdict on each page of a survey.

    :param policies: of pages for which a person wants another one
    :param routes: the way that each page goes
    """
    arriving = Counter(arrival.title for arrival in survey.arrivals.values())
    circumstances = circumstances_of(transfer)
    verdicts: dict[Title, Verdict] = {}
    for title in survey.closure.nodes:
        arrival = survey.arrivals[title]
        verdict = _verdict(title, survey, policies.get(title, transfer.policy),
                           circumstances)
        if verdict.decision is Decision.SKIP and _is_half(
                title, arrival.title, survey, transfer):
            verdict = put_on_hold(verdict, Reason.HALF)
        if arrival.title in survey.claimed and (
                verdict.asks or verdict.decision is Decision.IMPORT):
            verdict = _verdict_on_claimed(title, verdict, survey)
        elif verdict.decision is Decision.IMPORT:
            route = routes[title]
            if arriving[arrival.title] > 1:
                verdict = put_on_hold(verdict, Reason.SAME_TARGET)
            elif title in survey.withheld:
                verdict = put_on_hold(verdict, Reason.HISTORY_WITHHELD)
            elif not route.via:
                verdict = put_on_hold(verdict, _why_no_way(
                    arrival, route, survey))
            elif route.via == UPLOAD and (problem := _too_large(
                    survey.sources[title], survey.closure.role(title),
                    transfer)):
                verdict = Verdict(*problem, verdict.relation)
            elif arrival.landing and route.via == INTERWIKI:
                verdict = _verdict_on_landing(
                    title, arrival.landing, verdict, survey, transfer.policy,
                    circumstances, is_free=not arriving[arrival.landing])
        verdicts[title] = verdict
    return verdicts


def _why_no_way(arrival: Arrival, route: Route, survey: Survey) -> Reason:
    """Return why a page goes neither of the two ways."""
    return Reason.NEEDS_MOVE if (
        route.because is UploadReason.TITLE
        and arrival.landing and survey.landings[arrival.landing]
    ) else Reason.NEEDS_UPLOAD


def _is_half(title: Title, arriving: Title | None, survey: Survey,
             transfer: Transfer) -> bool:
    """Whether an earlier run brought a part of a page, and it still is."""
    target = survey.targets[title]
    return bool(
        arriving and target and target.newest
        and str(arriving) in transfer.halves
        and lacking(revisions_to_send(
            survey.sources[title], survey.closure.role(title),
            transfer.policy), target.history))


def _too_large(source: SourcePage, role: Role,
               transfer: Transfer) -> tuple[Decision, Reason] | None:
    """Return why a page cannot be uploaded, as far as is known by now."""
    sizes = [revision.size for revision
             in revisions_to_send(source, role, transfer.policy)]
    limit = transfer.upload_size
    if limit.most and max(sizes) > limit.most:
        return Decision.REFUSE, Reason.TOO_LARGE
    if transfer.policy.order == 'time' and sum(sizes) > limit.room:
        return Decision.HOLD, Reason.TIME_ORDER
    return None


def _verdict(title: Title, survey: Survey, policy: Policy,
             circumstances: Circumstances) -> Verdict:
    if title in survey.closure.excluded:
        return Verdict(Decision.SKIP, Reason.EXCLUDED)
    if policy.equivalents == 'skip' and title in survey.equivalents:
        return Verdict(Decision.SKIP, Reason.EQUIVALENT, Relation.MISSING)
    verdict = decide(survey.closure.role(title), survey.sources[title],
                     survey.arrivals[title].title, survey.targets[title],
                     policy, circumstances)
    if (title in survey.strange and verdict.relation in _OTHER_TEXT
            and not verdict.agreed):
        return put_on_hold(verdict, Reason.OTHER_SCHEME)
    if (verdict.is_missing_on_source
            and survey.closure.is_led_to(title)):
        # Nobody asked for more than the redirect.
        return replace(verdict, decision=Decision.SKIP)
    return verdict


def _verdict_on_landing(title: Title, landing: Title, verdict: Verdict,
                        survey: Survey, policy: Policy,
                        circumstances: Circumstances, *,
                        is_free: bool) -> Verdict:
    """Return the verdict on a page that is imported and then moved.

    Neither place may have a page, and both have to be allowed. No other
    page may arrive where this one lands: their histories would mix.
    """
    if verdict.relation is not Relation.MISSING:
        return put_on_hold(verdict, Reason.EXISTS)
    on_landing = decide(
        survey.closure.role(title), survey.sources[title], landing,
        survey.landings[landing], policy, circumstances)
    if on_landing.relation not in (None, Relation.MISSING):
        return put_on_hold(verdict, Reason.LANDING_TAKEN)
    if on_landing.decision is not Decision.IMPORT:
        return on_landing
    return verdict if is_free else put_on_hold(verdict, Reason.LANDING_TAKEN)


def _verdict_on_claimed(title: Title, verdict: Verdict,
                        survey: Survey) -> Verdict:
    """Return the verdict on a page whose title another source's gets."""
    if survey.closure.role(title) is Role.REQUESTED:
        return put_on_hold(verdict, Reason.SAME_TARGET)
    return Verdict(Decision.SKIP, Reason.OTHER_SOURCE, verdict.relation)


def put_on_hold(verdict: Verdict, reason: Reason) -> Verdict:
    """Return a verdict as one that waits for a person."""
    return Verdict(Decision.HOLD, reason, verdict.relation)
