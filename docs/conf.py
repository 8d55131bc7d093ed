"""Sphinx: HTML of the documentation, built without the network."""
from __future__ import annotations

import os
import sys
from pathlib import Path


HERE = Path(__file__).parent

# pywikibot is imported for its signatures and needs no wiki for that.
os.environ.setdefault('PYWIKIBOT_NO_USER_CONFIG', '2')
sys.path[:0] = [str(HERE / '_ext'), str(HERE.parent)]

import importbot  # noqa: E402


project = 'importbot'
author = 'The importbot developers'
project_copyright = f'2026, {author}'
version = release = importbot.__version__

extensions = ['importbot_reference', 'myst_parser', 'sphinx.ext.autodoc']
exclude_patterns = ['_build', '_ext']
myst_heading_anchors = 3
# Quotes stand in commands, too, and are copied from there.
smartquotes = False

autodoc_member_order = 'bysource'
autodoc_typehints = 'description'
autodoc_typehints_description_target = 'documented_params'
add_module_names = False

html_theme = 'furo'
html_title = f'importbot {release}'
html_static_path = ['_static']
html_css_files = ['importbot.css']

# What has no page here: other libraries, and values that scripts only pass on.
nitpick_ignore_regex = [
    ('py:.*', r'(collections|datetime|pathlib|pywikibot|sqlalchemy'
              r'|typing)\..*'),
    ('py:class', r'APISite|ImportOptions|ListName|PathLike'
                 r'|importbot\.(applying|exports|journal'
                 r'|planning|reports|sources|undoing|wikis)\..*'),
]
