"""One file a schema, the first one above schema 1."""
