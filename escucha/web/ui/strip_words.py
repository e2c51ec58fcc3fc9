"""What the strip of days says: the sentence of a day, of a stage, of a whole term.

Plain Python, in full Spanish sentences, from the same rows that are drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from escucha.kernel.words import _
from escucha.web.ui.spanish import UNITS, counted, in_days, long_date, sentence, short_date
from escucha.web.ui.strip_input import CLOSURE, COUNTED, PAUSED, RECEIVED, Row, Term

FOLDS = {PAUSED: _("en pausa"), CLOSURE: _("con los términos suspendidos")}
WHY = {
    "saturday": _("fin de semana"),
    "sunday": _("fin de semana"),
    "holiday": _("festivo"),
    "civic_day": _("día cívico"),
    "closure": _("términos suspendidos"),
    "outside_hours": _("llegó fuera del horario; cuenta como recibido el día hábil siguiente"),
}


@dataclass(kw_only=True)
class Facts:
    """The rows of a term, ready to be asked in words."""

    days: Sequence[Row]
    term: Term

    @cached_property
    def first_day(self) -> date:
        """The day that counts as receipt; days before it belong to nobody."""
        return next((row.date for row in self.days if row.reason == RECEIVED), self.days[0].date)

    @cached_property
    def last_end(self) -> date | None:
        """The last day on which it could still be met."""
        return max((end for end in (self.term.promised_on, self.term.legal_on) if end), default=None)

    @cached_property
    def _first_counted(self) -> Row | None:
        return next((row for row in self.days if row.reason == COUNTED), None)

    def number(self, row: Row) -> str:
        """The large number of a day: 0 for reception, n for counted, +1 for each counted day past the last end."""
        if row.reason == RECEIVED:
            return "0"
        if row.reason != COUNTED:
            return ""
        over = self._days_over(row.date)
        return f"+{over}" if over else str(row.n or "")

    def why(self, row: Row) -> str:
        """Why a day counts or not, and what ends on it, in lower case and without its norm."""
        if row.reason == RECEIVED:
            return _("se recibió; el plazo empieza el día hábil siguiente")
        if row.reason == COUNTED:
            return "; ".join([self._nth(row), *self.ends(row)])
        return "; ".join([self._off(row), *self.ends(row)])

    def line(self, row: Row) -> str:
        """What the table says of a day, beside its number."""
        if row.reason != COUNTED:
            return self.why(row)
        over = self._days_over(row.date)
        return "; ".join(self.ends(row)) or (_("de retraso") if over else UNITS[self.term.unit][0])

    def shows_norm(self, row: Row) -> bool:
        """Whether the norm stands beside the reason: with each exception, and once for all counted days."""
        if row.reason == COUNTED:
            return bool(row.norm) and row is self._first_counted
        return bool(row.norm)

    def ends(self, row: Row) -> list[str]:
        """What ends on a day, or happens on it."""
        term = self.term
        if not term.is_known(row.date):
            return []
        said = [
            _("termina la etapa de {label}").format(label=stage.label)
            for stage in term.stages
            if row.date == stage.due_on != term.promised_on
        ]
        if row.date == term.promised_on:
            said.append(_("termina nuestro compromiso"))
        if row.date == term.legal_on:
            said.append(_("termina el plazo de ley"))
        if row.date == term.extended_from:
            said.append(_("empieza la ampliación"))
        if row.date == term.settled_on:
            said.append(_("se respondió"))
        return said

    def tip(self, row: Row) -> str:
        """The whole sentence of a day: `Lunes 23 de marzo: no cuenta. Día de San José, Ley 51 de 1983, art. 2.`"""
        day = sentence(long_date(row.date))
        if row.date == self.term.today and not self.term.settled_on:
            day = _("{day}, hoy").format(day=day)
        norm = f", {row.norm}" if self.shows_norm(row) else ""
        if row.reason in (RECEIVED, COUNTED):
            legal = f", {self.term.legal_norm}" if row.date == self.term.legal_on and self.term.legal_norm else ""
            return f"{day}: {self.why(row)}{legal}."
        verdict = _("en pausa") if row.reason == PAUSED else _("no cuenta")
        return f"{day}: {verdict}. {sentence(self._reason(row))}{norm}{self._also(row)}."

    def sentence(self) -> str:
        """The one sentence a person can act on: `Vence el jueves 16 de abril, en 3 días hábiles.`"""
        term = self.term
        if term.settled_on:
            return self._settled(term.settled_on)
        if term.is_paused and term.paused_since:
            return _("En pausa desde el {day}; sigue cuando la persona responda.").format(
                day=self._day(term.paused_since)
            )
        due, promised = term.due_on, term.promised_on
        if due and promised and promised < term.today <= due:
            missed = _("El compromiso venció el {day}.").format(day=self._day(promised))
            return _("El plazo de ley {due} {missed}").format(
                due=self._due(due).replace("Vence", "vence"), missed=missed
            )
        return self._due(due) if due else _("Sin fecha de vencimiento.")

    def headline(self) -> str:
        """`Hoy es el día 8 de 10`, while it runs; else the sentence without its full stop."""
        past = [row for row in self.days if row.reason == COUNTED and row.date <= self.term.today]
        due = self.term.due_on
        total = self._count_at(due) if due else 0
        running = not self.term.settled_on and not self.term.is_paused and due and self.term.today <= due
        if running and past and total:
            return _("Hoy es el día {n} de {total}").format(n=past[-1].n, total=total)
        return self.sentence().removesuffix(".")

    def stage(self, place: int) -> str:
        """`5 días, hasta el mié 22 abr`: how long a stage is, and its end."""
        stages = self.term.stages
        before = self._count_at(stages[place - 1].due_on) if place else 0
        length = self._count_at(stages[place].due_on) - before
        until = self.until(stages[place].due_on, length)
        return until

    def until(self, day: date, length: int | None = None) -> str:
        """`15 días, hasta el mar 5 may`, or `terminó el …` when it is past."""
        length = self._count_at(day) if length is None else length
        if not self.term.is_known(day):
            return _("en pausa")
        ended = day < self.term.today and not self.term.settled_on
        end = _("terminó el {day}") if ended else _("hasta el {day}")
        days = f"{counted(length, *UNITS['calendar'])}, " if length > 0 else ""
        return days + end.format(day=short_date(day, year=day.year != self.term.today.year))

    def fold(self, weeks: Sequence[Sequence[Row]]) -> str:
        """Some weeks in a row in which nothing counts, in one line."""
        first, last = weeks[0][0], weeks[-1][-1]
        kind = FOLDS.get(first.reason, _("de retraso"))
        return _("{weeks} semanas {kind}, hasta el {last}").format(
            weeks=len(weeks), kind=kind, last=short_date(last.date)
        )

    def _nth(self, row: Row) -> str:
        over = self._days_over(row.date)
        return _("{days} de retraso").format(days=counted(over, *UNITS[self.term.unit])) if over else f"día {row.n}"

    def _off(self, row: Row) -> str:
        reason = self._reason(row)
        return (
            _("en pausa: {reason}").format(reason=reason)
            if row.reason == PAUSED
            else _("no cuenta: {reason}").format(reason=reason)
        )

    def _reason(self, row: Row) -> str:
        if row.reason == PAUSED:
            return _("se espera lo que se le pidió a la persona")
        return self.term.names.get(row.date) or WHY.get(row.reason, row.reason)

    def _also(self, row: Row) -> str:
        ends = self.ends(row)
        return f"; {'; '.join(ends)}" if ends else ""

    def _settled(self, day: date) -> str:
        due = self.term.promised_on or self.term.legal_on
        said = _("Se respondió el {day}").format(day=self._day(day))
        if not due:
            return f"{said}."
        if day <= due:
            spent, total = self._count_at(day), self._count_at(due)
            return _("{said}, en el día {n} de {total}.").format(said=said, n=spent, total=total)
        return _("{said}, {days} tarde.").format(
            said=said, days=counted(self._between(due, day), *UNITS[self.term.unit])
        )

    def _due(self, due: date) -> str:
        today = self.term.today
        if due == today:
            return _("Vence hoy, {day}.").format(day=self._day(due))
        if due == today + timedelta(days=1):
            return _("Vence mañana, {day}.").format(day=self._day(due))
        if due > today:
            left = in_days(self._left(today, due), self.term.unit)
            return _("Vence el {day}, {left}.").format(day=self._day(due), left=left)
        ago = self._between(due, today)
        if not ago:
            return _("Venció el {day}.").format(day=self._day(due))
        return _("Venció el {day}, {ago}.").format(day=self._day(due), ago=in_days(-ago, self.term.unit))

    def _day(self, day: date) -> str:
        return long_date(day, year=day.year != self.term.today.year)

    def _between(self, start: date, end: date) -> int:
        """Counted days after `start`, up to `end`."""
        return sum(1 for row in self.days if row.reason == COUNTED and start < row.date <= end)

    def _left(self, today: date, due: date) -> int:
        """Days at work from today to the end, as a debt says them: that of a receipt still to come is one of them."""
        return sum(1 for row in self.days if row.reason in (COUNTED, RECEIVED) and today < row.date <= due)

    def _count_at(self, day: date) -> int:
        """Which number a day has, or the last counted one before it."""
        return max((row.n or 0 for row in self.days if row.reason == COUNTED and row.date <= day), default=0)

    def _days_over(self, day: date) -> int:
        last = self.last_end
        return self._between(last, day) if last and day > last else 0
