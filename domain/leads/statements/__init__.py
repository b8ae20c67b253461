"""What a person may state about a lead, a module a subject: who may, which task it answers, what it
changes."""
