"""On-wiki request pages: a wiki asks, the bot plans, a person approves.

The way of a request::

    wikitext ──► Request ──► wanted pages ──► plan ──► answer
                    │                          │
                    └── proof: who put it so ──┴──► rules: who must agree

What is approved is kept in the journal; the wiki's text is only ever asked
who wanted what.
"""
from __future__ import annotations
