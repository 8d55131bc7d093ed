"""What a job prints and tells: a line a pass, and what is wrong once."""
from __future__ import annotations

import re
from typing import Any

from importbot.i18n import message
from importbot.journal.passes import TASK, PassLog
from tests.kit.request_bot import passes
from tests.kit.request_wiki import CONFIGURATION, RequestWiki
from tests.kit.support import Client, Run


TALK = CONFIGURATION.replace(':', ' talk:', 1)
DATED = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (.*)')
#: Requests that are broken, as long as a test lasts.
ALWAYS = 10 ** 6
LINE = re.compile(r'pass: \d+ requests? looked at.*, \d+\.\d s(; .*)?')


def lines(run: Run) -> list[str]:
    """Return what a job printed, without the times of its lines."""
    found = []
    for line in run.output.splitlines():
        dated = DATED.fullmatch(line)
        assert dated, line
        found.append(dated[1])
    return found


def said(wiki: RequestWiki, **what: Any) -> int:
    """Return how often the talk page has a sentence."""
    return wiki.admin.text(TALK).count(message('en', **what))


def test_pass_is_a_line(wiki: RequestWiki, anna: Client) -> None:
    wiki.file('Foo', anna, source='xx')
    run = passes(wiki)
    assert run.status == 0, run.output
    assert [line.rpartition(',')[0] for line in lines(run)] == [
        'pass: 1 request looked at, 1 wait']
    # Nothing is new, and nothing else is said.
    line, = lines(passes(wiki))
    assert LINE.fullmatch(line)
    assert 'request' in passes(wiki, '-verbose').output.replace(line, '')


def test_failure_is_told_once_and_so_is_its_end(wiki: RequestWiki) -> None:
    wiki.admin.edit(wiki.page, 'Requests')
    log = PassLog(wiki.journal, f'{wiki.box.target.base}/api.php', TASK)
    wiki.configure(limits={'pages': 'many'})
    first = passes(wiki)
    assert first.status == 1, first.output
    error, *_more, place, line = lines(first)
    assert error.startswith('ERROR: The configuration page')
    assert place.startswith('$.limits.pages: ')
    assert LINE.fullmatch(line)
    # A hundred times more a day, and nobody is told.
    for options, status in (((), 1), (('-failonce', ), 0)):
        run = passes(wiki, *options)
        assert run.status == status, run.output
        line, = lines(run)
        assert LINE.fullmatch(line)
    assert log.failing().count == 3
    latest = log.latest()
    assert latest
    assert (latest.state, latest.cause) == ('error', 'ConfigurationError')
    assert said(wiki, key='configuration-broken') == 1
    wiki.configure()
    run = passes(wiki)
    assert run.status == 0, run.output
    assert any(line.startswith('Good again: 3 passes had failed')
               for line in lines(run))
    assert said(wiki, key='configuration-good') == 1
    assert log.failing().count == 0
    quiet, = lines(passes(wiki))
    assert LINE.fullmatch(quiet)
    assert said(wiki, key='configuration-good') == 1


def test_names_that_mean_nothing_are_told_once(wiki: RequestWiki) -> None:
    wiki.admin.edit(wiki.page, 'Requests')
    wiki.configure(groups=['sysop', 'admins'], language='tlh')
    run = passes(wiki)
    assert run.status == 0, run.output
    assert '$.groups: the wiki has no user group "admins"' in run.output
    assert '$.language: no answers are written in "tlh"' in run.output
    for _pass in range(2):
        line, = lines(passes(wiki))
        assert LINE.fullmatch(line)
        assert said(wiki, key='configuration-doubts') == 1
    wiki.configure()
    line, = lines(passes(wiki))
    assert LINE.fullmatch(line), line
    assert said(wiki, key='configuration-doubts') == 1
    # All of it is seen at once.
    text = wiki.admin.text(TALK)
    assert 'mw-collapsible' not in text
    assert text.count('id="import-configuration_doubts"') == 1


def test_wiki_that_is_down_is_told_at_once_and_once(wiki: RequestWiki,
                                                    ) -> None:
    wiki.admin.edit(wiki.page, 'Requests')
    assert passes(wiki).status == 0
    log = PassLog(wiki.journal, f'{wiki.box.target.base}/api.php', TASK)
    with wiki.box.target.broken(hits=lambda _: True, forwards=False,
                                times=ALWAYS):
        # pywikibot would try for half an hour, with a stack at each try.
        error, line = lines(passes(wiki))
        quiet, = lines(passes(wiki))
    assert error.startswith('ERROR: The target wiki cannot be reached')
    assert LINE.fullmatch(line)
    assert LINE.fullmatch(quiet)
    latest = log.latest()
    assert latest
    assert (latest.cause, log.failing().count) == ('TargetError', 2)
    assert passes(wiki).status == 0
