"""Saving what a verb changed, and telling every open page that it is out of date."""

from escucha.contexts.assistance.models import Assistance, AssistanceFile, Provider
from escucha.contexts.assistance.rules.stages import MOVES, Stage
from escucha.kernel.composed import update

type About = Assistance | AssistanceFile | Provider


class Overtaken(Exception):
    """Somebody acted after the page of who tried was opened. Nothing was changed."""

    def __init__(self, about: About):
        super().__init__(f"{about} is at version {about.version}")
        self.about = about


def same_version(about: About, seen: int | None) -> None:
    """Raises Overtaken unless it is as it was seen. Programs that saw no page pass None."""
    if seen is not None and seen != about.version:
        raise Overtaken(about)


def keep(about: About, *fields: str) -> None:
    about.version += 1
    update(about, *fields, "version")


def move(assistance: Assistance, after: Stage) -> Stage:
    """The stage it leaves; it is not saved yet. Raises ValueError for a move that is not in the table.

    The blockers of a verb say no before, in words: this is the last door.
    """
    before = Stage(assistance.stage)
    if after not in MOVES[before]:
        raise ValueError(f"an assistance does not go from {before} to {after}")
    assistance.stage = after
    return before
