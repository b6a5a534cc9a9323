"""How the demo's brands come to be: by the functions that the pages of operators and owners call."""
