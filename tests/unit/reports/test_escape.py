"""Text that a report quotes is shown as it is, and is nothing else."""
from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import mwparserfromhell
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mwparserfromhell.nodes import HTMLEntity, Tag, Text, Wikilink

from importbot.reports.wikitext.escape import link, page_link, plain
from tests.kit.wikitext import PIECES


#: No wiki stores control characters.
hostile = st.lists(st.sampled_from(
    [piece for piece in PIECES if '\r' not in piece])).map(''.join) | st.text(
        st.characters(exclude_categories=('Cc', 'Cs')))


def nodes(text: str) -> Iterable[Any]:
    return mwparserfromhell.parse(text).filter()


# As mwparserfromhell reads it

@given(hostile)
@example("'''a''")
@example('http:' + '//a')
@example(' a\n* b')
def test_plain_text_is_nothing_else(text: str) -> None:
    for escaped in (plain(text), f'* {plain(text)}.', f'a {plain(text)} b',
                    f'|-\n| {plain(text)} || b'):
        kinds = {type(node) for node in nodes(escaped.lstrip('*'))}
        assert kinds <= {Text, HTMLEntity}


@given(hostile)
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    # HTML has no place for some characters, escaped or not.
    text = ''.join(filter(str.isprintable, text))
    assert html.unescape(plain(text)) == text


@pytest.mark.parametrize('text', [
    'Rover (dog)', 'A/B', "Rover's", 'C++', 'AT and T', '日本語', 'a: b',
    '50%', 'Template:Infobox rover', 'a - b', 'What?', 'a, b; c', 'a=b',
    'a*b#c'])
def test_ordinary_text_stays_readable(text: str) -> None:
    assert plain(text) == text


@given(hostile.filter(bool), hostile)
def test_link_is_one_link(title: str, label: str) -> None:
    kinds = []
    for node in nodes(link(title, label)):
        kinds.append(type(node))
        if isinstance(node, Wikilink):
            assert html.unescape(str(node.title)) == f':{title}'
            assert (html.unescape(str(node.text)) if label
                    else node.text) == (label or None)
        elif isinstance(node, Tag):
            assert str(node.tag) == 'bdi'
    assert kinds.count(Wikilink) == kinds.count(Tag) == 1
    assert set(kinds) <= {Tag, Wikilink, Text, HTMLEntity}


def test_link_is_isolated_from_the_direction_around_it() -> None:
    assert link('רובר') == '<bdi>[[:רובר]]</bdi>'
    assert page_link('en', 'A_B') == '<bdi>[[:en:A&#95;B|A&#95;B]]</bdi>'
