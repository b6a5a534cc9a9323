"""Numbers that fail: the last five digits of a number say how, as Twilio's errors are numbered.

+49 151 000 21614 is no mobile phone, +49 151 000 30007 is filtered by its carrier. https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

AT_ONCE = {
    21211: "The 'To' number {to} is not a valid phone number.",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    30530: "The campaign was refused: opt-in is not by the recipient",
    30531: "The campaign was refused: opt-in information is missing",
    30532: "The campaign was refused: opt-in is shared with third parties",
    30533: "The campaign was refused: opt-in is not collected by the brand",
    30831: "The campaign was refused: messages to somebody on another person's word",
}
"""What the API answers with, and what it says."""

LATER = {30003, 30004, 30005, 30006, 30007, 30008, 30032, 30034, 63003, 63014, 63024, 63101}
"""What a callback brings after the message was taken."""

HANGS = 504
"""…00504: the message is taken, and the answer never comes; once."""
UNAVAILABLE = 503
"""…00503: the API is away; once."""


def ending(number: str) -> int:
    """The last five digits; 0 for what has fewer."""
    digits = number.rpartition(":")[2][-5:]
    return int(digits) if len(digits) == 5 and digits.isdigit() else 0
