"""Each idea has one word in each language, and each language its own form.

What a rule finds is what readers stumbled over: two words for one thing,
one word for two, sentences in another style than the rest.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from importbot import i18n
from importbot.i18n import LANGUAGES


def _read(language: str) -> dict[str, str]:
    messages: dict[str, str] = json.loads(
        files(i18n).joinpath(f'{language}.json').read_text('utf-8'))
    del messages['@metadata']
    return {key.removeprefix('importbot-'): text
            for key, text in messages.items()}


MESSAGES = {language: _read(language) for language in LANGUAGES}

#: Words that are not taken, by language: what is found, the word to take,
#: and the keys of messages in which it means something else.
_OTHER_WORDS = (
    ('de', r'\b(Antr[aä]g|Anfrage)', 'Importwunsch', r'problem-hint-'),
    ('de', r'\bZust[aä]nd|\bStände', 'Status', ''),
    ('de', r'[Zz]ustimm|\b[Ff]reigegeben', 'genehmigen', ''),
    ('de', r'verweiger', 'nur was der Bot verweigert',
     r'decision-refuse|request-plan|overview-'),
    ('de', r'\b[Aa]ufger?äum|\b[Aa]ufräum', 'nachbearbeiten', ''),
    ('de', r'\b(das|des|im|am) Ziels?\b', 'Zielwiki', ''),
    ('de', r'\bBot-?[Kk]ennzeichen', 'Botmarkierung', ''),
    ('fr', r'(?<!« )\bimport\b', 'importation', ''),
    ('fr', r'\b[Bb]ots?\b', 'robot', ''),
    ('fr', r'd’origine|l’original\b|\b([Ll]a|une) source\b|à la source',
     'wiki source',
     'problem-hint-prefix-not-in-table|problem-start-not-a-source'),
    ('fr', r'\b[Dd]essin', 'schéma', ''),
    ('fr', r'refus(ent|er|ée?)\b', 'décliner, si c’est une personne',
     'decision-refuse|request-plan|overview-|problem-'),
    ('ja', 'インポート', '取り込み', ''),
    ('ja', '転送', 'リダイレクト', ''),
    ('ja', '取得元', '取り込み元', ''),
    ('ja', '題名', 'ページ名', ''),
    ('ja', '執筆者', '投稿者', ''),
    ('ja', '手動', '手作業', ''),
    ('ja', 'インターウィキ', 'ウィキ間', ''),
    ('ja', '全て', 'すべて', 'words-'))

#: Messages one of which has to stand in another, whatever form it takes:
#: the same idea is the same word.
_SAME_WORD = (
    ('status-approved', 'table-approver', {
        'en': 'approved', 'de': 'genehmigt', 'fr': 'approuvée',
        'ja': '承認'}),
    ('table-approver', 'html-approver', {
        'en': 'pproved by', 'de': 'enehmigt von', 'fr': 'pprouvée par',
        'ja': '承認者'}),
    ('kit-label-status', 'table-state', {
        'en': 'tate', 'de': 'Status', 'fr': 'tat', 'ja': '状態'}),
    ('outcome-verified', 'overview-many-verified', {
        'en': 'imported and checked', 'de': 'importiert und geprüft',
        'fr': 'importées? et vérifiées?', 'ja': '取り込み・確認済み'}),
    ('outcome-verified', 'request-log-line', {
        'en': 'imported and checked', 'de': 'importiert und geprüft',
        'fr': 'importées? et vérifiées?', 'ja': '取り込み・確認済み'}))

#: What the bot says of pages and what people say of requests.
_DIFFERENT = (('decision-refuse', 'status-declined'),
              ('decision-hold', 'status-review'))

#: Colons and the like that stand in code, names and addresses.
_CODE = re.compile(
    r'%\(\w+\)s|\{\{[^}]*\}\}|\[\[[^]]*\]\]|[a-z+]+://|(?<=\d):(?=\d)'
    r'|\b(Special|MediaWiki|User|w):|\b(note|subst|safesubst):')

#: How a polite clause of Japanese ends.
_POLITE = re.compile('(です|ます|ません|ました|でした|ください|でしょう)'
                     '(が|か)?$')
#: How one ends that is not: verbs and adjectives as they stand in a
#: dictionary, and the orders of notices.
_PLAIN = re.compile('([うくすつぬふむゆるぐずぶただい]|こと)$')
_NOUNS = re.compile('(扱い|違い|問い|くらい|ほど)$')
#: Messages that people type: words of requests, titles of pages.
_TYPED = re.compile('words-|kit-name-')
#: Labels of buttons, as MediaWiki has them.
_BUTTONS = {'html-close-all', 'html-open-all'}


def _other_words(language: str, key: str, text: str) -> Iterator[str]:
    if key.startswith('words-'):
        return  # what is read is more than what is said
    words = re.sub(r'%\(\w+\)s', 'x', text)
    for spoken, wrong, right, elsewhere in _OTHER_WORDS:
        if (spoken == language and re.search(wrong, words)
                and not (elsewhere and re.match(elsewhere, key))):
            yield f'{right}: {text}'


def _french(text: str) -> Iterator[str]:
    """Yield what is wrong with the signs of a French message."""
    words = _CODE.sub('x', text)
    if re.search('(?<![ \u202f\u00a0])[;:!?»]|«(?! )', words):
        yield f'a space is missing: {text}'
    if re.search('[\'"]', words):
        yield f'not ’ or « »: {text}'


def _german(text: str) -> Iterator[str]:
    """Yield what is wrong with the signs of a German message."""
    if re.search('["\']', _CODE.sub('x', text)):
        yield f'not „“: {text}'


def _japanese(text: str) -> Iterator[str]:
    """Yield what is wrong with the clauses of a Japanese message."""
    for clause in re.split('。|; ', re.sub('（[^（）]*）', '', text)):
        clause = clause.rstrip(' :')
        if (_PLAIN.search(clause) and not _POLITE.search(clause)
                and not _NOUNS.search(clause)):
            yield f'not polite: {clause}'
    if re.search('[！？：；]|[ぁ-ん一-龥] ?[!?;]', text):
        yield f'signs of another kind: {text}'


_FORMS = {'fr': _french, 'de': _german, 'ja': _japanese}


@pytest.mark.parametrize('language', LANGUAGES)
def test_each_idea_has_one_word(language: str) -> None:
    assert [found for key, text in MESSAGES[language].items()
            for found in _other_words(language, key, text)] == []


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize(('one', 'other', 'words'), _SAME_WORD)
def test_the_same_idea_is_the_same_word(
        language: str, one: str, other: str, words: dict[str, str]) -> None:
    for key in (one, other):
        assert re.search(words[language], MESSAGES[language][key]), key


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize(('one', 'other'), _DIFFERENT)
def test_what_the_bot_does_and_what_people_do_have_two_words(
        language: str, one: str, other: str) -> None:
    assert (MESSAGES[language][one].casefold()
            != MESSAGES[language][other].casefold())


@pytest.mark.parametrize('language', _FORMS)
def test_sentences_have_the_form_of_their_language(language: str) -> None:
    assert [found for key, text in MESSAGES[language].items()
            if key not in _BUTTONS and not _TYPED.match(key)
            for found in _FORMS[language](text)] == []


@pytest.mark.parametrize('language', LANGUAGES)
def test_what_people_type_is_on_their_keyboards(language: str) -> None:
    assert [text for key, text in MESSAGES[language].items()
            if _TYPED.match(key) and set(text) & set('’‘“”„«»\u00a0\u202f')
            ] == []


@pytest.mark.parametrize(('language', 'key', 'text'), [
    ('de', 'html-request', 'Antrag'),
    ('de', 'kit-doc-states', 'Stände'),
    ('de', 'status-declined', 'verweigert'),
    ('fr', 'html-drawing', 'La même chose en dessin'),
    ('fr', 'reason-unasked', 'la source l’a envoyée'),
    ('ja', 'decision-import', 'インポート'),
    ('ja', 'role-redirect', '転送')])
def test_other_words_are_found(language: str, key: str, text: str) -> None:
    assert list(_other_words(language, key, text))


@pytest.mark.parametrize(('language', 'text'), [
    ('fr', 'Pages: %(count)s'), ('fr', 'absente; refaire le plan'),
    ('fr', '«%(page)s»'), ('fr', "l'exécution"), ('fr', 'prêt?'),
    ('de', 'das Recht "import"'),
    ('ja', '履歴を見て手作業で判断する'), ('ja', 'もう存在しない'),
    ('ja', '削除した。確認してください'), ('ja', 'ページ：%(page)s')])
def test_other_forms_are_found(language: str, text: str) -> None:
    assert list(_FORMS[language](text))


@pytest.mark.parametrize(('language', 'text'), [
    ('fr', '%(problem)s ; l’écrire comme 2024-12-31T23:59:59Z'),
    ('fr', 'Le nettoyage note:%(template)s'), ('fr', '« %(page)s »'),
    ('ja', '「%(page)s」（存在しない）を確認してください'),
    ('ja', '変更なし'), ('ja', 'テンプレートの扱い'),
    ('de', 'das Recht „import“')])
def test_right_forms_are_left_alone(language: str, text: str) -> None:
    assert list(_FORMS[language](text)) == []
