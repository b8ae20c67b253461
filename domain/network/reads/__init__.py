"""What is read of the network: its entries, what was changed, when people are away and how they are
reached."""
