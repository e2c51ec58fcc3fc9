import os
from datetime import UTC, datetime, timedelta
import pytest
from tests.browser import address, browser_context_args, browser_type_launch_args, faults  # noqa
from tests.make import a_case, a_sent_case, a_routed_case, a_house
pytestmark=[pytest.mark.django_db(transaction=True)]
OUT="/tmp/public-shots"
os.makedirs(OUT,exist_ok=True)
def see(page,name,dark=True):
    for w in (360,1280):
        page.set_viewport_size({"width":w,"height":800})
        page.emulate_media(color_scheme="light")
        f=faults(page)
        page.screenshot(path=f"{OUT}/{name}-{w}.png",full_page=True)
        if f: print(name,w,f)
    page.set_viewport_size({"width":320,"height":640}); f=faults(page)
    if f: print(name,320,f)
    if dark:
        page.emulate_media(color_scheme="dark"); f=faults(page)
        page.screenshot(path=f"{OUT}/{name}-320-dark.png",full_page=True)
        if f: print(name,"dark",f)
        page.emulate_media(color_scheme="light")
def test_zero(live_server,cafetal,page):
    page.goto(address(live_server,"cafetal","/"))
    print(page.content()[:100])
def test_look(live_server, cafetal, page, settings):
    settings.ADDRESS="http://{host}:"+live_server.url.rpartition(":")[2]
    logs=[]
    page.on("console",lambda m: logs.append(m.text) if m.type in("error","warning") else None)
    a_house("vidamar")
    now=datetime.now(UTC)
    go=lambda p,h="cafetal": page.goto(address(live_server,h,p))
    go("/"); see(page,"home")
    go("/","vidamar"); see(page,"home-v")
    go("/",""); see(page,"landing")
    go("/radicar/","vidamar"); see(page,"filing-v")
    go("/radicar/"); see(page,"filing")
    page.get_by_label("¿Qué pasó y qué").fill("El domingo fuimos al parque de la Caja con la reserva pagada y nos dijeron que no aparecía. Esperamos dos horas con los niños y nadie nos dio una solución. Quiero que me devuelvan el dinero o me den otra fecha.")
    page.get_by_label("Nombre completo").fill("Ana Lucía Berrío")
    page.get_by_label("Correo electrónico").fill("ana@example")
    page.get_by_label("Número de documento").fill("1.990.000.001")
    page.get_by_label("Queja").check()
    page.get_by_role("button",name="Radicar").click(); see(page,"filing-bad")
    page.get_by_label("Correo electrónico").fill("ana@example.org"); page.get_by_label("Correo electrónico").blur()
    print(page.locator(".reach").inner_text())
    page.get_by_role("button",name="Radicar").click()
    page.wait_for_url("**/recibo/**"); see(page,"receipt")
    page.emulate_media(media="print"); page.set_viewport_size({"width":800,"height":1000}); page.screenshot(path=f"{OUT}/receipt-print.png",full_page=True)
    page.pdf(path=f"{OUT}/receipt.pdf") ; page.emulate_media(media="screen")
    number=page.locator("h2:has-text('número') + p .vh").inner_text(); code=page.locator(".code").first.inner_text()
    print(number,code)
    v=page.locator(".code-line").inner_text(); page.goto(v); see(page,"verify")
    go("/verificar/"); see(page,"verification",False)
    go("/seguir/"); see(page,"tracking",False)
    page.get_by_label("Número de radicado").fill(number); page.get_by_label("Su documento").fill("zzz")
    page.get_by_role("button",name="Ver en qué").click(); see(page,"tracking-bad",False)
    page.get_by_label("Su documento").fill(code.lower())
    page.get_by_role("button",name="Ver en qué").click(); see(page,"followed-new")
    page.get_by_role("link",name="Retirar").click(); see(page,"withdrawal",False)
    c=a_sent_case(cafetal,now=now-timedelta(days=4))
    def follow():
        go("/seguir/")
        page.get_by_label("Número de radicado").fill(c.filing_number); page.get_by_label("Su documento").fill("1990000001")
        page.get_by_role("button",name="Ver en qué").click()
    follow(); see(page,"followed-sent")
    from escucha.contexts.cases.models import Answer
    t=Answer.objects.get(case=c).link_token
    go(f"/respuesta/{t}/"); see(page,"answer-ready",False)
    page.get_by_role("button",name="Ver mi").click(); see(page,"answer",False)
    follow(); see(page,"followed-notified")
    go("/avisos/"); see(page,"notices",False)
    go("/calculadora/"); see(page,"calc",False)
    go("/calculadora/","") ; see(page,"calc-landing",False)
    page.get_by_role("button",name="Calcular").click(); see(page,"calc-done")
    go("/calculadora/?received_on=2026-03-02&received_time=10:00&amount=72&unit=elapsed_hours&receipt_rule=calendar_date&layers=national"); see(page,"calc-hours",False)
    go("/calculadora/?received_on=2026-03-02&received_time=10:00&amount=15&unit=business_days&receipt_rule=calendar_date&layers=national&requested_on=2026-03-10&completed_on=2026-04-08&to_amount=40&told_on=2026-04-10"); see(page,"calc-events",False)
    print({l for l in logs if "Applying inline style" not in l and "preload" not in l and "404" not in l})
