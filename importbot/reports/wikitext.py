"""A plan as a table for a wiki page; every word of a wiki is escaped."""
from __future__ import annotations

from importbot.i18n import message
from importbot.model.plans import Plan, PlannedPage
from importbot.reports.notes import note_sentence


__all__ = ('plan_wikitext', )

#: What could begin or end something in wikitext.
_ACTIVE = {char: f'&#{ord(char)};' for char in '&<>[]{}|\'"=*#:;~_\n\r'}
_ESCAPES = str.maketrans(_ACTIVE)


def plan_wikitext(plan: Plan, language: str) -> str:
    """Return notes and decisions of a plan in wikitext.

    :param plan: the plan
    :param language: language of the reasons
    """
    lines = [f'* {_plain(note_sentence(note, language))}'
             for note in plan.notes]
    lines += ['{| class="wikitable sortable"', f'|+ {plan.id}',
              '! page !! role !! decision !! reason !! target']
    for page in plan.pages:
        lines += ['|-', _row(page, plan.source.prefix or '', language)]
    return '\n'.join([*lines, '|}', ''])


def _row(page: PlannedPage, prefix: str, language: str) -> str:
    target = f'[[:{page.target}]]' if page.target else ''
    return (f'| [[:{prefix}:{page.title}]] || {page.role.value} '
            f'|| {page.decision.value} '
            f'|| {_plain(message(language, f"reason-{page.reason.value}"))} '
            f'|| {target}')


def _plain(text: str) -> str:
    return text.translate(_ESCAPES)
