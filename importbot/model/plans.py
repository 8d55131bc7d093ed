"""A plan and the report of its application, as values.

Both have one JSON form (schema 1): keys sorted, pages in the order of
application, equal input gives equal bytes.
"""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from importbot.model.agreement import SOURCE_CHANGED, identity
from importbot.model.revisions import Revision
from importbot.model.words import (
    Decision,
    Evidence,
    Outcome,
    Reason,
    Relation,
    Role,
)


__all__ = ('INTERWIKI', 'UPLOAD', 'Endpoint', 'PageResult', 'Plan',
           'PlannedPage', 'Report', 'Step', 'Unresolved', 'as_text',
           'is_of_another_version', 'planned_page_from_json', 'step_from_json',
           'unresolved_from_json')

SCHEMA = 1

#: Routes of an import.
INTERWIKI = 'interwiki'
UPLOAD = 'upload'


@dataclass(frozen=True, slots=True)
class Step:

    """One thing that a decision does on the target.

    :param action: ``import``, ``edit`` or ``move``
    :param via: route of an import, ``interwiki`` or ``upload``
    :param because: why it is an upload
    :param history: of an import, ``full`` or ``current``
    :param namespace: namespace parameter of an import
    :param rootpage: root page parameter of an import
    :param replaces: of an import, id of the target's newest revision
    :param text: of an edit, whose text it makes current: ``source`` or
        ``target``
    :param landing: of a move, the title that the import gave the page
    :param post: of an edit, the clean-ups that it applies to the
        source's text, as ``-post`` names them
    """

    action: str
    via: str = ''
    because: str = ''
    history: str = ''
    namespace: int | None = None
    rootpage: str = ''
    replaces: int | None = None
    text: str = ''
    landing: str = ''
    post: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the step without what it does not use."""
        return {item.name: list(value) if item.name == 'post' else value
                for item in fields(self)
                if (value := getattr(self, item.name)) not in (None, '', ())}


def step_from_json(data: Mapping[str, Any]) -> Step:
    """Return a step from its JSON form.

    :param data: a member of the ``steps`` of a page
    """
    return Step(**{**data, 'post': tuple(data.get('post', ()))})


@dataclass(frozen=True, slots=True)
class PlannedPage:

    """One page of a plan with its one decision.

    :param title: full title on the source
    :param ns: namespace number on the source
    :param target: full title on the target, empty where it has none
    :param role: what the page is to the run
    :param needed_by: titles of the pages that lead to it, sorted
    :param evidence: how that is known, sorted
    :param relation: of the target page to the source page
    :param decision: what is to happen
    :param reason: why
    :param steps: what it costs on the target
    :param newest: newest revision on the source, None if there is no page
    :param revisions: number of revisions to send, None if nobody counted
    :param size: of their texts, in bytes, None if nobody counted
    :param history: of the source page as far as it was read, newest first
    :param model: content model
    :param replaced: newest revision on the target, None if there is none
    :param is_redirect: whether it leads to another page on the source
    """

    title: str
    ns: int
    target: str
    role: Role
    needed_by: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    relation: Relation | None
    decision: Decision
    reason: Reason
    steps: tuple[Step, ...]
    newest: Revision | None
    revisions: int | None = None
    size: int | None = None
    history: Sequence[Revision] = field(default=(), repr=False,
                                        compare=False)
    model: str = 'wikitext'
    replaced: Revision | None = None
    is_redirect: bool = False

    @property
    def imports(self) -> tuple[Step, ...]:
        """The steps that are import calls."""
        return tuple(step for step in self.steps if step.action == 'import')

    @property
    def other_steps(self) -> tuple[Step, ...]:
        """The steps behind the import calls."""
        return self.steps[len(self.imports):]

    @property
    def cleanups(self) -> tuple[str, ...]:
        """The clean-ups behind everything else, as they are named."""
        return self.steps[-1].post if self.steps else ()

    @property
    def is_uploaded(self) -> bool:
        """Whether it goes by upload."""
        return bool(self.steps) and self.steps[0].via == UPLOAD

    @property
    def is_full(self) -> bool:
        """Whether its whole history is sent."""
        return any(step.history == 'full' for step in self.steps)

    @property
    def keeps_local_text(self) -> bool:
        """Whether the target's own text is to stay."""
        return self.reason is Reason.HISTORY_BENEATH

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {
            'title': self.title,
            'ns': self.ns,
            'target': self.target,
            'role': self.role.value,
            'needed_by': list(self.needed_by),
            'evidence': [item.value for item in self.evidence],
            'relation': self.relation and self.relation.value,
            'decision': self.decision.value,
            'reason': self.reason.value,
            'steps': [step.as_json() for step in self.steps],
            'revisions': self.revisions,
            'bytes': self.size,
            'latest': self.newest.id if self.newest else None,
            'sha1': self.newest.sha1 if self.newest else None,
            'model': self.model if self.newest else None,
            **({'redirect': True} if self.is_redirect else {}),
        }


def planned_page_from_json(data: Mapping[str, Any]) -> PlannedPage:
    """Return a page from its JSON form; of revisions only what is there.

    :param data: a member of the ``pages`` of a plan
    """
    newest, relation = data['latest'], data['relation']
    steps = tuple(map(step_from_json, data['steps']))
    replaces = next((step.replaces for step in steps if step.replaces), 0)
    return PlannedPage(
        data['title'], data['ns'], data['target'], Role(data['role']),
        tuple(data['needed_by']), tuple(map(Evidence, data['evidence'])),
        relation and Relation(relation), Decision(data['decision']),
        Reason(data['reason']), steps,
        None if newest is None else Revision(newest, 0, '',
                                             data['sha1'] or ''),
        data['revisions'], data.get('bytes'),
        model=data.get('model') or 'wikitext',
        replaced=Revision(replaces, 0, '', '') if replaces else None,
        is_redirect=data.get('redirect', False))


@dataclass(frozen=True)
class Unresolved:

    """A name that depends on a parameter.

    :param name: as it stands in the wikitext or Lua
    :param needed_by: titles of the pages where it stands, sorted
    """

    name: str
    needed_by: tuple[str, ...]


def unresolved_from_json(rows: Iterable[Mapping[str, Any]],
                         ) -> tuple[Unresolved, ...]:
    """Return unresolved names from their JSON form.

    :param rows: the ``unresolved`` of a plan
    """
    return tuple(Unresolved(row['name'], tuple(row['needed_by']))
                 for row in rows)


@dataclass(frozen=True)
class Endpoint:

    """A wiki as plans and reports name it.

    :param api: address of its API
    :param wiki: its own identifier
    :param prefix: of the source, as the target knows it
    :param user: the bot's account on the target
    """

    api: str
    wiki: str
    prefix: str | None = None
    user: str | None = None

    def as_json(self) -> dict[str, str]:
        """Return what is known of the wiki."""
        return {name: value for name, value in vars(self).items()
                if value is not None}


@dataclass(frozen=True)
class Plan:

    """What is to happen, page by page, in the order of application.

    :param source: where pages come from
    :param target: where they go
    :param options: the policy it was made with
    :param pages: leaves first, requested pages last
    :param unresolved: names that nobody can resolve without rendering
    :param notes: what a person should know
    """

    source: Endpoint
    target: Endpoint
    options: Mapping[str, Any]
    pages: tuple[PlannedPage, ...]
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def id(self) -> str:
        """Digest of the decisions, of what they say in public, and of the
        source's revisions that are imported."""
        return identity({
            'source': self.source.as_json(), 'target': self.target.as_json(),
            'options': self.options,
            'pages': [page.as_json() for page in self.pages]})

    @property
    def summary(self) -> dict[str, int]:
        """Number of pages by decision."""
        counts = Counter(page.decision for page in self.pages)
        return {decision.value: counts[decision] for decision in Decision}

    @property
    def has_work(self) -> bool:
        """Whether any page has a step."""
        return any(page.steps for page in self.pages)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {
            'schema': SCHEMA,
            'id': self.id,
            'source': self.source.as_json(),
            'target': self.target.as_json(),
            'options': dict(self.options),
            'pages': [page.as_json() for page in self.pages],
            'unresolved': [{'name': item.name,
                            'needed_by': list(item.needed_by)}
                           for item in self.unresolved],
            'notes': [dict(note) for note in self.notes],
            'summary': self.summary,
        }


@dataclass(frozen=True, slots=True)
class PageResult:

    """What became of a page.

    :param outcome: the one outcome, None where the run did not get there
    :param imported: revisions that the wiki says it took
    :param error: code of the API with its sentence, or what differs
    """

    outcome: Outcome | None = None
    imported: int = 0
    error: str | None = None

    def with_outcome(self, outcome: Outcome,
                     error: str | None = None) -> PageResult:
        """Return the result with another outcome."""
        return replace(self, outcome=outcome, error=error)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'outcome': self.outcome and self.outcome.value,
                'imported': self.imported, 'error': self.error}


def is_of_another_version(result: PageResult) -> bool:
    """Return whether nothing (more) of a page was sent, because the source
    has it in another version than was agreed to.

    :param result: what became of it
    """
    return bool(result.error and result.error.startswith(SOURCE_CHANGED))


@dataclass(frozen=True)
class Report:

    """A plan with what became of each page.

    :param plan: the plan that was applied
    :param run: number of the run in the journal, None when simulated
    :param results: in the order of the plan's pages
    :param notes: what the imported pages show on the target
    """

    plan: Plan
    run: int | None
    results: tuple[PageResult, ...]
    notes: tuple[Mapping[str, Any], ...] = ()

    @property
    def astray(self) -> list[int]:
        """Places of the pages with which something else came about."""
        return [place for place, (page, result) in enumerate(zip(
            self.plan.pages, self.results, strict=True))
            if result.outcome is not (Outcome.VERIFIED if page.steps
                                      else Outcome.UNCHANGED)]

    @property
    def went_as_planned(self) -> bool:
        """Whether nothing that was planned is missing or differs."""
        return not self.astray

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        data = self.plan.as_json()
        data['run'] = self.run
        data['notes'] += [dict(note) for note in self.notes]
        for page, result in zip(data['pages'], self.results, strict=True):
            page.update(result.as_json())
        return data


def as_text(data: Any) -> str:
    """Return JSON text that is the same for equal data."""
    return json.dumps(data, ensure_ascii=False, indent=1,
                      sort_keys=True) + '\n'
