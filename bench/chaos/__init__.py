"""Kills parts of a running Baton at random instants, measures how soon it is whole, proves that
nothing is lost."""
