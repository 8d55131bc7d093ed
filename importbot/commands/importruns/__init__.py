"""``pwb importruns``: what the journal tells of runs."""
