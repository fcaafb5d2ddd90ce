"""Search behind the pickers: people, components and services by what somebody types; the same in every process."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Func, Q, Value

from accounts.models import User
from registry.models import Component, Service

MOST = 8
"""People, components and services offered at once."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a picker."""

    value: int
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """People who fit what was typed; `is_exact` when a number, address or asset tag names one of them."""

    people: tuple[User, ...]
    is_exact: bool = False

    @property
    def only(self) -> User | None:
        """The one person meant, if there is no doubt."""
        return self.people[0] if len(self.people) == 1 else None


def find_people(text: str) -> Found:
    """People by staff number, e-mail, phone, asset tag of what they hold, or a part of their name."""
    text = " ".join(text.split())
    if not text:
        return Found(())
    known = User.objects.filter(is_active=True, merged_into=None, kind__in=(User.Kind.PERSON, User.Kind.GUEST))
    exact = Q(staff_number__iexact=text) | Q(email__iexact=text)
    exact |= Q(pk__in=Component.objects.filter(tag__iexact=text).exclude(holder=None).values("holder"))
    digits = re.sub(r"[^\d]", "", text)
    if len(digits) >= 3 and re.fullmatch(r"[+\d\s()-]+", text):
        known = known.alias(dialled=Func("phone", Value(r"\D"), Value(""), Value("g"), function="regexp_replace"))
        exact |= Q(dialled__endswith=digits)  # however the number is grouped here and there
    order = ("place", "kind", "name", "pk")
    exactly = known.filter(exact).annotate(place=Value(0)).order_by(*order)[:MOST]
    alike = known.filter(_name_has(text)).annotate(place=Value(1)).order_by(*order)[:MOST]
    found = list(exactly.union(alike, all=True).order_by(*order))  # one statement, each half by its own index
    best = tuple(user for user in found if user.place == found[0].place)
    return Found(best, is_exact=bool(best) and best[0].place == 0)


def _name_has(text: str) -> Q:
    condition = Q()
    for word in text.split():
        condition &= Q(name__icontains=word)
    return condition | Q(email__istartswith=text)


def person_options(people: Sequence[User]) -> list[Option]:
    """People for a picker, with what tells two of the same name apart."""
    return [Option(user.pk, user.name, person_detail(user)) for user in people]


def person_detail(user: User) -> str:
    """Place, unit, phone: what tells two people of the same name apart."""
    return " · ".join(filter(None, (user.location, user.unit, user.phone, "VIP" if user.is_vip else "")))


def find_components(text: str, holder_id: int | None = None) -> list[Component]:
    """Components in use by tag or name; without text, what the caller holds."""
    text = " ".join(text.split())
    rows = Component.objects.exclude(status=Component.Status.RETIRED).select_related("location", "type")
    if text:
        rows = rows.filter(Q(tag__istartswith=text) | Q(name__icontains=text))
    elif holder_id is not None:
        rows = rows.filter(holder=holder_id)
    else:
        return []
    return list(rows.order_by("name", "pk")[:MOST])


def component_options(components: Sequence[Component]) -> list[Option]:
    """Components for a picker."""
    return [
        Option(each.pk, each.name, " · ".join(filter(None, (each.tag, each.location.name if each.location else ""))))
        for each in components
    ]


def find_services(text: str) -> list[Service]:
    """Services in use by code or a part of their name."""
    text = " ".join(text.split())
    if not text:
        return []
    rows = Service.objects.filter(retired_at=None).select_related("component")
    rows = rows.filter(Q(code__icontains=text) | Q(component__name__icontains=text))
    return list(rows.order_by("component__name", "pk")[:MOST])


def service_options(services: Sequence[Service]) -> list[Option]:
    """Services for a picker."""
    return [Option(each.pk, each.component.name, each.code) for each in services]


def options(name: str, text: str) -> list[Option]:
    """What a fact that is picked may be, by what was typed: components, services, else people."""
    if name == "component":
        return component_options(find_components(text))
    if name == "service":
        return service_options(find_services(text))
    return person_options(find_people(text).people)


def option_of(row: Component | Service | User) -> Option:
    """A row as a choice."""
    if isinstance(row, Component):
        return component_options([row])[0]
    return service_options([row])[0] if isinstance(row, Service) else person_options([row])[0]
