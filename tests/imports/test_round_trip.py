"""Every list that goes out comes back as no change, as CSV and as Excel; then a changed cell is the one difference."""

from typing import Any

import pytest
from django.test import Client

from kernel.spreadsheets.sheets import all_sheets
from registry.models import ComponentType, RelationKind
from tests.imports.help import bring, browser_of, counts, exported, faults, import_all

pytestmark = pytest.mark.django_db

FILES = {
    "teams": "code,name_en,name_sv,name_zh,email,is_desk,is_retired\nnet,Network,Nätverk,网络,net@region.example,no,\n"
    "old,Old,Gammal,旧,,no,yes\ndesk,Desk,Disk,服务台,desk@region.example,yes,no\n",
    "people": "email,name,phone,staff_number,unit,location,language,zone,is_vip,teams\n"
    'anna@region.example,"Ek, Anna",040-1,00123,Ward 4,Malmö,sv,Europe/Stockholm,no,"net, desk"\n'
    "mei@region.example,=Mei,,,,,zh-hans,Asia/Shanghai,yes,\n",
    "places": "code,name,parent\nroom-1,Room,house\nhouse,House,\n",
    "component-types": "code,name_en,name_sv,name_zh,icon\nserver,Server,Server,服务器,server\n",
    "components": "tag,name,type,status,owner_team,location,holder,criticality,serial,ports,bought\n"
    "gw-1,Gateway,gateway,stock,net,room-1,anna@region.example,1,00042,48,2026-02-03\n"
    "gw-2,Other gateway,gateway,,,,,,,,\nsrv-1,Server,server,,,,,,,,\n",
    "relations": "source,kind,target\nsrv-1,runs-on,gw-1\n",
    "calendars": "code,name_en,name_sv,name_zh,zone,country,always_open,weekly\n"
    'office,Office,Kontor,办公室,Europe/Stockholm,se,no,"Mon-Fri 08:00-12:00, 13:00-17:00; Sat 10:00-14:00"\n'
    "always,Always,Alltid,总是,Asia/Shanghai,,yes,\n",
    "holidays": "calendar,date,hours,name\noffice,2026-12-23,closed,Day before\noffice,2026-12-30,08:00-12:00,Short\n",
    "competences": "code,name_en,name_sv,name_zh\nnetwork,Network,Nätverk,网络\n",
    "competences-of-people": "person,competence,level,valid_until\nanna@region.example,network,2,2027-01-31\n"
    "mei@region.example,network,1,\n",
    "schedules": "person,valid_from,calendar,percent\nanna@region.example,2026-01-01,office,80\n",
    "absences": "person,kind,starts_at,ends_at,note\nanna@region.example,away,2026-07-01,2026-07-02 17:30,Holiday\n"
    "anna@region.example,on_call,2026-10-24 18:00,2026-10-25 18:00:00+01:00,\n",
    "services": "component,code,customer,users,calendar,support_team,is_prioritised\nsrv-1,vpn,Ward 4,120,,net,yes\n",
    "categories": "code,name_en,name_sv,name_zh,parent,team,estimate_minutes\nsmtp,Sending,Skicka,发送,mail,net,30\n"
    "mail,Mail,E-post,邮件,,,\n",
    "targets": "metric,priority,service,customer,minutes,calendar\nresolution,1,vpn,Ward 4,240,office\n"
    "response,,,,60,always\n",
    "notification-rules": "code,to,channel,team,role,priority_at_most,is_urgent\n"
    "record.opened,team,in_app,net,,2,yes\n",
}
"""In the order in which they name each other."""
CHANGES = {
    "teams": ("Network", "Networks"),
    "people": ("Ward 4", "Ward 5"),
    "places": ("House", "Home"),
    "component-types": ("Server", "Servers"),
    "components": ("00042", "00043"),
    "services": ("120", "121"),
    "calendars": ("10:00-14:00", "10:00-15:00"),
    "holidays": ("Day before", "The day before"),
    "competences": ("Nätverk", "Nät"),
    "competences-of-people": ("2027-01-31", "2027-02-28"),
    "schedules": ("80", "75"),
    "absences": ("17:30", "18:30"),
    "categories": ("30", "45"),
    "targets": ("240", "300"),
}
"""A text of an exported list, and another one."""


@pytest.fixture
def client() -> Client:
    """Somebody who may see and change every list; every list has rows."""
    browser = browser_of("administrator", "coordinator", email="boss@region.example")
    fields = [{"key": "ports", "type": "number"}, {"key": "bought", "type": "date"}]
    ComponentType.objects.create(code="gateway", name={"en": "Gateway"}, fields=fields)
    RelationKind.objects.create(code="runs-on", verb={"en": "runs on"}, inverse={"en": "runs"})
    for sheet, text in FILES.items():
        import_all(browser, sheet, text)
    return browser


def changes(tried: Any) -> list[tuple[str, str, str]]:
    """Every cell that would change something."""
    return [change for row in tried.context["plan"].rows for change in row.differences]


def test_every_exported_list_is_told_of_here() -> None:
    assert set(FILES) == {sheet.code for sheet in all_sheets() if sheet.is_exported}


def test_every_list_comes_back_as_no_change(client: Client) -> None:
    for sheet, text in FILES.items():
        for form in ("csv", "xlsx"):
            tried = bring(client, sheet, exported(client, sheet, form), f"list.{form}")
            assert faults(tried) == [], (sheet, form)
            assert set(counts(tried)) == {"same"}, (
                sheet,
                form,
                [row.differences for row in tried.context["plan"].rows],
            )
            assert counts(tried)["same"] >= text.count("\n") - 1
        again = bring(client, sheet, text)
        assert set(counts(again)) == {"same"}, (sheet, changes(again))


def test_one_changed_cell_is_the_one_difference(client: Client) -> None:
    for sheet, (before, after) in CHANGES.items():
        text = exported(client, sheet).decode("utf-8-sig").replace(before, after, 1)
        tried = bring(client, sheet, text)
        assert faults(tried) == [], sheet
        differences = changes(tried)
        assert counts(tried)["change"] == 1, sheet
        assert len(differences) == 1, (sheet, differences)
