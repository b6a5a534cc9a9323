"""The walk past every screen, told by who sees it."""
