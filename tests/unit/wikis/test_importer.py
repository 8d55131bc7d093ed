"""What the import action is asked, and what its errors say."""
from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from importbot import Importer
from importbot.model import errors
from importbot.model.errors import (
    FetchError,
    ImportbotError,
    ImportRefusedError,
    NotAllowedError,
    NotASourceError,
    PageParameterError,
    RenamedParameterError,
    ServerFailureError,
    TagError,
    UnavailableError,
    UploadError,
    UsageError,
)
from importbot.rules.api_errors import refusal


# Parameters that cannot be

offline = Importer(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(('old', 'new'), [
    ('interwikititle', 'interwikipage'), ('intoken', 'csrf token'),
    ('type', 'csrf token')])
@pytest.mark.parametrize('send', [
    lambda old: offline.from_wiki('en', 'Hopper', **{old: 'x'}),
    lambda old: offline.from_xml(io.BytesIO(), 'en', **{old: 'x'}),
    lambda old: offline.send({old: 'x'})])
def test_old_name_is_answered_with_the_new_one(
        send: Callable[[str], object], old: str, new: str) -> None:
    with pytest.raises(RenamedParameterError, match=new) as caught:
        send(old)
    assert f'"{old}"' in str(caught.value)


def test_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match='"colour".*fullhistory'):
        offline.from_wiki('en', 'Hopper', colour='red')


@pytest.mark.parametrize('place', [
    {'namespace': 0}, {'namespace': 4}, {'rootpage': 'User:X'}])
def test_templates_never_go_into_a_namespace_or_below_a_page(
        place: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match='every template would go there'):
        offline.from_wiki('en', 'Hopper', templates=True, **place)
    with pytest.raises(UsageError, match='every template would go there'):
        offline.send({'interwikisource': 'en', 'interwikipage': 'Hopper',
                      'templates': True, **place})


def test_file_and_source_do_not_go_together() -> None:
    with pytest.raises(UsageError, match='would ignore the file'):
        offline.from_xml(io.BytesIO(b'<mediawiki/>'), 'en',
                         interwikisource='en', interwikipage='Hopper')


def test_tags_are_several_texts() -> None:
    with pytest.raises(UsageError, match="tags takes several texts, not 'a'"):
        offline.from_wiki('en', 'Hopper', tags='a')


# The exceptions as such

#: The codes of facts, section 2, with examples for ``tags-apply-*`` and
#: ``assert*failed``.
CODES = {
    NotAllowedError: ('cantimport', 'cantimport-upload', 'notoken',
                      'badtoken', 'assertuserfailed', 'assertbotfailed',
                      'assertnameduserfailed', 'assertanonfailed',
                      'reauthenticate', 'cannotreauthenticate'),
    NotASourceError: ('nointerwikiprefix', 'badinterwiki'),
    PageParameterError: ('nointerwikipage', 'invalidparammix',
                         'import-rootpage-invalid',
                         'import-rootpage-nosubpage'),
    FetchError: ('cantopenfile', ),
    UploadError: ('nofile', 'badupload', 'filetoobig', 'partialupload',
                  'notempdir', 'http-contenttoolarge'),
    TagError: ('badtags', 'tags-apply-no-permission',
               'tags-apply-not-allowed-one', 'tags-apply-not-allowed-multi',
               'tags-apply-blocked', 'tags-apply-of-tomorrow'),
    UnavailableError: ('readonly', 'maxlag'),
    ServerFailureError: ('import-unknownerror', 'databaseerror-text',
                         'internal_api_error_DBQueryError'),
}


@pytest.mark.parametrize(('code', 'kind'), [
    (code, kind) for kind, codes in CODES.items() for code in codes])
def test_every_code_has_its_exception_and_hint(
        code: str, kind: type[ImportRefusedError]) -> None:
    error = refusal(code, 'Some page', 'The wiki says no.')
    assert type(error) is kind
    assert str(error) == ('"Some page" was not imported: The wiki says no '
                          f'({code}). {error.hint}')
    assert error.hint


def test_code_that_nobody_knows_is_told_as_it_is() -> None:
    error = refusal('brandnew', 'Some page', 'The wiki says no.')
    assert type(error) is ImportRefusedError
    assert str(error) == ('"Some page" was not imported: The wiki says no '
                          '(brandnew).')


def test_drawn_tree_is_the_real_one() -> None:
    assert errors.__doc__
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in errors.__doc__.splitlines():
        found = re.match(r'    ([│├└─ ]*)([A-Z]\w+Error)\b', line)
        if found:
            depth = len(found[1]) // 4
            path[depth:] = [found[2]]
            drawn[found[2]] = path[depth - 1] if depth else 'Exception'
    real = {name: kind.__base__.__name__
            for name, kind in vars(errors).items()
            if isinstance(kind, type) and issubclass(kind, ImportbotError)
            and kind.__base__}
    assert drawn == real
