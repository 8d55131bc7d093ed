"""What an error says about sending again, and how long that is waited."""
from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.model.errors import NoAnswerError, TargetError
from importbot.rules.api_errors import HINTS, refusal, words_of
from importbot.rules.patience import Met, Patience, asked_seconds, halves, met


NOW = datetime(2024, 5, 6, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(('code', 'kind'), [
    ('http-429', Met.BUSY), ('ratelimited', Met.BUSY),
    ('readonly', Met.BUSY), ('maxlag', Met.BUSY), ('partialupload', Met.BUSY),
    ('badtoken', Met.SESSION), ('assertuserfailed', Met.SESSION),
    ('notoken', Met.SESSION),
    ('databaseerror-text', Met.BROKE_OFF), ('databaseerror', Met.BROKE_OFF),
    ('internal_api_error_DBQueryError', Met.BROKE_OFF),
    ('internal_api_error_DBConnectionError', Met.BROKE_OFF),
    ('internal_api_error_Wikimedia\\Rdbms\\DBTransactionError',
     Met.BROKE_OFF),
    ('readonlytext', Met.BROKE_OFF),
    ('internal_api_error_Error', Met.FAILED),
    ('import-unknownerror', Met.FAILED), ('unheard-of', Met.FAILED),
    ('cantimport', Met.REFUSED), ('blocked', Met.REFUSED),
    ('badtags', Met.REFUSED), ('http-403', Met.REFUSED),
    ('cantopenfile', Met.BROKE_OFF), ('filetoobig', Met.REFUSED),
    ('invalidparammix', Met.REFUSED)])
def test_kind_of_an_error(code: str, kind: Met) -> None:
    assert met(refusal(code, 'Hopper', 'It says so.')) is kind


def test_what_is_no_answer_at_all() -> None:
    assert met(NoAnswerError('Hopper', 'reset')) is Met.SILENCE
    assert met(TargetError('unreachable')) is Met.REFUSED


def test_nothing_that_asks_for_patience_may_have_been_done() -> None:
    """Who waits without reading back has to be sure."""
    busy = {code for code in HINTS
            if met(refusal(code, '', '')) is Met.BUSY}
    assert busy == {'http-429', 'maxlag', 'partialupload', 'ratelimited',
                    'readonly'}


def test_nonce_that_was_used_already() -> None:
    code = 'mwoauth-invalid-authorization'
    assert met(refusal(code, '', 'Nonce already used: 4711')) is Met.BUSY
    assert met(refusal(code, '', 'Invalid signature')) is Met.REFUSED


@pytest.mark.parametrize(('value', 'seconds'), [
    ('0', 0), ('17', 17), (' 5 ', 5), ('Mon, 06 May 2024 12:01:30 GMT', 90),
    ('Mon, 06 May 2024 11:00:00 GMT', 0),
    ('Mon, 06 May 2024 14:01:00 +0200', 60),
    (None, None), ('', None), ('soon', None), ('-5', None), ('1e3', None),
    ('9' * 40, None), ('٣', None), ('Mon, 99 May 2024', None)])
def test_what_retry_after_asks_for(value: str | None,
                                   seconds: float | None) -> None:
    assert asked_seconds(value, NOW) == seconds


@given(st.text())
def test_whatever_retry_after_says(value: str) -> None:
    seconds = asked_seconds(value, NOW)
    assert seconds is None or seconds >= 0


def test_pauses_grow_where_the_wiki_names_none() -> None:
    patience, waited, pauses = Patience(5, 60, tries=99, total=300), 0.0, []
    while seconds := patience.pause(len(pauses) + 1, waited, None):
        pauses.append(seconds)
        waited += seconds
    assert pauses == [5, 10, 20, 40, 60, 60, 60]
    assert waited <= 300


def test_what_the_wiki_asks_for_is_not_cut_short() -> None:
    patience = Patience(5, 120, total=900)
    assert patience.pause(1, 0, 600) == 600
    assert patience.pause(2, 600, 600) is None
    assert patience.pause(1, 0, 901) is None
    # Asked for the same little pause again and again.
    assert [patience.pause(number, 0, 2) for number in (1, 2, 3, 4)] == [
        2, 5, 10, 20]
    # No time at all would be a loop.
    assert patience.pause(1, 0, 0) == 5


@given(st.integers(0, 20), st.floats(0, 100), st.floats(0, 500),
       st.lists(st.none() | st.floats(0, 2000), max_size=40))
def test_patience_ends(tries: int, first: float, longest: float,
                       asked: list[float | None]) -> None:
    patience, waited = Patience(first, longest, tries, total=900), 0.0
    for number, seconds in enumerate(asked, 1):
        pause = patience.pause(number, waited, seconds)
        if pause is None:
            break
        assert number <= tries
        assert pause >= (seconds or 0)
        waited += pause
    assert waited <= 900


def test_what_broke_off_is_sent_again_three_times() -> None:
    patience = Patience(5)
    assert [patience.after_failure(number) for number in (1, 2, 3, 4)] == [
        5, 10, 20, None]


def calls(count: int, guilty: set[int]) -> int:
    """Return how many calls halving takes where all is rolled back."""
    rest, sent, failed = [list(range(count))], 0, set()
    while rest:
        pages, sent = rest.pop(0), sent + 1
        if guilty.isdisjoint(pages):
            continue
        if len(pages) == 1:
            failed |= set(pages)
        else:
            rest = [part for start, end in halves(
                len(pages), has_arrived=False, has_half=False)
                if (part := pages[start:end])] + rest
    assert failed == guilty
    return sent


@given(st.integers(1, 100), st.sets(st.integers(0, 99), max_size=5))
def test_only_the_guilty_fail_in_few_calls(count: int,
                                           guilty: set[int]) -> None:
    guilty = {page for page in guilty if page < count}
    halvings = (count - 1).bit_length()
    assert calls(count, guilty) <= 1 + 2 * len(guilty) * halvings


def test_what_arrived_tells_where_it_broke_off() -> None:
    assert list(halves(5, has_arrived=True, has_half=False)) == [
        (0, 1), (1, 5)]
    assert list(halves(5, has_arrived=True, has_half=True)) == [(0, 5)]


# What a wiki says itself

def test_words_are_short_plain_and_printable() -> None:
    assert words_of('<html><title>No</title><style>p {}</style><!-- x --><p>'
                    'Fatal &lt;b&gt;\n\tat\x1b[2J once</p></html>') == (
        'Fatal <b> at\ufffd[2J once')
    assert words_of('x' * 5000) == 'x' * 300 + ' …'
    assert words_of('{"error": {"info": "Two\\nlines"}}<html>more</html>'
                    ) == 'Two lines'
    assert words_of('Broken Backtrace: from /srv/mediawiki/x.php') == 'Broken'
    assert words_of('') == words_of('<p> </p>') == ''


@given(st.text())
def test_whatever_a_wiki_says(text: str) -> None:
    for said in (words_of(text), refusal('odd', 'Hopper', text).info):
        assert said.isprintable()
        assert len(said) <= 302
