"""What can go wrong with a way out. Each carries the kind of failure only: what a provider says quotes people."""


class Rejected(Exception):
    """No, for good: trying again would not help."""


class NotNow(Exception):
    """Not now, of this message: the next one may be taken."""


class Unavailable(Exception):
    """The provider could not be asked, or refuses us: no other message would fare better now."""


class Forged(Exception):
    """What came in the provider's name does not prove that the provider sent it."""
