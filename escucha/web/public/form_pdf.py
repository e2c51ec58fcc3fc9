"""The organisation's paper form as a PDF: printed and filled by hand, or filled on a screen. Drawn from the profile
alone, without reading any file or calling anybody."""

from collections.abc import Sequence
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from escucha.contexts.cases.policy import FormsPolicy
from escucha.contexts.cases.policy.receiving import (
    BODY,
    CHOICE,
    DATE,
    FILES,
    OF_PERSON,
    REASONS,
    Choice,
    Field,
    PaperForm,
)
from escucha.kernel.profiles.organisation import Identity
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

SHEETS = {"carta": LETTER, "a4": A4}
MARGIN, GAP, LINE, LABEL, BELOW = 48, 14, 19, 12, 4
PLAIN, BOLD, SMALL = ("Helvetica", 9.5), ("Helvetica-Bold", 9.5), ("Helvetica", 8)
INK, QUIET = black, HexColor("#444444")
QR = 62
MOST_TYPED = 4000


@public
@require_safe
def form_pdf(request: HouseRequest) -> HttpResponse:
    """The first form of the organisation, or the one asked for; on letter, or on A4."""
    forms = {one.key: one for one in request.profile.section(FormsPolicy).forms if one.paper}
    form = forms.get(request.GET.get("formato", "")) or next(iter(forms.values()), None)
    if form is None:
        raise Http404
    size = SHEETS.get(request.GET.get("hoja", ""), LETTER)
    page = reverse("public:form", args=[form.key]) if form.web else reverse("public:filing")
    web = settings.ADDRESS.format(host=request.org.host) + page
    response = HttpResponse(drawn(form, request.profile.identity, web=web, size=size), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{form.key}.pdf"'
    patch_cache_control(response, public=True, max_age=3600)
    return response


def drawn(form: PaperForm, identity: Identity, *, web: str, size: tuple[float, float] = LETTER) -> bytes:
    """The same bytes for the same form: nothing in it tells when it was made."""
    canvas = Canvas("", pagesize=size, invariant=1, lang="es-CO")
    canvas.setTitle(f"{form.label}. {identity.name}")
    canvas.setAuthor(identity.name)
    canvas.setSubject(f"{form.key} {form.version}")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    _Sheet(canvas, size).fill(form, identity, web)
    data: bytes = canvas.getpdfdata()
    return data


class _Sheet:
    """A pen that goes down the page, and to another one where it ends."""

    def __init__(self, canvas: Canvas, size: tuple[float, float]):
        self.canvas, (self.width, self.height) = canvas, size
        self.y = self.height - MARGIN
        self.wide = self.width - 2 * MARGIN

    def fill(self, form: PaperForm, identity: Identity, web: str) -> None:
        self._head(form, identity, web)
        halves: list[Field] = []
        said = False
        for field in form.fields:
            if field.key in OF_PERSON and not said:
                self._halves(halves)
                said = self._personal(form.personal)
            if field.kind == FILES:  # paper carries them beside it
                continue
            if _is_wide(field):
                self._halves(halves)
                self._wide_field(field, form)
            else:
                halves.append(field)
        self._halves(halves)
        self._foot(form, identity)

    def _head(self, form: PaperForm, identity: Identity, web: str) -> None:
        top, beside = self.y, self.wide - QR - GAP
        self._qr(web, self.width - MARGIN - QR, top - QR)
        self._text(identity.name, SMALL, beside, QUIET)
        self._text(form.label, ("Helvetica-Bold", 14), beside)
        self._text(form.intro, PLAIN, beside)
        self._text(_("En la página web: {address}").format(address=web), SMALL, beside, QUIET)
        self.y = min(self.y, top - QR) - GAP

    def _personal(self, says: str) -> bool:
        if says:
            self._room(2 * LINE)
            self._text(says, PLAIN, self.wide)
            self.y -= GAP / 2
        return True

    def _wide_field(self, field: Field, form: PaperForm) -> None:
        if field.key == REASONS or field.kind == CHOICE:
            self._marks(field, form.reasons if field.key == REASONS else field.choices)
            return
        high = max(field.lines, 1) * LINE
        self._room(high + 3 * LABEL)
        self._label(field, self.wide)
        self.y -= high + BELOW
        self._lines(field.lines, high)
        self._box(field, MARGIN, self.wide, high)
        self.y -= GAP

    def _marks(self, field: Field, choices: Sequence[Choice]) -> None:
        self._room((len(choices) + 1) * LINE)
        self._label(field, self.wide)
        for one in choices:
            self.y -= LINE
            self.canvas.acroForm.checkbox(
                name=field.mark(one), tooltip=f"{field.label}: {one.label}", x=MARGIN, y=self.y, size=12,
                buttonStyle="cross", fillColor=white, borderColor=INK, textColor=INK, borderWidth=0.8, fieldFlags="",
            )  # fmt: skip
            self._write(one.label, MARGIN + 20, self.y + 2.5, PLAIN)
        self.y -= GAP

    def _halves(self, fields: list[Field]) -> None:
        """Short fields, two in a row, in their order."""
        half = (self.wide - GAP) / 2
        while fields:
            pair, fields[:] = fields[:2], fields[2:]
            self._room(LINE + 3 * LABEL)
            places = [MARGIN, MARGIN + half + GAP]
            top, ends = self.y, []
            for field, x in zip(pair, places, strict=False):
                self.y = top
                self._label(field, half, x=x)
                ends.append(self.y)
            self.y = min(ends) - LINE - BELOW
            for field, x in zip(pair, places, strict=False):
                self.canvas.line(x, self.y, x + half, self.y)
                self._box(field, x, half, LINE)
            self.y -= GAP

    def _box(self, field: Field, x: float, wide: float, high: float) -> None:
        self.canvas.acroForm.textfield(
            name=field.key, tooltip=" ".join(filter(None, (field.label, field.help))), x=x, y=self.y, width=wide,
            height=high, fontName="Helvetica", fontSize=10, maxlen=MOST_TYPED if field.key == BODY else 200,
            fieldFlags="multiline" if high > LINE else "", fillColor=None, borderColor=None, borderWidth=0,
        )  # fmt: skip

    def _lines(self, many: int, high: float) -> None:
        self.canvas.setStrokeColor(HexColor("#999999"))
        for place in range(many):
            self.canvas.line(MARGIN, self.y + place * high / many, MARGIN + self.wide, self.y + place * high / many)
        self.canvas.setStrokeColor(INK)

    def _label(self, field: Field, wide: float, x: float = MARGIN) -> None:
        self._text(field.label, BOLD, wide, x=x)
        if field.help or field.key == DATE:
            self._text(field.help or _("Día, mes y año"), SMALL, wide, QUIET, x=x)

    def _text(self, text: str, font: tuple[str, float], wide: float, colour: Any = INK, x: float = MARGIN) -> None:
        for line in simpleSplit(text, *font, wide):
            self.y -= font[1] + 2.5
            self._write(line, x, self.y, font, colour)

    def _write(self, line: str, x: float, y: float, font: tuple[str, float], colour: Any = INK) -> None:
        self.canvas.setFont(*font)
        self.canvas.setFillColor(colour)
        self.canvas.drawString(x, y, line)

    def _qr(self, address: str, x: float, y: float) -> None:
        modules = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
        side = QR / len(modules)
        self.canvas.setFillColor(INK)
        for row, cells in enumerate(modules):
            for column, dark in enumerate(cells):
                if dark:
                    self.canvas.rect(x + column * side, y + QR - (row + 1) * side, side, side, stroke=0, fill=1)

    def _foot(self, form: PaperForm, identity: Identity) -> None:
        where = f"{identity.address} · {identity.phone} · {identity.email}"
        says = _("{where}. Versión {version} del formato.").format(where=where, version=form.version)
        self.y = min(self.y, MARGIN + 2 * LABEL)
        self._text(says, SMALL, self.wide, QUIET)

    def _room(self, high: float) -> None:
        if self.y - high < MARGIN:
            self.canvas.showPage()
            self.y = self.height - MARGIN


def _is_wide(field: Field) -> bool:
    return field.key in (REASONS, BODY) or field.lines > 1 or field.kind == CHOICE
