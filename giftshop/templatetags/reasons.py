"""Why something was done, as the console's pages show it."""

from django import template

from redemption.redeem import reversal_reasons

register = template.Library()

register.filter("in_words", reversal_reasons.in_words)
