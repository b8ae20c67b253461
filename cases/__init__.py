"""The vocabulary of Baton: what a lead is, what can be said of it, and when. Pure, light, imported
by every room."""
