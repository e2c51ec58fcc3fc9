"""The page of measures keeps what was not measured again."""

from datetime import UTC, datetime
from pathlib import Path

from bench.report import Row, write

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def test_what_is_measured_takes_the_place_of_its_section(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write(
        {"tick": [Row("Tomar pasos", "1 s")], "filing": [Row("Radicar", "9 ms", "≤ 25 ms", True)]},
        now=MONDAY,
        page=page,
    )
    before = page.read_text()
    write({"tick": [Row("Tomar pasos", "2 s", "≤ 1 s", False)]}, now=TUESDAY, page=page)
    after = page.read_text()

    assert after.count("## ") == 2 and after.index("## filing") < after.index("## tick")
    assert before.partition("## tick")[0] == after.partition("## tick")[0]
    assert "2026-03-03" in after.partition("## tick")[2]
    assert "| 2 s " in after and "| 1 s " not in after
    write({}, now=TUESDAY, page=page)
    assert page.read_text() == after


def test_a_page_of_another_time_is_begun_anew(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("# Medidas\n\nUna tabla sin secciones.\n")
    write({"tick": [Row("Tomar pasos", "1 s")]}, now=MONDAY, page=page)
    assert page.read_text().startswith("# Medidas") and "sin secciones" not in page.read_text()
