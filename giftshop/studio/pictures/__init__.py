"""An owner's page for one picture: upload, what to keep in sight, words for who cannot see it."""
