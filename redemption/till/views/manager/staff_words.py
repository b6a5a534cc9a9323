"""What is said once something was done to somebody: the same at the till and in the studio."""

from django.utils.translation import gettext_lazy as _

ADDED = _("%(name)s can sign in now, and chooses a PIN of their own then.")
NEW_PIN = _("%(name)s has a new PIN, and chooses their own at the next sign-in.")
OWN_PIN = _("You have a new PIN.")
NEW_ROLE = _("%(name)s: %(role)s.")
UNLOCKED = _("%(name)s may try again.")
DEACTIVATED = _("%(name)s can't sign in any more.")
REACTIVATED = _("%(name)s can sign in again.")
