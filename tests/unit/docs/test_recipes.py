"""Every recipe of docs/recipes.md has a test."""
from __future__ import annotations

import re

from tests.kit.codeblocks import ROOT, blocks_of, code_blocks


PAGE = ROOT / 'docs' / 'recipes.md'


def test_every_recipe_is_followed_here() -> None:
    """No section with commands is left out."""
    tests = (ROOT / 'tests/wikis/docs/test_recipes.py').read_text('utf-8')
    followed = re.findall(r"kitchen\.follow\(\n? *'([^']+)'\)", tests)
    sections = {block.section for block in code_blocks(PAGE)
                if 'pwb ' in block.text}
    assert sections == {blocks_of(PAGE, recipe)[0].section
                        for recipe in followed}
    assert len(sections) >= 8
