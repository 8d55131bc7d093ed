"""What was asked, by whom and when, as far as anybody knows."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from importbot.i18n import message
from importbot.journal.reports import RunDetails
from importbot.model.decisions import Role
from importbot.model.options import OPTIONS
from importbot.model.plan import Endpoint, Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.printable import listed
from importbot.model.undo_plan import UndoPlan
from importbot.reports.html.pieces import code, inline, link, when
from importbot.reports.html.times import duration
from importbot.reports.wiki_links import WikiLinks, links_of
from importbot.reports.words.changes import AnyPlan


__all__ = ('Fact', 'facts_of', 'name_of', 'options_given')

#: What something is called, by the key of a message, and what it is.
Fact = tuple[str, Markup | str]

_NAMES = {option.field: option.name for option in OPTIONS.rows}
_MOST_PAGES = 50


def name_of(wiki: Endpoint) -> str:
    """Return what people call a wiki, or a dump.

    :param wiki: as a plan has it
    """
    return links_of(wiki.api).name or wiki.wiki or wiki.api


def facts_of(plan: AnyPlan, details: RunDetails,
             language: str) -> list[Fact]:
    """Return what a plan was made for.

    :param plan: of an import or an undo
    :param details: who asked for it and when it was
    :param language: of all words that come from no wiki
    """
    target = links_of(plan.target.api)
    source: list[Fact] = [] if isinstance(plan, UndoPlan) else [
        ('kit-label-source', _wiki(plan.source))]
    return [*source, *_there(plan.target), *_people(details, target),
            *(_undone(plan) if isinstance(plan, UndoPlan)
              else _wanted(plan, target, language)),
            ('kit-label-plan', code(plan.id)),
            *_times(details, language)]


def _undone(plan: UndoPlan) -> Iterator[Fact]:
    yield 'html-undone-run', str(plan.run)
    if plan.mark:
        yield 'html-mark', code(plan.mark)


def _wanted(plan: Plan, target: WikiLinks, language: str) -> Iterator[Fact]:
    source, none = links_of(plan.source.api), message(language, 'html-none')
    requested = [page for page in plan.pages
                 if page.role is Role.REQUESTED]
    pages = [_way(page, source, target) for page in requested[:_MOST_PAGES]]
    if len(requested) > _MOST_PAGES:
        pages.append(Markup.escape(message(
            language, 'request-more', count=len(requested) - _MOST_PAGES)))
    yield 'html-requested', inline(pages or [none])
    options = [code(option) for option in options_given(plan.policy)]
    yield 'html-options', inline(options or [none])


def _wiki(wiki: Endpoint) -> Markup:
    parts = [link(links_of(wiki.api).index, name_of(wiki))]
    parts += [code(word) for word in (wiki.prefix, wiki.wiki) if word]
    return Markup(' ').join(parts)


def _there(target: Endpoint) -> Iterator[Fact]:
    yield 'html-target', _wiki(target)
    if target.user:
        yield 'html-account', link('', target.user)


def _people(details: RunDetails, target: WikiLinks) -> Iterator[Fact]:
    for key, name in (('html-requester', details.requester),
                      ('html-approver', details.approver)):
        if name:
            yield key, link('', name)
    if details.request_page:
        yield 'html-request', Markup('{} {}').format(
            link(target.page(details.request_page), details.request_page),
            code(details.request) if details.request else '')


def _times(details: RunDetails, language: str) -> Iterator[Fact]:
    for key, time in (('html-planned', details.planned),
                      ('html-started', details.started),
                      ('html-ended', details.ended)):
        if time:
            yield key, when(time)
    if details.started and not details.ended:
        yield 'html-ended', message(language, 'html-not-ended')
    took = duration(details.started, details.ended)
    if took:
        yield 'html-duration', took


def _way(page: PlannedPage, source: WikiLinks, target: WikiLinks) -> Markup:
    title, place = str(page.title), page.target_text
    page_link = link(source.page(title), title)
    if place in ('', title):
        return page_link
    return Markup('{} → {}').format(page_link, link(target.page(place), place))


def options_given(policy: Policy) -> list[str]:
    """Return the options that differ from the defaults.

    :param policy: of a plan
    """
    defaults = vars(Policy())
    return [f'-{_NAMES.get(name, name)}{_value(value)}'
            for name, value in sorted(vars(policy).items())
            if value != defaults[name]]


def _value(value: Any) -> str:
    if value is True:
        return ''
    if isinstance(value, tuple):
        value = listed(['='.join(map(str, item))
                        if isinstance(item, tuple) else str(item)
                        for item in value])
    return f':{value}'
