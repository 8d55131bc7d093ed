"""Reports as wikitext; what a wiki or a request says is escaped first."""
