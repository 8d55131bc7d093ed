"""Reports for a terminal: tables, lines, diffs and progress, with rich."""
