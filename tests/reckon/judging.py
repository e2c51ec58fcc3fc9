"""Comparing an answer of the command with what the oracle, or a hand, expects."""

from datetime import date
from typing import Any

from tests.reckon.asking import Answer

MUST_NAME_NORM = {"holiday", "civic_day"}


def differences(expected: Answer, answer: Answer) -> list[str]:
    """In words, every field of `expected` that the answer does not hold; empty when all is well."""
    if "error" in answer:
        return [f"error {answer['error']}"]
    found = []
    for field, wanted in expected.items():
        if field == "rows":
            found += ledger_differences(wanted, answer["ledger"])
            continue
        got = [r["event"] for r in answer["refused"]] if field == "refused" else answer[field]
        if (sorted(got) if field == "refused" else got) != wanted:
            found.append(f"{field}: wanted {wanted}, got {got}")
    if any(not r["why"].strip() for r in answer["refused"]):
        found.append("a refusal without why")
    return found


def ledger_differences(rows: list[tuple[date, int | None, set[str]]], ledger: list[dict[str, Any]]) -> list[str]:
    """One row per date, in order; a term paused for ever may go on, as long as it counts nothing more."""
    found = []
    if len(ledger) < len(rows) or any(row["n"] is not None for row in ledger[len(rows) :]):
        found.append(f"ledger: wanted {len(rows)} rows, got {len(ledger)}")
    for (day, n, reasons), row in zip(rows, ledger, strict=False):
        if (row["date"], row["n"]) != (day.isoformat(), n) or row["reason"] not in reasons:
            found.append(f"ledger: wanted {day} {n} {sorted(reasons)}, got {row}")
        if row["reason"] in MUST_NAME_NORM and not (row["norm"] or "").strip():
            found.append(f"ledger: no norm in {row}")
    return found
