"""What holds for every statement about the network: who may make it, what becomes of the leads of
who leaves, what its speaker has to have seen."""
