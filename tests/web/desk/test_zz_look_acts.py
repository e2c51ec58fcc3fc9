import pytest
from django.utils import timezone

from escucha.contexts.cases.operations.receiving import *
from tests.web.desk.test_new_case_browser import _a_box, _a_contact

pytestmark=[pytest.mark.django_db(transaction=True)]
def shoot(page,name):
    for w,h in ((320,640),(1280,900)):
        page.set_viewport_size({"width":w,"height":h})
        for scheme in ("light","dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"/tmp/shots/acts-{name}-{w}-{scheme}.png",full_page=True)
    page.emulate_media(color_scheme="light")
def test_look(desk_page,cafetal,corrioverde):
    page=desk_page(cafetal,"lucia","casos/nuevo/")
    page.get_by_label("Cómo llegó").select_option("letter")
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    shoot(page,"new")
    page=desk_page(cafetal,"lucia","casos/nuevo/")
    page.get_by_label("Qué dijo la persona").fill("La señora dice que le cobraron dos veces la entrada al parque.")
    page.get_by_label("Número de documento").fill("123"); page.get_by_label("Documento", exact=True).select_option("NIT")
    page.get_by_label("Correo electrónico").fill("ana@example.org")
    page.get_by_role("button", name="Radicar", exact=True).click()
    page.wait_for_url("**/lectura/")
    shoot(page,"readback")
    for t in ("tarifas","derechos","estado"): record_attention(org=cafetal.org,channel="phone",stakeholder="empresa",topic=t,note="Preguntó algo",by=cafetal.actor("lucia"),now=timezone.now())
    c=_a_contact(cafetal)
    shoot(desk_page(cafetal,"lucia","atenciones/"),"attentions")
    shoot(desk_page(cafetal,"lucia","atenciones/nueva/"),"attention-new")
    shoot(desk_page(cafetal,"lucia",f"atenciones/{c.pk}/"),"attention")
    act=_a_box(cafetal)
    enter_slip(org=cafetal.org,act_id=act.pk,body="Falta papel en los baños del segundo piso.",written_on=timezone.localdate(),by=cafetal.actor("lucia"),now=timezone.now())
    void_slip(org=cafetal.org,act_id=act.pk,position=8,reason="En blanco",by=cafetal.actor("lucia"),now=timezone.now())
    shoot(desk_page(cafetal,"lucia","actas/buzon/"),"box-new")
    shoot(desk_page(cafetal,"lucia",f"actas/{act.number}/"),"act")
    page=desk_page(cafetal,"lucia",f"actas/{act.number}/impresion/"); shoot(page,"act-paper")
    page.emulate_media(media="print"); page.screenshot(path="/tmp/shots/acts-print.png",full_page=True); page.emulate_media(media="screen")
    shoot(desk_page(corrioverde,"tomas","formatos/formato/"),"paper")
