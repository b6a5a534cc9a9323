"""Facts for those above, sent inside the transaction that made them.

A receiver may write rows and nothing else: no network, since a till waits for this commit.
"""

from django.dispatch import Signal

code_redeemed = Signal()
"""sender=Redemption class, redemption=Redemption, now=datetime"""

redemption_reversed = Signal()
"""sender=Reversal class, reversal=Reversal, now=datetime"""
