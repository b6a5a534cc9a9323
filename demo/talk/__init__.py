"""What people ask and say, and what the shops and their owners tell them."""
