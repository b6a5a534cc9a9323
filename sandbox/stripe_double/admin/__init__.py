"""Trouble on demand, and what banks and people do outside the shop."""
