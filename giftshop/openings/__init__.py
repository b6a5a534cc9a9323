"""A gift opens on one phone. Another gets in by a code from the recipient's or the sender's mail."""
