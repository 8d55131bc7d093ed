"""The bot works while a page says so, and nobody sent a signal."""
from __future__ import annotations

import os
import signal

import pytest

from importbot.requestpages.configuration import StopPage
from importbot.requestpages.page.store import StoredPage
from importbot.requestpages.passes.stop import Stop, says_run


def page(text: str | None) -> StoredPage:
    return StoredPage('User:Bot/Stop', 7, text)


@pytest.mark.parametrize(('text', 'runs'), [
    ('run', True), (' RUN\n', True), ('<!-- yes -->run<!-- no', True),
    ('<noinclude>{{Stop button}}</noinclude>\nRun', True),
    ('<NoInclude>x</noINCLUDE>run<noinclude>y', True),
    ('', False), ('stop', False), ('run!', False), ('do not run', False),
    ('run stop', False), ('run\nstop', False), ('<!-- run -->', False),
    ('<noinclude>run</noinclude>', False), ('<!--\nrun', False),
    ('r<!-- -->un', True), ('#REDIRECT [[Run]]', False),
    ('<nowiki>run</nowiki>', False), ("'''run'''", False), (None, False)])
@pytest.mark.parametrize('missing', ['stop', 'run'])
def test_page_has_to_say_run_and_nothing_else(text: str | None, runs: bool,
                                              missing: str) -> None:
    rule = StopPage.model_validate({'page': 'A', 'missing': missing})
    assert says_run(page(text), rule) is runs


@pytest.mark.parametrize('missing', ['stop', 'run'])
def test_missing_page_means_what_the_wiki_says(missing: str) -> None:
    rule = StopPage.model_validate({'page': 'A', 'missing': missing})
    assert says_run(StoredPage('A'), rule) is (missing == 'run')
    # A page that cannot be seen is not missing.
    assert not says_run(None, rule)


def test_nothing_stops_the_bot_at_first() -> None:
    assert not Stop().asked()


@pytest.mark.parametrize(('number', 'is_interrupt'), [
    (signal.SIGTERM, False), (signal.SIGINT, True)])
def test_signal_stops_before_the_next_call(number: signal.Signals,
                                           is_interrupt: bool) -> None:
    before = [signal.getsignal(each)
              for each in (signal.SIGINT, signal.SIGTERM)]
    stop = Stop()
    with stop.on_signals():
        assert not stop.asked()
        os.kill(os.getpid(), number)
        assert stop.asked()
        assert (stop.reason, stop.is_signalled, stop.is_interrupt) == (
            number.name, True, is_interrupt)
        # Whoever presses Ctrl-C again means it.
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert before == [signal.getsignal(each)
                      for each in (signal.SIGINT, signal.SIGTERM)]
    assert stop.asked()
