"""What is sent of a revision: known fields, and addresses that are one."""
from __future__ import annotations

import io

import pytest
from lxml import etree

from importbot.exports.exported import ExportedRevision
from importbot.exports.reader import ExportReader
from importbot.model.addresses import is_address, same_address


def read(inside: str) -> ExportedRevision:
    data = ('<mediawiki><page><title>A</title><revision>'
            f'<timestamp>2020-01-01T00:00:00Z</timestamp>{inside}'
            '</revision></page></mediawiki>').encode()
    page = next(ExportReader(io.BytesIO(data), 'a.xml').pages())
    found, = page.revisions()
    return found


def by(inside: str, **attributes: str) -> ExportedRevision:
    more = ''.join(f' {key}="{value}"' for key, value in attributes.items())
    return read(f'<contributor{more}>{inside}</contributor><text>a</text>')


@pytest.mark.parametrize('name', [
    '192.0.2.1', '300.300.300.300', '192.0.2.xxx', '2001:db8::1', '::1',
    '2001:DB8:0:0:0:0:0:1', '::'])
def test_addresses(name: str) -> None:
    assert is_address(name)
    found = by(f'<ip>{name}</ip>')
    assert found.revision.user == name
    assert f'<ip>{name}</ip>'.encode() in found.xml()


@pytest.mark.parametrize('name', [
    'Admin', 'gate.example.org', 'Conversion script', '192.0.2', ' Admin ',
    '192.0.2.1/24', '192.0.2.1-192.0.2.9', '1.2.3.4.5', '::ffff:192.0.2.1',
    'fe80::1%eth0', '2001:db8::1::2', '192.0.2.١',
    '１９２.0.2.1', '192.0.2.1\u200b', 'de&gt;Admin'])
def test_no_addresses(name: str) -> None:
    """They are names of another wiki, never of an account here."""
    plain = name.replace('&gt;', '>').strip()
    assert not is_address(plain)
    found = by(f'<ip>{name}</ip>')
    assert found.revision.user == f'>{plain}'
    for author in (None, f'en>{plain}'):
        assert b'<ip>' not in found.xml(author)
        written = etree.fromstring(found.xml(author)).findtext(
            'contributor/username') or ''
        assert '>' in written and written != 'Admin'


def test_name_counts_before_an_address() -> None:
    both = by('<username>Anna</username><ip>192.0.2.1</ip><id>1</id>')
    assert both.revision.user == 'Anna'
    assert both.xml().count(b'<ip>') == 0
    assert by('<username/><ip>192.0.2.1</ip>').revision.user == '192.0.2.1'


def test_hidden_authors_leak_no_name() -> None:
    found = by('<username>Admin</username><id>1</id>', deleted='deleted')
    assert (found.revision.user, found.revision.hidden) == ('', True)
    assert b'<contributor deleted="deleted"/>' in found.xml()
    assert b'Admin' not in found.xml()


def test_hidden_comment_leaks_nothing() -> None:
    found = read('<comment deleted="deleted">secret</comment>'
                 '<text>a</text>')
    assert b'secret' not in found.xml()


@pytest.mark.parametrize('inside', [
    '<text>a</text><trap>b</trap>', '<text location="b">a</text>',
    '<text>a</text><origin>b</origin>',
    '<contributor><username>A</username><b>b</b></contributor>'
    '<text>a</text>',
    '<text>a</text><content><role>x</role><trap>b</trap><text>c</text>'
    '</content>', '<minor>b</minor><text>a</text>'])
def test_what_is_not_known_is_not_sent(inside: str) -> None:
    tree = etree.fromstring(read(inside).xml())
    assert 'b' not in (*tree.itertext(), *(
        value for item in tree.iter() for value in item.attrib.values()))


def test_slots_and_models() -> None:
    found = read('<model>wikitext</model><text>a</text><content>'
                 '<role>mediainfo</role><model>wikibase-mediainfo</model>'
                 '<text>{}</text></content>')
    assert found.revision.slots == (
        ('main', 'wikitext'), ('mediainfo', 'wikibase-mediainfo'))
    assert found.revision.models == {'wikitext', 'wikibase-mediainfo'}
    assert found.revision.roles == {'main', 'mediainfo'}


def test_size_is_not_less_than_the_text() -> None:
    assert read('<text bytes="1">aßc</text>').revision.size == 4


def test_spellings_of_one_address() -> None:
    assert same_address('2001:db8::1', '2001:DB8:0:0:0:0:0:1')
    assert not same_address('Anna', 'Anna')
    assert not same_address('192.0.2.1', '192.0.2.2')
    assert not same_address('300.300.300.300', '300.300.300.300')
