"""Reports in HTML, and texts that want to get out of them."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml import html as trees

from importbot.journal.reports import RunDetails
from importbot.model.decisions import (
    Decision,
    Evidence,
    Outcome,
    Reason,
    Relation,
)
from importbot.model.notes import AuthorEdits, Note, NoteKind
from importbot.model.plan import Endpoint, Plan, Unresolved
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report
from importbot.model.steps import UPLOAD, CleanUpStep, ImportStep, MoveStep
from importbot.reports.html import report_html
from importbot.reports.texts import CleanedTexts, HeldTexts
from tests.kit.many_pages import SOURCE, TARGET
from tests.kit.plans import IMPORT, NEWEST, SKIP, titled


HELD = replace(
    SKIP, title=titled('Template:Held'), target=titled('Template:Held'),
    decision=Decision.HOLD, reason=Reason.ASK, relation=Relation.DIVERGED,
    asks=True,
    evidence=(Evidence.MENTIONED, ), replaced=replace(NEWEST, id=77))
DETAILS = RunDetails(
    '2026-01-02T03:00:00+00:00', '2026-01-02T03:04:05+00:00',
    '2026-01-02T04:05:06+00:00', 'Anna', 'Berta', 'Project:Requests', 'r7',
    {'Rover': '2026-01-02T03:30:00Z'})
HOSTILE = [
    '<script>alert(1)</script>', '</script><script>alert(1)</script>',
    '</style><img src=x onerror=alert(1)>', '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)", '" autofocus onfocus="alert(1)',
    'javascript:alert(1)', '&lt;b&gt;&amp;&#60;', '{{ 7 * 7 }}{% raw %}',
    '%(page)s%', '<!-- ', ']]>', '\u202egnp.exe\u2066', '\x00\x01\x02<b\x00>',
    '\ufffe', '\ufdd0', 'x' * 5_000, '-->', '</table></td>', '<plaintext>',
    '</title><b>', '</details></ul></section>', '\u2028\u2029\x85', '#p1',
    '{{PLURAL:3|a|b}}']


def tree(text: str) -> Any:
    return trees.document_fromstring(text)


def words(node: Any) -> str:
    return ' '.join(node.text_content().split())


def section(shown: Any, name: str) -> Any:
    found, = shown.xpath(f'//section[@id="{name}"]')
    return found


def full_report(word: str) -> tuple[Report, list[HeldTexts | CleanedTexts],
                                    RunDetails]:
    """Return a report with a word wherever there can be any text."""
    top = replace(IMPORT, title=titled(f'A{word}'),
                  target=titled(f'B{word}'),
                  steps=(ImportStep(UPLOAD, 'asked', history='full',
                                    rootpage=word or 'x'),
                         ImportStep(UPLOAD, f'_{word}', 'full'),
                         MoveStep(word or 'x'), CleanUpStep((word, 'y'))))
    held = replace(HELD, title=titled(f'C{word}'),
                   target=titled(f'D{word}'),
                   needed_by=(top.title, titled(f'E{word}')))
    other = replace(SKIP, title=titled(f'E{word}'),
                    needed_by=(held.title, ))
    notes = (Note.of(NoteKind.MIXED, word, {
        'relation': word, 'needed_by': (word, ) * 9}),
        Note.of(NoteKind.AUTHORS, word, {
            'authors': (AuthorEdits(word, word, 3), )}))
    plan = Plan(
        Endpoint(SOURCE.api, f'w{word}', prefix=f'p{word}'),
        Endpoint(TARGET.api, f'w{word}', user=f'u{word}'),
        Policy(summary=f's{word}', post=(f'o{word}', ),
               nsmap=((word, word), )),
        (other, held, top), (Unresolved(word, (titled(word), )), ), notes)
    report = Report(plan, 7, (
        PageResult(Outcome.UNCHANGED), PageResult(Outcome.UNCHANGED),
        PageResult(Outcome.FAILED, 3, Problem.quoted(f'e{word}'))), notes[:1])
    line = word.replace('\n', ' ')
    texts = (f'a\n{line}\nb', f'a\n{line}\nc')
    return report, [
        HeldTexts(held, 1, 2, *texts),
        HeldTexts(held, 1, 2, error=Problem.quoted(f'e{word}')),
        CleanedTexts(replace(top, steps=(CleanUpStep((word, )), )), 1,
                     *texts)
    ], RunDetails(*(f't{word}', ) * 3, f'r{word}', f'a{word}', f'p{word}',
                  f'i{word}', {f'A{word}': f's{word}'})


def full_html(word: str, language: str = 'en') -> str:
    report, diffs, details = full_report(word)
    return report_html(report, language, diffs=diffs, details=details)
