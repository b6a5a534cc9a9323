"""A gift on paper: a card of two A6 pages that its sender prints."""
