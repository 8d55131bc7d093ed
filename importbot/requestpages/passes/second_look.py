"""What of a plan is not what somebody has seen, so that looking again is
quick: the decisions, and just what changed in the texts."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from importbot.model.agreement import SourceEdit
from importbot.model.errors import ImportbotError
from importbot.model.plan import Plan
from importbot.planning.saved import SavedPlan
from importbot.reports.wikitext.diffs import Compared, wiki_diffs
from importbot.reports.wikitext.escape import link, page_link
from importbot.requestpages.passes.reply_text import MOST_SHOWN, ReplyText
from importbot.sources.source import Source
from importbot.sources.transfer import Transfer


__all__ = ('SecondLook', 'second_look')


@dataclass(frozen=True)
class SecondLook:

    """What to look at again, in wikitext.

    :param lines: one sentence each
    :param diffs: folded tables
    """

    lines: tuple[str, ...] = ()
    diffs: tuple[str, ...] = ()


def second_look(seen: SavedPlan, plan: Plan, transfer: Transfer,
                answers: ReplyText) -> SecondLook:
    """Compare a plan with the one that was shown before.

    :param seen: the plan that was shown
    :param plan: the plan by now
    :param answers: writes the sentences
    """
    if not seen.data.get('pages'):
        return SecondLook()
    edits = seen.departure_of(plan).edited
    lines, prefix = [], transfer.prefix
    read: list[Callable[[], Compared]] = []
    for edit in edits:
        if edit.before is None or edit.after is None:
            lines.append(answers.say('request-source-gone', page=edit.title))
        elif edit.before == edit.after:
            lines.append(answers.say('request-source-beneath',
                                     page=edit.title))
        else:
            read.append(partial(_compared, transfer.source, prefix, edit))
    if read:
        lines.append(answers.say('request-source-edited'))
    return SecondLook(tuple(lines[:MOST_SHOWN]),
                      tuple(wiki_diffs(read, answers.language)))


def _compared(source: Source, prefix: str, edit: SourceEdit) -> Compared:
    assert edit.before and edit.after, 'both are there'
    head = (page_link(prefix, edit.title) + ' ' + link(
        f'{prefix}:Special:Diff/{edit.before}/{edit.after}',
        f'{edit.before} → {edit.after}'))
    try:
        before, _author = source.revision_text(edit.title, edit.before)
        after, _author = source.revision_text(edit.title, edit.after)
    except ImportbotError as error:
        return Compared(head, error=error.problem)
    return Compared(head, before, after)
