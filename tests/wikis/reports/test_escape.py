"""What came from a wiki or a request is shown, and does nothing else."""
from __future__ import annotations

from lxml import html as trees

from importbot.reports.wikitext.escape import link, page_link, plain
from tests.kit.support import Box
from tests.kit.wikitext import PIECES


# As real wikis read it

def test_real_wikis_show_the_text_and_nothing_else(each_box: Box) -> None:
    texts = [*PIECES, *(f'a{piece}b' for piece in PIECES),
             *(piece * 2 + 'b' for piece in PIECES),
             *(f'{piece} c {piece}' for piece in PIECES)]
    texts = [text for text in texts if text.strip()]
    forms = ('\n$1\n', '$1', '\n* $1\n', '\n{|\n| $1 || $1\n|}\n',
             '<bdi>[[:A|$1]]</bdi>')
    page = ''.join(
        f'<div class="form{number}">{form.replace("$1", plain(text))}</div>'
        for number, form in enumerate(forms) for text in texts)
    answer = each_box.on_target()._send(
        action='parse', text=page, contentmodel='wikitext', prop='text',
        title='Test', disablelimitreport=1, disableeditsection=1)
    tree = trees.fromstring(answer['parse']['text'])
    allowed: list[set[str]] = [
        {'p'}, set(), {'ul', 'li'}, {'table', 'tbody', 'tr', 'td'},
        {'bdi', 'a'}]
    for number, tags in enumerate(allowed):
        shown = tree.find_class(f'form{number}')
        assert len(shown) == len(texts)
        for text, element in zip(texts, shown, strict=True):
            found = [child.tag for child in element.iterdescendants()]
            assert set(found) <= tags, (number, text)
            assert found.count('li') <= 1 and found.count('a') <= 1
            repeats = 2 if number == 3 else 1
            assert ''.join(element.text_content().split()) == ''.join(
                text.split()) * repeats, (number, text)


def test_titles_are_links_and_what_is_no_title_is_text(
        each_box: Box) -> None:
    titles = ['Rover', 'News:A', 'A mailto:a@b.c', "O''Neill", 'A://b',
              'A https://example.org', 'A matrix:a', 'Tel:1']
    none = ['[[A]] https://example.org', '<b> mailto:a@b.c', '{{A}} //a',
            '|ftp://a', '[http://a b]', '<nowiki> news:a']
    page = ''.join(f'<div class="{kind}">{link(title, label)}</div>'
                   for kind, them in (('title', titles), ('none', none))
                   for title in them for label in ('', 'b'))
    page += ''.join(f'<div class="there">{page_link("en", title)}</div>'
                    for title in titles)
    answer = each_box.on_target()._send(
        action='parse', text=page, contentmodel='wikitext', title='Test',
        prop='text|externallinks', disablelimitreport=1)['parse']
    assert answer['externallinks'] == []
    tree = trees.fromstring(answer['text'])
    for kind in ('title', 'there'):
        for element in tree.find_class(kind):
            assert len(list(element.iter('a'))) == 1, element.text_content()
    for element in tree.find_class('none'):
        assert list(element.iter('a', 'b')) == []
