"""A double of Twilio's messaging for development and tests: the API, callbacks, and phones that answer."""

from sandbox.message_double.double import MessageDouble

__all__ = ["MessageDouble"]
