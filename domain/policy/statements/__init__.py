"""What a person may state about a decision table: drafts, their publication, shadows."""
