"""What a person may state about the network: who is there, its entries, many of them at once, how
people are reached."""
