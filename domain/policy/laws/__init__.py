"""What holds for every statement about a table: who may make it, which file and which save of a
draft it is about, what keeps a file from being published."""
