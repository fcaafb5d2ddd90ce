"""What every list's import does: trial, faults by row and column, encodings, another's change, formulas, sizes."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import Workbook

from accounts.models import ImportFile, Membership, Team, User
from journal.models import Event
from registry.models import Component, ComponentType
from tests.factories import NOON, make_team, make_user
from tests.imports.help import bring, browser_of, counts, exported, faults, import_all, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """The browser of an administrator."""
    return browser_of("administrator", email="boss@region.example")


@pytest.fixture
def gateway() -> ComponentType:
    """A type with fields of its own."""
    fields = [
        {"key": "model", "type": "text", "required": True, "label": {"en": "Model"}},
        {"key": "ports", "type": "number", "label": {"en": "Ports"}},
    ]
    return ComponentType.objects.create(code="gateway", name={"en": "Gateway"}, fields=fields)


def make_component(tag: str, kind: ComponentType, **fields: object) -> Component:
    """A component as it stands before a file comes."""
    return Component.objects.create(tag=tag, name=f"Name of {tag}", type=kind, updated_at=NOON, **fields)


CSV = "tag;name;type;criticality;model\nvpn-1;New name;gateway;1;B\nvpn-2;Second;gateway;;C\nvpn-3;;gateway;;D\n"


def test_a_file_is_tried_out_first_and_a_fault_keeps_all_of_it_out(client: Client, gateway: ComponentType) -> None:
    make_component("vpn-1", gateway, fields={"model": "A"})
    tried = bring(client, "components", CSV)
    assert counts(tried) == {"add": 1, "change": 1, "fault": 1}
    assert faults(tried) == ["Column name: a new row needs it."]
    page = tried.content.decode()
    assert "Name of vpn-1 → New name" in page
    assert "model: A → B" in page
    assert Component.objects.count() == 1
    digest = tried.context["plan"].digest
    assert client.post(tried.request["PATH_INFO"], {"seen": digest}).status_code == 422
    assert Component.objects.count() == 1
    import_all(client, "components", CSV.replace("vpn-3;;", "vpn-3;Third;"))
    names = dict(Component.objects.values_list("tag", "name"))
    assert names == {"vpn-1": "New name", "vpn-2": "Second", "vpn-3": "Third"}
    assert Component.objects.get(tag="vpn-1").criticality == 1


def test_rows_are_mended_on_the_page(client: Client, gateway: ComponentType) -> None:
    tried = bring(client, "components", CSV)
    text = tried.context["text"]
    assert "vpn-3" in text
    again = client.post("/data/components/import/", {"text": text.replace('"vpn-3",""', '"vpn-3","Third"')})
    assert take(client, client.get(again["Location"])).status_code == 303
    assert Component.objects.get(tag="vpn-3").name == "Third"


def test_what_changed_after_the_trial_is_shown_again_instead_of_overwritten(
    client: Client, gateway: ComponentType
) -> None:
    other = make_component("vpn-1", gateway, fields={"model": "A"})
    tried = bring(client, "components", "tag;name\nvpn-1;New name\n")
    Component.objects.filter(pk=other.pk).update(name="Renamed by hand", version=2)
    stale = take(client, tried)
    assert stale.status_code == 409
    assert "Here is what would happen now." in stale.content.decode()
    assert "Renamed by hand → New name" in stale.content.decode()
    assert take(client, stale).status_code == 303
    assert Component.objects.get().name == "New name"


def test_a_file_belongs_to_whoever_brought_it(client: Client) -> None:
    tried = bring(client, "teams", "code,name_en\nnet,Network\n")
    assert browser_of_another().get(tried.request["PATH_INFO"]).status_code == 404
    assert client.get(tried.request["PATH_INFO"]).status_code == 200


def browser_of_another() -> Client:
    """Another administrator's browser."""
    browser = Client()
    browser.force_login(make_user("administrator"))
    return browser


def test_an_import_is_an_event_and_each_row_is_its_command_s(client: Client) -> None:
    import_all(client, "teams", "code,name_en\nnet,Network\ndb,Databases\n")
    noted = Event.objects.get(code="accounts.list_imported")
    assert noted.data["counts"] == {"added": 2, "changed": 0, "same": 0, "refused": 0}
    assert noted.data["list"] == "teams"
    assert Event.objects.filter(code="accounts.team_changed").count() == 2


@pytest.mark.parametrize(
    "content",
    [
        "code;name_en;name_sv\nnet;Network;Nätverk åäö\n".encode(),
        "\ufeffcode;name_en;name_sv\nnet;Network;Nätverk åäö\n".encode(),
        "code;name_en;name_sv\r\nnet;Network;Nätverk åäö\r\n".encode("cp1252"),
        "code\tname_en\tname_sv\r\nnet\tNetwork\tNätverk åäö\r\n".encode("utf-16"),
        'sep=,\r\n"code","name_en","name_sv"\r\n"net","Network","Nätverk åäö"\r\n'.encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "windows-1252", "utf-16", "sep line"],
)
def test_what_swedish_excel_writes_is_read(client: Client, content: bytes) -> None:
    import_all(client, "teams", content)
    assert Team.objects.get(code="net").name["sv"] == "Nätverk åäö"


def test_what_chinese_excel_writes_is_read(client: Client) -> None:
    import_all(client, "teams", "code,name_en,name_zh\nnet,Network,网络运维团队\n".encode("gb18030"))
    assert Team.objects.get(code="net").name["zh-hans"] == "网络运维团队"


def test_a_workbook_is_read_and_its_formulas_are_not_calculated(client: Client, gateway: ComponentType) -> None:
    book, target = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Tag", "Name", "Type", "Criticality", "Model", "Ports"])
    sheet.append(["vpn-1", "Gateway one", "gateway", 2, "X", 48])
    sheet.append(["vpn-2", "=1+1", "gateway", None, "X", None])
    book.save(target)
    tried = bring(client, "components", target.getvalue(), "list.xlsx")
    assert counts(tried) == {"add": 1, "fault": 1}  # a formula without a value is an empty cell
    assert faults(tried) == ["Column name: a new row needs it."]
    assert Component.objects.count() == 0


def test_text_like_a_formula_goes_out_harmless_and_comes_back_as_it_was(client: Client, gateway: ComponentType) -> None:
    make_component("vpn-1", gateway, serial="=HYPERLINK(1)", fields={"model": "-A"})
    out = exported(client, "components")
    assert b"'=HYPERLINK(1)" in out
    assert counts(bring(client, "components", out)) == {"same": 1}
    assert counts(bring(client, "components", exported(client, "components", "xlsx"), "list.xlsx")) == {"same": 1}


def test_wrong_files_are_refused_in_a_sentence(client: Client) -> None:
    assert faults(bring(client, "teams", "name_en\nNetwork\n"))[0].startswith("The file needs a column named code")
    assert faults(bring(client, "teams", "code,name_en\n")) == ["The file has no rows below the names of the columns."]
    assert "Two columns are named" in faults(bring(client, "teams", "code,code\nnet,net\n"))[0]
    assert "cannot be read" in faults(bring(client, "teams", b"PK\x03\x04broken", "list.xlsx"))[0]
    assert bring(client, "teams", "code,name_en,colour\nnet,Network,blue\n").context["plan"].unread == ["colour"]
    empty = client.post("/data/teams/import/", {})
    assert empty.status_code == 422
    assert "Choose a file." in empty.content.decode()


def test_a_row_twice_in_a_file_is_a_fault(client: Client) -> None:
    tried = bring(client, "teams", "code,name_en\nnet,Network\nNET,Another\n")
    assert faults(tried) == ["This row stands in line 2 already (the same code). Keep one of them."]


def test_too_many_rows_and_too_large_a_file_are_refused(client: Client) -> None:
    rows = "code,name_en\n" + "".join(f"t{n},Team\n" for n in range(5_001))
    assert "Only 5000 rows are read at a time. Split the file." in faults(bring(client, "teams", rows))
    file = BytesIO(b"code\n" + b"x" * (10 * 1024 * 1024))
    file.name = "big.csv"
    big = client.post("/data/teams/import/", {"file": file})
    assert big.status_code == 422
    assert "The file is larger than 10 MB. Split it." in big.content.decode()
    assert not ImportFile.objects.filter(name="big.csv").exists()


def test_an_empty_cell_keeps_and_a_hyphen_empties(client: Client) -> None:
    make_user(name="Old", email="old@region.example", unit="Ward 4", phone="1234")
    import_all(client, "people", "email,name,unit,phone\nOLD@region.example,,-,\n")
    old = User.objects.get(email="old@region.example")
    assert (old.name, old.unit, old.phone) == ("Old", "", "1234")


def test_people_join_teams_and_leavers_are_switched_off(client: Client) -> None:
    net, desk = make_team("net"), make_team("desk")
    old = make_user(name="Old", email="old@region.example", team=desk)
    text = (
        "email,name,unit,team,is_active\nnew@region.example,New,IT,net,\nold@region.example,,,net,no\nbad,,,nowhere,\n"
    )
    tried = bring(client, "people", text)
    assert counts(tried) == {"add": 1, "change": 1, "fault": 1}
    assert "Column teams: there is no team called “nowhere”. Add it first, or correct the cell." in faults(tried)
    import_all(client, "people", "\n".join(text.splitlines()[:3]))
    assert set(Membership.objects.filter(user=old).values_list("team", flat=True)) == {net.pk, desk.pk}
    old.refresh_from_db()
    assert not old.is_active
    assert counts(bring(client, "people", "\n".join(text.splitlines()[:3]))) == {"same": 2}


def test_a_row_that_its_command_refuses_stops_no_other(client: Client) -> None:
    make_user(name="Old", email="old@region.example", staff_number="77")
    trial = bring(client, "people", "email,name,staff_number\nnew@region.example,New,77\nother@region.example,Other,\n")
    done = take(client, trial)
    assert done.status_code == 200
    assert "Somebody else has it already. Each person has an own one." in done.content.decode()
    assert User.objects.filter(email="other@region.example").exists()
    assert not User.objects.filter(email="new@region.example").exists()


def test_only_those_who_may_change_a_list_bring_it(client: Client) -> None:
    technician = browser_of_role("technician")
    assert technician.get("/data/people/import/").status_code == 403
    assert technician.post("/data/people/import/", {"text": "email\nx@y.example\n"}).status_code == 403
    assert technician.get("/data/people.csv").status_code == 200
    assert client.get("/data/people/import/").status_code == 200
    requester = browser_of_role("requester")
    assert requester.get("/data/people.csv").status_code == 403
    assert requester.get("/data/").status_code == 403


def browser_of_role(role: str) -> Client:
    """The browser of somebody else."""
    browser = Client()
    browser.force_login(make_user(role))
    return browser


def test_a_template_holds_the_names_of_the_columns_alone(client: Client) -> None:
    answer = client.get("/data/teams/template.csv")
    assert (
        answer.getvalue().decode("utf-8-sig")
        == '"code","name_en","name_sv","name_zh","email","is_desk","is_retired"\r\n'
    )
    book = client.get("/data/teams/template.xlsx").getvalue()
    assert faults(bring(client, "teams", book, "t.xlsx")) == ["The file has no rows below the names of the columns."]
