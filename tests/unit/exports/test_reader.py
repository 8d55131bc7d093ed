"""Export XML is read as it is meant, in bounds, whoever wrote it."""
from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from importbot.exports.exported import (
    ExportedPage,
    ExportedRevision,
    ExportSiteInfo,
)
from importbot.exports.reader import ExportReader
from importbot.exports.writer import page_xml, upload_head, upload_xml
from importbot.exports.xmlstream import MAX_ELEMENTS, MAX_REVISION, XMLStream
from importbot.model.errors import BundleError, SourceError
from importbot.model.revisions import EMPTY_SHA1, Revision
from tests.kit.plans import titled


EMPTY36 = 'phoiac9h4m842xq45sp7s6u21eteeq1'
TIME = '<timestamp>2024-02-29T23:59:59Z</timestamp>'
NAMESPACE = 'http://www.mediawiki.org/xml/export-0.11/'
SITEINFO = """<siteinfo><sitename>Words &amp; more</sitename>
<dbname>words</dbname><base>http://w.example/wiki/Main_Page</base>
<generator>MediaWiki 1.43.9</generator><case>first-letter</case>
<namespaces><namespace key="-1">Special</namespace><namespace key="0"/>
<namespace key="10">Vorlage</namespace>
<namespace key="100" case="case-sensitive">Über uns</namespace>
</namespaces></siteinfo>"""


def export(*pages: str, siteinfo: str = '', root: str = '') -> bytes:
    root = root or (
        f'<mediawiki xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/'
        f'XMLSchema-instance" xsi:schemaLocation="{NAMESPACE} '
        'http://www.mediawiki.org/xml/export-0.11.xsd" version="0.11" '
        'xml:lang="en">')
    return (root + siteinfo + ''.join(pages) + '</mediawiki>').encode()


def page(*revisions: str, title: str = 'Rover', more: str = '') -> str:
    return (f'<page>\n  <title>{title}</title>\n{more}'
            + '\n'.join(revisions) + '</page>\n')


def revision(text: str = '<text>a</text>', more: str = '',
             time: str = TIME) -> str:
    return f'<revision>{time}{more}{text}</revision>'


def reading(data: bytes) -> ExportReader:
    return ExportReader(io.BytesIO(data), 'rover.xml')


def pages_of(data: bytes) -> list[tuple[ExportedPage,
                                        list[ExportedRevision]]]:
    return [(page, list(page.revisions())) for page in reading(data).pages()]


def only(data: bytes) -> ExportedRevision:
    (_page, (found, )), = pages_of(data)
    return found


def again(found: ExportedRevision,
          author: str | None = None) -> ExportedRevision:
    """Read what is uploaded of a revision."""
    return only(b'<mediawiki><page><title>A</title>' + found.xml(author)
                + b'</page></mediawiki>')


def problem(data: bytes) -> str:
    """Return the sentence for an export that must not be used."""
    with pytest.raises(BundleError) as info:
        pages_of(data)
    sentence = str(info.value)
    assert re.fullmatch(r'rover\.xml [^\n\x00-\x1f]+ \((at|in|after) '
                        r'[^\n]+\); [^\n]+', sentence), sentence
    assert len(sentence) < 500
    return sentence


FULL = revision(
    """<contributor><username>A &amp; B</username><id>7</id></contributor>
<minor/><comment>What &lt;was&gt; done</comment><origin>12</origin>
<model>css</model><format>text/css</format>
<text bytes="5" sha1="x" xml:space="preserve"> a
\tß</text><sha1>6moybz7j9vrvfc7w3ggtxsjuaaqsjzs</sha1>""",
    '<id>12</id><parentid>11</parentid>')


def test_all_of_a_revision() -> None:
    found = only(export(page(FULL)))
    assert found.revision == Revision(
        12, 11, '2024-02-29T23:59:59Z',
        f'{int("6moybz7j9vrvfc7w3ggtxsjuaaqsjzs", 36):040x}', 'A & B',
        size=6)
    assert found.revision.slots == (('main', 'css'), )
    assert (found.revision.comment, found.revision.is_minor,
            found.revision.tags) == ('What <was> done', True, None)
    assert (found.model, found.text) == ('css', ' a\n\tß')
    assert found.xml() == (
        b'<revision><id>12</id><parentid>11</parentid>'
        b'<timestamp>2024-02-29T23:59:59Z</timestamp>'
        b'<contributor><username>A &amp; B</username></contributor>'
        b'<minor/><comment>What &lt;was&gt; done</comment>'
        b'<model>css</model><format>text/css</format>'
        b'<text xml:space="preserve"> a\n\t\xc3\x9f'
        b'</text><sha1>6moybz7j9vrvfc7w3ggtxsjuaaqsjzs</sha1></revision>')


def test_little_of_a_revision() -> None:
    found = only(export(page(revision('<text>ß</text>'))))
    assert found.revision == Revision(
        0, 0, '2024-02-29T23:59:59Z', sha1('ß'.encode()).hexdigest(), size=2)
    assert (found.revision.comment, found.revision.is_minor) == ('', False)
    assert (found.model, found.text) == ('wikitext', 'ß')


@pytest.mark.parametrize('base36', [
    EMPTY36, '1', '0' * 31, '0' * 29 + '10'])
def test_sha1_is_that_of_the_text(base36: str) -> None:
    found = only(export(page(revision(
        f'<text bytes="7">a</text><sha1>{base36}</sha1>'))))
    assert found.revision.sha1 == sha1(b'a').hexdigest()
    assert (found.revision.size, found.is_edited) == (1, True)
    assert f'<sha1>{base36}</sha1>'.encode() not in found.xml()
    uploaded = again(found)
    assert (uploaded.revision.sha1, uploaded.is_edited) == (
        found.revision.sha1, False)


@pytest.mark.parametrize(('title', 'number', 'model'), [
    ('A', 0, 'wikitext'), ('A.css', 0, 'wikitext'),
    ('Module:A', 828, 'Scribunto'), ('Module:A/b.json', 828, 'json'),
    ('Template:A.css', 10, 'sanitized-css'), ('Template:A.js', 10,
                                              'wikitext'),
    ('User:A/b.js', 2, 'javascript'), ('User:A.js', 2, 'wikitext'),
    ('User:A/b.json', 2, 'json'), ('MediaWiki:Common.css', 8, 'css'),
    ('MediaWiki:Sidebar', 8, 'wikitext'),
    ('Gadget definition:A', 2302, 'GadgetDefinition')])
def test_model_goes_by_the_title_where_none_is_named(
        title: str, number: int, model: str) -> None:
    for named in ('', '<model/>'):
        found = only(export(page(revision(more=named), title=title,
                                 more=f'<ns>{number}</ns>')))
        assert found.model == model
        assert found.xml().count(f'<model>{model}</model>'.encode()) == 1
    found = only(export(page(revision(more='<model>json</model>'),
                             title=title, more=f'<ns>{number}</ns>')))
    assert found.model == 'json'
    assert found.xml().count(b'<model>') == 1


def test_sha1_is_added_where_it_lacks() -> None:
    for sha in ('', '<sha1/>'):
        found = only(export(page(revision(f'<text/>{sha}'))))
        assert found.revision.sha1 == EMPTY_SHA1
        assert f'<sha1>{EMPTY36}</sha1>'.encode() in found.xml()
        assert found.xml().count(b'sha1') == 2


@pytest.mark.parametrize(('inside', 'user'), [
    ('<contributor><username>A</username><id>1</id></contributor>', 'A'),
    ('<contributor><ip>192.0.2.1</ip></contributor>', '192.0.2.1'),
    ('<contributor><username/><id>0</id></contributor>', ''), ('', '')])
def test_users(inside: str, user: str) -> None:
    found = only(export(page(revision(more=inside))))
    assert (found.revision.user, found.revision.hidden) == (user, False)
    other = again(found, 'en>A & <B>')
    assert other.revision.user == 'en>A & <B>'
    assert found.xml('C').count(
        b'<contributor><username>C</username></contributor>') == 1
    assert found.xml('C').count(b'<contributor') == 1


@pytest.mark.parametrize('inside', [
    '<contributor deleted="deleted"/>', '<comment deleted="deleted"/>',
    '<contributor deleted="deleted"><username>A</username></contributor>'])
def test_hidden_user_or_comment(inside: str) -> None:
    found = only(export(page(revision(more=inside))))
    assert found.revision.hidden
    assert (found.revision.user, found.text) == ('', 'a')
    assert found.revision.sha1 == sha1(b'a').hexdigest()
    assert found.revision.comment == (None if 'comment' in inside else '')


@pytest.mark.parametrize('text', [
    '<text deleted="deleted"/>', '<text bytes="7" deleted="deleted"/><sha1/>',
    '<text deleted="deleted">secret</text>'
    '<sha1>3xvfqi7kl5v6zm0xwmqsl2wdxvzbwrk</sha1>'])
def test_hidden_text(text: str) -> None:
    found = only(export(page(revision(text))))
    assert found.revision.hidden
    assert (found.revision.sha1, found.text) == ('', None)
    assert found.revision.size == (7 if 'bytes' in text else 0)
    assert found.xml().count(b'sha1>') == 2
    assert f'<sha1>{EMPTY36}</sha1>'.encode() in found.xml()
    assert b'secret' not in found.xml()
    assert again(found).text is None


SLOTS = ('<text>a</text><content><role>data</role><model>json</model>'
         '<text xml:space="preserve"> {"a":\t1}&#13;</text></content>')


def test_slots() -> None:
    found = only(export(page(revision(SLOTS))))
    assert found.text == 'a'

    def base36(text: str) -> str:
        number, digits = int(sha1(text.encode()).hexdigest(), 16), ''
        for _ in range(31):
            number, digit = divmod(number, 36)
            digits = '0123456789abcdefghijklmnopqrstuvwxyz'[digit] + digits
        return digits
    both = base36(' {"a":\t1}\r') + base36('a')
    assert found.revision.sha1 == sha1(both.encode()).hexdigest()
    assert (b'<content><role>data</role><model>json</model><text '
            b'xml:space="preserve"> {"a":\t1}&#13;</text></content>'
            in found.xml())


CHARS = st.one_of(
    st.sampled_from(['\r', '\r\n', '\n', ' ', '\t', ']]>', '&amp;', '<!--',
                     '\U0001f600', '\x85', '\u2028', '\ufeff', "'", '"']),
    st.characters(codec='utf-8', exclude_categories=['Cs', 'Cc'],
                  exclude_characters='\ufffe\uffff'))
TEXTS = st.lists(CHARS, max_size=30).map(''.join)


def xml_of(text: str) -> str:
    return (text.replace('&', '&amp;').replace('<', '&lt;')
            .replace('>', '&gt;').replace('\r', '&#13;'))


@given(TEXTS, TEXTS, TEXTS, st.booleans())
@example('  a\r\n', ' \r', ' A ', False)
@example('', '', '', True)
def test_round_trip(text: str, comment: str, user: str,
                    preserve: bool) -> None:
    space = ' xml:space="preserve"' if preserve else ''
    found = only(export(page(revision(
        f'<text{space}>{xml_of(text)}</text>',
        f'<contributor><username>{xml_of(user)}</username></contributor>'
        f'<comment>{xml_of(comment)}</comment>'))))
    assert (found.text, found.revision.user) == (text, user)
    assert found.revision.sha1 == sha1(text.encode()).hexdigest()
    other = again(found, user or 'A')
    assert (other.revision, other.text) == (replace(
        found.revision, user=user or 'A'), text)
    tree = etree.fromstring(found.xml())
    assert (tree.findtext('comment') or '') == comment
    assert again(found, user or 'A').revision.user == (user or 'A')
    assert again(other).xml() == other.xml()


def test_written_without_namespaces() -> None:
    data = export(
        '<m:page><m:title>A</m:title><m:revision>'
        '<m:timestamp>2024-02-29T23:59:59Z</m:timestamp>'
        '<m:text xml:space="preserve" x:y="z"> a</m:text>'
        '<x:text>b</x:text></m:revision></m:page>',
        root=f'<m:mediawiki xmlns:m="{NAMESPACE}" xmlns:x="urn:x">')
    found = only(data.replace(b'</med', b'</m:med'))
    assert found.text == ' a'
    assert found.xml().startswith(
        b'<revision><timestamp>2024-02-29T23:59:59Z</timestamp>'
        b'<contributor deleted="deleted"/><model>wikitext</model>'
        b'<text xml:space="preserve"> a</text><sha1>')


def test_what_writer_makes_of_it_is_read() -> None:
    xml = only(export(page(FULL))).xml()
    data = upload_xml(upload_head({0: '', 10: 'Vorlage'}),
                      [page_xml(titled('Vorlage:A'), xml + xml)])
    (there, revisions), = pages_of(data)
    assert (there.title, there.namespace) == ('Vorlage:A', 10)
    assert [item.xml() for item in revisions] == [xml, xml]


def test_comments_and_cdata_in_a_text() -> None:
    found = only(export(page(revision(
        '<text>a<!-- b -->c<?d e?><![CDATA[<&]]></text>'))))
    assert found.text == 'ac<&'
    assert b'>ac&lt;&amp;</text>' in found.xml()


@pytest.mark.parametrize('version', [*(f'0.{minor}'
                                       for minor in range(3, 12))])
def test_versions(version: str) -> None:
    (there, (found, )), = pages_of(export(page(FULL), root=(
        f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-{version}/" '
        f'version="{version}">')))
    assert (there.title, found.text) == ('Rover', ' a\n\tß')


@pytest.mark.parametrize('head', [
    b'<?xml version="1.0"?>\n', b'\xef\xbb\xbf', b'\n',
    b'<?xml version="1.0" encoding="UTF-8"?>', b'<!-- a <b> --><?c d?>',
    b"\xef\xbb\xbf<?xml version='1.0' encoding = 'utf-8'?> <!---->"])
def test_heads(head: bytes) -> None:
    assert only(head + export(page(FULL))).revision.id == 12


@pytest.mark.parametrize(('title', 'more', 'namespace'), [
    ('A', '', 0), ('A', '<ns>10</ns>', 10), ('Vorlage:A', '<ns>0</ns>', 0),
    ('Vorlage:A', '', 10), ('über_uns:A', '', 100), ('Other:A', '', 0),
    (':A', '', 0), ('Vorlage', '', 0), ('Special:A', '<ns>-1</ns>', -1)])
def test_namespaces(title: str, more: str, namespace: int) -> None:
    (there, _), = pages_of(export(page(title=title, more=more),
                                  siteinfo=SITEINFO))
    assert (there.title, there.namespace) == (title, namespace)


def test_redirects_and_spaces_around_titles() -> None:
    (one, _), (other, _) = pages_of(export(
        page(revision(), more='<redirect title="B"/>',
             title='\n  A&amp;B &#9;'), page(title='\u200eB\xa0')))
    assert (one.title, one.redirect) == ('A&B', True)
    assert (other.title, other.redirect) == ('\u200eB\xa0', False)


def test_siteinfo() -> None:
    expected = ExportSiteInfo(
        'Words & more', 'words', 'http://w.example/wiki/Main_Page',
        {-1: 'Special', 0: '', 10: 'Vorlage', 100: 'Über uns'}, 'en',
        'first-letter', {100: 'case-sensitive'})
    assert [expected.capitalizes(number) for number in (0, 2, 100)] == [
        True, True, False]
    data = export(page(revision()), page(title='B'), siteinfo=SITEINFO)
    before = reading(data)
    assert before.siteinfo == before.siteinfo == expected
    assert [there.title for there in before.pages()] == ['Rover', 'B']
    within = reading(data)
    for there in within.pages():
        assert within.siteinfo == expected
        if there.title == 'Rover':
            assert len(list(there.revisions())) == 1


@pytest.mark.parametrize('pages', [[], [page(revision()), page(title='B')]])
def test_no_siteinfo(pages: list[str]) -> None:
    before = reading(export(*pages))
    assert before.siteinfo == ExportSiteInfo()
    assert len(list(before.pages())) == len(pages)
    within = reading(export(*pages))
    titles = [(there.title, within.siteinfo.sitename)
              for there in within.pages()]
    assert len(titles) == len(pages)


def test_what_is_left_unread_is_skipped() -> None:
    bad = revision(time='<timestamp>never</timestamp>')
    data = export(page(revision(), bad, title='A'),
                  page(FULL, bad, title='B'), page(FULL, title='C'))
    pages = reading(data).pages()
    first = next(pages)
    second = next(pages)
    assert list(first.revisions()) == []
    assert next(second.revisions()).revision.id == 12
    third = next(pages)
    assert list(second.revisions()) == []
    assert len(list(third.revisions())) == 1
    assert list(third.revisions()) == []
    assert list(pages) == []


def test_revisions_outlive_the_reading() -> None:
    data = export(*(page(*(revision(f'<text>{number} {place}</text>')
                           for place in range(3)))
                    for number in range(3)))
    kept = [found for _, revisions in pages_of(data) for found in revisions]
    assert [found.text for found in kept] == [
        re.findall('<text[^>]*>(.*)</text>', found.xml().decode())[0]
        for found in kept] == [
        f'{number} {place}' for number in range(3) for place in range(3)]


def test_other_elements_are_ignored() -> None:
    thread = ('<discussionthreadinginfo><ThreadSubject>A</ThreadSubject>'
              '</discussionthreadinginfo>')
    upload = f'<upload>{TIME}<filename>A.png</filename></upload>'
    item = f'<logitem><id>1</id>{TIME}</logitem>'
    data = export(
        item * MAX_ELEMENTS, page(more='<id>3</id><restrictions/>'),
        page(revision(), thread, upload * MAX_ELEMENTS, revision()), item)
    assert [len(revisions) for _, revisions in pages_of(data)] == [0, 2]


class Slowly:

    """A stream that ignores what it is asked for."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = iter(parts)
        self.read_parts = 0

    def read(self, _size: int = -1) -> bytes:
        self.read_parts += 1
        return next(self._parts, b'')


def test_streams_of_any_pace() -> None:
    data = export(page(FULL, FULL), page(FULL), siteinfo=SITEINFO)
    for size in (1, 7, len(data), 1000):
        stream: Any = Slowly(*(data[begin:begin + size]
                               for begin in range(0, len(data), size)))
        there = list(ExportReader(stream, 'x').pages())
        assert len(there) == 2


def test_no_more_is_read_than_needed() -> None:
    head, tail = export(page(revision(), '|')).split(b'|')
    filler = revision(f'<text>{"b" * 60_000}</text>').encode()
    stream: Any = Slowly(head, *[filler] * 100, tail)
    there = next(ExportReader(stream, 'x').pages())
    next(there.revisions())
    assert stream.read_parts < 5


# Hostile input.

LAUGHS = (b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
          + b''.join(b'<!ENTITY %c "%s">' % (98 + n, b'&%c;' % (97 + n) * 10)
                     for n in range(9)) + b']>')


@pytest.mark.parametrize('head', [
    LAUGHS, b'<!DOCTYPE mediawiki>', b'<!doctype mediawiki>',
    b'<!-- > --><?a b?>\n<!DOCTYPE m SYSTEM "http://127.0.0.1:9/x.dtd">',
    b'\xef\xbb\xbf<!DOCTYPE m [<!ENTITY % p SYSTEM "file:///etc/passwd">'
    b'%p;]>', b'<!ENTITY a "b">'])
def test_document_type(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(*_arguments: object) -> None:
        raise AssertionError('the parser saw it')

    monkeypatch.setattr(XMLStream, '_feed', feed)
    assert 'declares a document type or entities' in problem(
        head + export(page(revision('<text>&j;</text>'))))


def test_external_entity(tmp_path: Path) -> None:
    secret = tmp_path / 'secret'
    secret.write_text('SECRET', encoding='utf-8')
    for file in (secret.as_uri(), 'file:///etc/passwd'):
        data = (f'<!DOCTYPE mediawiki [<!ENTITY a SYSTEM "{file}">]>'
                .encode() + export(page(revision('<text>&a;</text>'))))
        assert 'document type' in problem(data)
        assert 'root:' not in problem(data)


def test_document_type_further_on() -> None:
    filler = page(revision(f'<text>{"a" * 70_000}</text>'))
    doctype = '<!DOCTYPE mediawiki [<!ENTITY a "b">]>'
    for data in (export(doctype), export(filler, doctype),
                 export(page(title='A')) + doctype.encode()
                 + export(page(revision('<text>&a;</text>')))):
        assert 'well-formed' in problem(data)


def test_no_second_document_after_an_entity_that_is_unknown() -> None:
    # The parser says nothing of such an entity, if nothing follows in
    # what it is given, and starts afresh with the next bytes.
    head = export(page(revision('<text>&a;'))).removesuffix(b'</mediawiki>')
    head = head[:head.index(b'&a;')] + b' ' * 2 ** 16
    second = (b'<!DOCTYPE m [<!ENTITY a "b">]>'
              + export(page(revision('<text>&a;</text>'))))
    data = head[:2 ** 16 - 3] + b'&a;' + second
    assert data[2 ** 16:] == second
    assert "Entity 'a' not defined" in problem(data)
    begin = export(page(title='A'))
    data = begin + b' ' * (2 ** 16 - len(begin)) + second
    assert 'goes on after its end' in problem(data)


@pytest.mark.parametrize('data', [b'', b' \n\t', b'\xef\xbb\xbf\n'])
def test_empty(data: bytes) -> None:
    assert 'is empty' in problem(data)


@pytest.mark.parametrize(('data', 'begins'), [
    (b'<!DOCTYPE html>\n<html><head>', '<!DOCTYPE html> <html><head>'),
    (b'<!-- a --><html lang="en">', '<html lang="en">'),
    (b'<?xml version="1.0"?>\n<feed xmlns="a"/>', '<feed xmlns="a"/>'),
    (b'{"error": 1}', '{"error": 1}'), (b'\x1f\x8b\x08', '\ufffd'),
    (b'<mediawikis/>', '<mediawikis/>'), (b'<' * 99, '<' * 60 + '…'),
    (b'\x1b[2J', '\ufffd[2J'),
    (b'<api><query><export xml:space="preserve">', '<api><query><export')])
def test_something_else(data: bytes, begins: str) -> None:
    sentence = problem(data)
    assert 'is no export of MediaWiki but begins with "' + begins in sentence


def test_another_namespace() -> None:
    assert 'is XML of "urn:a"' in problem(
        export(root='<mediawiki xmlns="urn:a">'))


@pytest.mark.parametrize(('data', 'encoding'), [
    (b'<?xml version="1.0" encoding="ISO-8859-1"?><mediawiki/>',
     'ISO-8859-1'),
    (b"<?xml version='1.0' encoding='UTF-7'?><mediawiki/>", 'UTF-7'),
    ('\ufeff<mediawiki/>'.encode('utf-16-le'), 'UTF-16'),
    ('\ufeff<mediawiki/>'.encode('utf-16-be'), 'UTF-16'),
    ('<mediawiki/>'.encode('utf-16-le'), 'UTF-16'),
    ('\ufeff<mediawiki/>'.encode('utf-32-be'), 'UTF-32')])
def test_other_encodings(data: bytes, encoding: str) -> None:
    sentence = problem(data)
    assert 'is not in UTF-8 but in' in sentence
    assert encoding in sentence


@pytest.mark.parametrize('data', [
    b'\xe4', b'\xff', b'\xed\xa0\x80', b'\xc0\x80', b'\xf4\x90\x80\x80'])
def test_bytes_that_are_not_utf_8(data: bytes) -> None:
    for filler in ('', 'b' * 70_000):
        xml = export(page(revision(f'<text>{filler}|</text>')))
        assert 'as UTF-8' in problem(xml.replace(b'|', data))


@pytest.mark.parametrize('inside', [
    'a<b>', '&nbsp;', '&#0;', '&#xFFFF;', '\x01', '</page>', 'a & b',
    '<a b=c/>', '<a b="" b=""/>', '<![CDATA[a'])
def test_not_well_formed(inside: str) -> None:
    sentence = problem(export(page(revision(), title='A'), page(
        revision(), revision(f'<text>b</text>{inside}'), title='B'),
        page(title='C')))
    assert 'is no well-formed XML' in sentence or 'breaks off' in sentence
    assert '(in the page "B")' in sentence


@pytest.mark.parametrize('inside', ['<x:a/>', '<a x:b="c"/>'])
def test_prefix_of_no_namespace(inside: str) -> None:
    assert 'Namespace prefix x' in problem(export(page(revision(
        more=inside))))


def test_goes_on_after_the_end() -> None:
    for more in (b'x', b'<a/>', b' ' * 70_000 + b'x'):
        assert 'well-formed' in problem(export() + more)
    assert pages_of(export() + b'\n' * 70_000) == []


def test_truncated() -> None:
    data = export(page(FULL, title='A'), page(FULL, FULL, title='B'))
    end_of_a = data.index(b'</page>') + 7
    start_of_b = data.rindex(b'<revision') + 5
    for end in range(1, len(data)):
        sentence = problem(data[:end])
        assert 'breaks off' in sentence or end < 3
        if end_of_a <= end < end_of_a + 10:
            assert '(after the page "A")' in sentence
        if end > start_of_b:
            assert ' the page "B")' in sentence


def test_error_comes_again() -> None:
    there = reading(export(page(FULL, FULL))[:-60])
    for _ in range(3):
        with pytest.raises(BundleError, match='breaks off'):
            list(there.pages())


def test_error_of_the_stream_comes_again() -> None:
    class Broken(Slowly):
        def read(self, size: int = -1) -> bytes:
            data = super().read(size)
            if not data:
                raise SourceError('cut')
            return data

    stream: Any = Broken(export(page(FULL, 'b' * 70_000, FULL))[:-60])
    there = ExportReader(stream, 'x')
    next(there.pages())
    for _ in range(3):
        with pytest.raises(SourceError):
            list(there.pages())


@pytest.mark.parametrize(('title', 'why'), [
    ('', 'without a title'), (' \n ', 'without a title'),
    ('A\nB', 'control'), ('A&#9;B', 'control'), ('A\x7f', 'control'),
    ('A\x85', 'control'), ('A\u2028B', 'control')])
def test_titles(title: str, why: str) -> None:
    sentence = problem(export(page(revision(), title=title)))
    assert why in sentence
    assert sentence.isprintable()


def test_no_title() -> None:
    for data in (f'<page>{revision()}</page>', '<page/>',
                 f'<page>{revision()}<title>A</title></page>'):
        assert 'without a title' in problem(export(data))


@pytest.mark.parametrize(('time', 'why'), [
    ('', 'without a timestamp'), ('<timestamp/>', 'without a timestamp'),
    *((f'<timestamp>{bad}</timestamp>', 'with the timestamp') for bad in (
        '20240229235959', '2024-02-29 23:59:59', '2024-02-29T23:59:59',
        '2024-02-29T23:59:59+01:00', '2024-02-29T23:59:59Z\n',
        '2023-02-29T00:00:00Z', '2024-01-01T24:00:00Z', 'x' * 1000,
        '\u0662024-01-01T00:00:00Z'))])
def test_timestamps(time: str, why: str) -> None:
    assert why in problem(export(page(revision(time=time))))


@pytest.mark.parametrize(('data', 'why'), [
    (page(more='<ns>a</ns>'), '"a" for the number of a namespace'),
    (page(revision(more='<id>1e3</id>')), 'number of a revision'),
    (page(revision(more=f'<id>{"9" * 5000}</id>')), 'number of a revision'),
    (page(revision('<text/><sha1>A</sha1>')), 'with the sha1 "A"'),
    (page(revision(f'<text/><sha1>{"z" * 31}</sha1>')), 'with the sha1'),
    (page(revision(f'<text/><sha1>{"0" * 32}</sha1>')), 'with the sha1'),
    (page(revision('')), 'without a text'),
    (page(revision('<text/><text>a</text>')), 'two <text>'),
    (page(revision(more=TIME)), 'two <timestamp>'),
    (page(revision('<text>a<b>c</b></text>')), 'inside of <text>'),
    (page(revision(more='<contributor><ip>a</ip><ip>b</ip></contributor>')),
     'two <ip>'),
    (page(revision('<text/><content><role>main</role><text>b</text>'
                   '</content>')), 'two slots "main"'),
    (page(revision('<text deleted="deleted"/><content><role>main</role>'
                   '<text>b</text></content>')), 'two slots "main"'),
    (page(revision('<text/><content><text>b</text></content>')),
     'two slots'),
    (page(revision('<text id="4" bytes="7"/>')), 'has no texts'),
    (page(revision('<text location="tt:4"/>')), 'has no texts')])
def test_nonsense(data: str, why: str) -> None:
    assert why in problem(export(data))


def test_empty_text_of_a_stub() -> None:
    assert only(export(page(revision(
        '<text id="4" bytes="0"/>')))).text == ''


class Generated:

    """A stream of what a generator yields."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b''
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (part := next(self._parts, b'')):
            self._rest += part
        data, self._rest = self._rest[:size], self._rest[size:]
        self.size += len(data)
        return data


def refused(parts: Iterator[bytes]) -> tuple[str, int]:
    """Return the sentence and how much was read."""
    stream: Any = Generated(parts)
    with pytest.raises(BundleError) as info:
        for there in ExportReader(stream, 'x').pages():
            for _ in there.revisions():
                pass
    return str(info.value), stream.size


START = export(page('|')).partition(b'|')[0]


def parts_of(*parts: bytes, times: int) -> Iterator[bytes]:
    """Yield a page that begins with something and goes on with more."""
    first, *more = parts
    yield START + first
    for _ in range(times):
        yield from more


def test_revision_that_is_too_large() -> None:
    begin = revision('<text>|</text>').encode().partition(b'|')[0]
    sentence, size = refused(parts_of(begin, b'a' * 2 ** 16, times=2000))
    assert 'of more than 32 MiB' in sentence
    assert size < MAX_REVISION + 2 ** 18
    for begin, more in ((b'', b' '), (b'<!--', b'a'), (b'<a b="', b'a')):
        sentence, size = refused(parts_of(begin, more * 2 ** 16,
                                          times=2000))
        assert size < MAX_REVISION + 2 ** 18


def test_revision_that_is_just_not_too_large() -> None:
    text = 'a' * (MAX_REVISION - 200)
    data = export(page(*[revision(f'<text>{text}</text>')] * 2))
    stream: Any = io.BytesIO(data)
    there = next(ExportReader(stream, 'x').pages())
    assert [item.revision.size for item in there.revisions()] == [
        len(text)] * 2


@pytest.mark.parametrize('piece', [
    b'<a/>', b'<!---->', b'<?a?>', b'<a>b</a>',
    b'<a xmlns="http://a.example/"/>'])
def test_too_many_elements(piece: bytes) -> None:
    for begin in (b'', b'<revision>', b'<revision><text>'):
        sentence, size = refused(parts_of(begin, piece, times=10 ** 6))
        assert f'more than {MAX_ELEMENTS} elements' in sentence
        assert size < 2 ** 18


def test_many_elements_in_many_revisions() -> None:
    many = revision(more='<a/>' * (MAX_ELEMENTS - 20))
    (_, revisions), = pages_of(export(page(*[many] * 5)))
    assert len(revisions) == 5
    assert 'more than 2000 elements' in problem(export(page(revision(
        more='<a/>' * MAX_ELEMENTS))))


def test_too_deep() -> None:
    sentence, size = refused(parts_of(b'', b'<a>', times=10 ** 6))
    assert 'levels' in sentence or 'well-formed' in sentence
    assert size < 2 ** 18
    assert 'levels' in problem(export('<a>' * 32 + '</a>' * 32))
    assert pages_of(export('<a>' * 31 + '</a>' * 31)) == []


def test_names_that_never_end() -> None:
    def revisions(kind: str) -> Iterator[bytes]:
        yield START
        for number in range(10 ** 5):
            yield revision(more=kind.format(number)).encode()

    for kind in ('<a{}/>', '<a b{}=""/>', '<a xmlns="urn:{}"/>',
                 '<a xmlns:a{}="urn:a"/>'):
        sentence, size = refused(revisions(kind))
        assert 'names that no export has' in sentence
        assert size < 2 ** 19
    assert 'names' in problem(export(f'<{"a" * 501}/>'))


def large(size: int) -> Iterator[bytes]:
    """Yield an export of many pages and one long history."""
    text = xml_of('{{a|b}} [[c]] & "d" ' * 500)
    head, tail = export('|', siteinfo=SITEINFO).split(b'|')
    one = revision(f'<text xml:space="preserve">{text}</text>').encode()
    begin, end = page('|').encode().split(b'|')
    yield head
    for number in range(size // len(one)):
        if number % 100 == 0:
            yield (end if number else b'') + begin
        yield one
        if number > size // len(one) // 2:
            break
    yield end + begin
    for _ in range(size // len(one) // 2):
        yield one
    yield end + tail


def resident() -> int:
    """Return the memory in use now, in bytes."""
    with Path('/proc/self/status').open(encoding='ascii') as status:
        return next(int(line.split()[1]) * 1024 for line in status
                    if line.startswith('VmRSS'))


@pytest.mark.skipif(not Path('/proc/self/status').exists(),
                    reason='needs /proc')
def test_memory_is_bounded() -> None:
    stream: Any = Generated(large(150 * 10 ** 6))
    count, most, before = 0, 0, 0
    for there in ExportReader(stream, 'x').pages():
        for found in there.revisions():
            count += len(found.text or '') > 9000
            if count == 100:
                before = resident()
            if count % 100 == 0:
                most = max(most, resident())
    assert stream.size > 140 * 10 ** 6
    assert count > 10_000
    assert most - before < 20 * 2 ** 20


def test_objects_are_bounded() -> None:
    stream: Any = Generated(large(10 ** 7))
    tracemalloc.start()
    try:
        for there in ExportReader(stream, 'x').pages():
            for found in there.revisions():
                found.xml()
        assert tracemalloc.get_traced_memory()[1] < 4 * 2 ** 20
    finally:
        tracemalloc.stop()


def test_skipped_revisions_are_freed() -> None:
    stream: Any = Generated(large(3 * 10 ** 7))
    there = ExportReader(stream, 'x')
    assert there.siteinfo.dbname == 'words'
    before = resident()
    assert len(list(there.pages())) > 10
    assert resident() - before < 10 * 2 ** 20
