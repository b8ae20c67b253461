"""Repairs of one running lead: variables corrected, tokens moved; what bulk repairs and migrations
share with them."""
