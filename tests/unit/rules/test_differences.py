"""An import as MediaWiki does it is without differences; each change is one.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from importbot.exports.order import order_revisions
from importbot.model.revisions import EMPTY_SHA1, Revision
from importbot.rules.authors import Authors
from importbot.rules.differences import (
    Difference,
    Differing,
    Terms,
    differences,
    without_software,
)
from tests.kit.authors import TARGET


AUTHORS = Authors('prefix', 'en', {}, TARGET)
BOT = 'ImportBot'
TERMS = Terms(AUTHORS, BOT)
NOW = '2026-01-01T00:00:00Z'
#: Of one text each.
SLOTS = ((('main', 'wikitext'), ), (('main', 'css'), ),
         (('data', 'json'), ('main', 'wikitext')))


def at(second: int) -> str:
    return f'2020-01-01T00:00:{second:02}Z'


def sha1(letter: str) -> str:
    return letter * 40


revisions = st.builds(
    Revision, st.just(0), st.just(0), st.integers(0, 9).map(at),
    st.sampled_from('abc').map(sha1),
    st.sampled_from(['Anna', '192.0.2.1', 'fr>Bert', 'a/b']), st.just(False),
    st.just(1), st.sampled_from(SLOTS),
    st.sampled_from(['', 'edited', 'x' * 600]), st.booleans())
histories = st.lists(revisions, min_size=1, max_size=8).map(
    lambda some: [replace(one, id=number) for number, one
                  in enumerate(some, 1)])


def hidden(revision: Revision) -> Revision:
    """Return a revision of which the source hides all."""
    return replace(revision, sha1='', user='', comment=None, hidden=True)


class Importer:

    """A page of the target, as MediaWiki's importer adds to it.

    Of its source, see ImportableOldRevisionImporter and ImportReporter.
    """

    def __init__(self, had: Iterable[Revision] = ()) -> None:
        self.page = list(had)
        self._id = max((one.id for one in self.page), default=100)

    def call(self, sent: Iterable[Revision]) -> int:
        """Import some revisions in their order; return how many."""
        count = sum(self._add(one) for one in sent)
        if count:
            newest = max(self.page, key=lambda one: (one.timestamp, one.id))
            self._insert(replace(newest, timestamp=NOW, user=BOT,
                                 comment='imported: from en', is_minor=True),
                         newest.id)
        return count

    def _add(self, theirs: Revision) -> bool:
        arriving = replace(
            theirs, sha1=theirs.sha1 or EMPTY_SHA1, hidden=False,
            user=AUTHORS.becomes(theirs.user) if theirs.user
            else 'en>Unknown user', tags=(),
            comment=(theirs.comment or '')[:497]
            + '...' * (len(theirs.comment or '') > 500))
        if any((one.timestamp, one.sha1) == (arriving.timestamp,
                                             arriving.sha1)
               for one in self.page):
            return False
        earlier = [one for one in self.page
                   if one.timestamp <= arriving.timestamp]
        self._insert(arriving, max(
            earlier, key=lambda one: (one.timestamp, one.id)).id
            if earlier else 0)
        return True

    def _insert(self, revision: Revision, parent: int) -> None:
        self._id += 1
        self.page.append(replace(revision, id=self._id, parent=parent))


def in_order(source: Sequence[Revision], order: str) -> list[Revision]:
    return [source[place]
            for place in order_revisions(source, order).indices]


orders = st.sampled_from(['time', 'fast', 'ids'])


def sent_in(source: Sequence[Revision], order: str) -> list[Revision]:
    return list(source) if order == 'ids' else in_order(source, order)


@given(histories, orders, st.data())
def test_an_import_is_without_differences(
        source: list[Revision], order: str, data: st.DataObject) -> None:
    source = [hidden(one) if data.draw(st.booleans()) and len({
        other.timestamp for other in source}) == len(source) else one
        for one in source]
    importer, sent = Importer(), sent_in(source, order)
    cut = data.draw(st.integers(0, len(sent)))
    for part in (sent[:cut], sent[cut:], source):
        importer.call(part)
    assert differences(source, importer.page, TERMS) == []


@given(histories, histories, orders)
def test_nor_is_one_into_a_page_that_is_there(
        had: list[Revision], source: list[Revision], order: str) -> None:
    importer = Importer()
    importer.call(had)
    before = max(one.id for one in importer.page)
    importer.call(sent_in(source, order))
    assert differences(source, importer.page, replace(
        TERMS, before=before)) == []


def changed(revision: Revision, differing: Differing) -> Revision:
    return {
        Differing.TIME: lambda: replace(revision, timestamp=(
            '2019-01-01T00:00:00Z')),
        Differing.TEXT: lambda: replace(revision, sha1=sha1('f')),
        Differing.AUTHOR: lambda: replace(revision, user='en>Mallory'),
        Differing.COMMENT: lambda: replace(revision, comment='forged'),
        Differing.MINOR: lambda: replace(
            revision, is_minor=not revision.is_minor),
        Differing.SLOTS: lambda: replace(
            revision, slots=(('main', 'json'), )),
        Differing.PARENT: lambda: replace(revision, parent=1),
    }[differing]()


FIELDS = (Differing.TIME, Differing.TEXT, Differing.AUTHOR,
          Differing.COMMENT, Differing.MINOR, Differing.SLOTS,
          Differing.PARENT)


@given(histories, orders, st.sampled_from(FIELDS), st.data())
def test_every_change_of_a_field_is_found_alone(
        source: list[Revision], order: str, differing: Differing,
        data: st.DataObject) -> None:
    # Of two of one second and text nobody can tell which one came.
    assume(len({(one.timestamp, one.sha1) for one in source})
           == len(source))
    importer = Importer()
    importer.call(sent_in(source, order))
    place = data.draw(st.integers(0, len(source) - 1))
    was = importer.page[place]
    importer.page[place] = changed(was, differing)
    found = differences(source, importer.page, TERMS)
    assert {item.differing for item in found} == {differing}
    assert (was.timestamp, was.id) in {(item.date, item.revision)
                                       for item in found}


@given(histories, orders, st.data())
def test_what_is_missing_or_doubled_is_found(
        source: list[Revision], order: str, data: st.DataObject) -> None:
    importer = Importer()
    importer.call(sent_in(source, order))
    brought = importer.page[:-1]
    one = data.draw(st.sampled_from(brought))
    gone = [other for other in importer.page if other != one]
    assert Difference(Differing.MISSING, one.timestamp) in differences(
        source, gone, TERMS)
    assert {item.differing for item in differences(
        source, gone, TERMS)} == {Differing.MISSING}
    twice = [*importer.page, replace(one, id=999, parent=max(
        (other for other in importer.page
         if other.timestamp <= one.timestamp),
        key=lambda other: (other.timestamp, other.id)).id)]
    assert [item.differing for item in differences(source, twice, TERMS)] == [
        Differing.DOUBLED]


def one_way(**fields: object) -> tuple[list[Revision], list[Revision]]:
    """Return a source of one revision, and what comes of it."""
    source = [replace(Revision(
        1, 0, at(1), sha1('a'), 'Anna', slots=SLOTS[0], comment='c',
        is_minor=False), **fields)]
    importer = Importer()
    importer.call(source)
    return source, importer.page


def test_a_revision_that_was_there_before_comes_once_more() -> None:
    source, page = one_way()
    twice = [*page, replace(page[0], id=999, parent=page[0].id)]
    found, = differences(source, twice, replace(TERMS, before=page[-1].id))
    assert (found.differing, found.arrived) == (Differing.DOUBLED, '2')


def test_the_mark_of_an_import_of_this_very_second_is_no_double() -> None:
    source, page = one_way(timestamp=NOW)
    assert (page[0].timestamp, page[0].sha1) == (page[1].timestamp,
                                                 page[1].sha1)
    assert differences(source, page, TERMS) == []


def test_hidden_revisions_come_with_every_interwiki_call() -> None:
    source = [hidden(Revision(1, 0, at(1), '', is_minor=False))]
    _none, page = one_way(sha1='', user='', hidden=True, comment=None)
    twice = [*page, replace(page[0], id=102, parent=page[0].id)]
    assert [item.differing for item in differences(source, twice, TERMS)
            ] == [Differing.DOUBLED]
    assert differences(source, twice, replace(TERMS, calls=2)) == []


@pytest.mark.parametrize('field', ['user', 'comment'])
def test_what_is_hidden_arrives_hidden(field: str) -> None:
    source, page = one_way(**{field: '' if field == 'user' else None},
                           hidden=True)
    assert differences(source, page, TERMS) == []
    page[0] = replace(page[0], **{field: 'secret'})
    assert [item.differing.value for item in differences(
        source, page, TERMS)] == ['author' if field == 'user' else field]
    # It may have been hidden since.
    late = replace(TERMS, is_late=True)
    assert differences(source, page, late) == []
    shown = replace(source[0], **{field: 'secret'})
    assert differences(source, page, replace(late, hidden={1: shown})) == []
    assert [item.differing.value for item in differences(
        source, page, replace(late, hidden={1: source[0]}))] == [
            'author' if field == 'user' else field]


def test_a_hidden_text_arrives_empty() -> None:
    source, page = one_way(sha1='', hidden=True)
    assert differences(source, page, TERMS) == []
    page[0] = replace(page[0], sha1=sha1('b'))
    late = replace(TERMS, is_late=True)
    for terms in (TERMS, replace(late, hidden={1: source[0]})):
        assert [item.differing for item in differences(
            source, page, terms)] == [Differing.TEXT]
    # It may have been hidden since, or here.
    shown = replace(source[0], sha1=sha1('b'))
    for terms in (late, replace(late, hidden={1: shown})):
        assert differences(source, page, terms) == []
    page[0] = replace(page[0], sha1='', hidden=True)
    assert differences(source, page, TERMS) == []


def test_what_is_not_known_is_not_compared() -> None:
    source, page = one_way()
    page[0] = replace(page[0], comment=None, is_minor=None, slots=())
    assert differences(source, page, TERMS) == []
    source, page = one_way()
    source[0] = replace(source[0], comment=None, is_minor=None, slots=())
    page[0] = replace(page[0], comment='c', is_minor=True)
    assert differences(source, page, TERMS) == []


@pytest.mark.parametrize(('accounts', 'user', 'is_right'), [
    (None, 'Anna', True), (None, 'en>Anna', True), (None, 'Bert', False),
    ({'Anna'}, 'Anna', True), ({'Anna'}, 'en>Anna', False),
    (set(), 'Anna', False), (set(), 'en>Anna', True)])
def test_local_accounts(accounts: set[str] | None, user: str,
                        is_right: bool) -> None:
    source, page = one_way()
    page[0] = replace(page[0], user=user)
    terms = Terms(replace(AUTHORS, mode='local'), BOT, accounts=accounts)
    assert (differences(source, page, terms) == []) == is_right


@pytest.mark.parametrize(('name', 'user', 'is_right'), [
    ('192.0.2.1', '192.0.2.1', True), ('192.0.2.1', 'en>192.0.2.1', False),
    ('2001:DB8:0:0:0:0:0:1', '2001:db8::1', True),
    ('~2025-1', '~2025-1', True), ('~2025-1', 'en>~2025-1', True),
    ('fr>A', 'fr>A', True), ('fr>A', 'en>fr>A', False),
    ('>gate.example.org', 'en>gate.example.org', True),
    ('>gate.example.org', 'gate.example.org', False),
    ('Conversion script', 'Conversion script', True),
    ('Anna_B', 'en>Anna B', True), ('Anna', 'En>Anna', False),
    ('', 'en>Unknown user', True),
    ('', 'ImportBot', False)])
def test_names(name: str, user: str, is_right: bool) -> None:
    source, page = one_way(user=name)
    page[0] = replace(page[0], user=user)
    assert (differences(source, page, TERMS) == []) == is_right


@pytest.mark.parametrize(('name', 'user', 'is_right'), [
    ('Anna', 'Anna', False), ('Script of yore', 'Script of yore', True),
    ('>Script of yore', 'Script of yore', True),
    ('Anna', 'Script of yore', False), ('Anna', '192.0.2.9', False),
    ('', 'Unknown user', False), ('Script of yore', 'de>Anna', False)])
def test_only_names_of_software_stay_bare(name: str, user: str,
                                          is_right: bool) -> None:
    source, page = one_way(user=name, hidden=not name)
    page[0] = replace(page[0], user=user)
    found = differences(source, page, TERMS)
    assert found
    assert (without_software(found, lambda names: names & {'Anna'}) == []
            ) == is_right


def test_of_no_bare_name_nobody_asks() -> None:
    source, page = one_way()
    page[0] = replace(page[0], user='de>Anna')
    found = differences(source, page, TERMS)
    assert without_software(found, lambda _names: pytest.fail()) == found


@pytest.mark.parametrize(('comment', 'arrived', 'is_right'), [
    ('two\r\nlines', 'two\nlines', True), ('two\rlines', 'two lines', True),
    ('two\r\n\r\nlines ', 'two\n\nlines', True),
    ('two\r\nlines', 'twolines', False)])
def test_line_ends_of_edit_summaries(comment: str, arrived: str,
                                     is_right: bool) -> None:
    source, page = one_way(comment=comment)
    page[0] = replace(page[0], comment=arrived)
    assert (differences(source, page, TERMS) == []) == is_right
