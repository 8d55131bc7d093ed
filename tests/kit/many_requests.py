"""A request page of a wiki that has used it for a year."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from importbot.journal.journal import now
from importbot.journal.tables import RequestRow
from importbot.requestpages.page.edits import anchor
from importbot.requestpages.status import Status
from tests.kit.request_wiki import RequestWiki


#: As they stand on such a page; what people do and the bot waits for.
STATES = [Status.DONE] * 11 + [Status.REVIEW] * 3 + [
    Status.QUESTION, Status.DECLINED, Status.WITHDRAWN, Status.PARTIAL,
    Status.MANUAL, Status.FAILED]
ROWS = 12


def fill(wiki: RequestWiki, count: int = 200) -> None:
    """Put requests on a request page, all of them answered.

    :param wiki: the wiki with request pages
    :param count: how many
    """
    states = list(itertools.islice(itertools.cycle(STATES), count))
    wiki.admin.edit(wiki.page, ''.join(_parts(wiki, states)))
    for request, status in zip(wiki.requests, states, strict=True):
        wiki.log.save(replace(
            _record(wiki, request.id, request.plan),
            status=status.value, fingerprint=request.fingerprint,
            ended=now() if status.is_end else None))


def _parts(wiki: RequestWiki, states: list[Status]) -> Iterator[str]:
    yield 'This is where imports are asked for.\n\n{{TOC}}\n\n'
    for number, status in enumerate(states):
        id, plan = f'{number:08x}', f'{number:016x}'
        yield f'== Wish {number} ==\n'
        yield wiki.request(
            f'Page {number} → User:Anna/Page {number}\n  [[Other {number}]]',
            status.value, reason=f'[[User:Anna|]] translates number {number}'
            ' <!-- really -->', id=id,
            **{'plan': plan} if status is not Status.QUESTION else {})
        for answer in (1, 2) if status.is_end else (1, ):
            yield _answer(anchor(id, answer), plan)
        yield (f':Thank you! <nowiki>{{{{Import request}}}}</nowiki> {number} '
               '[[User:Anna|Anna]] 10:10, 10 October 2026 (UTC)\n\n')


def _answer(mark: str, plan: str) -> str:
    rows = ''.join(
        f'|-\n| [[Template:Part {number}]] || template || [[Page]] || '
        'import || not on the target\n' for number in range(ROWS))
    return (f'<div class="importbot-answer" id="{mark}" lang="en" dir="ltr">'
            f'\nThis would be done (plan {plan}):\n{{| class="wikitable"\n'
            f'! page !! role !! needed by !! decision !! reason\n{rows}|}}\n'
            '[[User:ImportBot|ImportBot]] 10:10, 10 October 2026 (UTC)\n'
            '</div>\n')


def _record(wiki: RequestWiki, id: str, plan: str) -> RequestRow:
    pages: list[dict[str, Any]] = [
        {'title': f'Template:Part {number}', 'target': f'Part {number}',
         'role': 'template', 'steps': [], 'why': 'x' * 500}
        for number in range(ROWS)]
    return RequestRow(
        id, f'{wiki.box.target.base}/api.php', wiki.page, 'new', '', now(),
        author='Anna', author_id=1, planned=now(), plan=plan,
        saved_plan={'pages': pages}, answers=1, approvers=('sysop', ))
