"""Tasks of all kinds: their forms, who may do them, and the one door that completes them."""
