"""The records of the tracker, one file per noun."""

from tracker.models.answers import Answer
from tracker.models.cases import (
    DATES,
    WORDS,
    Case,
    Family,
    RowQuerySet,
    TrackerRow,
    coming_back,
    value_of,
)
from tracker.models.columns import COLUMN_ORDER, ColourMeaning, TeamColumn
from tracker.models.deliveries import DeliveredFile, Delivery, DeliveryQuerySet, FileState
from tracker.models.hitches import Hitches
from tracker.models.imports import ParkedImport
from tracker.models.layout import Layout
from tracker.models.lists import ParkedList
from tracker.models.log import MERGE, REDO, SPLIT, UNDO, Change, Operation, RefusedEdit, TeamLog
from tracker.models.meetings import Meeting, MeetingItem
from tracker.models.retention import ERASED, LegalHold, RetentionRule
from tracker.models.saved import SavedView
from tracker.models.words import Difficulty, Need, Outcome, Word, WordQuerySet

__all__ = [
    "COLUMN_ORDER",
    "DATES",
    "ERASED",
    "MERGE",
    "REDO",
    "SPLIT",
    "UNDO",
    "WORDS",
    "Answer",
    "Case",
    "Change",
    "ColourMeaning",
    "DeliveredFile",
    "Delivery",
    "DeliveryQuerySet",
    "Difficulty",
    "Family",
    "FileState",
    "Hitches",
    "Layout",
    "LegalHold",
    "Meeting",
    "MeetingItem",
    "Need",
    "Operation",
    "Outcome",
    "ParkedImport",
    "ParkedList",
    "RefusedEdit",
    "RetentionRule",
    "RowQuerySet",
    "SavedView",
    "TeamColumn",
    "TeamLog",
    "TrackerRow",
    "Word",
    "WordQuerySet",
    "coming_back",
    "value_of",
]
