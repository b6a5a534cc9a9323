"""What a command asks of PostgreSQL that a page may not."""
