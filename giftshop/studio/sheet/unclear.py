"""What of a cell can't be told."""


class Unclear(Exception):
    """A cell that says nothing, or two things. In words for the owner."""
