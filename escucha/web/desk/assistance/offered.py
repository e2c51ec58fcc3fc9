"""An act as a page of the assistance desk offers it: its address, its form, its verb and why not now.

Each page has a table of its own, and one view makes a POST of every row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Form

type Blockers = Sequence[Any]


def typed(one: Any, form: Any) -> Mapping[str, Any]:
    """What was typed, under the names of the fields."""
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


@dataclass(frozen=True)
class Doing[One]:
    """An act on what its page looks at. `noun` ends its address.

    `form` is made of what is looked at and of what was typed, if anything was; `said` turns it into the keywords of the
    verb. `step`: under which heading of the page it stands; `tab`: where its result is seen; `done`: what is told.
    """

    name: str
    noun: str
    title: Any
    button: Any
    form: Callable[[One, Any], Any]
    verb: Callable[..., Any]
    why_not: Callable[[One], Blockers]
    said: Callable[[One, Any], Mapping[str, Any]] = typed
    done: Any = ""
    step: str = ""
    variant: str = ""
    versioned: bool = True
    tab: str = ""
    hidden: bool = False  # it has its own place on the page


@dataclass(frozen=True)
class Offered:
    """An act with its form. `problem` says why it did not go through, `found` who was found to choose from."""

    doing: Doing[Any]
    form: Any
    url: str
    blockers: Blockers = ()
    problem: Blockers = ()
    found: Sequence[Any] | None = None


def wrong_with(form: Form) -> Iterator[str]:
    """What must be corrected, each with the label of its field."""
    for name, errors in form.errors.items():
        for error in errors:
            yield str(error) if name == "__all__" or form[name].is_hidden else f"{form[name].label}: {error}"
