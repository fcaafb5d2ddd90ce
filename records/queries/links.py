"""What a link between two records can say, in both directions."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.workflow import gettext_noop
from records.models import Link, Record
from records.queries.record import visible_to


@dataclass(frozen=True, slots=True)
class LinkKind:
    """Words of a link: "source <verb> target" and, read the other way, "target <inverse> source"."""

    code: str
    verb: str
    inverse: str


LINK_KINDS: dict[str, LinkKind] = {
    kind.code: kind
    for kind in (
        LinkKind("relates_to", gettext_noop("is related to"), gettext_noop("is related to")),
        LinkKind("duplicates", gettext_noop("is a duplicate of"), gettext_noop("has the duplicate")),
        LinkKind("caused_by", gettext_noop("was caused by"), gettext_noop("caused")),
        LinkKind("fixed_by", gettext_noop("is fixed by"), gettext_noop("fixes")),
        LinkKind("follows", gettext_noop("follows from"), gettext_noop("is followed by")),
    )
}


@dataclass(frozen=True, slots=True)
class Related:
    """One line of "Related": the other record and how it stands to this one. `link_id` is 0 for family."""

    words: str
    record: Record
    link_id: int = 0


def related(actor: Actor, record: Record) -> list[Related]:
    """Parent, children, merged duplicates and links of the record that the actor may see, family first."""
    links = list(Link.objects.filter(Q(source=record) | Q(target=record)).order_by("pk"))
    others = {link.target_id if link.source_id == record.pk else link.source_id for link in links}
    family = Q(pk=record.parent_id) | Q(parent=record) | Q(merged_into=record) | Q(pk=record.merged_into_id)
    seen = {each.pk: each for each in visible_to(actor).filter(family | Q(pk__in=others)).order_by("pk")}
    lines = [Related(words, other) for other in seen.values() if (words := _family_words(record, other))]
    for link in links:
        is_source = link.source_id == record.pk
        other = seen.get(link.target_id if is_source else link.source_id)
        kind = LINK_KINDS.get(link.kind)
        is_merge = link.kind == "duplicates" and other is not None and _family_words(record, other)
        if other is not None and kind is not None and not is_merge:
            lines.append(Related(_(kind.verb if is_source else kind.inverse), other, link.pk))
    return lines


def _family_words(record: Record, other: Record) -> str:
    if other.pk == record.parent_id:
        return _("is part of")
    if other.pk == record.merged_into_id:
        return _("was merged into")
    if other.parent_id == record.pk:
        return _("has the part")
    return _("took over") if other.merged_into_id == record.pk else ""


def link_by_id(record: Record, link_id: int) -> Link:
    """One link of the record, with both ends; NotFound when there is none."""
    ends = Q(source=record) | Q(target=record)
    found = Link.objects.select_related("source", "target").filter(ends, pk=link_id).first()
    if found is None:
        raise NotFound(_("This link is gone already."))
    return found
