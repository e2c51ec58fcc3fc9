"""Bars for a chart: how high each stands, and the same figures as a table. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass

from escucha.kernel.words import _
from escucha.web.ui.spanish import points

FULL = 100  # the height of the drawing


@dataclass(frozen=True, kw_only=True)
class Bar:
    label: str
    value: str
    y: int
    height: int
    is_now: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    bars: Sequence[Bar]
    rows: Sequence[tuple[str, str]]
    goal: str
    goal_y: int | None


def bars(
    values: Sequence[tuple[str, int]], *, unit: str = "", top: int | None = None, goal: int | None = None, now: int = -1
) -> Chart:
    """A chart of (label, value): `unit` follows each value, `now` is the place of the bar in full colour.

    `top` is the value of a bar of full height; the largest of values and goal unless given.
    """
    full = top or max([value for _label, value in values] + [goal or 0], default=0) or 1
    heights = [min(FULL, round(FULL * value / full)) for _label, value in values]
    return Chart(
        bars=[
            Bar(
                label=label,
                value=_figure(value, unit),
                y=FULL - height,
                height=height,
                is_now=place == now % len(values),
            )
            for place, ((label, value), height) in enumerate(zip(values, heights, strict=True))
        ],
        rows=[(label, _figure(value, unit)) for label, value in values],
        goal=_("meta {value}").format(value=_figure(goal, unit)) if goal is not None else "",
        goal_y=FULL - round(FULL * goal / full) if goal is not None else None,
    )


def _figure(value: int, unit: str) -> str:
    return f"{points(value)} {unit}".strip()
