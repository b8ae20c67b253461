"""Everything that Baton says, for those who say it themselves: screens and translators."""
