"""What the bot says below a request, in wikitext."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from importbot.i18n import message, said, spoken
from importbot.model.decisions import Outcome, Role
from importbot.model.notes import Note
from importbot.model.plan import Plan
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report
from importbot.model.undo_plan import UndoDecision, UndoPlan
from importbot.reports.wikitext.changes import (
    advice,
    change_table,
    cleanup_lines,
    deletion_list,
    held_lines,
    note_lines,
    outcome,
    undo_wikitext,
)
from importbot.reports.wikitext.escape import link, plain
from importbot.reports.words.changes import needs_person
from importbot.requestpages.page.edits import anchor
from importbot.requestpages.page.sections import edit_link
from importbot.requestpages.status import Status
from importbot.requestpages.who.proof import Unproved


__all__ = ('ReplyText', 'MOST_FOLDED', 'MOST_SHOWN', 'summed_up')

#: Rows that everybody sees, and rows that a page of requests can bear.
MOST_SHOWN = 20
MOST_FOLDED = 100
_NOTES_SHOWN = 8

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
    """

    language: str
    marks: Mapping[str, str]

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

    def block(self, mark: str, lines: Iterable[str],
              status: Status | None = None) -> str:
        """Return an answer: signed, in its language and direction.

        :param mark: its anchor
        :param lines: wikitext
        :param status: the state that it sets, for the wiki's own mark
        """
        code = spoken(self.language)
        own = self.marks.get(status.value, '') if status else ''
        return '\n'.join((
            f'<div class="importbot-answer" id="{mark}" lang="{code}" '
            'dir="ltr">', *lines, f'{own} ~~~~'.strip(), '</div>'))

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
        """Return a plan: first what needs a person, the rest folded.

        :param lead: what is to be said first
        :param subpage: where the whole table is, empty if nowhere else
        :param diffs: what stands against what, in wikitext
        """
        return [
            self.say('request-plan', plan=plan.id, **plan.summary),
            *(f'* {line}' for line in lead), *self._notes(plan.notes),
            *cleanup_lines(plan, self.language),
            *[advice(page, plan.source.prefix or '', self.language)
              for page in plan.pages
              if needs_person(page)][:_NOTES_SHOWN],
            *diffs, *self._tables(plan, None, subpage, MOST_SHOWN)]

    def _notes(self, notes: Iterable[Note]) -> list[str]:
        lines = note_lines(notes, self.language)
        more = len(lines) - _NOTES_SHOWN
        if more > 0:
            count = self.say('request-more-notes', count=more)
            return [*lines[:_NOTES_SHOWN], f'* {count}']
        return lines

    def _tables(self, plan: Plan, report: Report | None, subpage: str,
                room: int) -> list[str]:
        results = report.results if report else None
        places = sorted(range(len(plan.pages)), key=lambda place: (
            not needs_person(plan.pages[place],
                             results[place] if results else None),
            plan.pages[place].role is not Role.REQUESTED, place))
        shown, rest = places[:room], places[room:]
        tables = [change_table(plan, shown, self.language, results=results)
                  ] if shown else []
        if subpage:
            tables.append(f'{self.say("request-subpage")} {link(subpage)}')
        elif rest:
            tables.append(change_table(
                plan, rest, self.language, results=results, folded=True,
                caption=self.say('request-more', count=len(rest))))
        return tables

    def result(self, report: Report, revisions: Mapping[str, int],
               subpage: str = '') -> list[str]:
        """Return what became of an approved plan.

        :param report: of its run
        :param revisions: newest revisions of the requested pages, by
            their title here
        :param subpage: where the whole table is, empty if nowhere else
        """
        plan, arrived = report.plan, self._arrived(report, revisions)
        by_hand = [advice(page, plan.source.prefix or '', self.language)
                   for page in plan.pages
                   if needs_person(page) and not page.steps
                   ][:MOST_SHOWN // 2]
        return [
            self.say('request-result', run=report.run, plan=plan.id,
                     **summed_up(report)), *arrived,
            *self._notes(note for note in report.notes if note.is_news),
            *([self.say('request-by-hand'), *by_hand] if by_hand else ()),
            *self._tables(plan, report, subpage, max(
                0, MOST_SHOWN - len(arrived) - len(by_hand)))]

    def _arrived(self, report: Report,
                 revisions: Mapping[str, int]) -> list[str]:
        """Return permalinks and log links of the requested pages."""
        lines = []
        for page, result in zip(report.plan.pages, report.results,
                                strict=True):
            place = page.target_text
            if page.role is Role.REQUESTED and place in revisions:
                permalink = link('Special:PermanentLink/'
                                 f'{revisions[place]}', place)
                log = ('[{{fullurl:Special:Log|type=import&page='
                       # The entry stays where the import put the page.
                       f'{quote(page.interim_title)}}}}} '
                       f'{self.say("request-log")}]')
                lines.append(f'* {permalink} ({log}): '
                             + outcome(result, self.language))
        return lines[:MOST_SHOWN // 2]

    def undo(self, plan: UndoPlan, lead: Iterable[str],
             results: Sequence[PageResult] | None = None,
             subpage: str = '') -> list[str]:
        """Return an undo, and what became of it once it is done.

        :param lead: what is to be said first
        :param results: what became of its pages, None before
        :param subpage: where the whole undo is, empty if nowhere else
        """
        lines = [*lead, *self._notes(plan.notes),
                 *held_lines(plan, self.language)]
        if subpage:
            return [*lines,
                    f'{self.say("request-subpage")} {link(subpage)}']
        places = sorted(range(len(plan.pages)), key=lambda place: (
            plan.pages[place].verdict.decision is not UndoDecision.HOLD,
            place))
        shown, rest = places[:MOST_SHOWN], places[MOST_SHOWN:]
        lines += self._to_paste(plan)
        if shown:
            lines.append(change_table(plan, shown, self.language,
                                        results=results))
        if rest:
            lines.append(change_table(
                plan, rest, self.language, results=results, folded=True,
                caption=self.say('request-more', count=len(rest))))
        return lines

    def _to_paste(self, plan: UndoPlan) -> list[str]:
        titles = deletion_list(plan)
        return [self.say('request-undo-paste'),
                f'<pre>{chr(10).join(titles)}</pre>'] if titles else []

    def whole_undo(self, plan: UndoPlan,
                   results: Sequence[PageResult] | None = None) -> str:
        """Return the text of a subpage: all pages, all notes.

        :param results: what became of its pages, None before
        """
        return '\n'.join([*undo_wikitext(plan, self.language, results),
                          *self._to_paste(plan)])

    def whole_table(self, plan: Plan, report: Report | None = None) -> str:
        """Return the table of a subpage: all pages, all notes."""
        return '\n'.join([
            *note_lines((*plan.notes, *(report.notes if report else ())),
                        self.language),
            *cleanup_lines(plan, self.language),
            change_table(plan, range(len(plan.pages)), self.language,
                       results=report.results if report else None,
                       caption=plan.id)])


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
