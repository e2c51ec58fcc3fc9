"""Hours as they are typed at the desk, by the clock of the place."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)
CLOCKS = ["%H:%M", "%H:%M:%S", "%H.%M", "%H%M"]
NO_SUCH_HOUR = _("Ese día el reloj se adelantó y esa hora no existió. Escriba otra.")


class Hour(forms.TimeField):
    """An hour of the place. Its form turns it into an instant, with the day of its field `day` if there is one.

    `begins`: the field with the hour at which begins what ends at this one.
    """

    def __init__(self, *, day: str = "", begins: str = "", **kwargs: Any):
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        errors = {"invalid": _("Escriba la hora así: 15:30.")}
        super().__init__(widget=widget, input_formats=CLOCKS, required=False, error_messages=errors, **kwargs)
        self.day, self.begins = day, begins


class Day(forms.DateField):
    """A day, if it is not the nearest one."""

    def __init__(self, **kwargs: Any):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, required=False, **kwargs)


def instant(hour: time, *, day: date | None, near: datetime, zone: ZoneInfo, known: Iterable[datetime] = ()) -> Any:
    """The instant at which the clock of a place shows an hour; without a day, the nearest to `near`.

    An hour is typed without its seconds: within the minute of an instant that is known, it is the last of those.
    Raises ValidationError for an hour that the clock skipped.
    """
    here = near.astimezone(zone)
    days = [day] if day else [here.date() - DAY, here.date(), here.date() + DAY]
    shown = [datetime.combine(one, hour, tzinfo=zone).replace(fold=fold) for one in days for fold in (0, 1)]
    there = [one.astimezone(ZoneInfo("UTC")) for one in shown if _exists(one, zone)]
    if not there:
        raise ValidationError(NO_SUCH_HOUR)
    found = min(there, key=lambda one: abs(one - near))
    of_the_minute = [one for one in (*known, near) if timedelta(0) <= one - found < timedelta(minutes=1)]
    return max(of_the_minute, default=found)


def _exists(shown: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock ever showed it: an hour that was skipped comes back as another."""
    back = shown.astimezone(ZoneInfo("UTC")).astimezone(zone)
    return back.replace(tzinfo=None) == shown.replace(tzinfo=None)
