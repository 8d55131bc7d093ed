"""What the bot says below a request, in wikitext."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from importbot.i18n import message, said, spoken
from importbot.model.decisions import Outcome, Role
from importbot.model.plan import Plan
from importbot.model.problems import Problem
from importbot.model.report import Report, UndoReport
from importbot.model.undo_plan import UndoPlan
from importbot.reports.wikitext.changes import deletion_list, outcome
from importbot.reports.wikitext.escape import link, plain
from importbot.reports.wikitext.overview import (
    WikiOverview,
    overview_wikitext,
)
from importbot.reports.words.changes import AnyPlan, AnyReport
from importbot.reports.words.overview import joined
from importbot.requestpages.page.edits import FOLDED, UNFOLDED, anchor
from importbot.requestpages.page.sections import edit_link
from importbot.requestpages.status import Status
from importbot.requestpages.who.proof import Unproved


__all__ = ('ReplyText', 'MOST_FOLDED', 'MOST_SHOWN', 'summed_up')

#: Rows that everybody sees, and rows that a page of requests can bear.
MOST_SHOWN = 20
MOST_FOLDED = 100
_NOTES_SHOWN = 8
#: After these nobody has anything to do any more.
_ALL_DONE = (Status.DONE, Status.UNDONE)

#: What keeps the bot from importing, in words for those who asked.
_OBSTACLES = {
    'start-right': 'right', 'start-may-not-edit': 'right',
    'start-upload-would-do': 'right', 'start-no-tags-right': 'right',
    'start-may-not-move': 'move', 'start-blocked': 'block',
    'start-no-prefix': 'source', 'start-not-a-source': 'source',
    'start-imports-off': 'source'}


@dataclass(frozen=True)
class ReplyText:

    """Writes answers in the language of a wiki.

    :param language: code of the language
    :param marks: wikitext after the last answer, by the state it sets
    :param group_names: returns what the wiki calls groups in a language
    """

    language: str
    marks: Mapping[str, str]
    group_names: Callable[[Iterable[str], str], Iterable[str]] = (
        lambda groups, _language: groups)

    def groups(self, groups: Iterable[str]) -> str:
        """Return what the wiki calls some groups.

        :param groups: user groups
        """
        return joined('comma', self.group_names(groups, self.language),
                      self.language)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence; what goes into it is shown as it is.

        :param key: key of the message
        :param values: its parameters
        """
        return message(self.language, key, **{
            name: plain(str(value)) for name, value in values.items()})

    def unproved(self, key: str, why: Unproved) -> str:
        """Return that nothing proves who did something.

        :param key: key of the sentence
        :param why: that it is so
        """
        return self.say(key, reason=message(
            self.language, f'unproved-{why.why}', date=why.date))

    def block(self, mark: str, lines: Sequence[str],
              status: Status | None = None) -> str:
        """Return an answer: signed, in its language and direction.

        All but the first line can be folded. It is no script that shows
        it: without one it stands open.

        :param mark: its anchor
        :param lines: wikitext, the first of which stays when it is folded
        :param status: the state that it sets, for the wiki's own mark
        """
        code = spoken(self.language)
        own = self.marks.get(status.value, '') if status else ''
        first, *rest = lines
        return '\n'.join((
            f'<div class="importbot-answer" id="{mark}" lang="{code}" '
            'dir="ltr">', *_foldable(first, rest, status in _ALL_DONE),
            f'{own} ~~~~'.strip(), '</div>'))

    def request_link(self, title: str, id: str) -> str:
        """Return a link to a request.

        :param title: full title of the request page
        :param id: of the request, empty if it has none
        """
        return (f'[[{title}#{anchor(id)}|{id}]]' if id else f'[[{title}]]')

    def user_link(self, name: str) -> str:
        """Return a link to somebody.

        :param name: account name, empty where nobody knows
        """
        return (link(f'User:{name}', name) if name
                else self.say('request-nobody'))

    def way(self, title: str, id: str, status: Status, before: str,
            after: str) -> str:
        """Return how to set a request to a state: one word to change.

        :param title: full title of the request page
        :param id: of the request
        :param status: the state
        :param before: the word that stands there
        :param after: the word for the state
        """
        link = edit_link(title, self.summary(title, id, status), message(
            self.language, f'request-do-{status.value}'))
        return message(self.language, 'request-change-word', link=link,
                       before=plain(before), after=plain(after))

    def also(self, title: str, id: str, page: str) -> str:
        """Return that another request asks for a page, too.

        :param title: full title of the page with that request
        :param id: of that request
        :param page: title of the page that both ask for
        """
        return message(self.language, 'request-also', page=plain(page),
                       id=self.request_link(title, id))

    def summary(self, title: str, id: str, status: Status) -> str:
        """Return the summary of an edit of a request.

        :param id: of the request, empty if it has none
        :param status: its next state
        """
        return message(self.language, 'summary-request',
                       link=self.request_link(title, id),
                       status=message(self.language,
                                      f'status-{status.value}'))

    def asked_summary(self, title: str, id: str) -> str:
        """Return the summary of what a request brings.

        :param id: of the request
        """
        return message(self.language, 'summary-asked',
                       link=self.request_link(title, id))

    def problems(self, problems: Iterable[Problem]) -> list[str]:
        """Return why a request cannot be planned."""
        return [self.say('request-question'), *(
            f'* {self.problem(problem)}' for problem in problems)]

    def obstacle(self, problem: Problem) -> str:
        """Return why a request waits for the operator of the bot.

        :param problem: what the operator has to mend; who asked for pages
            is told as much of it as concerns them
        """
        key = _OBSTACLES.get(problem.key, 'settings')
        return self.say(f'request-waits-{key}',
                        source=problem.values.get('prefix', ''))

    def problem(self, problem: Problem) -> str:
        """Return what is wrong."""
        return plain(said(self.language, problem))

    def plan(self, plan: Plan, lead: Sequence[str], subpage: str = '',
             diffs: Sequence[str] = ()) -> list[str]:
        """Return a plan in the order of reading.

        :param lead: what is to be said first
        :param subpage: where the whole plan is, empty if nowhere else
        :param diffs: what stands against what, in wikitext
        """
        shown = WikiOverview(plan, self.language)
        return [
            f'{shown.verdict} '
            f'<small>{self.say("request-plan", plan=plan.id)}</small>',
            *(f'* {line}' for line in lead),
            *shown.needs_eyes(most=MOST_SHOWN if subpage else None),
            *diffs, *self._rest(shown, subpage),
            *self._notes([*shown.notes()]), *shown.cleanups()]

    def _rest(self, shown: WikiOverview, subpage: str) -> list[str]:
        return ([f'{self.say("request-subpage")} {link(subpage)}']
                if subpage else [*shown.rest()])

    def _notes(self, lines: Sequence[str]) -> list[str]:
        more = len(lines) - _NOTES_SHOWN
        if more > 0:
            count = self.say('request-more-notes', count=more)
            return [*lines[:_NOTES_SHOWN], f'* {count}']
        return [*lines]

    def result(self, report: Report, revisions: Mapping[str, int],
               subpage: str = '', lead: Sequence[str] = ()) -> list[str]:
        """Return what became of an approved plan.

        The requested pages stay when it is folded.

        :param report: of its run
        :param revisions: newest revisions of the requested pages, by
            their title here
        :param subpage: where the whole report is, empty if nowhere else
        :param lead: what is to be said first
        """
        shown = WikiOverview(report, self.language)
        arrived = self._arrived(report, revisions)
        run = self.say('request-result', run=report.run,
                       plan=report.plan.id)
        return [
            '\n'.join((f'{shown.verdict} <small>{run}</small>', *lead,
                       *arrived.values())),
            *shown.needs_eyes(arrived, MOST_SHOWN if subpage else None),
            *self._rest(shown, subpage),
            *self._notes([*shown.notes(only_news=True)])]

    def _arrived(self, report: Report,
                 revisions: Mapping[str, int]) -> dict[int, str]:
        """Return permalinks and log links of the requested pages, by their
        places."""
        lines: dict[int, str] = {}
        for place, (page, result) in enumerate(zip(
                report.plan.pages, report.results, strict=True)):
            title = page.target_text
            if page.role is Role.REQUESTED and title in revisions:
                permalink = link('Special:PermanentLink/'
                                 f'{revisions[title]}', title)
                log = ('[{{fullurl:Special:Log|type=import&page='
                       # The entry stays where the import put the page.
                       f'{quote(page.interim_title)}}}}} '
                       f'{self.say("request-log")}]')
                lines[place] = (f'* {permalink} ({log}): '
                                + outcome(result, self.language))
        return dict([*lines.items()][:MOST_SHOWN])

    def undo(self, plan: UndoPlan, lead: Sequence[str],
             report: UndoReport | None = None,
             subpage: str = '') -> list[str]:
        """Return an undo, and what became of it once it is done.

        :param lead: what is to be said first, in lines; the first stays
            when it is folded
        :param report: what became of it, None before
        :param subpage: where the whole undo is, empty if nowhere else
        """
        shown = WikiOverview(report or plan, self.language)
        first, *rest = lead
        return [
            f'{first} {shown.verdict}', *rest,
            *shown.needs_eyes(most=MOST_SHOWN if subpage else None),
            *([] if subpage else self._to_paste(plan)),
            *self._rest(shown, subpage), *self._notes([*shown.notes()])]

    def _to_paste(self, plan: UndoPlan) -> list[str]:
        titles = deletion_list(plan)
        return [self.say('request-undo-paste'),
                f'<pre>{chr(10).join(titles)}</pre>'] if titles else []

    def whole(self, thing: AnyPlan | AnyReport) -> str:
        """Return the text of a subpage: all pages, all notes.

        :param thing: of an import or an undo
        """
        plan = (thing.plan if isinstance(thing, (Report, UndoReport))
                else thing)
        return '\n'.join([
            *overview_wikitext(thing, self.language),
            *(self._to_paste(plan) if isinstance(plan, UndoPlan) else ())])


def _foldable(first: str, rest: Sequence[str],
              is_folded: bool) -> Iterator[str]:
    """Yield the lines of an answer that can be folded."""
    if not rest:
        yield first
        return
    yield FOLDED if is_folded else UNFOLDED
    yield first
    yield '<div class="mw-collapsible-content">'
    yield from rest
    yield '</div></div>'


def summed_up(report: Report) -> dict[str, Any]:
    """Return how many pages of a run there are of each kind of end.

    :param report: of the run
    """
    counts = Counter(
        result.outcome if result.outcome in (
            Outcome.VERIFIED, Outcome.UNCHANGED) else None
        for result in report.results)
    return {'verified': counts[Outcome.VERIFIED],
            'unchanged': counts[Outcome.UNCHANGED], 'failed': counts[None]}
