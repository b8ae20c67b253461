"""The lead domain and what belongs to it: readers, laws and use cases, without HTTP."""
