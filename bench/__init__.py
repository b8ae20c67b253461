"""Performance as ratios against a floor in the same run (``make bench``); absolute figures belong
to the machine."""
