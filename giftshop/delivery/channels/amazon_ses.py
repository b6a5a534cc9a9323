"""Amazon SES by its API: anymail's backend, whose calls end in time."""

import requests
from anymail.backends.amazon_ses import EmailBackend as Library
from anymail.exceptions import AnymailAPIError
from botocore.exceptions import BotoCoreError

from giftshop.http.patient_amazon import carry


class EmailBackend(Library):  # type: ignore[misc]  # anymail has no types
    """With a session of ours, as its backends of other providers have one: `open` makes it, whoever opened
    makes it patient, `close` ends it."""

    session: requests.Session | None = None

    def open(self) -> bool | None:
        """Whether a client was made now. Raises AnymailAPIError where boto3 can't make one."""
        try:
            is_new: bool | None = super().open()
        except BotoCoreError as problem:
            raise AnymailAPIError("no client of Amazon's", backend=self) from problem
        if is_new:
            self.session = requests.Session()
            carry(self.client, self.session)
        return is_new

    def close(self) -> None:
        super().close()
        session, self.session = self.session, None
        if session is not None:
            session.close()
