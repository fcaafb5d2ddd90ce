"""1,500 components and how they hang together, so that a stopped switch hits a ward and a stopped core everybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.queries import SYSTEM
from itsm.demo.chains import Chains
from itsm.demo.world import World
from registry import events
from registry.models import Component, ComponentNeed, ComponentType, Location, Relation, RelationKind, Service

HOSTS, VMS, DATABASES, ACCESS_SWITCHES, ACCESS_POINTS = 16, 190, 60, 64, 150
WORKSTATIONS, PRINTERS, TELEPHONES, PUMPS, MONITORS, VENTILATORS, MODALITIES = 503, 90, 70, 110, 75, 22, 26
Edge = tuple[Component, str, Component]


@dataclass
class Landscape:
    """Components by type in the order of making, and the edges between them: source, kind, target."""

    world: World
    made: dict[str, list[Component]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    ports: dict[int, list[Component]] = field(default_factory=dict)
    """Access switches by ward."""

    def add(
        self, of: str, name: str, *, tag: str = "", place: Location | None = None, holder: User | None = None,
        criticality: int = 3, team: str = "", **facts: Any,
    ) -> Component:  # fmt: skip
        """One component; its tag follows from its type unless given."""
        row, known = self.world.types[of], self.made.setdefault(of, [])
        spec = next(each for each in self.world.region["types"] if each["code"] == of)
        component = Component(
            tag=tag or f"{of.upper().replace('_', '-')}-{len(known) + 1:04}", name=name, type=row, location=place,
            holder=holder, criticality=criticality, owner_team=self.world.teams[team or spec["team"]], fields=facts,
            serial=f"{self.world.chance.randrange(16**8):08X}" if of not in ("service", "application") else "",
            updated_at=self.world.at,
        )  # fmt: skip
        known.append(component)
        return component

    def join(self, source: Component, kind: str, target: Component) -> None:
        """The source needs the target."""
        self.edges.append((source, kind, target))

    def pick(self, kind: str) -> Component:
        """Any component of that type."""
        return self.world.chance.choice(self.made[kind])


def build_landscape(world: World) -> None:
    """Places, types, needs, components, services and relations, with their events."""
    _build_places(world)
    _build_types(world)
    land = Landscape(world)
    for build in (_build_network, _build_platform, _build_services, _build_wards):
        build(land)
    components = [each for kind in land.made.values() for each in kind]
    Component.objects.bulk_create(components)
    kinds = _relation_kinds(world)
    unique = dict.fromkeys((source.pk, kinds[kind].pk, target.pk) for source, kind, target in land.edges)
    Relation.objects.bulk_create([Relation(source_id=a, kind_id=kind, target_id=b) for a, kind, b in unique])
    world.components = land.made
    _promise(world)
    _tell(world, components, land.edges)


def _build_places(world: World) -> None:
    for spec in world.region["sites"]:
        site = Location.objects.create(code=spec["code"], name=spec["name"])
        rooms = [
            Location(code=f"{spec['code']}-{number:02}", name=f"{spec['name']}, {ward}", parent=site)
            for number, ward in enumerate(spec["wards"], 1)
        ]
        world.wards += Location.objects.bulk_create(rooms)


def _build_types(world: World) -> None:
    rows = [
        ComponentType(code=spec["code"], name=spec["name"], icon=spec["icon"], fields=spec.get("fields", []))
        for spec in world.region["types"]
    ]
    world.types = {row.code: row for row in ComponentType.objects.bulk_create(rows)}
    ComponentNeed.objects.bulk_create(
        [
            ComponentNeed(type=world.types[spec["code"]], competence=competence, level=level)
            for spec in world.region["types"]
            for competence, level in world.needs(spec.get("needs", []))
        ]
    )


def _relation_kinds(world: World) -> dict[str, RelationKind]:
    rows = [RelationKind(**spec) for spec in world.region["relations"]]
    return {row.code: row for row in RelationKind.objects.bulk_create(rows)}


# ------------------------------------------------------------------------------------------------ network


def _build_network(land: Landscape) -> None:
    halls = land.world.wards[-3:]
    routers = [
        land.add("router", f"core-{letter}", tag=f"core-{letter}", place=halls[number], criticality=1)
        for number, letter in enumerate("ab")
    ]
    walls = [land.add("firewall", f"fw-{n}", tag=f"fw-{n}", place=halls[n % 2], criticality=1) for n in (1, 2)]
    for wall in walls:
        land.join(wall, "connected_to", routers[0])
    per_site = _distribution(land, routers)
    wards = land.world.wards[:-3]
    for number in range(ACCESS_SWITCHES):
        ward = wards[number % len(wards)]
        name = f"sw-{ward.code}-{number // len(wards) + 1}"
        switch = land.add("switch", name, tag=name, place=ward, criticality=2, ports=48, firmware="17.12.4")
        land.join(switch, "connected_to", per_site[ward.parent_id or 0])
        land.ports.setdefault(ward.pk, []).append(switch)
    for number in range(ACCESS_POINTS):
        ward = wards[number % len(wards)]
        point = land.add("access_point", f"ap-{ward.code}-{number // len(wards) + 1}", place=ward)
        land.join(point, "connected_to", land.world.chance.choice(land.ports[ward.pk]))


def _distribution(land: Landscape, routers: Sequence[Component]) -> dict[int, Component]:
    """One distribution switch a site, by the site's id."""
    found = {}
    for number, site in enumerate(Location.objects.filter(parent=None).order_by("pk")):
        name = f"dist-{site.code}"
        switch = land.add("switch", name, tag=name, place=site, criticality=1, ports=24, firmware="17.12.4")
        land.join(switch, "connected_to", routers[number % 2])
        found[site.pk] = switch
    return found


# ------------------------------------------------------------------------------------------------ platform


def _build_platform(land: Landscape) -> None:
    chance, halls = land.world.chance, land.world.wards[-3:]
    stores = [
        land.add("storage", f"san-{n}", tag=f"san-{n}", place=halls[n % 2], criticality=1, capacity_tb=400)
        for n in (1, 2, 3)
    ]
    power = [land.add("ups", f"ups-{n}", tag=f"ups-{n}", place=halls[n % 2], criticality=1) for n in (1, 2)]
    for number, store in enumerate(stores):
        land.join(store, "depends_on", power[number % 2])
    for number in range(HOSTS):
        warranty = (land.world.at + timedelta(days=chance.randrange(-100, 1400))).date().isoformat()
        name = f"vh-{number + 1:02}"
        host = land.add("host", name, tag=name, place=halls[number % 3], criticality=2, warranty_until=warranty)
        land.join(host, "depends_on", stores[number % 3])
        land.join(host, "depends_on", power[number % 2])
        land.join(host, "connected_to", land.made["router"][number % 2])
    for number in range(VMS):
        system = "Linux" if number % 3 else "Windows Server"
        team = "yunwei" if number % 8 == 7 else "servers"
        name = f"{'lx' if system == 'Linux' else 'win'}-{number + 1:03}"
        machine = land.add("vm", name, tag=name, team=team, os=system, cpus=4, memory_gb=chance.choice((8, 16, 32)))
        land.join(machine, "runs_on", land.made["host"][number % HOSTS])
    for number in range(DATABASES):
        engine = ("PostgreSQL", "SQL Server", "Oracle")[number % 3]
        name = f"db-{number + 1:02}"
        base = land.add("database", name, tag=name, criticality=2, engine=engine, size_gb=chance.randrange(20, 3000))
        land.join(base, "runs_on", land.made["vm"][number])


# ------------------------------------------------------------------------------------------------ services


def _build_services(land: Landscape) -> None:
    """Each service is carried by one or two applications, each on its own server and database."""
    servers = iter(land.made["vm"][DATABASES:])
    databases = iter(land.made["database"])
    by_code: dict[str, Component] = {}
    for spec in land.world.region["services"]:
        service = land.add("service", spec["name"], tag=f"service-{spec['code']}", team=spec["team"],
                           criticality=spec["criticality"])  # fmt: skip
        by_code[spec["code"]] = service
        for number in range(2 if spec["criticality"] < 3 else 1):
            name = f"{spec['name']} {('applikation', 'gränssnitt')[number]}"
            application = land.add("application", name, tag=f"app-{spec['code']}-{number + 1}", team=spec["team"],
                                   criticality=spec["criticality"], version=f"{4 + number}.{len(name)}")  # fmt: skip
            land.join(service, "depends_on", application)
            land.join(application, "runs_on", next(servers))
            if number == 0:
                land.join(application, "depends_on", next(databases))
    for code in ("journal", "lakemedel", "pacs", "labb", "tidbokning", "remiss", "operation", "lon", "ekonomi"):
        land.join(by_code[code], "depends_on", by_code["inloggning"])
    for code in ("remiss", "labb", "kvalitet", "utdata"):
        land.join(by_code[code], "depends_on", by_code["integration"])
    land.join(by_code["natverk"], "depends_on", land.made["router"][0])
    land.join(by_code["distans"], "depends_on", land.made["firewall"][0])
    land.join(by_code["tradlost"], "depends_on", by_code["natverk"])
    land.join(by_code["fillagring"], "depends_on", land.made["storage"][1])
    land.join(by_code["sakerhetskopia"], "depends_on", land.made["storage"][2])


# ------------------------------------------------------------------------------------------------ wards

MODELS = ("EliteDesk 805", "OptiPlex 7020", "ThinkCentre M75", "Latitude 5450")


def _build_wards(land: Landscape) -> None:
    world, services = land.world, land.made["service"]
    for number, (ward, holder) in enumerate(_seats(world)):
        station = land.add("workstation", f"PC-{10_000 + number}", tag=f"PC-{10_000 + number}", place=ward,
                           holder=holder, criticality=4, model=world.chance.choice(MODELS))  # fmt: skip
        land.join(station, "connected_to", world.chance.choice(land.ports[ward.pk]))
    for kind, amount, prefix, criticality in (
        ("printer", PRINTERS, "skrivare", 4), ("telephone", TELEPHONES, "telefon", 4),
        ("infusion_pump", PUMPS, "Infusionspump", 2), ("patient_monitor", MONITORS, "Patientmonitor", 2),
        ("ventilator", VENTILATORS, "Ventilator", 1), ("modality", MODALITIES, "Modalitet", 2),
    ):  # fmt: skip
        for number in range(amount):
            _build_device(land, kind, f"{prefix} {number + 1}", criticality)
    archive = next(each for each in services if each.tag == "service-pacs")
    watch = next(each for each in services if each.tag == "service-overvakning")
    for modality in land.made["modality"]:
        land.join(archive, "used_by", modality)
    for monitor in land.made["patient_monitor"][:30]:
        land.join(monitor, "depends_on", watch)


def _seats(world: World) -> Iterator[tuple[Location, User | None]]:
    """A ward and, for most, the person who holds the computer."""
    wards = world.wards[:-3]
    by_name = {ward.name: ward for ward in wards}
    for number in range(WORKSTATIONS):
        person = world.requesters[number] if number < len(world.requesters) else None
        at = by_name.get(f"{person.location}, {person.unit}") if person else None
        yield at or world.chance.choice(wards), person


def _build_device(land: Landscape, kind: str, name: str, criticality: int) -> None:
    world, facts = land.world, dict[str, Any]()
    ward = world.chance.choice(world.wards[:-9] if criticality < 4 else world.wards[:-3])
    if kind in ("infusion_pump", "patient_monitor", "ventilator"):
        facts["next_service"] = (world.at + timedelta(days=world.chance.randrange(-20, 360))).date().isoformat()
    if kind == "modality":
        facts["kind"] = world.chance.choice(("CT", "MR", "X-ray", "Ultrasound"))
        name = f"{facts['kind']} {name.split()[1]}"
    device = land.add(kind, name, place=ward, criticality=criticality, **facts)
    if kind != "infusion_pump":
        land.join(device, "connected_to", world.chance.choice(land.ports[ward.pk]))


# ------------------------------------------------------------------------------------------------ promises and events


def _promise(world: World) -> None:
    rows, needs = [], []
    for spec, component in zip(world.region["services"], world.components["service"], strict=True):
        rows.append(
            Service(
                component=component, code=spec["code"], calendar=world.calendars[spec["hours"]], users=spec["users"],
                customer=spec["customer"], is_prioritised=spec.get("prioritised", False),
                support_team=world.teams[spec["team"]], emergency_plan=spec.get("emergency_plan", ""),
            )
        )  # fmt: skip
        needs += [
            ComponentNeed(component=component, competence=competence, level=level)
            for competence, level in world.needs(spec["needs"])
        ]
    world.services = {row.code: row for row in Service.objects.bulk_create(rows)}
    ComponentNeed.objects.bulk_create(needs)


def _tell(world: World, components: Sequence[Component], edges: Sequence[Edge]) -> None:
    """The events that saving and relating them one by one would have left."""
    chains = Chains(SYSTEM)
    for each in components:
        facts = {"tag": each.tag, "name": each.name, "type": each.type_id, "criticality": each.criticality}
        changed = {name: [None, value] for name, value in facts.items()}
        chains.note(("component", each.pk), events.SAVED, at=world.at, changed=changed, tag=each.tag)
    for source, kind, target in edges:
        for each in (source, target):
            chains.note(("component", each.pk), events.RELATED, at=world.at, source=source.tag, target=target.tag,
                        kind=kind)  # fmt: skip
    chains.write()
