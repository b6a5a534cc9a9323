"""What speaks to Stripe; nothing else imports its SDK."""
