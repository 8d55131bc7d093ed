"""What a script may give for the fields of a policy."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from importbot.model.errors import UsageError
from importbot.model.option import Kind
from importbot.model.policy import Policy, policy_options
from importbot.planning.author_names import with_authors_read


#: A value of each type, and of which kinds it is none.
_NUMBERS = {Kind.NUMBER, Kind.NAMESPACE}
_SEVERAL = {Kind.WORDS, Kind.TEXTS, Kind.PATTERNS, Kind.CLEANUPS}
VALUES: tuple[tuple[Any, set[Kind]], ...] = (
    (None, {Kind.NAMESPACE}), (True, {Kind.FLAG}), (3, _NUMBERS),
    (-1, set()), (2.5, set()), ('', {Kind.TEXT, Kind.TIME}),
    ('a', {Kind.TEXT}), (b'a', set()), (['a'], _SEVERAL), ([1], set()),
    ([], {*_SEVERAL, Kind.PAIRS}), ({'a': 'b'}, {Kind.PAIRS, Kind.AUTHORS}),
    ([('a', 'b')], {Kind.PAIRS}), ([('a', 'b', 'c')], set()),
    (Path('names.txt'), {Kind.AUTHORS}), (object(), set()))
GIVEN = [(option, value, option.kind in kinds)
         for option in policy_options() for value, kinds in VALUES]


@pytest.mark.parametrize(('option', 'value', 'fits'), [
    pytest.param(option, value, fits, id=f'{option.field}-{number}')
    for number, (option, value, fits) in enumerate(GIVEN)])
def test_field_takes_what_it_is_of(option: Any, value: Any,
                                   fits: bool) -> None:
    try:
        policy = Policy(**{option.field: value})
    except UsageError as error:
        assert not fits
        # In the words of who wrote the program: no option of a command line.
        assert option.field in str(error)
        assert f'-{option.name}' not in str(error)
    else:
        assert fits
        hash(policy)


def test_what_is_given_is_kept_as_tuples() -> None:
    policy = Policy(only=['a'], exclude={'c', 'b'}, tags=('d', ),
                    nsmap={'Portal': 'Project'}, titlemap=[('A', 'B')])
    assert (policy.only, policy.exclude, policy.tags) == (
        ('a', ), ('b', 'c'), ('d', ))
    assert policy.nsmap == (('Portal', 'Project'), )
    assert policy.titlemap == (('A', 'B'), )
    # One may go on from what is there.
    assert Policy(**vars(policy)) == policy


def test_namespaces_are_known_by_their_numbers() -> None:
    assert Policy(nsmap={100: 102}).nsmap == (('100', '102'), )


def test_text_for_several_says_what_to_do() -> None:
    with pytest.raises(UsageError) as raised:
        Policy(only='^Template:')  # type: ignore[arg-type]
    assert str(raised.value) == (
        "only takes several texts, not '^Template:'; "
        'give a list of texts, even of one')


def test_authors_may_be_a_dict_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / 'names.txt'
    path.write_text('Anna = Anna B.\n')
    wanted = Policy(authors='file', authormap=(('Anna', 'Anna B.'), ))
    assert Policy(authors={'Anna': 'Anna B.'}) == wanted
    assert with_authors_read(Policy(authors=path)) == wanted
    assert with_authors_read(Policy()) == Policy()


@pytest.mark.parametrize(('content', 'says'), [
    (None, 'no file of authors that can be read .*No such file'),
    (b'\xff', 'no file of authors that can be read .*decode'),
    (b'# nobody', 'names no author')])
def test_file_of_authors_that_says_nothing(content: bytes | None, says: str,
                                           tmp_path: Path) -> None:
    path = tmp_path / 'names.txt'
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=f'names.txt.*{says}'):
        with_authors_read(Policy(authors=path))
