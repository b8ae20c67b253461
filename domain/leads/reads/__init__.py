"""What is read of a lead: its history in words, what was written then, which state of it somebody
saw."""
