"""The code blocks of README.md and docs, to be run as they stand there."""
from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

import importbot


__all__ = ('ROOT', 'CodeBlock', 'code_blocks', 'command_lines')

ROOT = Path(importbot.__file__).parents[1]


@dataclass(frozen=True)
class CodeBlock:

    """A code block of a page.

    :param section: the heading above it
    :param language: as the fence says, empty for an indented block
    :param text: what is in it
    :param line: where it begins, from 1
    """

    section: str
    language: str
    text: str
    line: int


def code_blocks(page: Path | str) -> Iterator[CodeBlock]:
    """Yield the code blocks of some Markdown.

    :param page: a file, or the Markdown itself
    """
    section = ''
    text = page.read_text('utf-8') if isinstance(page, Path) else page
    tokens = MarkdownIt().parse(text)
    for token, following in pairwise([*tokens, None]):
        assert token is not None
        if token.type == 'heading_open' and following:
            section = following.content
        elif token.type in ('code_block', 'fence'):
            assert token.map, 'a block has lines'
            yield CodeBlock(section, token.info.strip(), token.content,
                            token.map[0] + 1)


def command_lines(block: CodeBlock) -> list[list[str]]:
    """Return the words of each command of a block, as a shell reads them.

    :param block: an indented block
    """
    text = re.sub(r' *\\\n *', ' ', block.text)
    return [shlex.split(command) for line in text.splitlines()
            for command in re.split(r' (?:&&|\|) ', line) if line.strip()]
