"""Options of importundo."""
from __future__ import annotations

import pytest
from importbot_scripts import importundo

from importbot.commands.importundo import UndoBot, read_undo_options
from importbot.model.errors import UsageError
from tests.kit.options import help_of, names_in_help


# The command line

def test_help_names_the_options() -> None:
    assert names_in_help(importundo) == {
        *UndoBot.available_options, 'report', 'simulate'}
    assert max(map(len, help_of(importundo).splitlines())) <= 79


def test_options_are_read() -> None:
    options = read_undo_options([
        '12', '-always', '-mark:{{Delete|so: it is}}', '-plan'])
    assert options is not None
    assert options.run == 12
    assert options.given == {'always': True, 'plan': True,
                             'mark': '{{Delete|so: it is}}'}


def test_run_is_named_as_for_importruns() -> None:
    for arguments in (['-run:12'], ['12', '-run:12'], ['-always', '-run:12']):
        options = read_undo_options(arguments)
        assert options is not None and options.run == 12
        assert 'run' not in options.given


@pytest.mark.parametrize(('arguments', 'words'), [
    ([], 'Name one run to undo'),
    (['3', '-run:4'], 'Name one run to undo'),
    (['-run:three'], '"three" is no number of a run'),
    (['-run'], '-run needs a value: -run:N'),
    (['3', '4'], 'Name one run to undo'),
    (['three'], '"three" is no number of a run'),
    (['3', '-mark'], '-mark needs a value'),
    (['3', '-report:/nowhere/x.json'], 'cannot be written')])
def test_bad_command_line_is_a_sentence(arguments: list[str],
                                        words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_undo_options(arguments)


def test_unknown_option_is_no_option(
        capsys: pytest.CaptureFixture[str]) -> None:
    assert read_undo_options(['3', '-markus:x']) is None
