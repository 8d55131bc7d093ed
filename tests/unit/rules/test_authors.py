"""Who revisions are by after the import, and who says so."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importbot.model.errors import UsageError
from importbot.model.revisions import Revision
from importbot.model.siteinfo import Namespace, SiteInfo
from importbot.rules.authors import (
    Authors,
    canonical_name,
    count_authors,
    disagreeing,
    is_odd,
    read_mapping,
)
from tests.kit.authors import BARE, FINE, NASTY, TARGET, TEMPORARY, authors


def shown(names: list[str]) -> Any:
    return pytest.mark.parametrize('name', names, ids=lambda name: ascii(
        name[:20]))


# One name

@shown(NASTY)
def test_odd_name_is_written_by_us(name: str) -> None:
    assert is_odd(name, 'en', TARGET)
    for mode in ('prefix', 'local', 'file'):
        written = authors(mode).written(name)
        assert written is not None
        assert written.startswith('en>')
        assert authors(mode).becomes(name, {name}) == written
        assert authors(mode).needs_upload(['Anna', name])


@shown(FINE)
def test_fine_name_is_left_to_the_importer(name: str) -> None:
    assert not is_odd(name, 'en', TARGET)
    assert authors().written(name) is None
    assert authors().becomes(name) == f'en>{name}'
    assert not authors().needs_upload([name])


@shown(BARE + TEMPORARY + ['2001:db8::1', '::'])
def test_name_stays(name: str) -> None:
    assert not is_odd(name, 'en', TARGET)
    for mode in ('prefix', 'local'):
        assert authors(mode).written(name) is None
        assert authors(mode).becomes(name) == name


@pytest.mark.parametrize(('name', 'expected'), [
    ('A/B', 'en>A/B'),
    ('>Foo', 'en>Foo'),
    ('', 'en>Unknown user'),
    ('__', 'en>__'),
    ('x' * 253, f'en>{"x" * 249}…'),
    # The cut would fall into a character.
    ('é' * 127, f'en>{"é" * 124}…'),
    ('/' * 252, f'en>{"/" * 252}'),
    ('/' * 253, f'en>{"/" * 249}…'),
    (f'fr>{"x" * 253}', f'fr>{"x" * 249}…'),
    # XML has no place for these.
    ('a\x00b\ud800', 'en>a\ufffdb\ufffd'),
    ('fr>a\x01', 'fr>a\ufffd'),
], ids=range(11))
def test_what_is_written(name: str, expected: str) -> None:
    assert authors().written(name) == expected


def test_length_counts_the_prefix() -> None:
    name = 'x' * 252
    assert not is_odd(name, 'en', TARGET)
    assert is_odd(name, 'oldwiki', TARGET)


def test_names_of_the_target_count() -> None:
    other = SiteInfo('w', 'de', '1.43.9', {
        1: Namespace(1, 'Diskussion', 'Talk')})
    assert not is_odd('Diskussion:Foo', 'en', TARGET)
    assert is_odd('diskussion:Foo', 'en', other)
    assert not is_odd('en:Foo', 'en', other)


# The modes

def test_local_accounts_are_assigned() -> None:
    local = authors('local')
    assert local.assigns_known_users
    assert local.becomes('Anna', {'Anna'}) == 'Anna'
    assert local.becomes('Berta', {'Anna'}) == 'en>Berta'
    assert not local.needs_upload(['Anna', 'Berta'])


def test_prefix_is_for_everybody() -> None:
    assert not authors().assigns_known_users
    assert authors().becomes('Anna', {'Anna'}) == 'en>Anna'


def test_file_says_who_is_who_and_nobody_else_is() -> None:
    file = authors('file', Anna='Anna of ours')
    assert file.assigns_known_users
    assert file.written('Anna') == 'Anna of ours'
    assert file.written('Berta') == 'en>Berta'
    assert file.written('Conversion script') == 'en>Conversion script'
    for name in ('192.0.2.1', '~2025-12', 'fr>Foo'):
        assert file.written(name) is None
    assert file.becomes('Anna') == 'Anna of ours'
    assert file.becomes('Berta', {'Berta'}) == 'en>Berta'


def test_odd_names_are_those_for_an_upload() -> None:
    names = ['Anna', 'A/B', '192.0.2.1', '']
    assert authors().odd(names) == ['A/B', '']
    assert authors('local').odd(names) == ['A/B', '']
    assert authors('file').odd(names) == names
    assert authors('file').needs_upload(['192.0.2.1'])
    assert not authors('file').needs_upload([])


any_name = st.text() | st.text('aé日/:~>#_ .-0123456789', max_size=300)


@given(any_name, st.sampled_from(['prefix', 'local', 'file']))
@example('日' * 100, 'prefix')
@example('fr>' + '日' * 100, 'file')
@example('~2025-' + '1' * 250, 'local')
def test_written_name_is_short_and_external(name: str, mode: str) -> None:
    written = authors(mode).written(name)
    if written is not None:
        assert len(written.encode()) <= 255
        assert '>' in written[1:]
        # The importer leaves it as it is.
        assert not is_odd(written, 'en', TARGET)
        assert authors(mode).written(written) is None


@given(any_name, st.sampled_from(['prefix', 'local']),
       st.sets(any_name, max_size=2))
@example('Unknown user', 'prefix', set())
def test_becoming_twice_changes_nothing(name: str, mode: str,
                                        known: set[str]) -> None:
    once = authors(mode).becomes(name, known)
    assert len(once.encode()) <= 255
    assert authors(mode).becomes(once, known) == once


# The file of names

@pytest.mark.parametrize('line', [
    'Anna B = Berta C', 'Anna B=Berta C', 'Anna B\tBerta C',
    'Anna B =\tBerta C', 'Anna B\t=\tBerta C', 'anna_B = berta_C',
    'User:Anna B = user: berta C', '  Anna  B  =  Berta  C  ',
    '\ufeffAnna B = Berta C', '# names\n\nAnna B = Berta C\r\n',
    'Anna B = Berta C\nanna B = Berta_C', '{"Anna B": "berta_C"}',
    '\ufeff\n {"User:anna B": "Berta C"}',
], ids=range(13))
def test_mapping_is_read(line: str) -> None:
    assert read_mapping(line, 'f') == {'Anna B': 'Berta C'}


@pytest.mark.parametrize(('line', 'expected'), [
    ('A=B = C', {'A=B': 'C'}), ('A=B\tC', {'A=B': 'C'}),
    ('A = B = C', {'A': 'B = C'}), ('ßa = ǆa', {'ßa': 'ǅa'}),
    ('A/B = Anna', {'A/B': 'Anna'}), ('192.0.2.1 = Anna',
                                      {'192.0.2.1': 'Anna'}),
    ('A user: B = C', {'A user: B': 'C'}), ('{}', {}), ('', {})],
    ids=range(9))
def test_names_with_signs_of_their_own(line: str,
                                       expected: dict[str, str]) -> None:
    assert read_mapping(line, 'f') == expected


@pytest.mark.parametrize(('line', 'said'), [
    ('Anna', 'does not say .* write'),
    ('Anna = ', 'lacks a name; write'),
    ('= Anna', 'lacks a name; write'),
    ('User: = Anna', 'lacks a name; write'),
    ('B = C\nB = D', 'second time .* leave one out'),
    ('A = fr>B', 'no account; give'),
    ('A = B/C', 'no account; give'),
    ('A = :B', 'no account; give'),
    ('A = ~~~', 'no account; give'),
    ('A = B\u202e', 'no account; give'),
    ('A = 192.0.2.1', 'no account; give'),
    ('A = 192.0.2.1-192.0.2.2', 'no account; give'),
    (f'A = {"x" * 256}', 'no account; give'),
], ids=range(13))
def test_line_without_sense_is_named(line: str, said: str) -> None:
    number = 2 + line.count('\n')
    with pytest.raises(UsageError, match=f'Line {number} of f.*{said}'):
        read_mapping(f'# names\n{line}\n', 'f')


@pytest.mark.parametrize(('text', 'said'), [
    ('{"A": "B"', 'f is no JSON: .*line 1.*; mend'),
    ('{"A": 7}', 'f says for "A" what is no name; write'),
    ('{"A": {"B": "C"}}', 'f says for "A" what is no name; write'),
    ('{"A": "B", "a": "C"}', 'f says for the second time .* leave one out'),
    ('{"A": "B", "A": "C"}', 'f says for the second time .* leave one out'),
    ('{"A": ""}', 'f lacks a name; write'),
    ('{"A": "B/C"}', 'f: .* no account; give')], ids=range(7))
def test_json_without_sense_is_named(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_mapping(text, 'f')


# Histories and accounts

def test_authors_are_counted_and_hidden_ones_are_not() -> None:
    rows = [('Anna', False), ('Anna', True), ('', True), ('', False)]
    assert count_authors(
        Revision(number, 0, '', '', user, hidden)
        for number, (user, hidden) in enumerate(rows)) == {'Anna': 2, '': 1}


@pytest.mark.parametrize(('source', 'target', 'agrees'), [
    ({'CentralAuth': 17, 'local': 3}, {'CentralAuth': 17, 'local': 9}, True),
    ({'CentralAuth': 17}, {'CentralAuth': 18}, False),
    ({'CentralAuth': 0}, {'CentralAuth': 0}, False),
    ({'local': 3}, {'local': 3}, False),
    ({'CentralAuth': 17}, {'Other': 17}, False),
    ({}, {'CentralAuth': 17}, False), ({'CentralAuth': 17}, {}, False),
], ids=['same', 'another', 'unattached', 'local', 'provider', 'not-there',
        'unknown'])
def test_accounts_agree_by_a_shared_id(
        source: dict[str, int], target: dict[str, int],
        agrees: bool) -> None:
    assert disagreeing({'Anna': source, 'Gone': {}}, {'Anna': target}) == (
        [] if agrees else ['Anna'])


def test_account_that_the_source_lacks_disagrees() -> None:
    assert disagreeing({}, {'B': {'C': 1}, 'A': {'C': 2}}) == ['A', 'B']


@pytest.mark.parametrize(('written', 'name'), [
    ('Reed_Waters', 'Reed Waters'), ('reed', 'Reed'), ('_a__b_', 'A b'),
    ('e\u0301mile', '\xc9mile'), ('\u200eAnna\u200f', 'Anna'),
    ('\xdfeta', '\xdfeta'), ('en>reed_x', 'en>reed_x'),
    ('fe80::1', 'fe80::1'), ('192.0.2.7', '192.0.2.7'), ('', '')])
def test_names_are_spelled_in_one_way(written: str, name: str) -> None:
    assert canonical_name(written) == name
    assert canonical_name(name) == name


def test_spelling_does_not_keep_a_name_from_its_line() -> None:
    authors = Authors('file', 'en', read_mapping('Reed_Waters = reed w', 'f'),
                      TARGET)
    assert authors.written('reed_Waters') == 'Reed w'
    local = Authors('local', 'en', {}, TARGET)
    # The importer looks accounts up as they are spelled there.
    assert local.becomes('reed_w', {'Reed w'}) == 'Reed w'
    assert local.becomes('reed_w', set()) == 'en>reed_w'
