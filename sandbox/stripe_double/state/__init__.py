"""What a double of Stripe holds and does by itself: options, objects, clock, faults, webhooks."""
