"""How a verb about files says no."""

from escucha.kernel.words import Refused, refuse_if

__all__ = ["Refused", "TooBig", "refuse_if"]


class TooBig(Refused):
    """The file has more bytes than the policy takes. Nothing of it was kept."""
