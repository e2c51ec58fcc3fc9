import pytest
from django.utils import timezone
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.copying import make_copies
from tests.browser import DESK, PHONE
from tests.contexts.documents.conftest import store as store
from tests.contexts.documents.made import a_photo, a_pdf
from tests.web.desk.conftest import *
from tests.web.desk.test_pages_browser import desk_page as desk_page
from tests.web.desk.test_attachments import attached
pytestmark=[pytest.mark.django_db(transaction=True)]
def test_shots(desk_page, store, story):
    case=story.assigned()
    attached(case,a_pdf(),name="recibo de la entrada al parque del domingo 12 de abril.pdf")
    attached(case,a_photo(size=(600,400)),name="foto de la taquilla.jpg")
    bad=attached(case,b"x",name="cuenta.zip"); wait=attached(case,b"y",name="voz.ogg")
    File.objects.filter(pk=bad.file_id).update(state="infected",look_at=None)
    File.objects.filter(pk=wait.file_id).update(state="waiting")
    make_copies(now=timezone.now())
    off=attached(case,b"z",name="otro.txt")
    p=desk_page("lucia", f"casos/{case.filing_number}/")
    p.get_by_role("button", name="Quitar otro.txt").click()
    for scheme in ("light","dark"):
        p.emulate_media(color_scheme=scheme)
        for size in (PHONE,DESK):
            p.set_viewport_size(size)
            p.goto(p.url.split("#")[0])
            p.get_by_text("Un anexo quitado").click()
            p.get_by_label("Adjuntar archivos").set_input_files([{"name":"uno.pdf","mimeType":"application/pdf","buffer":a_pdf()}, {"name":"dos.txt","mimeType":"text/plain","buffer":b"d"*3000}])
            p.locator("#anexos").scroll_into_view_if_needed()
            p.wait_for_timeout(400)
            p.locator("#anexos").screenshot(path=f"/tmp/shots/documents-{size['width']}-{scheme}.png")
    p.emulate_media(color_scheme="light")
    p.get_by_label("Adjuntar archivos").set_input_files([{"name":"recibo.pdf","mimeType":"application/pdf","buffer":b"MZ\x00\x01"*30}])
    p.get_by_role("button", name="Adjuntar", exact=True).click()
    p.get_by_role("heading", name="No recibimos estos archivos").wait_for()
    p.locator("#anexos").screenshot(path="/tmp/shots/documents-refused.png")
