"""``pwb importpages``: plan, ask, apply, report."""
