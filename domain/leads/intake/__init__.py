"""How a submission becomes a lead: read cell by cell, settled against what is known, written."""
