"""The network and its people: who there is, when they work, what they can take."""
