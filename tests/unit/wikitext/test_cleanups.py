"""Clean-ups as pure functions: what they change, and nothing else."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importbot.model.errors import CleanUpError
from importbot.wikitext.cleanups import (
    BUILT_IN,
    CleanUpPage,
    nocategories,
    nointerlanguage,
    note,
)
from importbot.wikitext.masking import masked
from tests.kit.plans import titled
from tests.kit.references import wiki
from tests.kit.wikitext import LINKS, STAYING


PAGE = CleanUpPage(titled('Rover'), titled('Rover'), 'de', 123,
                   '2024-05-06T07:08:09Z', wiki('de'), wiki('en'), 'Imported')
CALL = '{{Imported|de|Rover|123}}'

untimed = settings(deadline=None)


def page(title: str, target: str = '', argument: str = 'Imported',
         ) -> CleanUpPage:
    read = wiki('de').title
    source, arriving = read(title), wiki('en').title(target or title)
    assert source and arriving
    return replace(PAGE, source_title=source, target_title=arriving,
                   argument=argument)


@pytest.mark.parametrize('link', LINKS)
def test_categories_are_commented_out(link: str) -> None:
    assert nocategories(f'Text.\n\n{link}\nx {link} y', PAGE) == (
        f'Text.\n\n<!-- {link} -->\nx <!-- {link} --> y')


@pytest.mark.parametrize('text', [
    *STAYING,
    # What something else cuts through.
    '{{Box|[[Category:Mars}}|x]]', '[[Category:{{Mars]]|x}}',
    '<noinclude>[[Category:Mars|</noinclude>]]',
    '<ref>[[Category:Mars|</ref>]]',
    # A bracket put in would end the tag.
    '<noinclude [[Category:Mars]]', '<ref name="[[Category:Mars]]">x</ref>',
    '<ref [[Category:Mars]]<includeonly>',
])
def test_what_is_no_category_link_stays(text: str) -> None:
    assert nocategories(text, PAGE) == text


@pytest.mark.parametrize(('text', 'expected'), [
    ('<ref>[[Category:A]]</ref>', '<ref><!-- [[Category:A]] --></ref>'),
    ('<nowiki>[[Category:A]]', '<nowiki><!-- [[Category:A]] -->'),
    ('[[[[Category:A]]]]', '[[<!-- [[Category:A]] -->]]'),
    ('{{Box|c=[[Category:A]]}}', '{{Box|c=<!-- [[Category:A]] -->}}'),
    ('[[File:A.jpg|x [[Category:A]]]]',
     '[[File:A.jpg|x <!-- [[Category:A]] -->]]'),
    ('<noinclude>[[Category:A]]</noinclude>',
     '<noinclude><!-- [[Category:A]] --></noinclude>'),
    ('[[Category:A<!-- b -->]] -->',
     '<!-- [[Category:A<!-- b --&gt;]] --> -->'),
    ('[[Cat<!-- b -->egory:A]]',
     '<!-- [[Cat<!-- b --&gt;egory:A]] -->'),
    ('[[Category:A|-->]]', '<!-- [[Category:A|--&gt;]] -->'),
    ('#REDIRECT [[B]]\n[[Category:A]]',
     '#REDIRECT [[B]]\n<!-- [[Category:A]] -->'),
    # Within <ref> the comment ends with it.
    ('<ref><!-- </ref>[[Category:A]]<!-- -->',
     '<ref><!-- </ref><!-- [[Category:A]] --><!-- -->'),
])
def test_categories_in_places(text: str, expected: str) -> None:
    assert nocategories(text, PAGE) == expected


@pytest.mark.parametrize(('text', 'expected'), [
    # As MediaWiki has it, the rest of the line belongs to the one before:
    # behind a comment alone, a space would begin a block of code.
    ('a\n[[Category:A]] b', 'a<!-- \n[[Category:A]] --> b'),
    ('a\n \n[[Category:A]][[Category:B]]* b',
     'a<!-- \n \n[[Category:A]] --><!-- [[Category:B]] -->* b'),
    ('a\n[[Category:A]]\n[[Category:B]]: b',
     'a<!-- \n[[Category:A]] --><!-- \n[[Category:B]] -->: b'),
    ('a\n[[Category:A]] <!-- c -->', 'a\n<!-- [[Category:A]] --> <!-- c -->'),
    ('[[Category:A]] b', '<!-- [[Category:A]] --> b'),
    ('<noinclude>\n[[Category:A]]</noinclude>',
     '<noinclude>\n<!-- [[Category:A]] --></noinclude>'),
    ('a\n[[Category:A]] [[fr:A]]',
     'a<!-- \n[[Category:A]] --> [[fr:A]]'),
])
def test_what_follows_in_the_line(text: str, expected: str) -> None:
    assert nocategories(text, PAGE) == expected


def test_links_to_main_pages_of_other_languages() -> None:
    assert nointerlanguage('[[fr:]] [[fr: ]] [[Category:]]', PAGE) == (
        '<!-- [[fr:]] --> <!-- [[fr: ]] --> [[Category:]]')


def test_interlanguage_links_are_those_of_either_wiki() -> None:
    text = ('[[en:Rover]] [[DE: Rover]] [[fr:Rover|x]] [[:fr:Rover]] '
            '[[w:Rover]] [[fr]] [[commons:Rover]] [[Category:Mars]]')
    assert nointerlanguage(text, PAGE) == (
        '<!-- [[en:Rover]] --> <!-- [[DE: Rover]] --> '
        '<!-- [[fr:Rover|x]] --> [[:fr:Rover]] [[w:Rover]] [[fr]] '
        '[[commons:Rover]] [[Category:Mars]]')


def test_talk_pages_have_no_interlanguage_links() -> None:
    text = 'See [[fr:Rover]].'
    assert nointerlanguage(text, page('Diskussion:Rover')) == text
    assert nocategories('[[Category:A]]', page('Diskussion:Rover')) == (
        '<!-- [[Category:A]] -->')


@pytest.mark.parametrize(('text', 'expected'), [
    ('', CALL),
    ('Text.', f'Text.\n{CALL}'),
    ('Text.\n', f'Text.\n{CALL}\n'),
    ('Text.\n\n[[Category:A]]\n[[Kategorie:B]]\n',
     f'Text.\n{CALL}\n\n[[Category:A]]\n[[Kategorie:B]]\n'),
    ('Text. [[Category:A]]', f'Text.\n{CALL}\n [[Category:A]]'),
    ('Text.\n<!-- [[Category:A]] -->\n[[fr:B]]',
     f'Text.\n{CALL}\n<!-- [[Category:A]] -->\n[[fr:B]]'),
    ('[[Category:A]]', f'{CALL}\n[[Category:A]]'),
    ('[[Category:A]] Text.', f'[[Category:A]] Text.\n{CALL}'),
    ('Text.\n<!-- unclosed', f'Text.\n{CALL}\n<!-- unclosed'),
    ('{{Importeds}}', f'{{{{Importeds}}}}\n{CALL}'),
    ('{{{Imported}}}', f'{{{{{{Imported}}}}}}\n{CALL}'),
    ('<nowiki>{{Imported}}</nowiki>',
     f'<nowiki>{{{{Imported}}}}</nowiki>\n{CALL}'),
])
def test_note_goes_before_what_ends_a_page(text: str,
                                           expected: str) -> None:
    assert note(text, PAGE) == expected


@pytest.mark.parametrize('text', [
    '{{Imported}}', 'a {{imported|x}} b', '{{ Template:Imported \n|x}}',
    '{{template:imported|{{x}}}}', '{{Imported<!-- x -->}}'])
def test_note_that_is_there_stays(text: str) -> None:
    assert note(text, PAGE) == text


def test_note_on_a_template_is_not_for_its_users() -> None:
    assert note('x[[Category:A]]', page('Vorlage:Box', 'Template:Box')) == (
        'x<noinclude>\n{{Imported|de|Vorlage:Box|123}}</noinclude>'
        '[[Category:A]]')


def test_note_keeps_a_title_with_an_equals_sign_whole() -> None:
    assert note('', page('E=mc²')) == '{{Imported|1=de|2=E=mc²|3=123}}'


def test_note_of_another_namespace() -> None:
    there = page('Rover', argument='User:Anna/Note')
    assert note('', there) == '{{User:Anna/Note|de|Rover|123}}'
    assert note('{{user:anna/Note}}', there) == '{{user:anna/Note}}'


def test_note_needs_a_template() -> None:
    with pytest.raises(CleanUpError, match='names no template'):
        note('', page('Rover', argument='{{x}}'))


# Whatever stands there

#: Pieces that stand by themselves, with what becomes of them.
_PIECES = st.sampled_from([
    (piece, piece) for piece in (
        'text', ' ', '[[A]]', '[[:Category:A]]', '{{T|x}}', '-->',
        '<nowiki>[[Category:A]]</nowiki>', '<!-- [[Category:A]] -->',
        '<ref name="a" />', '<pre>[[fr:A]]</pre>', ']]', '}}', '[[fr:A]]',
        '<b>', '&amp;', "''", '== A ==', '[[Category:]]')]
    + [(piece, f'<!-- {piece} -->') for piece in (
        '[[Category:A]]', '[[Kategorie:B|c]]', '[[category:D]]')])


@given(st.lists(_PIECES))
@untimed
def test_categories_and_nothing_else(pieces: list[tuple[str, str]]) -> None:
    text = ''.join(piece for piece, _ in pieces)
    assert nocategories(text, PAGE) == ''.join(after for _, after in pieces)


_HOSTILE = st.lists(st.sampled_from([
    '[[', ']]', '[', ']', '{{', '}}', '{', '}', '|', ':', '<!--', '-->',
    'Category', 'Kategorie', 'fr', 'A', ' ', '\n', '<nowiki>', '</nowiki>',
    '<nowiki/>', '<ref>', '</ref>', '<ref', '>', '/>', '<noinclude>',
    '</noinclude>', '<noinclude', '<pre', '</pre>', 'Imported', '=', '<',
    '[[Category:', '[[fr:', '{{Imported', '\x00', '\x01', '\x02',
    '#REDIRECT', '<math>', '</math>', '&gt;', '<!-- [[', ' -->'])).map(
        ''.join)
_TITLES = st.sampled_from(['Rover', 'Vorlage:Rover', 'Diskussion:Rover'])


@pytest.mark.parametrize('name', BUILT_IN)
@given(text=_HOSTILE, title=_TITLES)
@example(text='<nowiki x', title='Vorlage:Rover')
@example(text='a <noinclude x', title='Vorlage:Rover')
@example(text='[[Category:A|<!--]]-->]]', title='Rover')
@example(text='<noinclude<!--<nowiki>', title='Rover')
@untimed
def test_a_second_time_changes_nothing(name: str, text: str,
                                       title: str) -> None:
    there = page(title, title.replace('Vorlage', 'Template'))
    once = BUILT_IN[name](text, there)
    assert BUILT_IN[name](once, there) == once


def _undone(after: str, before: str) -> str:
    """Return a text without the comments that a clean-up put in."""
    found: list[str] = []
    place = 0
    while place < len(after):
        rest = before[len(''.join(found)):]
        for put_in, instead in (('<!-- ', ''), (' -->', ''),
                                ('--&gt;', '-->')):
            if (after.startswith(put_in, place)
                    and not rest.startswith(put_in)):
                found.append(instead)
                place += len(put_in)
                break
        else:
            found.append(after[place])
            place += 1
    return ''.join(found)


@pytest.mark.parametrize('clean_up', [nocategories, nointerlanguage])
@given(text=_HOSTILE)
@untimed
def test_links_are_commented_out_and_nothing_else(
        clean_up: Callable[[str, CleanUpPage], str], text: str) -> None:
    assert _undone(clean_up(text, PAGE), text) == text


@given(text=_HOSTILE, title=_TITLES)
@untimed
def test_note_is_put_in_and_nothing_else(text: str, title: str) -> None:
    there = page(title, title.replace('Vorlage', 'Template'))
    after = note(text, there)
    call = f'{{{{Imported|de|{title}|123}}}}'
    assert after == text or any(
        after.replace(put_in, '', 1) == text or text == ''.join(
            after.rsplit(put_in, 1))
        for put_in in (f'<noinclude>\n{call}</noinclude>', f'\n{call}\n',
                       f'\n{call}', f'{call}\n', call))


@given(_HOSTILE)
@untimed
def test_a_mask_fits_its_text(text: str) -> None:
    mask = masked(text, frozenset({'ref', 'math'}))
    assert len(mask) == len(text)
    assert all(there in (here, '\x00', '\x01', '\x02')
               for here, there in zip(text, mask, strict=True))


_BYTES = 1_000_000


@pytest.mark.parametrize('name', BUILT_IN)
@pytest.mark.parametrize('piece', [
    '[[Category:A]]', '[[Category:', '[[', '[', '{{', '{', '<ref ',
    '<ref>', '<nowiki>', '<!--', '<!-- -->', '[[Category:A|', '[[fr:A]]',
    '{{Imported', '{{A}}', '{{A|', '<ref></ref>', '[[Category:A|{}', ' ',
    '<ref><poem></ref>', '\n', '</ref', '[[Category:A|]', 'x', '<',
    '[[Category:{', '{{A|[[Category:B]]}}', '[[A]]\n', '<!---->\n'])
def test_no_text_takes_long(name: str, piece: str) -> None:
    text = piece * (_BYTES // len(piece))
    started = time.process_time()
    BUILT_IN[name](f'{text}>', PAGE)
    assert time.process_time() - started < 15
