"""Decision tables: what is published and since when, drafts, comments, publication by a second
person, the audit."""
