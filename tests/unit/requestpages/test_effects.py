"""What an edit did itself, and what it only set off."""
from __future__ import annotations

import pytest

from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.effects import changed_span, made, only_set
from importbot.requestpages.page.parser import RequestReader
from tests.kit.references import wiki


READER = RequestReader(wiki('en'), [TemplateWords()], lines=['en'])
GERMAN = RequestReader(wiki('de'), [TemplateWords(
    parameters={'status': ['Stand']})])
ID = '0123456789ab'


def request(status: str = 'review', more: str = '', id: str = ID) -> str:
    return (f'{{{{Import request\n |source = en\n |pages = Foo{more}\n'
            f' |status = {status}\n |id = {id}\n |plan = 99\n}}}}\n')


WAITS, APPROVED = request(), request('approved')
OTHER = request(id='ba9876543210', more=' bar')


def why(before: str, after: str, reader: RequestReader = READER) -> str:
    found = [each for each in reader.requests(after) if each.id == ID]
    assert len(found) == 1, found
    return only_set(before, after, found[0], reader)


@pytest.mark.parametrize(('before', 'after'), [
    ('', ''),
    ('Hello.\n', 'Hello.\n'),
    ('', 'Fine. ~~~~'),
    # In the same edit somebody replies, above or below or in between.
    ('== A ==\n', '== A ==\n:Fine by me.\n'),
    (f'== A ==\n{OTHER}== B ==\n',
     f'== A ==\n{OTHER.replace("review", "declined")}No.\n== B ==\n'),
])
@pytest.mark.parametrize('behind', ['', '\n:Yes. [[User:Admin]]', '\n== C =='])
def test_just_the_state_is_set(before: str, after: str, behind: str) -> None:
    assert why(f'{before}{WAITS}Answer.', f'{after}{APPROVED}Answer.{behind}'
               ) == ''


@pytest.mark.parametrize(('old', 'new'), [
    (WAITS, request('approved', ' ')),
    (WAITS, request('approved', '<!-- x -->')),
    (WAITS, APPROVED.replace('= Foo', '=Foo')),
    (request(more='\n |note = a'), request('approved', '\n |note = b')),
    (WAITS, APPROVED.replace('status', 'Status')),
    (WAITS, APPROVED.replace('approved', 'approved<!-- x -->')),
])
def test_anything_else_in_the_request_is_more(old: str, new: str) -> None:
    assert why(old, new) == 'more'


SUBST = '{{subst:Nowhere}}'
SWAP = ('<nowiki>', '<includeonly>', '</nowiki>')


@pytest.mark.parametrize(('before', 'after', 'expected'), [
    # Expanded by whoever saves: the request comes from elsewhere.
    (f'{WAITS}{SUBST}', APPROVED, 'subst'),
    (f'{SUBST}{WAITS}', f'{APPROVED}Hello', 'subst'),
    (f'{{{{ <!-- x -->SafeSubst:Nowhere}}}}{WAITS}', f'x{APPROVED}y',
     'subst'),
    # ... and where it stays as it was, it was not.
    (f'{SUBST}\n{WAITS}', f'{SUBST}\n{APPROVED}', ''),
    # A copy is shown when an edit closes what was open.
    (f'{SWAP[0]}{WAITS}{SWAP[1]}\n{APPROVED}',
     f'{SWAP[0]}{WAITS}{SWAP[1]}{SWAP[2]}\n{APPROVED}', 'copy'),
    # The request goes elsewhere by the same edit.
    (f'a\n{WAITS}b\nc\n', f'a\nb\nc\n{APPROVED}', 'moved'),
    (f'<nowiki>{APPROVED}</nowiki>\n{WAITS}',
     f'<nowiki>{APPROVED}</nowiki>\n{APPROVED}', ''),
    (f'<nowiki>{APPROVED}</nowiki>\n{WAITS}',
     f'<nowiki>{APPROVED}</nowiki>\n{APPROVED}\nFine.', 'copy'),
])
def test_what_an_edit_sets_off_is_none_of_it(before: str, after: str,
                                             expected: str) -> None:
    assert why(before, after) == expected


def test_many_are_approved_at_once() -> None:
    ids = [f'{number:012x}' for number in range(200)]
    before = ''.join(f'== {id} ==\n{request(id=id)}' for id in (*ids, ID))
    after = before.replace('review', 'approved')
    assert why(before, after) == ''


# Who brought a request about

NEW = '{{Import request|pages=Foo|source=en}}\n'


def brought(before: str, after: str) -> str:
    whys = [made(before, after, each, READER)
            for each in READER.requests(after)
            if each.fields.get('pages') == 'Foo']
    assert whys
    return '' if '' in whys else whys[0]


@pytest.mark.parametrize(('before', 'after'), [
    ('', NEW), ('a\n', f'a\n{NEW}'), ('a\n', f'{NEW}a\n'),
    ('<!-- {{Import request|pages=Bar}} -->\n',
     f'<!-- {{{{Import request|pages=Bar}}}} -->\n{NEW}'),
    (NEW.replace('Foo', 'Fo'), NEW),
    (f'{SUBST}{NEW.replace("Foo", "Fo")}', f'{SUBST}{NEW}'),
])
def test_request_is_written_by_an_edit(before: str, after: str) -> None:
    assert brought(before, after) == ''


@pytest.mark.parametrize(('before', 'after', 'expected'), [
    (SUBST, NEW, 'subst'),
    (f'a{SUBST}b', f'a{NEW}b and more', 'subst'),
    ('{{\nSUBST:X}}', NEW, 'subst'),
    (f'<!-- {NEW} -->', NEW, 'elsewhere'),
    (f'<nowiki>{NEW}</nowiki>', f'Cleaned up. {NEW}', 'elsewhere'),
    (f'<!-- {NEW}', f'<!-- --> {NEW} x', 'elsewhere'),
    (f'<!-- a\n{NEW}', f'<!-- a -->\n{NEW}', 'elsewhere'),
    (f'<pre>\n<includeonly>\n{NEW}', f'<pre>\n<includeonly></pre>\n{NEW}',
     'elsewhere'),
    ('{{Import request|pages=Foo', '{{Import request|pages=Foo\n}}',
     'elsewhere'),
    ('<!-- [[:en:Foo]] → [[Foo]] -->', f'[[:en:Foo]] → [[Foo]]\nx\n{NEW}',
     'elsewhere'),
])
def test_request_is_not_written_by_who_shows_it(
        before: str, after: str, expected: str) -> None:
    assert brought(before, after) == expected


@pytest.mark.parametrize(('before', 'after', 'start', 'end'), [
    ('', '', 0, 0), ('abc', 'abc', 3, 3), ('', 'abc', 0, 3),
    ('ac', 'abc', 1, 2), ('abc', 'ac', 1, 1), ('aa', 'aaa', 2, 3),
    ('abc', 'xbz', 0, 3)])
def test_changed_part_of_a_text(before: str, after: str, start: int,
                                end: int) -> None:
    found = changed_span(before, after)
    assert (found.start, found.end) == (start, end)


# What is dangerous in a request

@pytest.mark.parametrize(('more', 'flaws'), [
    ('|note={{subst:X}}', ('subst', )),
    ('|note={{ SafeSubst:X}}', ('subst', )),
    ('|note={{{{{|ſubst:}}}X}}', ('subst', )),
    ('|note={{sub<!-- -->st:X}}', ('subst', )),
    ('|note=<nowiki>', ('tags', )),
    ('|note=</nowiki>', ('tags', )),
    ('|note=<pre>x', ('tags', )),
    ('|note=<ref name="a" />', ()),
    ('|note=<nowiki/>', ()),
    ('|note=<nowiki>{{x}}</nowiki> <br> <b>', ()),
    ('|pages=Bar', ('parameters', )),
    ('|Pages=Bar', ('parameters', )),
    ('|note=1|NOTE=2', ('parameters', )),
    ('|status=new|status=approved', ('parameters', )),
    ('|note=1|reason=2', ()),
    ('|reason=a substitution of 1: 2', ()),
])
def test_flaws_of_a_request(more: str, flaws: tuple[str, ...]) -> None:
    found, = READER.requests(f'{{{{Import request|pages=Foo{more}}}}}')
    assert found.flaws == flaws


@pytest.mark.parametrize(('more', 'flaws'), [
    ('|note={{ers:X}}', ('subst', )), ('|reason=Users: Anna', ()),
    ('|Stand=neu|status=approved', ('parameters', ))])
def test_flaws_in_the_words_of_a_wiki(more: str,
                                      flaws: tuple[str, ...]) -> None:
    found, = GERMAN.requests(f'{{{{Import request|pages=Foo{more}}}}}')
    assert found.flaws == flaws


def test_flaw_makes_it_another_request() -> None:
    plain, flawed = (READER.requests(f'{{{{Import request|pages=Foo{more}}}}}')
                     for more in ('', '|note={{subst:X}}'))
    assert plain[0].fingerprint != flawed[0].fingerprint
