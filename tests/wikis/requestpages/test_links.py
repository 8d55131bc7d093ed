"""Links of answers open the section of their request, or agree to nothing.
"""
from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from importbot.requestpages.page.sections import Sections
from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.request_bot import take
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Client


SPECIMENS = 12

#: What MediaWiki counts as sections, and what it does not.
ODD = """lead X0X
== a == <!-- b -->
X1X
{{x|
=== in a template ===
}}
<nowiki>
== none ==
</nowiki>
<!--
== none ==
--><!-- c -->
==d==
X2X
<pre>
== none ==
</pre>
<gallery>
== none ==
</gallery>
===
X3X
==
= e =
X4X
 == none ==
== f
[[x|
== g ==
X5X
<noinclude>
== h ==
X6X
</noinclude>
<includeonly>
== none ==
</includeonly>
====== i ======
X7X"""


def test_sections_are_counted_as_the_wiki_does(wiki: RequestWiki) -> None:
    title = f'{wiki.page}/odd'
    wiki.admin.edit(title, ODD)
    tags = {'gallery', 'ref', 'nowiki', 'pre'}
    for mark in re.findall(r'X\dX', ODD):
        number = Sections(ODD, tags).number(ODD.index(mark))
        assert mark in section(wiki.admin, title, number), (mark, number)


def section(by: Client, title: str, number: int) -> str:
    """Return the text that editing a section shows."""
    page, = by.get(titles=title, prop='revisions', rvprop='content',
                   rvslots='main', rvsection=number)['pages']
    return str(page['revisions'][0]['slots']['main']['content'])


def links(wiki: RequestWiki, id: str) -> list[dict[str, str]]:
    """Return what links of the page say that are for a request."""
    shown = wiki.admin._send(action='parse', page=wiki.page,
                             prop='text')['parse']['text']
    queries = [{name: values[0] for name, values in parse_qs(
        urlsplit(html.unescape(address)).query).items()}
        for address in re.findall(r'href="([^"]*action=edit[^"]*)"', shown)]
    return [query for query in queries if id in query.get('summary', '')]


def follow(wiki: RequestWiki, link: dict[str, str], by: Client,
           word: str = 'approved', **changes: str) -> None:
    """Open what a link leads to, change a word and save."""
    number = int(link['section'])
    text = section(by, link['title'], number)
    for before, after in {'status = review': f'status = {word}',
                          **changes}.items():
        assert before in text, text
        text = text.replace(before, after)
    by.edit(link['title'], text, section=number, summary=link['summary'])


def test_one_word_behind_a_link_approves(
        wiki: RequestWiki, anna: Client,
        specimens: Iterator[str]) -> None:
    for title in take(specimens, 3):
        wiki.file(title, anna)
    wiki.work()
    first, second, _third = (request.id for request in wiki.requests)
    approve, decline = links(wiki, second)
    assert approve['title'].replace('_', ' ') == wiki.page
    assert approve['summary'].endswith(': approved')
    assert decline['summary'].endswith(': declined')
    follow(wiki, approve, wiki.admin)
    follow(wiki, links(wiki, first)[1], wiki.admin, 'declined')
    assert wiki.statuses == ['declined', 'approved', 'review']
    assert wiki.work().failed == 0
    assert wiki.statuses == ['declined', 'done', 'review']
    assert wiki.log.records([second])[second].approver == ACCOUNTS['user'].name


def test_link_into_another_section_agrees_to_nothing(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    wanted, unseen = take(specimens, 2)
    wiki.file(wanted, anna)
    wiki.file(unseen, mallory)
    wiki.work()
    ours, theirs = (request.id for request in wiki.requests)
    link = links(wiki, ours)[0]
    # Mallory's section comes to stand where Anna's was.
    first, second = wiki.text.split('== Wish ')[1:]
    mallory.edit(wiki.page, f'== Wish {second}\n\n== Wish {first}')
    follow(wiki, link, wiki.admin)
    assert wiki.statuses == ['approved', 'review']
    assert wiki.work().failed == 0
    assert wiki.statuses == ['review', 'review']
    assert not wiki.exists(unseen)
    assert 'names another request' in wiki.answers()[1]
    # The bot has put the links right, in one edit, and does so once.
    assert links(wiki, ours)[0]['section'] == '2'
    assert links(wiki, theirs)[0]['section'] == '1'
    before = wiki.text
    assert wiki.work().treated == 0
    assert wiki.text == before
    # The plan below is still the one that the bot wrote.
    follow(wiki, links(wiki, ours)[0], wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['review', 'done']
    assert not wiki.exists(unseen)


def test_section_between_and_other_words_agree_to_nothing(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = take(specimens, 2)
    wiki.file(title, anna)
    wiki.work()
    request, = wiki.requests
    link = links(wiki, request.id)[0]
    follow(wiki, link, wiki.admin, **{f'  {title}': f'  {other}'})
    assert wiki.work().failed == 0
    # Another wish, another plan: it was shown anew.
    assert wiki.statuses == ['review']
    # A link that somebody else bent does not matter: it names its request.
    wiki.file(title, mallory)
    wiki.work()
    wiki.edit(mallory, f'section={link["section"]}&', 'section=2&')
    follow(wiki, links(wiki, request.id)[0], wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['review', 'review']
    assert not wiki.exists(title) and not wiki.exists(other)
