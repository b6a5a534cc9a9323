"""Templates as Twilio's Content API holds them, and a reviewer who approves each at once, until somebody says
otherwise on the page.

https://www.twilio.com/docs/content/content-api-resources
"""

from __future__ import annotations

import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any

from sandbox.message_double.answers import ApiError
from sandbox.message_double.store import Row, Store

STATUSES = ("approved", "pending", "rejected", "paused", "disabled")
CATEGORIES = ("UTILITY", "MARKETING")
REJECTED, NOT_TO_US, OUTSIDE_WINDOW = 63040, 63049, 63016
CANADA = {"204", "226", "236", "249", "250", "289", "306", "343", "365", "403", "416", "418", "431",
          "437", "438", "450", "506", "514", "519", "548", "579", "581", "587", "604", "613", "639",
          "647", "672", "705", "709", "778", "780", "782", "807", "819", "825", "867", "873", "902",
          "905"}  # fmt: skip
PLACE = re.compile(r"{{(\d+)}}")


def create(store: Store, told: dict[str, Any]) -> Row:
    """A template that nobody has looked at yet. Raises ApiError."""
    body = ((told.get("types") or {}).get("twilio/text") or {}).get("body")
    if not (body and told.get("language")):
        raise ApiError(400, 20001, "A body and a language are required.")
    sid = f"HX{secrets.token_hex(16)}"
    with store.lock:
        store.contents[sid] = {
            "sid": sid,
            "friendly_name": str(told.get("friendly_name") or ""),
            "language": str(told["language"]),
            "body": str(body),
            "variables": told.get("variables") or {},
            "date_created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "approval": {
                "status": "unsubmitted",
                "category": "",
                "rejection_reason": "",
                "name": "",
            },
        }
        store.write()
        return store.contents[sid]


def submit(store: Store, sid: str, told: dict[str, Any]) -> Row:
    """Answered as received; the next look finds it approved."""
    if not re.fullmatch(r"[a-z0-9_]{1,512}", str(told.get("name") or "")):
        raise ApiError(400, 20001, "Names are of small letters, digits and underscores.")
    body = store.contents[sid]["body"]
    if PLACE.match(body) or re.search(r"}}$", body):
        verdict = ("rejected", "Variables can't be at the start or end of the template.")
    else:
        verdict = ("approved", "")
    change(store, sid, *verdict, category=str(told.get("category") or "UTILITY"), name=told["name"])
    return {**store.contents[sid]["approval"], "status": "received"}


def change(store: Store, sid: str, status: str, reason: str = "", **more: Any) -> None:
    """What WhatsApp says of it from now on."""
    with store.lock:
        store.contents[sid]["approval"] |= {"status": status, "rejection_reason": reason, **more}
        store.write()


def resource(row: Row, account_sid: str) -> Row:
    """As the API shows a content."""
    at = f"https://content.twilio.com/v1/Content/{row['sid']}"
    return {
        "sid": row["sid"], "account_sid": account_sid, "friendly_name": row["friendly_name"],
        "language": row["language"], "variables": row["variables"], "date_created": row["date_created"],
        "date_updated": row["date_created"], "types": {"twilio/text": {"body": row["body"]}}, "url": at,
        "links": {"approval_fetch": f"{at}/ApprovalRequests"},
    }  # fmt: skip


def approval(row: Row, account_sid: str) -> Row:
    """As the API shows what WhatsApp says of one."""
    said = {
        "content_type": "twilio/text",
        "type": "whatsapp",
        "allow_category_change": True,
        "flows": None,
    }
    url = f"https://content.twilio.com/v1/Content/{row['sid']}/ApprovalRequests"
    whatsapp = {**said, **row["approval"]}
    return {"sid": row["sid"], "account_sid": account_sid, "url": url, "whatsapp": whatsapp}


def rendered(row: Row, variables: str) -> str:
    """What the phone shows. Raises ApiError for what does not fit the template."""
    try:
        values = json.loads(variables or "{}")
        said = {str(place): str(value) for place, value in values.items()}
        words = PLACE.sub(lambda found: said[found[1]], row["body"])
    except (ValueError, AttributeError, KeyError):
        raise ApiError(400, 21656, "The ContentVariables parameter is invalid.") from None
    if any("\n" in value or not value for value in said.values()):
        raise ApiError(400, 21656, "The ContentVariables parameter is invalid.")
    return words


def failure(row: Row | None, to: str) -> int:
    """Twilio's error by which WhatsApp does not bring it; 0 where it does."""
    if row is None:
        return OUTSIDE_WINDOW
    said = row["approval"]
    if said["status"] != "approved":
        return REJECTED if said["status"] == "rejected" else OUTSIDE_WINDOW
    digits = to.rpartition("+")[2]
    is_us = digits.startswith("1") and len(digits) == 11 and digits[1:4] not in CANADA
    return NOT_TO_US if said["category"].upper() == "MARKETING" and is_us else 0
