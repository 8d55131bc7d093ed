"""Which option or command mends something, for people at a command line.

Sentences name none, because wikis and scripts have no command line; here
stands what is put after them, in brackets.
"""
from __future__ import annotations

from collections.abc import Iterable

from importbot.i18n import said
from importbot.model.notes import Note
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.reports.words.changes import advice_sentence
from importbot.reports.words.notes import note_sentence


__all__ = ('REMEDIES', 'advice_with_remedy', 'note_with_remedy',
           'remedied', 'with_remedy')

#: Options and commands by key of the message; of a problem's, values are
#: put in.
REMEDIES: dict[str, str] = {
    'advice-ask': '-existing:update, -existing:force',
    'advice-other-scheme': '-post:nocategories, -exclude',
    'advice-half': '-resume, importundo',
    'advice-history-withheld': '-history:current',
    'advice-invalid-title': '-rootpage, -correspondingnamespace',
    'advice-impossible-title': '-targettitle',
    'advice-needs-move': '-targettitle, -rootpage',
    'advice-needs-upload': '-via, -before, -authors',
    'advice-no-namespace': '-correspondingnamespace',
    'advice-no-revision': '-before',
    'advice-nobots': 'ignore_bot_templates in user-config.py',
    'advice-runs-as-code': '-allow',
    'advice-time-order': '-order',
    'advice-too-large': '-history:current',
    'advice-unasked': 'importundo',
    'advice-unreadable': '-templates:none',
    'advice-widely-used': '-maxused',
    'note-categories': '-categories',
    'note-duration': '-putthrottle',
    'note-looked-at': '-look',
    'note-mentioned': '-templates:mentioned',
    'note-unmatched': '-authors',
    'problem-account-logged-out': 'pwb login',
    'problem-allow-not-here': '-allow',
    'problem-allow-rights': '-allow',
    'problem-allow-unknown': '-allow',
    'problem-by-half': '-resume, importundo',
    'problem-cleanup-argument': '-post:%(name)s:TEMPLATE',
    'problem-cleanup-failed': '-post',
    'problem-cleanup-no-argument': '-post:%(name)s',
    'problem-cleanup-no-text': '-post',
    'problem-cleanup-not-loaded': '-post',
    'problem-cleanup-note-template': '-post',
    'problem-cleanup-unknown': '-post',
    'problem-configuration-impossible': '-configpage',
    'problem-configuration-missing':
        'pwb importrequests -install, -configpage',
    'problem-configuration-open': '-configpage',
    'problem-cut': '-resume',
    'problem-damaged-by-another': 'importundo, Special:Import',
    'problem-dump-language': '-source:PREFIX, -templates:none',
    'problem-dump-namespace': '-namespace',
    'problem-fails-at-pages': '-resume',
    'problem-hint-login-lost': 'pwb login',
    'problem-hint-other-account': 'pwb login',
    'problem-hint-reauthenticate': 'pwb login',
    'problem-hint-session': 'pwb login',
    'problem-journal-newer': '-journal:URL',
    'problem-journal-not-lifted': 'pwb importruns -upgrade',
    'problem-journal-unusable': '-journal:URL',
    'problem-journal-without-runs': '-journal:URL',
    'problem-login-failed': 'pwb login',
    'problem-no-accounts': '-authors',
    'problem-no-interrupted-run': '-journal:URL',
    'problem-no-namespace-on-source': '-nsmap',
    'problem-no-namespace-on-target': '-nsmap',
    'problem-no-source': '-source',
    'problem-no-such-prefix': '-source',
    'problem-not-logged-in': 'pwb login',
    'problem-not-written-as-html': '-format',
    'problem-other-target': '-site',
    'problem-patience-over':
        '-resume; max_retries and retry_max in user-config.py',
    'problem-plan-changed': '-plan:%(name)s',
    'problem-plan-one-title': '-targettitle',
    'problem-plan-too-many-asked': '-maxpages:N',
    'problem-plan-too-many-pages': '-maxpages:N, -only, -exclude',
    'problem-plan-too-many-revisions': '-maxrevisions:N, -only, -exclude',
    'problem-request-of-other-journal': '-journal:URL',
    'problem-run-of-other-source':
        'pwb importpages -resume, pwb importdump -resume with its file',
    'problem-run-of-other-target': '-site',
    'problem-saved-damaged': '-plan:FILE.json',
    'problem-saved-not-json': '-plan:FILE.json',
    'problem-saved-other-schema': '-plan:FILE.json',
    'problem-settle': '-resume',
    'problem-slipped-in': 'importundo',
    'problem-start-authors-prefix': '-interwikiprefix',
    'problem-start-may-not-move': '-targettitle, -rootpage',
    'problem-start-no-namespace': '-correspondingnamespace',
    'problem-start-no-prefix': '-source',
    'problem-start-no-tags-right': '-tags',
    'problem-start-root-invalid': '-rootpage',
    'problem-start-root-no-subpages': '-rootpage',
    'problem-start-unknown-tags': '-tags',
    'problem-start-upload-would-do': '-via:upload',
    'problem-unasked': 'importundo',
    'problem-undo-on-its-way':
        'pwb importpages -resume:%(run)s, importdump with its file',
    'problem-upload-head-too-large': '-via:interwiki',
    'problem-upload-revision-too-large': '-via:interwiki',
}


def with_remedy(problem: Problem, language: str = 'en') -> str:
    """Return what is wrong, with its options and those that mend it.

    :param problem: what is wrong
    :param language: of the sentence; what a wiki said stays as it is
    """
    if problem.lines != (problem, ):
        return '\n'.join(with_remedy(line, language)
                         for line in problem.lines)
    sentence = said(language, problem,
                    lambda setting: setting.as_option)
    return remedied(sentence, (
        REMEDIES[f'problem-{part.key}'] % part.values
        for part in reversed([*problem.parts()])
        if f'problem-{part.key}' in REMEDIES))


def advice_with_remedy(page: PlannedPage, language: str) -> str:
    """Return what a person can do about a page that stays out.

    :param language: of the sentence
    """
    return remedied(advice_sentence(page, language),
                    _remedies(f'advice-{page.reason.value}'))


def note_with_remedy(note: Note, language: str) -> str:
    """Return a note as a sentence, and the options that it is about.

    :param language: of the sentence
    """
    return remedied(note_sentence(note, language),
                    _remedies(f'note-{note.kind.value}'))


def _remedies(key: str) -> list[str]:
    return [REMEDIES[key]] if key in REMEDIES else []


def remedied(sentence: str, remedies: Iterable[str]) -> str:
    """Return a sentence with options and commands after it.

    :param sentence: in any language
    :param remedies: none if it is to stay as it is
    """
    named = ', '.join(dict.fromkeys(remedies))
    if not named:
        return sentence
    stop = sentence[-1] if sentence.endswith(('.', '。', ':')) else ''
    return f'{sentence.removesuffix(stop)} ({named}){stop}'
