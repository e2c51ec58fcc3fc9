"""A client's file goes in: new, changed and ended affiliates, each once, and every bad row with its reason."""

from datetime import date, timedelta

import pytest

from escucha.contexts.assistance.models import Affiliate, AffiliateImport, LogLine
from escucha.contexts.assistance.operations.files import name_affiliate
from escucha.contexts.assistance.operations.importing import running
from escucha.contexts.assistance.operations.importing.asking import confirm_import, drop_import
from escucha.contexts.assistance.operations.importing.running import LEASE, run_imports
from escucha.contexts.assistance.operations.registering import register_affiliate
from escucha.contexts.assistance.queries.doors import policy_of
from escucha.contexts.assistance.queries.imports import NoSuchImport, import_by_id, newest_imports, preview_of
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.documents.queries import open_original
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.words import Refused
from tests.assisting import a_file
from tests.cast import TUESDAY
from tests.contexts.assistance.affiliates.sent import (
    HEADINGS,
    JULIO,
    MARTA,
    NIDIA,
    affiliate,
    as_book,
    as_csv,
    asked,
    confirmed,
    counts,
    imported,
)
from tests.contexts.assistance.service.steps import ended, owed

pytestmark = pytest.mark.requirement("ASIS-01.3")


class TestWhatGoesIn:
    def test_rows_become_affiliates_found_by_their_keys(self, desk):
        one = imported(desk, as_csv(MARTA, JULIO, NIDIA))
        assert (one.state, counts(one), one.rows_read) == ("done", (3, 0, 0, 0), 3)
        marta = affiliate(desk, "1.990.000.011")
        assert (marta.plan, marta.status, marta.full_name) == ("techo_basico", "active", "Marta Inés Cadavid Ríos")
        assert marta.keys == ["d:1990000011", "v:POL11", "t:3000000011"]
        assert affiliate(desk, "1.990.000.013").status == "inactive"

    def test_it_is_told_once_by_who_asked_for_it(self, desk):
        one = imported(desk, as_csv(MARTA))
        [entry] = entries_about(org=desk.org, subject=f"affiliate_import:{one.pk}")
        assert entry.data == {"account": "techo_amigo", "new": 1, "changed": 0, "ended": 0, "bad": 0}
        assert entry.member_id == desk.members["paula"].pk

    def test_the_same_file_again_changes_nothing(self, desk):
        imported(desk, as_csv(MARTA, JULIO))
        before = affiliate(desk, "1.990.000.011").changed_at
        one = imported(desk, as_csv(MARTA, JULIO), now=TUESDAY + timedelta(days=30))
        assert counts(one) == (0, 0, 0, 0)
        assert affiliate(desk, "1.990.000.011").changed_at == before

    def test_what_changed_changes_and_the_rest_stays(self, desk):
        imported(desk, as_csv(MARTA, JULIO))
        moved = [*MARTA[:6], "300 000 0099"]
        one = imported(desk, as_csv(moved, JULIO), now=TUESDAY + timedelta(days=30))
        assert counts(one) == (0, 1, 0, 0)
        marta = affiliate(desk, "1.990.000.011")
        assert marta.keys == ["d:1990000011", "v:POL11", "t:3000000099"]
        assert (marta.last_import_id, affiliate(desk, "1.990.000.012").last_import_id != one.pk) == (one.pk, True)

    def test_a_column_that_the_file_lacks_is_left_as_it_was(self, desk):
        full = ["Documento", "Nombres", "Apellidos", "Teléfono", "Otro teléfono", "Correo", "Desde", "Hasta"]
        row = ["1.990.000.011", "Marta", "Cadavid", "300 000 0011", "300 000 0021", "m@example.org"]
        imported(desk, as_csv([*row, "01/02/2026", "31/12/2026"], headings=full))
        few = ["Documento", "Nombres", "Apellidos", "Teléfono", "Hasta"]
        later = ["1.990.000.011", "Marta", "Cadavid", "300 000 0031", "15/01/2026"]
        one = imported(desk, as_csv(later, headings=few), now=TUESDAY + timedelta(days=9))
        marta = affiliate(desk, "1.990.000.011")
        assert counts(one) == (0, 1, 0, 0)
        assert (marta.email, marta.other_phone, marta.phone) == ("m@example.org", "300 000 0021", "300 000 0031")
        assert set(marta.keys) == {"d:1990000011", "t:3000000031", "t:3000000021"}
        assert (marta.since_on, marta.until_on) == (None, date(2026, 1, 15))  # a plan cannot end before it begins

    def test_who_is_missing_ends_only_if_it_was_asked(self, desk):
        imported(desk, as_csv(MARTA, JULIO))
        assert counts(imported(desk, as_csv(MARTA)))[2] == 0
        one = imported(desk, as_csv(MARTA), ends_missing=True)
        assert (counts(one), affiliate(desk, "1.990.000.012").status) == ((0, 0, 1, 0), "inactive")
        again = imported(desk, as_csv(MARTA, JULIO))
        assert (counts(again), affiliate(desk, "1.990.000.012").status) == ((0, 1, 0, 0), "active")

    def test_somebody_in_a_bad_row_is_not_missing(self, desk):
        imported(desk, as_csv(MARTA, JULIO))
        wrong = [*JULIO[:4], "Plan que no hay", *JULIO[5:]]
        one = imported(desk, as_csv(MARTA, wrong), ends_missing=True)
        assert (counts(one), affiliate(desk, "1.990.000.012").status) == ((0, 0, 0, 1), "active")

    def test_another_account_is_left_alone(self, desk):
        imported(desk, as_csv(MARTA))
        same = ["1.990.000.011", "Marta", "Cadavid", "ABC123"]
        headings = ["Cédula", "Nombre", "Apellidos", "PLACA"]
        one = imported(desk, as_csv(same, headings=headings), account="ruta_clara", ends_missing=True)
        assert counts(one) == (1, 0, 0, 0)
        assert set(Affiliate.objects.values_list("account", "status")) == {
            ("techo_amigo", "active"),
            ("ruta_clara", "active"),
        }

    def test_somebody_with_two_policies_is_there_twice(self, desk):
        assert counts(imported(desk, as_csv(MARTA, [*MARTA[:3], "POL-99", *MARTA[4:]]))) == (2, 0, 0, 0)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_whatever_program_wrote_it(self, desk, encoding, separator):
        content = as_csv(MARTA, NIDIA, separator=separator).decode().encode(encoding)
        assert counts(imported(desk, content)) == (2, 0, 0, 0)
        assert affiliate(desk, "1.990.000.013").last_name == "Ávila"

    def test_a_book_of_excel(self, desk):
        rows = [
            ["Base de afiliados"],
            [],
            ["N.º de documento", "NOMBRE COMPLETO", "Póliza", "Plan", "Vigencia desde", "Celular", "Observación"],
            [1990000011, "Marta Inés Cadavid Ríos", "POL-11", "Techo Básico", date(2026, 2, 1), 3000000011, "=1+1"],
            ["1.990.000.012", "Peñaloza, Julio", 12, "TECHO BÁSICO", "01/03/2026", "300 000 0012", None],
        ]
        one = imported(desk, as_book(*rows), name="base.xlsx")
        assert (one.file_kind, counts(one)) == ("xlsx", (2, 0, 0, 0))
        marta, julio = affiliate(desk, "1990000011"), affiliate(desk, "1.990.000.012")
        assert (marta.first_name, marta.last_name, marta.since_on) == ("Marta Inés", "Cadavid Ríos", date(2026, 2, 1))
        assert (julio.first_name, julio.last_name, julio.validator) == ("Julio", "Peñaloza", "12")
        assert marta.keys == ["d:1990000011", "v:POL11", "t:3000000011"]

    def test_what_looks_like_a_formula_is_its_letters(self, desk):
        row = ["1.990.000.011", '=HYPERLINK("http://example.org")', "@Cadavid", "+POL", *MARTA[4:]]
        imported(desk, as_csv(row))
        assert affiliate(desk, "1.990.000.011").first_name == '=HYPERLINK("http://example.org")'


class TestBeneficiaries:
    HEADINGS = ["Documento", "Nombres", "Apellidos", "Documento del titular", "Parentesco"]
    HOLDER = ["1.990.000.011", "Marta", "Cadavid", "1990000011", ""]
    SON = ["1.990.000.014", "Elián", "Cadavid", "1.990.000.011", "Hijo"]

    def test_have_their_holder_wherever_it_stands_in_the_file(self, desk):
        one = imported(desk, as_csv(self.SON, self.HOLDER, headings=self.HEADINGS))
        son = affiliate(desk, "1.990.000.014")
        assert (counts(one), son.holder, son.relation) == ((2, 0, 0, 0), affiliate(desk, "1.990.000.011"), "Hijo")

    def test_may_come_later_than_their_holder(self, desk):
        imported(desk, as_csv(self.HOLDER, headings=self.HEADINGS))
        assert counts(imported(desk, as_csv(self.SON, headings=self.HEADINGS))) == (1, 0, 0, 0)
        assert affiliate(desk, "1.990.000.014").holder == affiliate(desk, "1.990.000.011")

    def test_are_recognised_by_their_name_when_they_have_no_document(self, desk):
        baby = ["", "Ema", "Cadavid", "1.990.000.011", "Hija"]
        assert counts(imported(desk, as_csv(self.HOLDER, baby, headings=self.HEADINGS))) == (2, 0, 0, 0)
        assert counts(imported(desk, as_csv(self.HOLDER, baby, headings=self.HEADINGS))) == (0, 0, 0, 0)

    def test_of_nobody_are_bad_rows(self, desk):
        one = imported(desk, as_csv(self.SON, headings=self.HEADINGS))
        assert (one.state, counts(one)) == ("failed", (0, 0, 0, 1))
        assert one.bad == [{"row": 2, "column": "Documento del titular", "reason": "no_holder", "other": None}]

    def test_of_a_bad_row_are_bad_too(self, desk):
        nameless = ["1.990.000.011", "", "", "", ""]
        one = imported(desk, as_csv(nameless, self.SON, MARTA[:3], headings=self.HEADINGS))
        assert [fault["reason"] for fault in one.bad] == ["no_name"]
        assert affiliate(desk, "1.990.000.014").holder == affiliate(desk, "1.990.000.011")
        again = imported(
            desk, as_csv(nameless, ["1.990.000.015", "Iris", "Gil", "1990000016", ""], headings=self.HEADINGS)
        )
        assert [fault["reason"] for fault in again.bad] == ["no_name", "no_holder"]


class TestBadRows:
    def test_are_told_by_row_and_column_and_never_by_what_they_say(self, desk):
        rows = [
            MARTA,
            [*JULIO[:4], "Plan secreto", *JULIO[5:]],
            ["", "Nadie", "Sabe", "", "Techo Básico", "Activo", ""],
            [*NIDIA[:5], "quién sabe", NIDIA[6]],
            [*MARTA[:6], "300 000 0098"],
        ]
        one = imported(desk, as_csv(*rows))
        assert (one.state, counts(one)) == ("done", (1, 0, 0, 4))
        told = [(fault["row"], fault["column"], fault["reason"], fault["other"]) for fault in one.bad]
        assert told == [
            (3, "Plan", "unknown_plan", None),
            (4, "Documento", "no_way_to_find", None),
            (5, "Estado", "unknown_status", None),
            (6, "Documento", "twice", 2),
        ]
        file = b"".join(open_original(one.bad_file)).decode("utf-8-sig")
        assert file.splitlines()[:2] == [
            "Fila,Columna,Qué corregir",
            "3,Plan,La cuenta no tiene ese plan. Escríbalo como se llama aquí.",
        ]
        for value in ("secreto", "Nadie", "quién sabe", "0098"):
            assert value not in file and value not in str(one.bad)

    def test_keep_all_of_it_out_if_that_was_asked(self, desk):
        imported(desk, as_csv(JULIO))
        rows = [MARTA, [*JULIO[:5], "quién sabe", "300 000 0077"]]
        one = imported(desk, as_csv(*rows), all_or_nothing=True, ends_missing=True)
        assert (one.state, counts(one), len(one.bad)) == ("refused", (0, 0, 0, 1), 1)
        assert [(a.document_number, a.status) for a in Affiliate.objects.all()] == [("1.990.000.012", "active")]
        assert not entries_about(org=desk.org, subject=one.subject)

    def test_without_a_good_one_nobody_ends(self, desk):
        imported(desk, as_csv(MARTA))
        one = imported(desk, as_csv([*JULIO[:4], "otro", *JULIO[5:]]), ends_missing=True)
        assert (one.state, one.reason, len(one.bad)) == ("failed", "only_bad_rows", 1)
        assert affiliate(desk, "1.990.000.011").status == "active"

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"una carta\nque no es una tabla\n", "no_headings"),
            (as_csv(), "no_rows"),
            (as_book(HEADINGS, MARTA)[:-900], "unreadable"),
        ],
    )
    def test_a_file_that_cannot_be_taken_says_why(self, desk, content, reason):
        one = imported(desk, content)
        assert (one.state, one.reason) == ("failed", reason)

    def test_what_is_no_file_of_rows_is_not_even_kept(self, desk):
        with pytest.raises(Refused):
            asked(desk, b"%PDF-1.7 y lo demas")
        assert not AffiliateImport.objects.exists()


class TestByHand:
    def test_who_was_registered_by_hand_is_recognised_and_still_to_be_verified(self, desk):
        by_hand = register_affiliate(
            org=desk.org, account="techo_amigo", first_name="Marta", document_number="1990000011",
            by=desk.actor("luz"), now=TUESDAY,
        )  # fmt: skip
        assert counts(imported(desk, as_csv(MARTA, JULIO))) == (1, 1, 0, 0)
        by_hand.refresh_from_db()
        assert (by_hand.last_name, by_hand.status, by_hand.plan) == ("Cadavid Ríos", "to_verify", "techo_basico")
        assert counts(imported(desk, as_csv(MARTA), ends_missing=True)) == (0, 1, 1, 0)
        by_hand.refresh_from_db()
        assert by_hand.status == "active"

    @pytest.mark.requirement("ASIS-01.2")
    @pytest.mark.parametrize(("row", "status"), [(MARTA, "active"), ([*MARTA[:5], "Inactivo", *MARTA[6:]], "inactive")])
    def test_what_was_owed_to_verify_who_the_client_sends_again_is_met(self, desk, row, status):
        files = [a_file(desk) for _turn in range(3)]
        by_hand = register_affiliate(
            org=desk.org, account="techo_amigo", first_name="Marta", document_number="1990000011",
            file_id=files[0].pk, by=desk.actor("luz"), now=TUESDAY,
        )  # fmt: skip
        said = {"affiliate_id": by_hand.pk, "by": desk.actor("luz"), "now": TUESDAY}
        name_affiliate(org=desk.org, file_id=files[1].pk, **said)
        other = register_affiliate(
            org=desk.org,
            account="techo_amigo",
            first_name="Ciro",
            file_id=files[2].pk,
            by=desk.actor("luz"),
            now=TUESDAY,
        )
        imported(desk, as_csv(row, JULIO))
        assert [owed(one) for one in files] == [{Duty.VERIFY}] * 3
        imported(desk, as_csv(row, JULIO), now=TUESDAY + timedelta(hours=3))
        by_hand.refresh_from_db()
        assert by_hand.status == status
        assert [owed(one) for one in files] == [set(), set(), {Duty.VERIFY}]
        assert ended(files[0]) == {(Duty.VERIFY, 1): "met"}
        line = LogLine.objects.filter(file=files[0]).latest("pk")
        assert (line.subtype, line.said["status"]) == ("affiliate", status)
        facts = [one.verb for one in entries_about(org=desk.org, subject=by_hand.subject)]
        assert facts.count("assistance.affiliate_verified") == 1
        other.refresh_from_db()
        assert other.status == "to_verify"


class TestWorkers:
    def test_one_that_dies_leaves_the_file_to_another(self, desk, monkeypatch):
        """Killed in the middle: the lease ends, and nothing was done twice or by halves."""
        one = confirmed(desk, as_csv(MARTA, JULIO))

        def die(*_said, **_more):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(running, "_merge", die)
            run_imports(now=TUESDAY)
        assert run_imports(now=TUESDAY + timedelta(minutes=1)) == 0
        assert run_imports(now=TUESDAY + LEASE) == 1
        one.refresh_from_db()
        assert (one.state, counts(one), one.attempts) == ("done", (2, 0, 0, 0), 2)

    def test_one_that_comes_back_too_late_changes_nothing(self, desk):
        one = confirmed(desk, as_csv(MARTA))
        slow = running._claimed(TUESDAY)
        assert run_imports(now=TUESDAY + LEASE) == 1
        Affiliate.objects.update(phone="300 000 0001")
        running.run_import(slow, clock=lambda: TUESDAY + LEASE)
        one.refresh_from_db()
        assert (one.state, affiliate(desk, "1.990.000.011").phone) == ("done", "300 000 0001")

    def test_a_file_that_kills_three_is_given_up(self, desk):
        one = confirmed(desk, as_csv(MARTA))
        for turn in range(3):
            assert running._claimed(TUESDAY + turn * LEASE).pk == one.pk
        assert run_imports(now=TUESDAY + 3 * LEASE) == 0
        one.refresh_from_db()
        assert (one.state, one.reason) == ("failed", "kept_failing")

    def test_they_tell_how_far_they_are(self, desk, monkeypatch):
        told = []
        monkeypatch.setattr(running, "BATCH", 2)
        monkeypatch.setattr(running, "_merge", lambda one, *_: told.append(AffiliateImport.objects.get().rows_read))
        clocked = iter(TUESDAY + timedelta(minutes=minute) for minute in range(99))
        confirmed(desk, as_csv(MARTA, JULIO, NIDIA))
        run_imports(now=TUESDAY, clock=lambda: next(clocked))
        assert told == [3]
        assert AffiliateImport.objects.get().leased_until > TUESDAY + LEASE


class TestAsking:
    def test_what_is_shown_waits_for_somebody_to_say_so(self, desk):
        one = asked(desk, as_csv(MARTA))
        assert run_imports(now=TUESDAY) == 0
        preview = preview_of(one, policy_of(desk.org, at=TUESDAY))
        assert (preview.rows, preview.whole, preview.bad, preview.problem) == (1, True, 0, "")
        assert preview.columns.heading("validator") == "Número de póliza"

    def test_only_who_may_and_only_once(self, desk):
        with pytest.raises(Refused):
            asked(desk, as_csv(MARTA), by=desk.actor("luz"))
        with pytest.raises(Refused):
            asked(desk, as_csv(MARTA), account="otra")
        one = confirmed(desk, as_csv(MARTA))
        again = {"org": desk.org, "import_id": one.pk, "now": TUESDAY}
        with pytest.raises(Refused):
            confirm_import(all_or_nothing=True, ends_missing=True, by=desk.actor("paula"), **again)
        with pytest.raises(Refused):
            drop_import(by=desk.actor("paula"), **again)
        with pytest.raises(NoSuchImport):
            drop_import(by=desk.actor("luz"), **again)

    def test_what_was_dropped_does_not_go_in(self, desk):
        one = asked(desk, as_csv(MARTA))
        drop_import(org=desk.org, import_id=one.pk, by=desk.actor("paula"), now=TUESDAY)
        assert run_imports(now=TUESDAY) == 0
        assert not Affiliate.objects.exists()

    def test_who_may_not_import_sees_none(self, desk):
        one = asked(desk, as_csv(MARTA))
        assert newest_imports(org=desk.org, viewer=desk.actor("paula")) == [one]
        assert newest_imports(org=desk.org, viewer=desk.actor("luz")) == []
        with pytest.raises(NoSuchImport):
            import_by_id(org=desk.org, viewer=desk.actor("luz"), import_id=one.pk)
