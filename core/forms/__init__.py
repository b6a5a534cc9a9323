"""What forms of every app share: fields for money, and their errors in words."""
