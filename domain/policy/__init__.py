"""How the policy is changed safely: a table is reviewed, tried on the past, run beside the live
one, then published."""
