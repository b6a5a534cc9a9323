"""What it costs to send a campaign day's gift mails, beside a bare connection that sends the same bytes."""
