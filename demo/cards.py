"""What people write on a card."""

from dataclasses import dataclass

SAID_TO_MANY = {"just-because", "thank-you", "congratulations"}
"""Designs whose words may go to several recipients at once. Love letters are for one."""


@dataclass(frozen=True)
class Card:
    """Words for a design of Gift.Design. `{recipient}` becomes the recipient's name."""

    design: str
    words: str
    tongue: str = "en"

    @property
    def is_for_many(self) -> bool:
        return self.design in SAID_TO_MANY and "{recipient}" not in self.words

    def to(self, recipient: str) -> str:
        return self.words.replace("{recipient}", recipient)
