"""Sentences that reports of several media share, in every language."""
