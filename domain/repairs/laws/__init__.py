"""What holds for every repair: a life as it last came to rest, what fits it, what can be mended."""
