"""The lists that performance officers keep: what is needed, difficulties, outcomes."""

from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Lower

W = TypeVar("W", bound="Word")

OFFERED = models.Q(retired=False, reviewed=True)


class WordQuerySet(models.QuerySet[W]):
    """Words by whether people may choose them."""

    def choosable(self) -> "WordQuerySet[W]":
        """Those that the drop-downs offer: reviewed and not retired."""
        return self.filter(OFFERED)

    def offered_or_on(self, rows: models.QuerySet[Any]) -> "WordQuerySet[W]":
        """Those that the drop-downs offer, and those that one of these rows has."""
        column: Any = self.model._meta.get_field("rows").remote_field  # the row's own field
        return self.filter(OFFERED | models.Q(pk__in=rows.order_by().values(column.name)))


class Word(models.Model):
    """One value of a list: a short label, a hint, a place in the order.

    A retired word stays on old rows and in old counts. A word that only an import brought in is
    unreviewed: kept on its rows and counted, not offered until an officer accepts or merges it. A word
    that was merged is retired, and whoever brings it in again means the word that it is part of now.
    """

    label = models.CharField(max_length=120)
    hint = models.CharField(max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)
    reviewed = models.BooleanField(default=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        abstract = True
        ordering = ("order", "label")
        constraints = (
            models.UniqueConstraint(Lower("label"), name="one_%(class)s_per_label"),
            models.CheckConstraint(name="%(class)s_has_a_label", condition=models.Q(label__gt="")),
            models.CheckConstraint(
                name="merged_%(class)s_is_retired",
                condition=models.Q(merged_into=None) | models.Q(retired=True),
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def offered(self) -> bool:
        """Whether people may choose it."""
        return self.reviewed and not self.retired


class Need(Word):
    """A value of "What is needed to progress"."""

    objects = WordQuerySet["Need"].as_manager()


class Difficulty(Word):
    """A value of "Difficulties which may need escalation?"."""

    objects = WordQuerySet["Difficulty"].as_manager()

    class Meta(Word.Meta):
        verbose_name_plural = "difficulties"


class Outcome(Word):
    """How a case ended: asked when its stage becomes Closed.

    `code` names the three that the program itself uses: `not_recorded` for a Closed row of an imported
    workbook, `moved` for a row that went to another team, `added_in_error`.
    """

    code = models.CharField(max_length=20, blank=True)

    objects = WordQuerySet["Outcome"].as_manager()

    class Meta(Word.Meta):
        constraints = (  # type: ignore[assignment] # one more than the abstract list has
            *Word.Meta.constraints,
            models.UniqueConstraint(
                fields=("code",), name="one_outcome_per_code", condition=models.Q(code__gt="")
            ),
        )
