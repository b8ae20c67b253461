"""What is done to running leads from outside: tried on what the store knows of them, told to many
at once."""
